import { expect, test } from 'vitest';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const { step } = await openScenario();

test('and asked for as Azure writes it', async () => {
  const { outputs, sent } = await step({ inputs: { 'sample-request': SAMPLE, deployment: 'GrEEn' } });

  expect(outputs).toMatchObject({ verdict: 'passed', deployment: 'green' });
  expect(sent('scoring')[0]?.headers['azureml-model-deployment']).toBe('green');
});
