import { expect, test } from 'vitest';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const { azure, step } = await openScenario();
const ENDPOINT = { endpoint: 'churn-token', 'sample-request': SAMPLE };

test('the error tells when the token expires, and until when it should be good', async () => {
  azure.endpoints.get('churn-token')!.token.lifetimeSeconds = 600;
  const { error, outputs, sent } = await step({ inputs: { ...ENDPOINT, 'minimum-validity': '30m' } });

  expect(error).toMatch(
    /^The token expires at \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ, in (?:10 min|9 min \d+ s), but minimum-validity asks for 30 min, until \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\./,
  );
  expect(error).toContain(outputs['expiry-time-utc']);
  expect(outputs.verdict).toBe('error');
  expect(sent('scoring')).toEqual([]);
});

test('a token that is good for longer passes', async () => {
  const { outputs } = await step({ inputs: { ...ENDPOINT, 'minimum-validity': '2h' } });

  expect(outputs.verdict).toBe('passed');
});

test('a token is refused when Azure does not say how long it is good', async () => {
  azure.endpoints.get('churn-token')!.token.answer = { expiryTimeUtc: 0 };
  const { error } = await step({ inputs: { ...ENDPOINT, 'minimum-validity': '2h' } });

  expect(error).toContain('Azure did not say when the token expires, and minimum-validity asks for 2 h');
});

test('a token that has expired is refused, although nothing is asked of it', async () => {
  azure.endpoints.get('churn-token')!.token.answer = { expiryTimeUtc: 1_700_000_000 };
  const { error, outputs } = await step({ inputs: { ...ENDPOINT, 'minimum-validity': '0s' } });

  expect(error).toContain('Azure sent a token that expired at 2023-11-14T22:13:20Z.');
  expect(outputs.verdict).toBe('error');
});

test('an expiry in milliseconds is none', async () => {
  azure.endpoints.get('churn-token')!.token.answer = { expiryTimeUtc: 1_900_000_000_000 };
  const { outputs } = await step({ inputs: { ...ENDPOINT, 'minimum-validity': '0s' } });

  expect(outputs).toMatchObject({ 'expires-on': '', 'expiry-time-utc': '', verdict: 'passed' });
});

test('a key has no validity to check', async () => {
  const { outputs } = await step({ inputs: { 'minimum-validity': '20d' } });

  expect(outputs.verdict).toBe('skipped');
});
