import { expect, test } from 'vitest';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const { azure, step } = await openScenario();

const AZURE_FAILED = { kind: 'status', status: 500, body: 'upstream connect error' } as const;
const TITLES = {
  failed: 'Smoke test failed',
  inconclusive: 'Smoke test is inconclusive',
  error: 'Smoke test could not be done',
};
const TOO_LARGE = { kind: 'status', status: 413, body: 'Payload Too Large' } as const;

test.each([
  ['is busy', '429', 'inconclusive', 'The deployment has more requests than it takes.'],
  ['is not ready', '424', 'inconclusive', 'The deployment is not ready to answer.'],
  ['is too slow', '408', 'inconclusive', "The model took longer than the deployment's request_timeout_ms"],
  ['refuses the body', '424', 'failed', "The model's container answered with an error."],
  ['fails in Azure', '500', 'inconclusive', 'Azure Machine Learning itself failed.'],
  ['gets too much', '413', 'error', 'Send a smaller sample.'],
] as const)('when the deployment %s (%s)', async (what, status, verdict, advice) => {
  const blue = azure.endpoints.get('churn-key')!.deployments.get('blue')!;
  if (what === 'is busy') blue.model = () => ({ refusal: 'too_many_pending_request' });
  if (what === 'is not ready') blue.provisioningState = 'Creating';
  if (what === 'is too slow') {
    blue.requestTimeoutMs = 20;
    blue.model = () => new Promise(() => undefined);
  }
  if (what === 'fails in Azure') azure.setFault('scoring', AZURE_FAILED);
  if (what === 'gets too much') azure.setFault('scoring', TOO_LARGE);
  const sample = what === 'refuses the body' ? '[1]' : SAMPLE;
  // No time to warm up: the first try is the last.
  const inputs = { 'sample-request': sample, 'warm-up': '0s' };
  const { error, title, outputs, sent, log } = await step({ inputs });

  expect(error).toContain(`Endpoint 'churn-key' answered ${status}`);
  expect(error).toContain(advice);
  expect(title).toBe(TITLES[verdict]);
  expect(error.includes('No usable answer within the warm-up')).toBe(verdict === 'inconclusive');
  expect(log.includes(`Not ready: ${status}`)).toBe(verdict === 'inconclusive');
  expect(outputs).toMatchObject({ verdict, 'status-code': status });
  expect(sent('scoring')).toHaveLength(1);
});
