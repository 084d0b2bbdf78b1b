import { expect, test } from 'vitest';
import { openScenario } from '../../support/scenario.ts';

const { azure, step } = await openScenario();

test('identity, subscription and cloud are taken from the environment', async () => {
  const { log, outputs, sent } = await step({
    inputs: {
      'client-id': undefined,
      'tenant-id': undefined,
      'subscription-id': undefined,
      cloud: undefined,
    },
    env: {
      AZURE_CLIENT_ID: azure.clientId,
      AZURE_TENANT_ID: azure.tenantId,
      AZURE_CLIENT_SECRET: azure.clientSecret,
      AZURE_SUBSCRIPTION_ID: azure.subscriptionId,
      ARM_CLOUD_METADATA_URL: azure.metadataUrl,
    },
  });

  expect(log).toContain('Signing in with client-secret: a client secret is given.\n');
  expect(outputs.verdict).toBe('skipped');
  expect(sent('metadata')).toHaveLength(1);
});
