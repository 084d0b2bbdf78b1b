import { expect, test } from 'vitest';
import { json } from '../../local-azure/index.ts';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const { azure, step } = await openScenario();

test("the error shows the status, the model's own status and its message, and every output is written", async () => {
  const { error, title, outputs, summary } = await step({
    inputs: { 'sample-request': SAMPLE, deployment: 'broken' },
  });

  expect(title).toBe('Smoke test failed');
  expect(error).toContain("Deployment 'broken' of endpoint 'churn-key' answered 424 (");
  expect(error).toContain("the model's own status 500): An unexpected error occurred in scoring script.");
  expect(error).toMatch(/\[x-request-id [0-9a-f-]{36}\]/);
  expect(error).toContain('Its container log has the traceback.');
  expect(outputs).toMatchObject({
    verdict: 'failed',
    'status-code': '424',
    deployment: 'broken',
    credential: azure.endpoints.get('churn-key')?.keys.primary,
    'auth-mode': 'key',
    location: 'westeurope',
    traffic: '{"blue":100,"green":0,"broken":0}',
    'expires-on': '',
  });
  expect(outputs['scoring-uri']).toContain('/churn-key/score');
  expect(Number(outputs['latency-ms'])).toBeGreaterThan(0);
  expect(summary).toContain('❌ failed: deployment broken, status 424');
});

test('a failure behind a good status is told by the header of the inference server', async () => {
  azure.endpoints.get('churn-key')!.deployments.get('blue')!.model = () =>
    json(200, { message: 'no such column: tenure' }, { 'x-ms-run-function-failed': 'True' });
  const { error, outputs } = await step({ inputs: { 'sample-request': SAMPLE } });

  expect(error).toContain("Endpoint 'churn-key' answered 200: no such column: tenure");
  expect(outputs).toMatchObject({ verdict: 'failed', 'status-code': '200' });
});
