import { expect, test } from 'vitest';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const { step } = await openScenario();

test.each([
  { AZURE_LOG_LEVEL: 'verbose' },
  { DEBUG: '*' },
  { RUNNER_DEBUG: '1' },
  { NODE_TLS_REJECT_UNAUTHORIZED: '0' },
])('with %o', async (env) => {
  const { outputs } = await step({ inputs: { 'sample-request': SAMPLE }, env });

  // That stderr is empty and nothing leaks is checked after every step.
  expect(outputs.verdict).toBe('passed');
});
