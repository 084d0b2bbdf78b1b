import { expect, test } from 'vitest';
import { openScenario } from '../../support/scenario.ts';

const { azure, step } = await openScenario();

test('the error names what is locked, and what to do about it', async () => {
  azure.access.lock = 'ReadOnly';
  const { error, outputs } = await step();

  expect(error).toContain("A read-only lock keeps the credential of endpoint 'churn-key' from being read.");
  expect(error).toMatch(/Locked: '\/subscriptions\/[^']+\/workspaces\/ws-churn'\./);
  expect(error).toContain("Replace the lock with one of kind 'CanNotDelete'");
  expect(outputs).toMatchObject({ verdict: 'error', 'auth-mode': 'key' });
});
