import { expect, test } from 'vitest';
import { afterRequests, everyNth, goodModel, slow, throttled } from '../../local-azure/index.ts';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const { azure, step } = await openScenario();

test('the error has what was measured and the limit', async () => {
  const tail = everyNth(5, goodModel, slow(1_500, goodModel));
  azure.endpoints.get('churn-key')!.deployments.get('blue')!.model = tail;
  const inputs = { 'sample-request': SAMPLE, samples: '6', 'max-latency': '1200ms' };
  const { error, title, outputs, summary } = await step({ inputs });

  expect(title).toBe('Smoke test failed');
  expect(error).toMatch(/^p95 is 1\.[5-9]\d* s; the limit is 1\.2 s\./);
  // Six samples hold no 95th percentile.
  expect(error).toMatch(/20|fewer/);
  expect(outputs).toMatchObject({ verdict: 'failed', 'status-code': '200' });
  expect(Number(outputs['latency-p95-ms'])).toBeGreaterThan(1_400);
  expect(Number(outputs['latency-ms'])).toBeLessThan(Number(outputs['latency-p95-ms']));
  expect(summary).toContain('p95');
});

test('a limit that is met passes', async () => {
  const inputs = { 'sample-request': SAMPLE, samples: '20', 'max-latency': '10s' };
  const { outputs, sent } = await step({ inputs });

  expect(outputs.verdict).toBe('passed');
  expect(sent('scoring')).toHaveLength(21);
});

test('a limit that nothing was measured against is inconclusive', async () => {
  azure.endpoints.get('churn-key')!.deployments.get('blue')!.model = afterRequests(1, goodModel, throttled());
  const inputs = { 'sample-request': SAMPLE, samples: '3', 'max-latency': '10s' };
  const { error, outputs } = await step({ inputs });

  expect(error).toContain('The deployment gets more requests than it can take.');
  expect(outputs.verdict).toBe('inconclusive');
});
