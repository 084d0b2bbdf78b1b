import { expect, it } from 'vitest';
import { openScenario, SAMPLE } from './scenario.ts';

const { azure, step } = await openScenario();

const AZURE_FAILED = { kind: 'status', status: 500, body: 'upstream connect error' } as const;
const TOO_LARGE = { kind: 'status', status: 413, body: 'Payload Too Large' } as const;

it.each([
  ['is busy', '429', 'error', 'The deployment has more requests than it takes.'],
  ['is not ready', '424', 'error', 'The deployment is not ready to answer yet.'],
  ['is too slow', '408', 'failed', "The model took longer than the deployment's request_timeout_ms"],
  ['refuses the body', '424', 'failed', "The model's container answered with an error."],
  ['fails in Azure', '500', 'error', 'Azure Machine Learning itself failed.'],
  ['gets too much', '413', 'error', 'Send a smaller sample.'],
])('when the deployment %s (%s)', async (what, status, verdict, advice) => {
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
  const { error, title, outputs, sent } = await step({ inputs: { 'sample-request': sample } });

  expect(error).toContain(`Endpoint 'churn-key' answered ${status}`);
  expect(error).toContain(advice);
  expect(title).toBe(verdict === 'failed' ? 'Smoke test failed' : 'Smoke test could not be done');
  expect(outputs).toMatchObject({ verdict, 'status-code': status });
  expect(sent('scoring')).toHaveLength(1);
});
