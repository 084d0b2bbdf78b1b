import { expect, test } from 'vitest';
import { json } from '../../local-azure/index.ts';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const { azure, step } = await openScenario();

const COMMANDS = [
  '::error::planted',
  'x\n::warning file=a.ts::planted',
  '##[stop-commands]planted',
  'x ##[error]planted',
  '\r::add-mask::westeurope',
  '\u2028::set-output name=verdict::passed',
  '\u001b[31m::error::planted\u001b[0m',
  'x\n  ::debug::planted',
];

test.each(COMMANDS)('%j in the message of a model', async (message) => {
  azure.endpoints.get('churn-key')!.deployments.get('blue')!.model = () => json(500, { message });
  const { annotations, masks, outputs, log, error } = await step({ inputs: { 'sample-request': SAMPLE } });

  expect(annotations).toHaveLength(1);
  expect(error).toContain("Endpoint 'churn-key' answered 424");
  expect(masks).not.toContain('westeurope');
  expect(outputs).toMatchObject({ verdict: 'failed', location: 'westeurope' });
  expect(log).toContain("The model's container answered with an error.");
});

test('in the names that headers and Resource Manager give', async () => {
  const endpoint = azure.endpoints.get('churn-key')!;
  endpoint.location = '##[error]planted';
  endpoint.deployments.get('blue')!.model = () =>
    json(200, [1], { 'azureml-model-deployment': '##[stop-commands]planted' });
  const { annotations, outputs, log } = await step({ inputs: { 'sample-request': SAMPLE } });

  expect(annotations).toEqual([]);
  expect(outputs.verdict).toBe('passed');
  expect(log).toContain("Smoke test passed: Deployment '## [stop-commands]planted' answered 200");
});

test('in an error of Resource Manager', async () => {
  const message = 'x\n::error::planted\n##[stop-commands]planted';
  azure.setFault('keys', {
    kind: 'body',
    status: 400,
    body: JSON.stringify({ error: { code: 'X', message } }),
  });
  const { annotations, error } = await step();

  expect(annotations).toHaveLength(1);
  expect(error).toContain('answered HTTP 400: X: x');
});
