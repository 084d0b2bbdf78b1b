import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { azureCliToken } from '../../../../src/azure/sign-in/azure-cli.ts';

const SCOPE = 'https://arm.local/.default';

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

    expect(await azureCliToken(SCOPE, undefined)).toEqual({ token: 'a-token', expiresOnTimestamp });
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
        'its answer holds no access token with the time at which it expires',
      );
    },
  );

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
