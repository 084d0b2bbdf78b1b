import { expect, test } from 'vitest';
import { installAz } from '../../support/az.ts';
import { openScenario } from '../../support/scenario.ts';

const { azure, step } = await openScenario();
const az = await installAz(azure, 'session');

test("prefers the cluster's token to a session of az", async () => {
  azure.identity.managedIdentity = 'system';
  const { log, sent } = await step({
    env: {
      PATH: az.path,
      ACTIONS_ID_TOKEN_REQUEST_URL: undefined,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: undefined,
      AZURE_FEDERATED_TOKEN_FILE: azure.federatedTokenFile,
      AZURE_POD_IDENTITY_AUTHORITY_HOST: azure.imdsHost,
    },
  });

  expect(log).toContain(
    'Signing in with workload-identity: AZURE_FEDERATED_TOKEN_FILE is set, and client and tenant are known.\n',
  );
  expect(sent('imds')).toEqual([]);
  expect(await az.calls()).toEqual([]);
});
