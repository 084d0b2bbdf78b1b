import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { openScenario, SAMPLE } from './scenario.ts';

const { azure, step } = await openScenario();
const INPUTS = { 'sample-request': SAMPLE, timeout: '200ms' };

it('fails the deployment that does not answer', async () => {
  azure.setFault('scoring', { kind: 'hang' });
  const { error, outputs, sent } = await step({ inputs: INPUTS });

  expect(error).toContain("Endpoint 'churn-key' gave no whole answer within the timeout of 0.2 s.");
  expect(error).toContain("Raise 'timeout' when the model is meant to be this slow.");
  expect(outputs.verdict).toBe('failed');
  expect(outputs).not.toHaveProperty('status-code');
  expect(sent('scoring')).toHaveLength(1);
});

it('fails the deployment that begins to answer and never ends', async () => {
  azure.endpoints.get('churn-key')!.deployments.get('blue')!.model = ({ signal }) => ({
    status: 200,
    body: endless(signal),
  });
  const { error, outputs } = await step({ inputs: INPUTS });

  expect(error).toContain('gave no whole answer within the timeout of 0.2 s.');
  expect(outputs.verdict).toBe('failed');
});

async function* endless(signal: AbortSignal): AsyncGenerator<string> {
  while (!signal.aborted) {
    yield '[';
    await sleep(20, undefined, { ref: false });
  }
}
