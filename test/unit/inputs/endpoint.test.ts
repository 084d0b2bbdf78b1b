import { describe, expect, test } from 'vitest';
import { resourceId, workspaceId } from '../../../src/azure/resource-id.ts';
import { mistakesWith, readWith } from '../../support/read-inputs.ts';

const SUBSCRIPTION = 'ff2e23ae-7d7c-4cbd-99b8-116bb94dca6e';
const CLIENT = '31359c7f-bd7e-475c-86db-fdb8c937548e';
const RESOURCE_ID = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-ml/providers/Microsoft.MachineLearningServices/workspaces/ws-prod/onlineEndpoints/churn`;

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

describe('an endpoint', () => {
  const PARTS = { workspace: 'ws-prod', 'resource-group': 'rg-ml', 'subscription-id': SUBSCRIPTION };

  test.each([
    ['its resource ID', RESOURCE_ID],
    ['its resource ID without a leading slash', RESOURCE_ID.slice(1)],
    ['its resource ID with a trailing slash', `${RESOURCE_ID}/`],
    [
      'its resource ID in another case',
      RESOURCE_ID.replace('resourceGroups', 'RESOURCEGROUPS')
        .replace('Microsoft.MachineLearningServices', 'microsoft.machinelearningservices')
        .replace('onlineEndpoints', 'onlineendpoints'),
    ],
  ])('is found by %s', async (_how, endpoint) => {
    expect((await readWith({ endpoint })).endpoint).toEqual({
      subscriptionId: SUBSCRIPTION,
      resourceGroup: 'rg-ml',
      workspace: 'ws-prod',
      name: 'churn',
    });
  });

  test('is found by its name and three more inputs', async () => {
    expect((await readWith({ endpoint: ' churn ', ...PARTS })).endpoint).toEqual({
      subscriptionId: SUBSCRIPTION,
      resourceGroup: 'rg-ml',
      workspace: 'ws-prod',
      name: 'churn',
    });
  });

  test('must be named', async () => {
    expect(await mistakesWith({})).toEqual([
      'endpoint: Name the online endpoint, or give its full resource ID.',
    ]);
  });

  test('needs the other three with its name', async () => {
    expect(await mistakesWith({ endpoint: 'churn' })).toEqual([
      "workspace: Needed with an endpoint's name; a full resource ID holds it already.",
      "resource-group: Needed with an endpoint's name; a full resource ID holds it already.",
      "subscription-id: Needed with an endpoint's name, or set AZURE_SUBSCRIPTION_ID; a full resource ID holds it already.",
    ]);
  });

  test('may be given twice when both say the same, in any case', async () => {
    expect(
      await mistakesWith({ endpoint: RESOURCE_ID, workspace: 'WS-PROD', 'resource-group': 'rg-ml' }),
    ).toEqual([]);
  });

  test('may live in another subscription than the environment says', async () => {
    expect(await mistakesWith({ endpoint: RESOURCE_ID }, { AZURE_SUBSCRIPTION_ID: CLIENT })).toEqual([]);
  });

  test('is refused when an input contradicts the resource ID', async () => {
    expect(
      await mistakesWith({
        endpoint: RESOURCE_ID,
        workspace: 'ws-test',
        'resource-group': 'rg-2',
        'subscription-id': CLIENT,
      }),
    ).toEqual([
      `subscription-id '${CLIENT}': The resource ID in 'endpoint' says '${SUBSCRIPTION}'. Leave this input out.`,
      "resource-group 'rg-2': The resource ID in 'endpoint' says 'rg-ml'. Leave this input out.",
      "workspace 'ws-test': The resource ID in 'endpoint' says 'ws-prod'. Leave this input out.",
    ]);
  });

  test.each([
    RESOURCE_ID.replace('onlineEndpoints', 'batchEndpoints'),
    `${RESOURCE_ID}/deployments/blue`,
    'workspaces/ws/onlineEndpoints/churn',
    'churn/score',
    '../churn',
    'https://churn.westeurope.inference.ml.azure.com/score',
  ])('is neither a name nor a resource ID: %s', async (endpoint) => {
    const [mistake, ...others] = await mistakesWith({ endpoint, ...PARTS });
    expect(mistake).toMatch(
      /^endpoint '.+': Write the name alone, or the full resource ID: \/subscriptions\/…/,
    );
    expect(others).toEqual([]);
  });

  test.each(['churn?api-version=1', 'churn#x', '..', 'ch', 'churn-', '1churn', 'chürn', 'a'.repeat(33)])(
    'has no name such as %s',
    async (endpoint) => {
      expect(await mistakesWith({ endpoint, ...PARTS })).toEqual([
        `endpoint '${endpoint}': An endpoint name has 3 to 32 letters, digits and dashes, starts with a letter, and ends with a letter or digit.`,
      ]);
    },
  );

  test.each([
    ['workspace', 'ws/../x', 'A workspace name has 3 to 33'],
    ['workspace', 'ws?x', 'A workspace name has 3 to 33'],
    ['resource-group', 'rg#1', 'A resource group name has 1 to 90'],
    ['resource-group', '..', 'A resource group name has 1 to 90'],
    ['subscription-id', 'My Subscription', 'A subscription ID is a GUID, such as'],
  ])('lives in no %s named %s', async (input, value, rule) => {
    expect(await mistakesWith({ endpoint: 'churn', ...PARTS, [input]: value })).toEqual([
      expect.stringContaining(`${input} '${value}': ${rule}`),
    ]);
  });

  test('is refused when a part of its resource ID breaks a rule', async () => {
    expect(
      await mistakesWith({ endpoint: RESOURCE_ID.replace('rg-ml', '..').replace('churn', 'c?') }),
    ).toEqual([
      "endpoint '..': In the resource ID: A resource group name has 1 to 90 letters, digits, and ( ) - _ . without two periods in a row or one at the end.",
      "endpoint 'c?': In the resource ID: An endpoint name has 3 to 32 letters, digits and dashes, starts with a letter, and ends with a letter or digit.",
    ]);
  });
});
