import { expect, test } from 'vitest';
import { openScenario } from '../../support/scenario.ts';

const { azure, step } = await openScenario();

test('emits no year 1970 for a time that Azure does not give', async () => {
  azure.endpoints.get('churn-token')!.token.answer = { expiryTimeUtc: 0, refreshAfterTimeUtc: 0 };
  const { log, outputs, summary } = await step({ inputs: { endpoint: 'churn-token' } });

  expect(outputs).toMatchObject({ 'expiry-time-utc': '', 'refresh-after-time-utc': '', 'expires-on': '' });
  expect(log).toContain('Credential: an endpoint token, masked; Azure does not say when it expires.');
  expect(summary).toContain('Azure does not say when it expires');
});
