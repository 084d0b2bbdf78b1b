import { expect, test } from 'vitest';
import { openScenario, SAMPLE } from '../../support/scenario.ts';
import { startTlsServer } from '../../support/self-signed-server.ts';

const { azure, step } = await openScenario();
const TOMORROW = new Date(Date.now() + 86_400_000);

test('names both ways to trust an authority of its own', async () => {
  const { error, exchanges } = await step({ inputs: { 'ca-certificate': undefined } });

  expect(error).toContain('shows a certificate from an authority that this runner does not trust (');
  expect(error).toContain("in the input 'ca-certificate', or in NODE_EXTRA_CA_CERTS in the step's env.");
  expect(exchanges).toEqual([]);
});

test('trusts what NODE_EXTRA_CA_CERTS names', async () => {
  const { outputs } = await step({
    inputs: { 'ca-certificate': undefined },
    env: { NODE_EXTRA_CA_CERTS: azure.caFile },
  });

  expect(outputs.verdict).toBe('skipped');
});

test.each([
  [
    'expired',
    { name: 'localhost', notAfter: new Date('2021-01-01') },
    'shows a certificate that has expired (CERT_HAS_EXPIRED).',
  ],
  [
    'wrong name',
    { name: 'other.example', notAfter: TOMORROW },
    'shows a certificate for another host name (ERR_TLS_CERT_ALTNAME_INVALID).',
  ],
])('%s', async (_, choices, seen) => {
  const { host, certificate } = await startTlsServer(choices);
  azure.endpoints.get('churn-key')!.scoringUri = `https://${host}/score`;
  const { error, outputs } = await step({
    // One file holds all that is trusted.
    inputs: { 'sample-request': SAMPLE, 'ca-certificate': 'trusted.pem' },
    files: { 'trusted.pem': `${azure.caPem}${certificate}` },
  });

  expect(error).toContain(`Endpoint 'churn-key' (${host}) ${seen}`);
  expect(outputs.verdict).toBe('error');
});
