import { expect, test } from 'vitest';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const { step } = await openScenario();
const INPUTS = { 'sample-request': SAMPLE };

test('one sample costs five turns on the wire, the last of them the scoring request', async () => {
  const { outputs, exchanges } = await step({ inputs: INPUTS });

  expect(outputs.verdict).toBe('passed');
  const [first, second, ...rest] = exchanges;
  expect([first?.call, second?.call].sort()).toEqual(['id-token', 'metadata']);
  expect(rest.map(({ call }) => call)).toEqual(['sign-in', 'endpoint', 'keys', 'scoring']);
  for (const [index, { startedAt }] of rest.entries()) {
    // Each waits for the one before: five turns on the wire, the first of two at once.
    expect(startedAt).toBeGreaterThanOrEqual((rest[index - 1] ?? second)?.endedAt ?? Number.NaN);
  }
});

test.each([
  ['a limit on the latency', { 'max-latency': '20s' }, 2],
  ['two samples', { samples: '2' }, 3],
])('%s adds a request, because what is measured is warm', async (_, more, requests) => {
  const { outputs, sent } = await step({ inputs: { ...INPUTS, ...more } });

  expect(outputs.verdict).toBe('passed');
  expect(sent('scoring')).toHaveLength(requests);
});
