import { expect, test } from 'vitest';
import { CLOSED_HOST, openScenario, SAMPLE } from '../../support/scenario.ts';

const { azure, step } = await openScenario();
// No time to warm up: the first try is the last.
const INPUTS = { 'sample-request': SAMPLE, 'warm-up': '0s' };

test('when the answer is cut off', async () => {
  azure.setFault('scoring', { kind: 'truncated' });
  const { error, outputs, sent } = await step({ inputs: INPUTS });

  expect(error).toContain(
    `Endpoint 'churn-key' (${new URL(azure.scoringHost).host}) began to answer, and the connection broke before the answer's end.`,
  );
  expect(outputs.verdict).toBe('inconclusive');
  expect(sent('scoring')).toHaveLength(1);
});

test('when the connection breaks before any answer', async () => {
  azure.setFault('scoring', { kind: 'reset' });
  const { error, outputs, sent } = await step({ inputs: INPUTS });

  expect(error).toMatch(
    /The last: Endpoint 'churn-key' \(localhost:\d+\) broke the connection off .*\(ECONNRESET\)\./,
  );
  expect(outputs.verdict).toBe('inconclusive');
  expect(sent('scoring')).toHaveLength(1);
});

test('when nobody listens', async () => {
  azure.endpoints.get('churn-key')!.scoringUri = `https://${CLOSED_HOST}/score`;
  const { error, outputs } = await step({ inputs: INPUTS });

  expect(error).toContain(`Endpoint 'churn-key' (${CLOSED_HOST}) refused the connection (ECONNREFUSED).`);
  expect(outputs).toMatchObject({ verdict: 'inconclusive', 'scoring-uri': `https://${CLOSED_HOST}/score` });
  expect(outputs).toHaveProperty('credential');
});
