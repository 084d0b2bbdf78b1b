import { expect, test } from 'vitest';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const { azure, step } = await openScenario();

test("shows status, the model's own status and its message, and writes every output", async () => {
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
