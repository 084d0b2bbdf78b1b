import { describe, expect, test } from 'vitest';
import { resourceId, workspaceId } from '../../../src/azure/resource-id.ts';
import { CLIENT, ENDPOINT, mistakesWith, readWith, SUBSCRIPTION, TENANT } from '../../support/read-inputs.ts';

const ADDRESS = {
  subscriptionId: 'ff2e23ae-7d7c-4cbd-99b8-116bb94dca6e',
  resourceGroup: 'rg-ml',
  workspace: 'ws-prod',
  name: 'churn',
};

test('resource IDs are written as Resource Manager writes them', () => {
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
    ['its resource ID', ENDPOINT],
    ['its resource ID without a leading slash', ENDPOINT.slice(1)],
    ['its resource ID with a trailing slash', `${ENDPOINT}/`],
    [
      'its resource ID in another case',
      ENDPOINT.replace('resourceGroups', 'RESOURCEGROUPS')
        .replace('Microsoft.MachineLearningServices', 'microsoft.machinelearningservices')
        .replace('onlineEndpoints', 'onlineendpoints'),
    ],
  ])('the endpoint is found by %s', async (_how, endpoint) => {
    expect((await readWith({ endpoint })).endpoint).toEqual(ADDRESS);
  });

  test('the endpoint is found by its name and three more inputs', async () => {
    expect((await readWith({ endpoint: ' churn ', ...PARTS })).endpoint).toEqual(ADDRESS);
  });

  test('the endpoint must be named', async () => {
    expect(await mistakesWith({ endpoint: '' })).toEqual([
      'endpoint: Name the online endpoint, or give its full resource ID.',
    ]);
  });

  test.each(['azure-cli', 'auto'])('the subscription may be that of az, with login: %s', async (login) => {
    const inputs = { endpoint: 'churn', workspace: 'ws-prod', 'resource-group': 'rg-ml', login };
    expect((await readWith(inputs)).endpoint.subscriptionId).toBe('');
  });

  test('the subscription is not that of az when auto takes another method', async () => {
    const inputs = { endpoint: 'churn', workspace: 'ws-prod', 'resource-group': 'rg-ml' };
    const application = {
      'client-id': CLIENT,
      'tenant-id': TENANT,
      'client-secret': 'a-client-secret~012345',
    };
    expect(await mistakesWith({ ...inputs, ...application })).toEqual([
      "subscription-id: It is missing. Set it or AZURE_SUBSCRIPTION_ID, or give the full resource ID as 'endpoint'.",
    ]);
  });

  test('a name needs three more inputs', async () => {
    expect(await mistakesWith({ endpoint: 'churn', login: 'managed-identity' })).toEqual([
      "workspace: It is missing. Set it, or give the full resource ID as 'endpoint'.",
      "resource-group: It is missing. Set it, or give the full resource ID as 'endpoint'.",
      "subscription-id: It is missing. Set it or AZURE_SUBSCRIPTION_ID, or give the full resource ID as 'endpoint'.",
    ]);
  });

  test('inputs may say what the resource ID says, in any case of letters', async () => {
    const inputs = { endpoint: ENDPOINT, workspace: 'WS-PROD', 'resource-group': 'rg-ml' };
    expect((await readWith(inputs)).endpoint).toEqual(ADDRESS);
  });

  test('a resource ID may name another subscription than the environment', async () => {
    const { endpoint } = await readWith({ endpoint: ENDPOINT }, { AZURE_SUBSCRIPTION_ID: CLIENT });
    expect(endpoint.subscriptionId).toBe(SUBSCRIPTION);
  });

  test('an input must not contradict the resource ID', async () => {
    expect(
      await mistakesWith({
        endpoint: ENDPOINT,
        workspace: 'ws-test',
        'resource-group': 'rg-2',
        'subscription-id': CLIENT,
      }),
    ).toEqual([
      `subscription-id '${CLIENT}': The resource ID in 'endpoint' says '${SUBSCRIPTION}'. Leave this one out.`,
      "resource-group 'rg-2': The resource ID in 'endpoint' says 'rg-ml'. Leave this one out.",
      "workspace 'ws-test': The resource ID in 'endpoint' says 'ws-prod'. Leave this one out.",
    ]);
  });

  test.each([
    ['batchEndpoints', 'batch'],
    ['serverlessEndpoints', 'serverless'],
  ])('%s are told apart', async (kind, named) => {
    expect(await mistakesWith({ endpoint: ENDPOINT.replace('onlineEndpoints', kind), ...PARTS })).toEqual([
      `endpoint: This is a ${named} endpoint; only onlineEndpoints are served.`,
    ]);
  });

  test.each([
    `${ENDPOINT}/deployments/blue`,
    'workspaces/ws/onlineEndpoints/churn',
    'churn/score',
    '../churn',
    'https://churn.westeurope.inference.ml.azure.com/score',
  ])('%s is neither a name nor a resource ID', async (endpoint) => {
    const [mistake, ...others] = await mistakesWith({ endpoint, ...PARTS });
    expect(mistake).toMatch(
      /^endpoint (?:'.+'|\(a value of \d+ characters, .+\)): Write the name alone, or the full resource ID: \/subscriptions\/…/,
    );
    expect(others).toEqual([]);
  });

  test.each(['churn?api-version=1', 'churn#x', '..', 'ch', 'churn-', '1churn', 'chürn', 'a'.repeat(33)])(
    '%s cannot be the name of an endpoint',
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
  ])('no %s is named %s', async (input, value, rule) => {
    expect(await mistakesWith({ endpoint: 'churn', ...PARTS, [input]: value })).toEqual([
      expect.stringContaining(`${input} '${value}': ${rule}`),
    ]);
  });

  test('every part of a resource ID must keep its rule', async () => {
    expect(await mistakesWith({ endpoint: ENDPOINT.replace('rg-ml', '..').replace('churn', 'c?') })).toEqual([
      "endpoint '..': In the resource ID: A resource group name has 1 to 90 letters, digits, and ( ) - _ . without two periods in a row or one at the end.",
      "endpoint 'c?': In the resource ID: An endpoint name has 3 to 32 letters, digits and dashes, starts with a letter, and ends with a letter or digit.",
    ]);
  });
});
