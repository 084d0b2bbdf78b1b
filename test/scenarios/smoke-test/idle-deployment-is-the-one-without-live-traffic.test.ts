import { expect, test } from 'vitest';
import { createDeployment } from '../../local-azure/index.ts';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const { azure, step } = await openScenario();
const INPUTS = { 'sample-request': SAMPLE, deployment: 'idle' };
const endpoint = () => azure.endpoints.get('churn-key')!;

test('even when live requests are mirrored to it', async () => {
  endpoint().deployments.delete('broken');
  endpoint().traffic = { blue: 100, green: 0 };
  endpoint().mirrorTraffic = { green: 20 };
  const { outputs, sent } = await step({ inputs: INPUTS });

  expect(outputs).toMatchObject({ verdict: 'passed', deployment: 'green' });
  expect(sent('scoring').map(({ headers }) => headers['azureml-model-deployment'])).toEqual(['green']);
});

test('even when the traffic does not name it', async () => {
  endpoint().deployments.delete('broken');
  endpoint().traffic = { blue: 100 };
  const { outputs } = await step({ inputs: INPUTS });

  expect(outputs).toMatchObject({ verdict: 'passed', deployment: 'green' });
});

test.each([
  ['none', { blue: 90, green: 10 }, 'has none. It has: blue (90 %), green (10 %)'],
  ['several', { blue: 100 }, 'has 2 of them. It has: blue (100 %), green (0 %), broken (0 %)'],
])('and when there are %s, all are listed', async (what, traffic, told) => {
  if (what === 'none') endpoint().deployments.delete('broken');
  endpoint().traffic = traffic;
  const { error, outputs, sent } = await step({ inputs: INPUTS });

  expect(error).toContain("endpoint 'churn-key' ");
  expect(error).toContain(told);
  expect(outputs.verdict).toBe('error');
  expect(sent('scoring')).toEqual([]);
});

test('and when the identity may not list deployments, the missing action is named', async () => {
  azure.access.denied.set('deployments/read', 'AuthorizationFailed');
  const { error, outputs, sent } = await step({ inputs: INPUTS });

  expect(error).toContain('Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments/read');
  expect(outputs.verdict).toBe('error');
  expect(sent('scoring')).toEqual([]);
});

test('whatever its name is', async () => {
  endpoint().deployments = new Map(['blue', 'constructor'].map((name) => [name, createDeployment(name)]));
  endpoint().traffic = { blue: 100 };
  const { outputs } = await step({ inputs: INPUTS });

  expect(outputs).toMatchObject({ verdict: 'passed', deployment: 'constructor' });
});
