import { expect, test } from 'vitest';
import { installAz } from '../../support/az.ts';
import { openScenario } from '../../support/scenario.ts';

const { azure, step } = await openScenario();
const az = await installAz(azure, 'session');

test('The session of az is asked for a token, and az is given no secret.', async () => {
  const { log, outputs, sent } = await step({
    inputs: { login: 'azure-cli', 'client-secret': 'a-secret-that-az-must-not-see' },
    env: { PATH: az.path, AZURE_CLIENT_SECRET: azure.clientSecret },
  });

  expect(log).toContain('Signing in with azure-cli.\n');
  expect(outputs.verdict).toBe('skipped');
  // The exchange with Entra is az's own.
  expect(new URLSearchParams(sent('sign-in')[0]?.body).get('client_secret')).toBe(azure.clientSecret);

  const [call, ...more] = await az.calls();
  expect(more).toEqual([]);
  expect(call?.args.slice(0, 6)).toEqual([
    'account',
    'get-access-token',
    '--output',
    'json',
    '--resource',
    azure.resourceManagerHost,
  ]);
  const received = JSON.stringify(call);
  for (const { value } of azure.secrets()) expect(received).not.toContain(value);
  expect(received).not.toContain('a-secret-that-az-must-not-see');
});
