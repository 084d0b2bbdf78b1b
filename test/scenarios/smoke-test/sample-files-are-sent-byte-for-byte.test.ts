import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openScenario } from '../../support/scenario.ts';

const { azure, step } = await openScenario();
const SAMPLES = new URL('../../fixtures/samples', import.meta.url);

test.each([
  ['01-sklearn-data-matrix.json', 'application/json'],
  ['03-mlflow-split-sklearn.json', 'application/json'],
  ['17-tfserving-instances.json', 'application/json'],
  ['19-triton-v2-ensemble.json', 'application/json'],
  ['20-multipart-image.jpg', 'image/jpeg'],
  ['21-mnist-matrix-large.json', 'application/json'],
  ['22-llama3-chat-aml-schema.json', 'application/json'],
  ['36-csv-pixels.csv', 'text/csv'],
  ['38-payload-jsonl-profiler.txt', 'text/plain; charset=utf-8'],
])('sends %s as %s', async (name, contentType) => {
  const file = readFileSync(new URL(name, SAMPLES));
  // This model takes every kind of body, as containers with servers of their own do.
  azure.endpoints.get('churn-key')!.deployments.get('blue')!.model = () => ({ status: 200, body: '[1]' });
  const path = `requests/${name}`;
  const { outputs, sent, log } = await step({ inputs: { 'sample-request': path }, files: { [path]: file } });

  expect(outputs.verdict).toBe('passed');
  const [request] = sent('scoring');
  expect(request?.bytes.equals(file)).toBe(true);
  expect(request?.headers).toMatchObject({
    'content-type': contentType,
    'content-length': String(file.length),
  });
  expect(log).not.toContain(file.toString('latin1').slice(0, 20));
});

test('calls bytes without a known name what they are', async () => {
  azure.endpoints.get('churn-key')!.deployments.get('blue')!.model = () => ({ status: 200, body: '[1]' });
  const files = { request: '{"data": [[1]]}', tensor: new Uint8Array([0, 255, 1, 254]) };
  const json = await step({ inputs: { 'sample-request': 'request' }, files });
  const binary = await step({ inputs: { 'sample-request': 'tensor' }, files });

  expect(json.sent('scoring')[0]?.headers['content-type']).toBe('application/json');
  expect(binary.sent('scoring')[0]?.headers['content-type']).toBe('application/octet-stream');
  expect([...(binary.sent('scoring')[0]?.bytes ?? [])]).toEqual([0, 255, 1, 254]);
});
