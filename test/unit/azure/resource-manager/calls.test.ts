import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { announceMasksTo } from '../../../../src/secrets/secret.ts';
import { type ResourceManager, startResourceManager } from '../../../support/resource-manager.ts';

let resourceManager: ResourceManager;

beforeAll(async () => {
  announceMasksTo(() => undefined);
  resourceManager = await startResourceManager();
});
afterAll(() => resourceManager.close());

const ODD: readonly (readonly [unknown])[] = [[null], [5], [true], [['x']], [{ x: 'y' }]];

describe('the lists of endpoints and deployments', () => {
  const ENTRIES = [
    null,
    5,
    'text',
    [],
    {},
    { name: 5 },
    { name: 'blue', properties: null },
    { name: 'green', properties: { provisioningState: ['Failed'] } },
    { name: 'red', properties: { provisioningState: 'Failed' } },
  ];

  test('entries without a name are left out', async () => {
    resourceManager.respondWith(JSON.stringify({ value: ENTRIES }));
    expect(await resourceManager.workspace.endpointNames()).toEqual(['blue', 'green', 'red']);
    expect(await resourceManager.workspace.deployments()).toEqual([
      { name: 'blue', provisioningState: '' },
      { name: 'green', provisioningState: '' },
      { name: 'red', provisioningState: 'Failed' },
    ]);
  });

  test.each(['..', '.', 'a/b', '%2e%2e', 'green?x', 'gr een', ' ', 'a', 'x'.repeat(33)])(
    'a deployment cannot have the name %j, so it is left out',
    async (name) => {
      resourceManager.respondWith(JSON.stringify({ value: [{ name }, { name: 'blue' }] }));
      expect(await resourceManager.workspace.deployments()).toEqual([
        { name: 'blue', provisioningState: '' },
      ]);
    },
  );

  test.each(['null', '5', '[]', '{}', '{"value":5}', '{"value":{"name":"x"}}', '{"value":"text"}'])(
    'a response that is %s is an empty list',
    async (body) => {
      resourceManager.respondWith(body);
      expect(await resourceManager.workspace.endpointNames()).toEqual([]);
      expect(await resourceManager.workspace.deployments()).toEqual([]);
    },
  );

  test.each([[5], [true], [['x']], [{ x: 'y' }]])(
    'a list whose next page is %j ends there',
    async (nextLink) => {
      resourceManager.respondWith(JSON.stringify({ value: ENTRIES, nextLink }));
      expect(await resourceManager.workspace.endpointNames()).toEqual(['blue', 'green', 'red']);
      expect(await resourceManager.workspace.deployments()).toHaveLength(3);
    },
  );

  describe('limits', () => {
    test('no more than 100 entries are read', async () => {
      const value = Array.from({ length: 101 }, (_, index) => ({ name: `endpoint-${index}` }));
      resourceManager.respondWith(JSON.stringify({ value }));
      expect(await resourceManager.workspace.endpointNames()).toHaveLength(100);
    });
  });
});

test.each(ODD)(
  'a deployment whose name and properties are %j has the name that was asked for',
  async (odd) => {
    resourceManager.respondWith(JSON.stringify({ name: odd, properties: odd }));
    expect(await resourceManager.workspace.deployment('blue')).toEqual({
      name: 'blue',
      provisioningState: '',
    });
  },
);

test.each(ODD)('a log whose content is %j is empty', async (content) => {
  resourceManager.respondWith(JSON.stringify({ content }));
  expect(await resourceManager.workspace.logs('blue', 'InferenceServer', 10)).toBe('');
});

test.each(['..', '.', '', 'a/b', '..\u200b'])(
  'nothing is asked about a deployment named %j',
  async (name) => {
    const { workspace } = resourceManager;
    const before = resourceManager.requests();
    for (const ask of [() => workspace.deployment(name), () => workspace.logs(name, 'InferenceServer', 1)])
      await expect(ask()).rejects.toThrow('is not the name of a deployment, so Azure is not asked about it.');
    expect(resourceManager.requests()).toBe(before);
  },
);
