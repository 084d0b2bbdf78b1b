import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { azureCliSubscription, azureCliToken } from '../../../../src/azure/sign-in/azure-cli.ts';

const SCOPE = 'https://arm.local/.default';

const TENANT = '2b0623dd-90fa-4c5c-bee8-8dc18bd4d948';
const SUBSCRIPTION = 'ff2e23ae-7d7c-4cbd-99b8-116bb94dca6e';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'azure-cli-test-'));
  vi.stubEnv('PATH', `${folder}:/usr/bin:/bin`);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

/** A program `az` that writes down its arguments, and says this. */
function az(stdout: string, stderr = '', exitCode = 0): void {
  writeFileSync(join(folder, 'stdout'), stdout);
  writeFileSync(join(folder, 'stderr'), stderr);
  const script = `#!/bin/sh\nprintf '%s\\n' "$PWD" "$@" > '${folder}/asked'\ncat '${folder}/stdout'\ncat '${folder}/stderr' >&2\nexit ${exitCode}\n`;
  writeFileSync(join(folder, 'az'), script, { mode: 0o755 });
}

function asked(): readonly string[] {
  return readFileSync(join(folder, 'asked'), 'utf8').trim().split('\n');
}

function answer(more: object): string {
  return JSON.stringify({ accessToken: 'a-token', ...more });
}

describe.skipIf(process.platform === 'win32')('az', () => {
  test('is asked for a token of the resource, away from the workspace', async () => {
    az(answer({ expires_on: 1_798_761_600 }));
    await azureCliToken(SCOPE, undefined);

    const args = ['account', 'get-access-token', '--output', 'json', '--resource', 'https://arm.local'];
    expect(asked()).toEqual(['/', ...args]);
  });

  test('is asked for a token of the tenant that is given', async () => {
    az(answer({ expires_on: 1_798_761_600 }));
    await azureCliToken(SCOPE, 'contoso.onmicrosoft.com');

    expect(asked().slice(-2)).toEqual(['--tenant', 'contoso.onmicrosoft.com']);
  });

  test.each([
    ['in seconds', { expires_on: 1_798_761_600, expiresOn: 'never' }, Date.UTC(2027, 0, 1)],
    ['in seconds as a string', { expires_on: '1798761600' }, Date.UTC(2027, 0, 1)],
    ['as a local time', { expiresOn: '2027-01-01 00:00:00.000000' }, new Date(2027, 0, 1).getTime()],
  ])('says %s when the token expires', async (_how, times, expiresOnTimestamp) => {
    az(answer(times), 'WARNING: a new release is there.');

    expect(await azureCliToken(SCOPE, undefined)).toMatchObject({ token: 'a-token', expiresOnTimestamp });
  });

  test.each([
    ["ERROR: Please run 'az login' to setup account.\n", /^Please run 'az login' from a command prompt/],
    ['/usr/bin/az: python3: not found\n', /^Azure CLI could not be found\./],
    [
      'ERROR: AADSTS50076\nRun: az login --scope https://arm.local/.default\n',
      /^ERROR: AADSTS50076\nRun: az login --scope https:\/\/arm\.local\/\.default$/,
    ],
    ['ERROR: The tenant is not there.\n', /^ERROR: The tenant is not there\.$/],
  ])('that says %j is explained', async (stderr, message) => {
    az('', stderr, 1);
    await expect(azureCliToken(SCOPE, undefined)).rejects.toThrow(message);
  });

  test.each(['', 'not JSON', '[]', '{"expires_on": 1798761600}', answer({}), answer({ expiresOn: 'soon' })])(
    'whose answer is %j gave no token',
    async (stdout) => {
      az(stdout);
      await expect(azureCliToken(SCOPE, undefined)).rejects.toThrow(
        'its answer contains no access token with an expiry time',
      );
    },
  );

  test.each([
    ['its subscription', SUBSCRIPTION, SUBSCRIPTION],
    ['no subscription, and has the ID of its tenant in that place', TENANT, undefined],
    ['no ID of a subscription', 'N/A(tenant level account)', undefined],
  ])('tells %s', async (_what, subscription, expected) => {
    az(answer({ expires_on: 1_798_761_600, subscription, tenant: TENANT }));
    expect((await azureCliToken(SCOPE, undefined)).subscriptionId).toBe(expected);

    az(JSON.stringify({ id: subscription, tenantId: TENANT }));
    expect(await azureCliSubscription()).toBe(expected);
    expect(asked()).toEqual(['/', 'account', 'show', '--output', 'json']);
  });

  test.each([
    ['of the tenant that is asked for', TENANT, undefined],
    ['of another tenant', SUBSCRIPTION, /^its session is for tenant '.+', and the input 'tenant-id' /],
    ['that does not say its tenant', 'contoso', undefined],
  ])('that takes no tenant may give a token %s', async (_which, tid, refused) => {
    const token = `e30.${Buffer.from(JSON.stringify({ tid })).toString('base64url')}.c2ln`;
    const ofSession = JSON.stringify({ accessToken: token, expires_on: 1_798_761_600 });
    const refusal = "ERROR: Tenant shouldn't be specified for managed identity account";
    const script = `#!/bin/sh\ncase " $* " in *" --tenant "*) echo "${refusal}" >&2; exit 1;; esac\ncat '${folder}/stdout'\n`;
    writeFileSync(join(folder, 'stdout'), ofSession);
    writeFileSync(join(folder, 'az'), script, { mode: 0o755 });

    const asking = azureCliToken(SCOPE, TENANT);
    if (refused === undefined) expect((await asking).token).toBe(token);
    else await expect(asking).rejects.toThrow(refused);
  });

  test('that is not there is said to be missing', async () => {
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    vi.stubEnv('PATH', empty);
    await expect(azureCliToken(SCOPE, undefined)).rejects.toThrow(/^Azure CLI could not be found\./);
  });

  test('that cannot be started fails with the error of the system', async () => {
    writeFileSync(join(folder, 'az'), `#!${folder}/no-python\n`, { mode: 0o755 });
    await expect(azureCliToken(SCOPE, undefined)).rejects.toThrow(`spawn ${folder}/az ENOENT`);
  });
});
