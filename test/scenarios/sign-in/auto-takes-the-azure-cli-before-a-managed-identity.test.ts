import { expect, it } from 'vitest';
import { installAz } from '../../support/az.ts';
import { openScenario } from '../../support/scenario.ts';

const { azure, step } = await openScenario();
const az = await installAz(azure, 'session');

it('prefers a session of az to the machine, when no application is named', async () => {
  azure.identity.managedIdentity = 'system';
  const { log, outputs, sent } = await step({
    // The ID-token service alone is not enough for oidc.
    inputs: { 'client-id': undefined, 'tenant-id': undefined },
    env: { PATH: az.path, AZURE_POD_IDENTITY_AUTHORITY_HOST: azure.imdsHost },
  });

  expect(log).toContain('Signed in with azure-cli: az has a session.\n');
  expect(outputs.verdict).toBe('skipped');
  expect(sent('imds')).toEqual([]);
  expect(await az.calls()).toHaveLength(1);
});
