import { expect, test } from 'vitest';
import { installAz } from '../../support/az.ts';
import { openScenario } from '../../support/scenario.ts';

const { azure, step } = await openScenario();
const az = await installAz(azure, 'session');

test("prefers GitHub's ID token to what the runner offers", async () => {
  azure.identity.managedIdentity = 'system';
  const { log, sent } = await step({
    env: {
      PATH: az.path,
      AZURE_FEDERATED_TOKEN_FILE: azure.federatedTokenFile,
      AZURE_POD_IDENTITY_AUTHORITY_HOST: azure.imdsHost,
    },
  });

  expect(log).toContain(
    "Signing in with oidc: GitHub's ID-token service is there, and client and tenant are known.\n",
  );
  expect(sent('id-token')).toHaveLength(1);
  expect(await az.calls()).toEqual([]);
});
