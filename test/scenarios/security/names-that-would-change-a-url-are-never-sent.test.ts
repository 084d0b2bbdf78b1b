import { describe, expect, test } from 'vitest';
import { endpointDocument } from '../../support/azure-documents.ts';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const { azure, step } = await openScenario();

test.each([
  ['endpoint', '../listKeys'],
  ['endpoint', 'churn/../other'],
  ['endpoint', 'churn?api-version=1'],
  ['endpoint', 'churn#x'],
  ['endpoint', 'churn%2e%2e'],
  ['workspace', 'ws/../../other'],
  ['workspace', '..'],
  ['workspace', 'ws?x=1'],
  ['resource-group', '..'],
  ['resource-group', 'rg#x'],
  ['resource-group', 'rg/providers'],
  ['subscription-id', '..'],
  ['subscription-id', 'not/a/guid'],
  ['deployment', 'blue\r\nX-Other: 1'],
  ['tenant-id', 'common/../other'],
  ['client-id', '../other'],
])('refuses %s %j before anything is sent', async (input, value) => {
  const { error, exchanges } = await step({ inputs: { 'sample-request': SAMPLE, [input]: value } });

  expect(error).toContain(`1 input is wrong: ${input} '`);
  expect(exchanges).toEqual([]);
});

describe('a name that Resource Manager gives', () => {
  test.each(['..', '.', '../../other', 'blue?x=1'])(
    'is not asked for when it is %j, though it alone is idle',
    async (name) => {
      const entries = [
        { name, properties: { provisioningState: 'Creating' } },
        { name: 'blue', properties: { provisioningState: 'Succeeded' } },
      ];
      azure.setFault('deployments', { kind: 'body', body: JSON.stringify({ value: entries }) });
      azure.endpoints.get('churn-key')!.traffic = { blue: 100 };
      const { error, sent, exchanges } = await step({
        inputs: { 'sample-request': SAMPLE, deployment: 'idle' },
      });

      expect(error).toContain("endpoint 'churn-key' has none. It has: blue (100 %).");
      expect(sent('deployments')).toHaveLength(1);
      expect(sent('endpoint')).toHaveLength(1);
      expect(exchanges.map(({ url }) => url).filter((url) => url.includes('other'))).toEqual([]);
    },
  );

  test.each(['..', 'green=0 blue'])('in the traffic is not asked for a log when it is %j', async (name) => {
    const traffic = { blue: 40, [name]: 60 };
    azure.setFault('endpoint', { kind: 'body', body: endpointDocument(azure, { traffic }) });
    azure.endpoints.get('churn-key')!.deployments.get('blue')!.model = () => ({ status: 500, body: '{}' });
    const { outputs, sent } = await step({ inputs: { 'sample-request': SAMPLE, 'warm-up': '0s' } });

    expect(outputs.verdict).toBe('failed');
    expect(sent('logs').map(({ url }) => new URL(url).pathname.split('/').slice(-3))).toEqual([
      ['deployments', 'blue', 'getLogs'],
      ['deployments', 'blue', 'getLogs'],
    ]);
  });

  test('is emitted as the address that it leads to', async () => {
    const swaggerUri = `${azure.scoringHost}/a b/../"swagger".json\nverdict=passed`;
    azure.setFault('endpoint', { kind: 'body', body: endpointDocument(azure, { swaggerUri }) });
    const { outputs } = await step();

    expect(outputs['swagger-uri']).toBe(`${azure.scoringHost}/%22swagger%22.jsonverdict=passed`);
  });
});
