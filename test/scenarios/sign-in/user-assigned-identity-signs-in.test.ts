import { expect, test } from 'vitest';
import { openScenario } from '../../support/scenario.ts';

const { azure, step } = await openScenario();

test('signs in with the identity that client-id names', async () => {
  azure.identity.managedIdentity = 'user';
  const { clientId } = azure.managedIdentity;
  const { log, outputs, sent } = await step({
    inputs: { login: 'managed-identity', 'client-id': clientId, 'tenant-id': undefined },
    env: { AZURE_POD_IDENTITY_AUTHORITY_HOST: azure.imdsHost },
  });

  expect(log).toContain('Signing in with managed-identity.\n');
  expect(outputs.verdict).toBe('skipped');
  expect(sent('imds').map(({ url }) => new URL(url).searchParams.get('client_id'))).toEqual([clientId]);
});
