import { expect, test } from 'vitest';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const { step } = await openScenario();

test('sends the request to the deployment that has no traffic yet', async () => {
  const { log, outputs, sent } = await step({ inputs: { 'sample-request': SAMPLE, deployment: 'green' } });

  expect(sent('scoring').map(({ headers }) => headers['azureml-model-deployment'])).toEqual(['green']);
  expect(outputs).toMatchObject({ deployment: 'green', verdict: 'passed', 'status-code': '200' });
  expect(log).toMatch(/Smoke test passed: Deployment 'green' answered 200 in \d+(?:\.\d)? ms\./);
});

test('names no deployment when traffic decides', async () => {
  const { sent } = await step({ inputs: { 'sample-request': SAMPLE } });

  expect(sent('scoring')[0]?.headers).not.toHaveProperty('azureml-model-deployment');
});
