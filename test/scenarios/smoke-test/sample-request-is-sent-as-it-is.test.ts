import { expect, test } from 'vitest';
import { openScenario } from '../../support/scenario.ts';

const { azure, step } = await openScenario();

test('inline JSON is sent with its spaces and number formats', async () => {
  const request = '{ "data": [[1.0, 2e3]],\n  "note": "Zürich, 東京" }';
  const { outputs, sent } = await step({ inputs: { 'sample-request': request } });

  expect(outputs.verdict).toBe('passed');
  expect(sent('scoring')[0]?.body).toBe(request);
  expect(sent('scoring')[0]?.headers['content-type']).toBe('application/json');
});

test('a request says who sends it, and asks for JSON when it sends JSON', async () => {
  const files = { 'tensor.bin': new Uint8Array([0, 255]) };
  azure.endpoints.get('churn-key')!.deployments.get('blue')!.model = () => ({ status: 200, body: '[1]' });
  const json = await step({ inputs: { 'sample-request': '{"data": [[1]]}' } });
  const binary = await step({ inputs: { 'sample-request': 'tensor.bin' }, files });

  expect(json.sent('scoring')[0]?.headers).toMatchObject({
    'user-agent': 'azureml-endpoint-auth',
    accept: 'application/json, */*;q=0.9',
  });
  expect(binary.sent('scoring')[0]?.headers).toMatchObject({
    'user-agent': 'azureml-endpoint-auth',
    accept: '*/*',
  });
});

test('bytes without a known name are called what they are', async () => {
  azure.endpoints.get('churn-key')!.deployments.get('blue')!.model = () => ({ status: 200, body: '[1]' });
  const files = { request: '{"data": [[1]]}', tensor: new Uint8Array([0, 255, 1, 254]) };
  const json = await step({ inputs: { 'sample-request': 'request' }, files });
  const binary = await step({ inputs: { 'sample-request': 'tensor' }, files });

  expect(json.sent('scoring')[0]?.headers['content-type']).toBe('application/json');
  expect(binary.sent('scoring')[0]?.headers['content-type']).toBe('application/octet-stream');
  expect([...(binary.sent('scoring')[0]?.bytes ?? [])]).toEqual([0, 255, 1, 254]);
});
