import { expect, test } from 'vitest';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const { azure, step } = await openScenario();
const GREEN = { 'azureml-model-deployment': 'blue' };

test.each<readonly [string, number, Readonly<Record<string, string>>, string, string]>([
  ['204', 204, {}, '', 'an empty body'],
  ['205', 205, {}, '', 'an empty body'],
  ['a part of an answer', 206, {}, '[1, 2', '206, a part of one'],
  ['the address of a later answer', 202, { location: '/operations/1' }, '{"id": 1}', '202 with the address'],
  ['a list of errors', 200, {}, '{"errors": ["no model"]}', 'no model'],
  ['an Error', 200, {}, '{"Error": "no model"}', 'no model'],
  ['a problem', 200, { 'content-type': 'application/problem+json' }, '{"title": "no model"}', 'no model'],
  [
    'cut JSON under two content types',
    200,
    { 'content-type': 'application/json, application/json' },
    '[1,',
    '[1,',
  ],
  ['cut JSON under a quoted type', 200, { 'content-type': '"application/json"' }, '[1,', '[1,'],
  [
    'an error in a string in a string',
    200,
    {},
    JSON.stringify(JSON.stringify('{"error": "no model"}')),
    'no model',
  ],
])('%s fails a bare sample request', async (_, status, headers, body, told) => {
  const type = body === '' ? {} : { 'content-type': 'application/json' };
  azure.setFault('scoring', { kind: 'status', status, headers: { ...GREEN, ...type, ...headers }, body });
  const { error, outputs } = await step({ inputs: { 'sample-request': SAMPLE, 'logs-on-failure': '0' } });

  expect(outputs.verdict).toBe('failed');
  expect(error).toContain(told);
});

test('204 passes when the case asks for it', async () => {
  azure.setFault('scoring', { kind: 'status', status: 204, headers: GREEN, body: '' });
  const file = 'version: 1\ncases: [{ name: ping, request: { json: [1] }, expect: { status: 204 } }]\n';
  const { outputs } = await step({ inputs: { 'smoke-test': file } });

  expect(outputs.verdict).toBe('passed');
});
