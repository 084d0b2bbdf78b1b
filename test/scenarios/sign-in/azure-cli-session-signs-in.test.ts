import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { accessToken } from '../../local-azure/client.ts';
import { installAz } from '../../support/az.ts';
import { startProxy } from '../../support/proxy.ts';
import { openScenario } from '../../support/scenario.ts';

const { azure, step } = await openScenario();
const az = await installAz(azure, 'session');
const loggedOut = await installAz(azure, 'no session');

test('The session of az is asked for a token, and az is given no secret.', async () => {
  const { log, outputs, sent } = await step({
    inputs: { login: 'azure-cli', 'client-secret': 'a-secret-that-az-must-not-see' },
    env: { PATH: az.path, AZURE_CLIENT_SECRET: azure.clientSecret },
  });

  expect(log).toContain('Signing in with azure-cli.\n');
  expect(outputs.verdict).toBe('skipped');
  // The exchange with Entra is az's own.
  expect(new URLSearchParams(sent('sign-in')[0]?.body).get('client_secret')).toBe(azure.clientSecret);

  const [call, ...more] = await az.calls();
  expect(more).toEqual([]);
  expect(call?.args.slice(0, 6)).toEqual([
    'account',
    'get-access-token',
    '--output',
    'json',
    '--resource',
    azure.resourceManagerHost,
  ]);
  const received = JSON.stringify(call);
  for (const { value } of azure.secrets()) expect(received).not.toContain(value);
  expect(received).not.toContain('a-secret-that-az-must-not-see');
});

test('az finds nothing that signs in to Azure, to GitHub or to a proxy', async () => {
  const password = 'Pr0xy-Passw0rd-of-the-runner';
  const authorization = `Basic ${Buffer.from(`runner:${password}`).toString('base64')}`;
  const proxy = await startProxy({ authorization });
  const secrets = {
    ACTIONS_RUNTIME_TOKEN: 'runtime-token-of-the-job-0123',
    IDENTITY_HEADER: 'header-of-an-app-service-0123',
    MSI_SECRET: 'secret-of-a-managed-identity-0123',
    AZURE_PASSWORD: 'password-of-another-step-0123',
    HTTPS_PROXY: `http://runner:${password}@${proxy.host}`,
  };
  const before = (await az.calls()).length;
  const { outputs } = await step({
    inputs: { login: 'azure-cli' },
    env: { PATH: az.path, KEPT: 'of the job', ...secrets },
  });

  expect(outputs.verdict).toBe('skipped');
  const environment = (await az.calls())[before]?.environment ?? {};
  expect(environment.KEPT).toBe('of the job');
  expect(Object.keys(environment).filter((name) => name in secrets)).toEqual([]);
  expect(JSON.stringify(environment)).not.toContain(password);
});

test('the error says what az was not given, when that may be why it gives no token', async () => {
  const { error } = await step({
    inputs: { login: 'azure-cli' },
    env: { PATH: loggedOut.path, IDENTITY_HEADER: 'header-of-an-app-service-0123' },
  });

  expect(error).toContain('az was not given IDENTITY_HEADER');
  expect(error).toContain('login: managed-identity');
});

test.skipIf(process.platform === 'win32')(
  'the session of a managed identity, which takes no tenant, is asked without one',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'az-managed-identity-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const fixture = join(import.meta.dirname, '../../fixtures/reports/28-az-managed-identity-session.sh');
    const token = await accessToken(azure);
    const script = readFileSync(fixture, 'utf8').replace('<token of the local Azure>', token);
    writeFileSync(join(folder, 'az'), script, { mode: 0o755 });
    const { log, outputs } = await step({
      inputs: { login: 'azure-cli' },
      env: { PATH: `${folder}${delimiter}${process.env.PATH}` },
    });

    expect(log).toContain('Signing in with azure-cli.\n');
    expect(outputs.verdict).toBe('skipped');
  },
);

test.each([
  ['its tenant', { 'tenant-id': undefined }],
  ['a tenant that the input names', {}],
])("the subscription of az's session is taken where none is given, with %s", async (_how, inputs) => {
  const { log, outputs } = await step({
    inputs: { login: 'azure-cli', 'subscription-id': undefined, ...inputs },
    env: { PATH: az.path },
  });

  expect(log).toContain(`The subscription is that of az's session: ${azure.subscriptionId}.\n`);
  expect(outputs.verdict).toBe('skipped');
  expect(outputs['endpoint-id']).toContain(azure.subscriptionId);
});

test("the subscription of az's session is also taken when auto takes that session", async () => {
  const { outputs } = await step({
    inputs: { 'subscription-id': undefined, 'client-id': undefined },
    env: { PATH: az.path },
  });

  expect(outputs.verdict).toBe('skipped');
});

test('a sign-in that has no subscription asks for the input', async () => {
  azure.identity.managedIdentity = 'system';
  const { error, exchanges } = await step({
    inputs: { 'subscription-id': undefined, 'client-id': undefined, 'tenant-id': undefined },
    env: { PATH: loggedOut.path, AZURE_POD_IDENTITY_AUTHORITY_HOST: azure.imdsHost },
  });

  expect(error).toContain("No subscription is known: the input 'subscription-id'");
  expect(error).toContain('the sign-in (managed-identity) has none');
  expect(exchanges.map(({ call }) => call)).toEqual(['metadata', 'imds']);
});
