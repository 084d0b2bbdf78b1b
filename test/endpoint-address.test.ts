import { expect, test } from 'vitest';
import { resourceId, workspaceId } from '../src/endpoint-address.ts';

const ADDRESS = {
  subscriptionId: 'ff2e23ae-7d7c-4cbd-99b8-116bb94dca6e',
  resourceGroup: 'rg-ml',
  workspace: 'ws-prod',
  name: 'churn',
};

test('the resource IDs are those that Resource Manager writes', () => {
  expect(workspaceId(ADDRESS)).toBe(
    '/subscriptions/ff2e23ae-7d7c-4cbd-99b8-116bb94dca6e/resourceGroups/rg-ml/providers/Microsoft.MachineLearningServices/workspaces/ws-prod',
  );
  expect(resourceId(ADDRESS)).toBe(
    '/subscriptions/ff2e23ae-7d7c-4cbd-99b8-116bb94dca6e/resourceGroups/rg-ml/providers/Microsoft.MachineLearningServices/workspaces/ws-prod/onlineEndpoints/churn',
  );
});
