import { expect, test } from 'vitest';
import { openScenario } from '../../support/scenario.ts';

const { azure, step } = await openScenario();

test("presents GitHub's ID token to Entra", async () => {
  const { log, outputs, sent } = await step({ inputs: { login: 'oidc' } });

  expect(log).toContain('Signing in with oidc.\n');
  expect(outputs.verdict).toBe('skipped');
  const [idToken] = sent('id-token');
  expect(idToken?.headers.authorization).toBe(`Bearer ${azure.oidc.requestToken}`);
  expect(new URL(idToken?.url ?? '').searchParams.get('audience')).toBe('api://AzureADTokenExchange');
  const form = new URLSearchParams(sent('sign-in')[0]?.body);
  expect(form.get('client_id')).toBe(azure.clientId);
  expect(form.has('client_assertion')).toBe(true);
  expect(form.has('client_secret')).toBe(false);
});
