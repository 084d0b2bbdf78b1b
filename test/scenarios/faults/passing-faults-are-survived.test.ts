import { expect, test } from 'vitest';
import { openScenario } from '../../support/scenario.ts';

const { azure, step } = await openScenario();
const LEGS = ['id-token', 'sign-in', 'endpoint', 'keys'] as const;
const ONCE = { times: 1 };

test.each([
  ['reset', { kind: 'reset', ...ONCE }],
  ['503', { kind: 'status', status: 503, body: 'no healthy upstream', ...ONCE }],
  ['truncated', { kind: 'truncated', ...ONCE }],
] as const)('%s, once on each leg', async (_, fault) => {
  for (const leg of [...LEGS, 'token'] as const) azure.setFault(leg, fault);
  const key = await step();
  const token = await step({ inputs: { endpoint: 'churn-token' } });

  expect(key.outputs.verdict).toBe('skipped');
  expect(LEGS.map((leg) => [leg, key.sent(leg).length])).toEqual(LEGS.map((leg) => [leg, 2]));
  expect(token.outputs.verdict).toBe('skipped');
  expect(token.sent('token')).toHaveLength(2);
});
