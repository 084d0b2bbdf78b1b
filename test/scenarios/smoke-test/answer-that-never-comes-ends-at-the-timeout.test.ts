import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const { azure, step } = await openScenario();
// No time to warm up: the first try is the last.
const INPUTS = { 'sample-request': SAMPLE, timeout: '200ms', 'warm-up': '0s' };

test('a deployment that does not answer is inconclusive', async () => {
  azure.setFault('scoring', { kind: 'hang' });
  const { error, title, outputs, sent } = await step({ inputs: INPUTS });

  expect(title).toBe('Smoke test is inconclusive');
  expect(error).toContain(
    `Endpoint 'churn-key' (${new URL(azure.scoringHost).host}) did not finish its answer within the timeout of 0.2 s.`,
  );
  expect(error).toContain("Raise 'timeout' if the model is meant to be this slow.");
  expect(outputs.verdict).toBe('inconclusive');
  expect(outputs).not.toHaveProperty('status-code');
  expect(sent('scoring')).toHaveLength(1);
});

test('a deployment that begins to answer and never ends is inconclusive', async () => {
  azure.endpoints.get('churn-key')!.deployments.get('blue')!.model = ({ signal }) => ({
    status: 200,
    body: endless(signal),
  });
  const { error, outputs } = await step({ inputs: INPUTS });

  expect(error).toContain('did not finish its answer within the timeout of 0.2 s.');
  expect(outputs.verdict).toBe('inconclusive');
});

test('a deployment that answers at first, and then no more, fails', async () => {
  azure.setFault('scoring', { kind: 'hang', after: 1 });
  const { error, outputs, sent } = await step({ inputs: { ...INPUTS, timeout: '1s', samples: '2' } });

  expect(error).toContain('did not finish its answer within the timeout of 1 s.');
  expect(error).toContain('2 of 2 requests failed.');
  expect(outputs.verdict).toBe('failed');
  expect(sent('scoring')).toHaveLength(3);
});

async function* endless(signal: AbortSignal): AsyncGenerator<string> {
  while (!signal.aborted) {
    yield '[';
    await sleep(20, undefined, { ref: false });
  }
}
