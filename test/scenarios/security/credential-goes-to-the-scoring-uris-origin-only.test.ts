import { expect, test } from 'vitest';
import { endpointDocument } from '../../support/azure-documents.ts';
import { startForeignServer } from '../../support/foreign-server.ts';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const { azure, step } = await openScenario();
const foreign = await startForeignServer('[1]');
const TRUSTED = {
  'sample-request': SAMPLE,
  'ca-certificate': 'trusted.pem',
  'warm-up': '0s',
} as const;
const FILES = { 'trusted.pem': `${azure.caPem}${foreign.caPem}` };
const churn = () => azure.endpoints.get('churn-key')!;

const LINK_LOCAL = [
  'http://169.254.169.254/metadata/identity/oauth2/token',
  'https://169.254.169.254/score',
  'https://2852039166/score',
  'https://0xa9.254.0251.254/score',
  'https://[fe80::1]/score',
  'https://[febf:ffff::1]:8443/score',
  'https://[::ffff:169.254.169.254]/score',
  'https://[::ffff:a9fe:a9fe]/score',
  'http://168.63.129.16/machine',
  'https://[fd00:ec2::254]/score',
];

test('it never goes to a link-local address, in whatever way that is written', async () => {
  for (const scoringUri of LINK_LOCAL) {
    churn().scoringUri = scoringUri;
    const { error, outputs, sent } = await step({
      inputs: { 'sample-request': SAMPLE, 'allow-insecure-http': 'true' },
    });

    expect(error, scoringUri).toContain('That is a link-local address');
    expect(error).toContain(`'${scoringUri}'`);
    expect(outputs.verdict).toBe('error');
    expect(sent('scoring')).toEqual([]);
  }
});

test('a link-local scoring URI ends the step even where no smoke test is asked for', async () => {
  churn().scoringUri = 'http://169.254.169.254/score';
  const { error, outputs } = await step();

  expect(error).toContain('That is a link-local address');
  expect(outputs.verdict).toBe('error');
});

test.each([
  'ftp://localhost/score',
  'file:///etc/passwd',
  'data:application/json,[1]',
  'javascript:alert(1)',
  'ws://localhost/score',
  `https://user@${foreign.host}/score`,
  `https://:password@${foreign.host}/score`,
  'https://',
  '//localhost/score',
  '/score',
  'score',
])('it does not go to %s', async (scoringUri) => {
  azure.setFault('endpoint', { kind: 'body', body: endpointDocument(azure, { scoringUri }) });
  const { error, outputs, sent } = await step({ inputs: TRUSTED, files: FILES });

  expect(error).toBe(
    `Endpoint 'churn-key' names '${scoringUri.replace(/[^/]*@/, '***@')}' as its scoring URI. It must be an http(s) URL without a user name or password, so the credential was not sent there.`,
  );
  expect(outputs.verdict).toBe('error');
  expect(outputs['scoring-uri']).not.toContain('@');
  expect(outputs).not.toHaveProperty('status-code');
  expect(sent('scoring')).toEqual([]);
  expect(foreign.connections()).toBe(0);
});

test('it does not go where a path of the smoke-test file would lead', async () => {
  for (const path of [
    `${foreign.origin}/score`,
    `//${foreign.host}/score`,
    `/\\\\${foreign.host}/score`,
    `\\\\${foreign.host}/score`,
    `/\t/${foreign.host}/score`,
  ]) {
    const text = `version: 1\nwarm-up: 0s\ncases: [{ name: rows, request: { path: ${JSON.stringify(path)}, json: [1] } }]\n`;
    const { outputs, sent } = await step({
      inputs: { 'smoke-test': 'smoke.yml', 'ca-certificate': 'trusted.pem' },
      files: { ...FILES, 'smoke.yml': text },
    });

    expect(outputs.verdict, path).not.toBe('passed');
    expect(sent('scoring').map(({ url }) => new URL(url).origin)).toEqual(
      sent('scoring').map(() => azure.scoringHost),
    );
    expect(foreign.connections(), path).toBe(0);
  }
});

test('it does not go where the OpenAPI document of the endpoint is said to be', async () => {
  churn().swaggerUri = `${foreign.origin}/swagger.json`;
  const { outputs } = await step({ inputs: { ...TRUSTED, 'sample-request': 'swagger' }, files: FILES });

  expect(['error', 'failed', 'inconclusive', 'passed']).toContain(outputs.verdict);
  expect(foreign.heard.filter((request) => !request.endsWith('without a credential'))).toEqual([]);
});
