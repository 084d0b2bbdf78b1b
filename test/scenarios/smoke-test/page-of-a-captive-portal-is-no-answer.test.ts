import { expect, test } from 'vitest';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const { azure, step } = await openScenario();
const body = '<!doctype html><html><title>Welcome to Airport WiFi</title><body>Sign in</body></html>';

test.each([
  ['metadata', "The cloud's metadata service", {}],
  ['id-token', "GitHub's ID-token service", {}],
  ['sign-in', 'Entra', {}],
  ['endpoint', 'Resource Manager', {}],
  ['keys', 'Resource Manager', {}],
  ['token', 'Resource Manager', { endpoint: 'churn-token' }],
  ['deployments', 'Resource Manager', { deployment: 'green', 'sample-request': SAMPLE }],
] as const)('in the place of %s', async (leg, service, inputs) => {
  azure.setFault(leg, { kind: 'body', contentType: 'text/html; charset=utf-8', body });
  const { error, outputs } = await step({ inputs });

  expect(error.split('\n')[0]).toMatch(
    new RegExp(
      `^${service} \\(localhost:\\d+\\)(?:, asked for [^,]+,)? answered with something that is not its format`,
    ),
  );
  expect(error).toContain('a sign-in page of the network');
  expect(outputs.verdict).toBe('error');
});

test('is not taken for a list without any endpoint', async () => {
  azure.setFault('endpoints', { kind: 'body', contentType: 'text/html; charset=utf-8', body });
  const { error } = await step({ inputs: { endpoint: 'churn-x' } });

  expect(error).toContain("'churn-x'");
  expect(error).not.toContain('It has none at all.');
});
