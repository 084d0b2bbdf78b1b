import { expect, test } from 'vitest';
import { openScenario } from '../../support/scenario.ts';

const { azure, step } = await openScenario();

test("signs in with the machine's own identity", async () => {
  azure.identity.managedIdentity = 'system';
  const { log, outputs, sent } = await step({
    inputs: { login: 'managed-identity', 'client-id': undefined, 'tenant-id': undefined },
    env: { AZURE_POD_IDENTITY_AUTHORITY_HOST: azure.imdsHost },
  });

  expect(log).toContain('Signing in with managed-identity.\n');
  expect(outputs.verdict).toBe('skipped');
  expect(sent('imds').map(({ url }) => new URL(url).searchParams.get('client_id'))).toEqual([null]);
  expect(sent('sign-in')).toEqual([]);
});
