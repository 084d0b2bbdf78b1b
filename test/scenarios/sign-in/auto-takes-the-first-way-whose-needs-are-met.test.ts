import { describe, expect, test } from 'vitest';
import type { Call } from '../../local-azure/index.ts';
import { type Az, installAz } from '../../support/az.ts';
import { openScenario } from '../../support/scenario.ts';

const { azure, step } = await openScenario();
const withSession = await installAz(azure, 'session');
const withoutSession = await installAz(azure, 'no session');

const NO_APPLICATION = { 'client-id': undefined, 'tenant-id': undefined };
const NO_ID_TOKEN = { ACTIONS_ID_TOKEN_REQUEST_URL: undefined, ACTIONS_ID_TOKEN_REQUEST_TOKEN: undefined };

interface Row {
  readonly method: string;
  readonly log: string;
  readonly az: Az;
  readonly inputs?: Readonly<Record<string, string | undefined>>;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** How often az, and services that only one method asks, are asked. */
  readonly asked: Readonly<Partial<Record<Call | 'az', number>>>;
}

/** Each with all that the methods after it need. */
const ROWS: readonly Row[] = [
  {
    method: 'client-secret',
    log: 'Signing in with client-secret: a client secret is given.\n',
    az: withSession,
    inputs: { 'client-secret': azure.clientSecret },
    env: { AZURE_FEDERATED_TOKEN_FILE: azure.federatedTokenFile },
    asked: {},
  },
  {
    method: 'oidc',
    log: "Signing in with oidc: GitHub's ID-token service is there, and client and tenant are known.\n",
    az: withSession,
    env: { AZURE_FEDERATED_TOKEN_FILE: azure.federatedTokenFile },
    asked: { 'id-token': 1 },
  },
  {
    method: 'workload-identity',
    log: 'Signing in with workload-identity: AZURE_FEDERATED_TOKEN_FILE is set, and client and tenant are known.\n',
    az: withSession,
    env: { ...NO_ID_TOKEN, AZURE_FEDERATED_TOKEN_FILE: azure.federatedTokenFile },
    asked: {},
  },
  {
    method: 'azure-cli',
    log: 'Signed in with azure-cli: az has a session.\n',
    az: withSession,
    // The ID-token service alone is not enough for oidc.
    inputs: NO_APPLICATION,
    asked: { az: 1 },
  },
  {
    method: 'managed-identity',
    log: 'Signed in with managed-identity: a managed identity answers.\n',
    az: withoutSession,
    inputs: NO_APPLICATION,
    asked: { az: 1, imds: 1 },
  },
];

describe('auto', () => {
  test.each(ROWS)(
    'takes $method before those that come after it',
    async ({ log, az, inputs, env, asked }) => {
      azure.identity.managedIdentity = 'system';
      const before = (await az.calls()).length;
      const seen = await step({
        inputs: { ...inputs },
        env: { PATH: az.path, AZURE_POD_IDENTITY_AUTHORITY_HOST: azure.imdsHost, ...env },
      });

      expect(seen.log).toContain(log);
      expect(seen.outputs.verdict).toBe('skipped');
      expect({
        az: (await az.calls()).length - before,
        'id-token': seen.sent('id-token').length,
        imds: seen.sent('imds').length,
      }).toEqual({ az: 0, 'id-token': 0, imds: 0, ...asked });
    },
  );

  test('gives a managed identity more time for its token than for saying that it is there', async () => {
    azure.identity.managedIdentity = 'system';
    // Longer than anything is waited for that may not be there at all.
    azure.setDelay('imds', 2_000);
    const { log, outputs } = await step({
      inputs: NO_APPLICATION,
      env: { PATH: withoutSession.path, AZURE_POD_IDENTITY_AUTHORITY_HOST: azure.imdsHost },
    });

    expect(outputs.verdict).toBe('skipped');
    expect(log).toContain(
      `Asking ${new URL(azure.imdsHost).host} for a token of this machine's own managed identity (no client-id is given).\n`,
    );
  });

  test('says which managed identity it asks for when a client ID is given', async () => {
    azure.identity.managedIdentity = 'user';
    const { clientId } = azure.managedIdentity;
    const { log, outputs } = await step({
      inputs: { ...NO_APPLICATION, 'client-id': clientId },
      env: { PATH: withoutSession.path, AZURE_POD_IDENTITY_AUTHORITY_HOST: azure.imdsHost },
    });

    expect(outputs.verdict).toBe('skipped');
    expect(log).toContain(` for a token of the managed identity with client ID '${clientId}'.\n`);
  });

  test('says that the job could use OIDC when Entra refuses the client secret that it took', async () => {
    const { error, sent } = await step({ inputs: { 'client-secret': 'Wr0ng~secret-of-this-application' } });

    expect(error).toContain('(AADSTS7000215)');
    expect(error).toContain('This job could also sign in with OIDC');
    expect(sent('id-token')).toEqual([]);
  });

  test('says nothing of OIDC where the job gets no ID token', async () => {
    const { error } = await step({
      inputs: { 'client-secret': 'Wr0ng~secret-of-this-application' },
      env: NO_ID_TOKEN,
    });

    expect(error).toContain('(AADSTS7000215)');
    expect(error).not.toContain('This job could also');
  });

  test('the error names what each method needs when none can be used, the recommended one first', async () => {
    const { error } = await step({
      inputs: NO_APPLICATION,
      env: { PATH: withoutSession.path, AZURE_POD_IDENTITY_AUTHORITY_HOST: azure.imdsHost, ...NO_ID_TOKEN },
    });

    const [first, oidc, ...others] = error.split('\n');
    expect(first).toBe('There is no way to sign in to Azure.');
    expect(oidc).toBe(
      "- oidc (recommended) needs permissions: id-token: write on the job, client-id and tenant-id. Missing: client-id, tenant-id, the job's permissions: id-token: write.",
    );
    expect(others.map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
      '- client-secret',
      '- workload-identity',
      '- azure-cli',
      '- managed-identity',
      'Client and',
      'Tried:',
      '- azure-cli:',
      '- managed-identity:',
    ]);
  });
});
