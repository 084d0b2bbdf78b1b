import { expect, test } from 'vitest';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const { azure, step } = await openScenario();
const INPUTS = { endpoint: 'churn-k8s', 'sample-request': SAMPLE };

test('the credential goes to nobody in clear', async () => {
  const { error, outputs, sent } = await step({ inputs: INPUTS });

  expect(error).toContain(`The scoring URI is ${azure.scoringHttpHost}/api/v1/endpoint/churn-k8s/score`);
  expect(error).toContain('set allow-insecure-http: true where the network is trusted.');
  expect(outputs.verdict).toBe('error');
  expect(sent('scoring')).toEqual([]);
});

test('the credential goes over http when the workflow allows it', async () => {
  const { outputs, sent } = await step({ inputs: { ...INPUTS, 'allow-insecure-http': 'true' } });

  expect(outputs).toMatchObject({ verdict: 'passed', 'status-code': '200' });
  expect(sent('scoring').map(({ url }) => url)).toEqual([outputs['scoring-uri']]);
});

test('an endpoint that is not tested needs no leave', async () => {
  const { outputs } = await step({ inputs: { endpoint: 'churn-k8s' } });

  expect(outputs.verdict).toBe('skipped');
});
