import { expect, test } from 'vitest';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const { azure, step } = await openScenario();

test('Entra is asked for a token that scores, and the token is emitted', async () => {
  const { log, outputs, sent } = await step({ inputs: { endpoint: 'churn-aad', 'sample-request': SAMPLE } });

  const claims = JSON.parse(Buffer.from(outputs.credential?.split('.')[1] ?? '', 'base64url').toString());
  expect(claims.aud).toBe(azure.dataPlaneAudience);
  expect(outputs).toMatchObject({
    'auth-mode': 'aad_token',
    'refresh-after-time-utc': '',
    'expiry-time-utc': new Date(Number(outputs['expires-on']) * 1_000).toISOString().replace('.000Z', 'Z'),
    verdict: 'passed',
  });
  // The answer says how many seconds from now, so that it is a moment later than the claim.
  expect(Math.abs(Number(outputs['expires-on']) - claims.exp)).toBeLessThanOrEqual(60);
  expect(sent('scoring')[0]?.headers.authorization).toBe(`Bearer ${outputs.credential}`);
  expect(log).toContain(`Credential: an Entra token, masked; expires ${outputs['expiry-time-utc']}.`);
});
