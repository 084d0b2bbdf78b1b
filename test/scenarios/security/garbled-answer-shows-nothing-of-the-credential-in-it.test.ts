import { expect, test } from 'vitest';
import { openScenario } from '../../support/scenario.ts';

const { azure, step } = await openScenario();
const CREDENTIAL = 'Gq7ZtXw2Lm9RbKc4Vn8Ys1Hd6Jf3Pa5T';

/** Good answers but for their end, so that no program can know what of them is secret. */
const ANSWERS = [
  ['id-token', `{"count":32,"value":"${CREDENTIAL}"`],
  ['sign-in', `{"token_type":"Bearer","expires_in":3599,"access_token":"${CREDENTIAL}"`],
  ['keys', `{"secondaryKey":null,"primaryKey":"${CREDENTIAL}"`],
  ['token', `{"tokenType":"Bearer","accessToken":"${CREDENTIAL}"`],
] as const;

test.each(
  ANSWERS.flatMap(([call, body]) =>
    ['application/json', 'text/plain'].map((contentType) => [call, contentType, body] as const),
  ),
)('an answer of %s that is cut short, as %s, is not quoted', async (call, contentType, body) => {
  azure.setFault(call, { kind: 'body', contentType, body });
  const { error, outputs } = await step({
    inputs: { endpoint: call === 'token' ? 'churn-token' : 'churn-key' },
    secrets: [{ name: 'credential in the answer', value: CREDENTIAL }],
  });

  expect(error).toContain('answered in an unexpected format');
  expect(outputs.verdict).toBe('error');
});
