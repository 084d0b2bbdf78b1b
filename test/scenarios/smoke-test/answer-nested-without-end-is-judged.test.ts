import { expect, test } from 'vitest';
import { container } from '../../local-azure/index.ts';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const { azure, step } = await openScenario();
const DEPTH = 200_000;

test.each([
  ['by a golden file', { 'expected-response': 'golden.json' }, { 'golden.json': '[1]' }],
  [
    'by a schema that goes as deep',
    { 'response-schema': 'schema.json' },
    {
      'schema.json':
        '{"$ref":"#/$defs/list","$defs":{"list":{"items":{"$ref":"#/$defs/list"},"minItems":1}}}',
    },
  ],
  [
    'by a path',
    { 'smoke-test': 'smoke.yml', 'sample-request': undefined },
    {
      'smoke.yml':
        'version: 1\ncases: [{ name: deep, request: { json: {} }, expect: { json: { "$..x": 1, "$[0]": 1 } } }]\n',
    },
  ],
])('200,000 lists in each other are judged %s', async (_, more, files) => {
  const nested = `${'['.repeat(DEPTH)}${']'.repeat(DEPTH)}`;
  azure.endpoints.get('churn-key')!.deployments.get('blue')!.model = container(
    200,
    'application/json',
    nested,
  );
  const { outputs, error } = await step({ inputs: { 'sample-request': SAMPLE, ...more }, files });

  expect(outputs.verdict).toBe('failed');
  expect(outputs['status-code']).toBe('200');
  expect(error).toContain('the answer is not what is expected');
  expect(error).not.toContain('RangeError');
  expect(error.length).toBeLessThan(5_000);
});
