import { expect, test } from 'vitest';
import { installAz } from '../../support/az.ts';
import { openScenario } from '../../support/scenario.ts';

const { azure, step } = await openScenario();
const az = await installAz(azure, 'session');

test('prefers the client secret to every other way', async () => {
  azure.identity.managedIdentity = 'system';
  const { log, sent } = await step({
    inputs: { 'client-secret': azure.clientSecret },
    env: {
      PATH: az.path,
      AZURE_FEDERATED_TOKEN_FILE: azure.federatedTokenFile,
      AZURE_POD_IDENTITY_AUTHORITY_HOST: azure.imdsHost,
    },
  });

  expect(log).toContain('Signing in with client-secret: a client secret is given.\n');
  expect(sent('id-token')).toEqual([]);
  expect(await az.calls()).toEqual([]);
});
