import { expect, test } from 'vitest';
import { openScenario } from '../../support/scenario.ts';

const { azure, step } = await openScenario();

test('signs in with the client secret alone', async () => {
  const { log, outputs, sent } = await step({
    inputs: { login: 'client-secret', 'client-secret': azure.clientSecret },
  });

  expect(log).toContain('Signing in with client-secret.\n');
  expect(outputs.verdict).toBe('skipped');
  expect(new URLSearchParams(sent('sign-in')[0]?.body).get('client_secret')).toBe(azure.clientSecret);
  expect(sent('id-token')).toEqual([]);
});
