import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openScenario } from '../../support/scenario.ts';

// azure-cli has a file of its own.
const { azure, step } = await openScenario();

test("oidc presents GitHub's ID token to Entra", async () => {
  const { log, outputs, sent } = await step({ inputs: { login: 'oidc' } });

  expect(log).toContain('Signing in with oidc.\n');
  expect(outputs.verdict).toBe('skipped');
  const [idToken] = sent('id-token');
  expect(idToken?.headers.authorization).toBe(`Bearer ${azure.oidc.requestToken}`);
  expect(new URL(idToken?.url ?? '').searchParams.get('audience')).toBe('api://AzureADTokenExchange');
  const form = new URLSearchParams(sent('sign-in')[0]?.body);
  expect(form.get('client_id')).toBe(azure.clientId);
  expect(form.has('client_assertion')).toBe(true);
  expect(form.has('client_secret')).toBe(false);
});

test('client-secret sends the client secret alone', async () => {
  const { log, outputs, sent } = await step({
    inputs: { login: 'client-secret', 'client-secret': azure.clientSecret },
  });

  expect(log).toContain('Signing in with client-secret.\n');
  expect(outputs.verdict).toBe('skipped');
  expect(new URLSearchParams(sent('sign-in')[0]?.body).get('client_secret')).toBe(azure.clientSecret);
  expect(sent('id-token')).toEqual([]);
});

test("workload-identity presents the cluster's token to Entra", async () => {
  const { log, outputs, sent } = await step({
    inputs: { login: 'workload-identity' },
    env: { AZURE_FEDERATED_TOKEN_FILE: azure.federatedTokenFile },
  });

  expect(log).toContain('Signing in with workload-identity.\n');
  expect(outputs.verdict).toBe('skipped');
  const assertion = new URLSearchParams(sent('sign-in')[0]?.body).get('client_assertion');
  expect(assertion).toBe(readFileSync(azure.federatedTokenFile, 'utf8'));
  expect(sent('id-token')).toEqual([]);
});

test.each([
  ['the identity that client-id names', 'user', azure.managedIdentity.clientId],
  ["the machine's own identity", 'system', undefined],
] as const)('managed-identity asks for %s', async (_, kind, clientId) => {
  azure.identity.managedIdentity = kind;
  const { log, outputs, sent } = await step({
    inputs: { login: 'managed-identity', 'client-id': clientId, 'tenant-id': undefined },
    env: { AZURE_POD_IDENTITY_AUTHORITY_HOST: azure.imdsHost },
  });

  expect(log).toContain('Signing in with managed-identity.\n');
  expect(outputs.verdict).toBe('skipped');
  expect(sent('imds').map(({ url }) => new URL(url).searchParams.get('client_id'))).toEqual([
    clientId ?? null,
  ]);
  expect(sent('sign-in')).toEqual([]);
});
