import { expect, test } from 'vitest';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const { azure, step } = await openScenario();

test('says how to give a deployment traffic, and which there are', async () => {
  azure.endpoints.get('churn-key')!.traffic = {};
  const { log, error, outputs } = await step({ inputs: { 'sample-request': SAMPLE } });

  expect(log).toContain("Endpoint 'churn-key' in westeurope: auth mode key, no deployment has traffic\n");
  expect(error).toContain("Endpoint 'churn-key' answered 404: No valid deployments to route to.");
  expect(error).toContain('az ml online-endpoint update --name churn-key --traffic "<deployment>=100"');
  expect(error).toContain('It has: blue (0 %), green (0 %), broken (0 %).');
  expect(outputs).toMatchObject({ verdict: 'error', 'status-code': '404', traffic: '{}' });
});

test('says only what it knows when the deployments may not be listed', async () => {
  azure.endpoints.get('churn-key')!.traffic = {};
  azure.access.denied.set('deployments/read', 'AuthorizationFailed');
  const { error } = await step({ inputs: { 'sample-request': SAMPLE } });

  expect(error).toContain('has no deployment with traffic, or none that serves this path.');
  expect(error).not.toContain('It has:');
});
