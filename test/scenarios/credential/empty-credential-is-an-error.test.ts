import { expect, test } from 'vitest';
import { openScenario } from '../../support/scenario.ts';

const { azure, step } = await openScenario();

test.each([
  ['a null key', 'churn-key', 'no primary key', 'Key'],
  ['an empty token', 'churn-token', 'no token', 'AMLToken'],
])('%s is refused', async (_, endpoint, what, authMode) => {
  azure.endpoints.get('churn-key')!.keys.primary = null;
  azure.endpoints.get('churn-token')!.token.answer = { accessToken: '' };
  const { error, outputs } = await step({ inputs: { endpoint } });

  expect(error).toContain(
    `Azure answered with ${what} for endpoint '${endpoint}', whose auth mode is '${authMode}'.`,
  );
  expect(outputs).not.toHaveProperty('credential');
  expect(outputs.verdict).toBe('error');
});

test('the key that is not asked for may be missing', async () => {
  azure.endpoints.get('churn-key')!.keys.secondary = null;
  const { outputs } = await step();

  expect(outputs.verdict).toBe('skipped');
});
