import { expect, test } from 'vitest';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const { azure, step } = await openScenario();

test('emits the token with both of its times', async () => {
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
