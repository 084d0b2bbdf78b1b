import { expect, test } from 'vitest';
import {
  container,
  doubleEncoded,
  everyNth,
  htmlPage,
  inferenceServer,
  invalidJson,
  wrongAnswer,
} from '../../local-azure/index.ts';
import { reportFile } from '../../support/reports.ts';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const { azure, step } = await openScenario();
const blue = () => azure.endpoints.get('churn-key')!.deployments.get('blue')!;
const SCHEMA = JSON.stringify({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'array',
  items: { type: 'number', minimum: 4_000 },
  minItems: 2,
});
const files = { 'schema.json': SCHEMA, 'golden.json': '[11056, 4503]' };
const withSchema = { 'sample-request': SAMPLE, 'response-schema': 'schema.json' };
const withGolden = { 'sample-request': SAMPLE, 'expected-response': 'golden.json' };

test('an answer that fits schema and golden file passes', async () => {
  const inputs = { ...withSchema, ...withGolden, tolerance: '0.001' };
  expect((await step({ inputs, files })).outputs.verdict).toBe('passed');
});

test('a long answer, which another thread judges, is held against both as well', async () => {
  const rows = Array.from({ length: 12_000 }, (_, index) => `{"id":1234567890123456789,"row":${index}}`);
  const answer = (last: string) => `[${[...rows, last].join(',')}]`;
  const inputs = {
    'sample-request': SAMPLE,
    'expected-response': 'rows.json',
    'response-schema': 'rows.schema',
  };
  const request = {
    inputs,
    files: {
      'rows.json': answer('{"id":1,"row":0.5}'),
      'rows.schema': '{"items":{"type":"object","required":["row"]}}',
    },
  };
  blue().model = container(200, 'application/json', answer('{"id":1,"row":0.5}'));
  const good = await step(request);
  blue().model = container(200, 'application/json', answer('{"id":1}'));
  const bad = await step(request);

  expect(good.error).toBe('');
  expect(good.outputs.verdict).toBe('passed');
  expect(bad.error).toContain('- schema /12000: expected the property "row", received {"id":1}');
  expect(bad.error).toContain("- equals $[12000]['row']: expected 0.5, received nothing");
  expect(bad.outputs.verdict).toBe('failed');
});

test('an answer that breaks the schema fails with place, wanted and got', async () => {
  blue().model = inferenceServer(() => [11_055.97, 'many', 12]);
  const { error, outputs, summary } = await step({ inputs: withSchema, files });

  expect(outputs).toMatchObject({ verdict: 'failed', 'status-code': '200' });
  expect(error).toContain('- schema /1: expected a number, received "many"\n');
  expect(error).toContain('- schema /2: expected at least 4000, received 12');
  expect(summary).toContain('many');
});

test('an answer beyond the tolerance of the golden file fails with path, wanted and got', async () => {
  const { error, outputs } = await step({ inputs: withGolden, files });

  expect(outputs.verdict).toBe('failed');
  expect(error).toMatch(/- equals \$\[0\]: expected 11056 .*, received 11055\.977/);
  expect(error).toMatch(/- equals \$\[1\]: expected 4503 .*, received 4503\.079/);
});

test.each([
  [
    'integers that are near to each other',
    '[1234567, 1]',
    '[1234568, 1]',
    {},
    '- equals $[0]: expected 1234567, received 1234568',
  ],
  ['timestamps', '[1700000000]', '[1700001000]', {}, 'expected 1700000000, received 1700001000'],
  ['a string and a number', '["1"]', '[1]', {}, '- equals $[0]: expected "1", received 1'],
  ['a string that holds a number, and a number', '1', '"1"', {}, '- equals $: expected 1, received "1"'],
  [
    'ids beyond 2^53',
    reportFile('22b-expected-response.json'),
    reportFile('22b-answer-other-customer.json'),
    { tolerance: '0.01' },
    "- equals $['customer_id']: expected 7615917337495251231, received 7615917337495251232",
  ],
  [
    'probabilities of another processor',
    reportFile('22-expected-response.json'),
    reportFile('22-answer-of-another-cpu.json'),
    {},
    '- equals $[0][1]: expected 1.1920928244535389e-07 (tolerance 0.000001 relative or 1e-12 absolute), received 1.7881392366803084e-07',
  ],
])('the default tolerance does not make equal: %s', async (_name, golden, body, inputs, words) => {
  blue().model = () => ({ status: 200, headers: { 'Content-Type': 'application/json' }, body });
  const { error, outputs } = await step({
    inputs: { ...withGolden, ...inputs },
    files: { 'golden.json': golden },
  });

  expect(outputs.verdict).toBe('failed');
  expect(error).toContain(words);
  expect(error.match(/- equals/g)).toHaveLength(1);
});

test.each([
  ['integers', '[1234567, 1]', '[1234568, 1]', { tolerance: '1e-6' }],
  ['floats', '[16777216.0]', '[16777218.0]', {}],
  [
    'probabilities near zero',
    reportFile('22-expected-response.json'),
    reportFile('22-answer-of-another-cpu.json'),
    { 'absolute-tolerance': '1e-6' },
  ],
  ['the same id', reportFile('22b-expected-response.json'), reportFile('22b-expected-response.json'), {}],
])('a fitting tolerance makes equal: %s', async (_name, golden, body, inputs) => {
  blue().model = () => ({ status: 200, headers: { 'Content-Type': 'application/json' }, body });
  const { error, outputs } = await step({
    inputs: { ...withGolden, ...inputs },
    files: { 'golden.json': golden },
  });

  expect(error).toBe('');
  expect(outputs.verdict).toBe('passed');
});

test('a date-time without a zone, as pydantic writes it, passes unless the schema asks for its formats', async () => {
  blue().model = inferenceServer(() => [{ at: '2026-03-04T05:06:07.123456' }]);
  const inputs = { 'sample-request': SAMPLE, 'response-schema': 'schema.json' };
  const schema = { items: { properties: { at: { type: 'string', format: 'date-time' } } } };
  const asked = {
    ...schema,
    $vocabulary: { 'https://json-schema.org/draft/2020-12/vocab/format-assertion': true },
  };
  const good = await step({ inputs, files: { 'schema.json': JSON.stringify(schema) } });
  const bad = await step({ inputs, files: { 'schema.json': JSON.stringify(asked) } });

  expect(good.outputs.verdict).toBe('passed');
  expect(bad.outputs.verdict).toBe('failed');
  expect(bad.error).toContain(
    '- schema /0/at: expected the format date-time, received "2026-03-04T05:06:07.123456"',
  );
});

test.each([
  ['{"tpye": "array", "itmes": {}}', "Did you mean 'type'?"],
  ['{"type": "object", "predictions": {"type": "array"}}', "put it under 'properties'."],
  ['{"title": "Answer"}', 'requires nothing, so every answer would pass.'],
])('a schema that asks for nothing is a mistake: %s', async (schema, words) => {
  const { error, outputs, exchanges } = await step({ inputs: withSchema, files: { 'schema.json': schema } });

  expect(outputs.verdict).toBe('error');
  expect(error).toContain("response-schema 'schema.json': schema.json ");
  expect(error).toContain(words);
  expect(exchanges).toEqual([]);
});

test('some wrong answers fail the test, and the error says how many', async () => {
  const model = inferenceServer(() => [5_000, 6_000]);
  blue().model = everyNth(2, model, wrongAnswer([5_000, -1]));
  const { error, outputs } = await step({ inputs: { ...withSchema, samples: '4' }, files });

  expect(outputs.verdict).toBe('failed');
  // The second request of all is the first sample.
  expect(error.split('\n')).toEqual([
    "Case 'sample request', request 1: Endpoint 'churn-key' answered 200, but the answer is not as expected:",
    '- schema /1: expected at least 4000, received -1',
    '2 of 4 requests failed.',
  ]);
});

test('a JSON string that holds JSON is read as that JSON', async () => {
  blue().model = doubleEncoded(() => [11_056, 4_503]);
  const { outputs, sent } = await step({ inputs: { ...withSchema, ...withGolden }, files });

  expect(outputs.verdict).toBe('passed');
  expect(sent('scoring')).toHaveLength(1);
});

test.each([
  ['invalid JSON', invalidJson],
  ['a page', htmlPage],
  ['nothing', () => ({ status: 200, body: '' })],
])('an answer that is %s fails', async (_, model) => {
  blue().model = model;
  const { error, outputs } = await step({ inputs: { ...withSchema, ...withGolden }, files });

  expect(outputs).toMatchObject({ verdict: 'failed', 'status-code': '200' });
  expect(outputs).toHaveProperty('credential');
  expect(error).toContain('- body: expected JSON, received ');
});

test('a file that cannot be used is a mistake that is told before anything is sent', async () => {
  const inputs = { ...withSchema, 'expected-response': 'nowhere.json' };
  const { error, exchanges } = await step({ inputs, files: { 'schema.json': '{"type":"arry"}' } });

  expect(error).toContain('expected-response');
  expect(error).toContain('nowhere.json');
  expect(error).toContain('response-schema');
  expect(error).toContain('/type');
  expect(exchanges).toEqual([]);
});
