import { expect, test } from 'vitest';
import { installAz } from '../../support/az.ts';
import { openScenario } from '../../support/scenario.ts';

const { azure, step } = await openScenario();
const az = await installAz(azure, 'no session');

test('asks the machine when az has no session', async () => {
  azure.identity.managedIdentity = 'system';
  const { log, outputs, sent } = await step({
    inputs: { 'client-id': undefined, 'tenant-id': undefined },
    env: { PATH: az.path, AZURE_POD_IDENTITY_AUTHORITY_HOST: azure.imdsHost },
  });

  expect(log).toContain('Signed in with managed-identity: a managed identity answers.\n');
  expect(outputs.verdict).toBe('skipped');
  expect(sent('imds')).toHaveLength(1);
  expect(await az.calls()).toHaveLength(1);
});
