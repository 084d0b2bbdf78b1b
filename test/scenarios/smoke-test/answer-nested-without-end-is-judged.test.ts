import { expect, test } from 'vitest';
import { container } from '../../local-azure/index.ts';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const { azure, step } = await openScenario();
const DEPTH = 200_000;

test.each([
  ['by a golden file', 'failed', { 'expected-response': 'golden.json' }, { 'golden.json': '[1]' }],
  [
    'by a schema that goes as deep, or not at all',
    'error',
    { 'response-schema': 'schema.json' },
    {
      'schema.json':
        '{"$ref":"#/$defs/list","$defs":{"list":{"items":{"$ref":"#/$defs/list"},"minItems":1}}}',
    },
  ],
  [
    'by a path that would search it for ever, or not at all',
    'error',
    { 'smoke-test': 'smoke.yml', 'sample-request': undefined },
    {
      'smoke.yml':
        'version: 1\ncases: [{ name: deep, request: { json: {} }, expect: { json: { "$..x": 1, "$[0]": 1 } } }]\n',
    },
  ],
])('200,000 lists in each other are judged %s', async (_, verdict, more, files) => {
  const nested = `${'['.repeat(DEPTH)}${']'.repeat(DEPTH)}`;
  azure.endpoints.get('churn-key')!.deployments.get('blue')!.model = container(
    200,
    'application/json',
    nested,
  );
  const { outputs, error } = await step({ inputs: { 'sample-request': SAMPLE, ...more }, files });

  expect(outputs.verdict).toBe(verdict);
  expect(outputs['status-code']).toBe('200');
  const said = verdict === 'failed' ? 'the answer is not as expected' : 'the answer could not be judged';
  expect(error).toContain(said);
  expect(error).not.toContain('RangeError');
  expect(error.length).toBeLessThan(5_000);
});
