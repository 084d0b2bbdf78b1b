import { expect, test } from 'vitest';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const { azure, step } = await openScenario();

test('the token is emitted with both of its times', async () => {
  const answer = { expiryTimeUtc: 1_900_000_000, refreshAfterTimeUtc: 1_899_956_800 };
  azure.endpoints.get('churn-token')!.token.answer = answer;
  const { log, outputs, sent } = await step({
    inputs: { endpoint: 'churn-token', 'sample-request': SAMPLE },
  });

  expect(outputs).toMatchObject({
    'auth-mode': 'aml_token',
    'expiry-time-utc': '2030-03-17T17:46:40Z',
    'refresh-after-time-utc': '2030-03-17T05:46:40Z',
    'expires-on': '1900000000',
    verdict: 'passed',
  });
  expect(sent('scoring')[0]?.headers.authorization).toBe(`Bearer ${outputs.credential}`);
  expect(log).toContain('Credential: an endpoint token, masked; expires 2030-03-17T17:46:40Z.');
});

test('a time that Azure does not give is left empty, and is not 1970', async () => {
  azure.endpoints.get('churn-token')!.token.answer = { expiryTimeUtc: 0, refreshAfterTimeUtc: 0 };
  const { log, outputs, summary } = await step({ inputs: { endpoint: 'churn-token' } });

  expect(outputs).toMatchObject({ 'expiry-time-utc': '', 'refresh-after-time-utc': '', 'expires-on': '' });
  expect(log).toContain('Credential: an endpoint token, masked; Azure does not say when it expires.');
  expect(summary).toContain('Azure does not say when it expires');
});
