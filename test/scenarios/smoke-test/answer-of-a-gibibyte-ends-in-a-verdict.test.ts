import { expect, test } from 'vitest';
import { hugeAnswer } from '../../local-azure/index.ts';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const { azure, step } = await openScenario();
const GIBIBYTE = 1024 ** 3;
const SMALL_HEAP = ['--max-old-space-size=96'];

test('an answer that is not judged passes, and is not kept', async () => {
  azure.endpoints.get('churn-key')!.deployments.get('blue')!.model = hugeAnswer(GIBIBYTE);
  const inputs = { 'sample-request': SAMPLE, 'show-response': 'true' };
  const { outputs, log, changedFiles } = await step({ inputs, execArgv: SMALL_HEAP });

  expect(outputs).toMatchObject({ verdict: 'passed', 'status-code': '200' });
  expect(log).toContain('It is too long to be shown.');
  expect(outputs['response-file'] ?? '').toBe('');
  expect(Object.keys(changedFiles).filter((name) => name.includes('response'))).toEqual([]);
});

test('an answer that a schema should judge cannot be judged', async () => {
  azure.endpoints.get('churn-key')!.deployments.get('blue')!.model = hugeAnswer(17 * 1024 ** 2);
  const inputs = { 'sample-request': SAMPLE, 'response-schema': 'schema.json', 'response-check': 'cat' };
  const files = { 'schema.json': '{"type":"array"}' };
  const { outputs, error } = await step({ inputs, files, execArgv: SMALL_HEAP });

  expect(outputs.verdict).toBe('error');
  expect(error).toContain(`${17 * 1024 ** 2} bytes`);
});

test('an answer that a script should read cannot be judged', async () => {
  azure.endpoints.get('churn-key')!.deployments.get('blue')!.model = hugeAnswer(17 * 1024 ** 2);
  const inputs = { 'sample-request': SAMPLE, 'response-check': 'cat' };
  const { outputs, error } = await step({ inputs, execArgv: SMALL_HEAP });

  expect(outputs.verdict).toBe('error');
  expect(error).toContain('the answer is too long to be kept');
});

test('a stream that is one event without an end cannot be judged', async () => {
  azure.endpoints.get('churn-key')!.deployments.get('blue')!.model = () => ({
    status: 200,
    headers: { 'Content-Type': 'text/event-stream' },
    body: `data: ${'a'.repeat(17 * 1024 ** 2)}`,
  });
  const file = `version: 1
cases:
  - { name: chat, request: { json: { messages: [] } }, expect: { stream: { min-events: 1 } } }
`;
  const inputs = { 'smoke-test': 'smoke.yml' };
  const { outputs, error } = await step({ inputs, files: { 'smoke.yml': file }, execArgv: SMALL_HEAP });

  expect(outputs.verdict).toBe('error');
  expect(error).toContain('- stream');
});
