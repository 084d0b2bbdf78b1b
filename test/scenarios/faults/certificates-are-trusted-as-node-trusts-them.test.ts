import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { startForeignServer } from '../../support/foreign-server.ts';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const { azure, step } = await openScenario();
const INPUTS = { 'sample-request': SAMPLE };

test('both ways to trust an authority of its own are named', async () => {
  const { error, exchanges } = await step({ inputs: { 'ca-certificate': undefined } });

  expect(error).toContain('presents a certificate from an authority that this runner does not trust (');
  expect(error).toContain("in the input 'ca-certificate', or in NODE_EXTRA_CA_CERTS in the step's env.");
  expect(exchanges).toEqual([]);
});

test('what NODE_EXTRA_CA_CERTS names is trusted', async () => {
  const { outputs } = await step({
    inputs: { 'ca-certificate': undefined },
    env: { NODE_EXTRA_CA_CERTS: azure.caFile },
  });

  expect(outputs.verdict).toBe('skipped');
});

// On other systems no file stands in for the store.
describe.runIf(process.platform === 'linux')("the system's own store", () => {
  test('is trusted besides ca-certificate', async () => {
    const foreign = await startForeignServer('[1]');
    azure.endpoints.get('churn-key')!.scoringUri = `${foreign.origin}/score`;
    const { outputs } = await step({
      inputs: { ...INPUTS, 'ca-certificate': 'private.pem' },
      files: { 'private.pem': foreign.caPem },
      env: { SSL_CERT_FILE: azure.caFile },
    });

    expect(outputs.verdict).toBe('passed');
    expect(foreign.heard).toHaveLength(1);
  });

  test('is trusted without it when NODE_USE_SYSTEM_CA says so, and only then', async () => {
    const inputs = { 'ca-certificate': undefined };
    const told = await step({ inputs, env: { SSL_CERT_FILE: azure.caFile, NODE_USE_SYSTEM_CA: '1' } });
    const untold = await step({ inputs, env: { SSL_CERT_FILE: azure.caFile } });

    expect(told.outputs.verdict).toBe('skipped');
    expect(untold.error).toContain('NODE_USE_SYSTEM_CA: 1');
  });
});

test('ca-certificate adds to NODE_EXTRA_CA_CERTS', async () => {
  const foreign = await startForeignServer('[1]');
  azure.endpoints.get('churn-key')!.scoringUri = `${foreign.origin}/score`;
  const both = await step({
    inputs: { ...INPUTS, 'ca-certificate': 'private.pem' },
    files: { 'private.pem': foreign.caPem },
    env: { NODE_EXTRA_CA_CERTS: azure.caFile },
  });

  expect(both.outputs.verdict).toBe('passed');
  expect(foreign.heard).toHaveLength(1);

  const one = await step({ inputs: { ...INPUTS, 'ca-certificate': azure.caFile, 'warm-up': '0s' } });

  expect(one.error).toContain('presents a certificate from an authority that this runner does not trust');
  expect(foreign.heard).toHaveLength(1);
});

test('BEGIN TRUSTED CERTIFICATE is trusted, as openssl x509 -trustout writes it', async () => {
  const forServers = Buffer.from('300c300a06082b06010505070301', 'hex');
  const der = Buffer.concat([new X509Certificate(readFileSync(azure.caFile)).raw, forServers]);
  const { outputs } = await step({
    inputs: { 'ca-certificate': 'trusted.pem' },
    files: {
      'trusted.pem': `-----BEGIN TRUSTED CERTIFICATE-----\n${der.toString('base64')}\n-----END TRUSTED CERTIFICATE-----\n`,
    },
  });

  expect(outputs.verdict).toBe('skipped');
});

test('a damaged certificate is named, alone and among good ones', async () => {
  const good = readFileSync(azure.caFile, 'utf8');
  const damaged = good.replace(/(?<=^.*\n.{20})./, '*');
  const alone = await step({ inputs: { 'ca-certificate': 'ca.pem' }, files: { 'ca.pem': damaged } });
  const among = await step({ inputs: { 'ca-certificate': 'ca.pem' }, files: { 'ca.pem': good + damaged } });

  expect(alone.error).toContain("ca-certificate 'ca.pem': Certificate 1 of 1 (line 1) is damaged: ");
  expect(among.error).toMatch(/ca-certificate 'ca\.pem': Certificate 2 of 2 \(line \d+\) is damaged: /);
  expect([...alone.exchanges, ...among.exchanges]).toEqual([]);
});
