import { expect, test } from 'vitest';
import { openScenario } from '../../support/scenario.ts';

const { azure, step } = await openScenario();
const LEGS = ['id-token', 'sign-in', 'endpoint', 'keys'] as const;

test('heeds Retry-After on each leg', async () => {
  for (const leg of [...LEGS, 'token'] as const) {
    azure.setFault(leg, { kind: 'status', status: 429, headers: { 'Retry-After': '1' }, times: 1 });
  }
  const key = await step();
  const token = await step({ inputs: { endpoint: 'churn-token' } });

  expect([key.outputs.verdict, token.outputs.verdict]).toEqual(['skipped', 'skipped']);
  const asked = [...LEGS.map((leg) => key.sent(leg)), token.sent('token')];
  for (const [first, second, ...more] of asked) {
    expect(more).toEqual([]);
    // Timers keep to the millisecond.
    expect((second?.startedAt ?? 0) - (first?.startedAt ?? 0)).toBeGreaterThan(990);
  }
});
