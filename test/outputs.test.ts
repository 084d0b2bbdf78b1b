import { describe, expect, test } from 'vitest';
import { publishCredential, publishEndpoint, publishOutcome, publishVerdict } from '../src/outputs.ts';
import { CREDENTIAL, ENDPOINT, KEY } from './report/results.ts';
import { fakeHost } from './smoke/gate-support.ts';

const NOTHING = { latencyP95Ms: undefined, responseFile: undefined, reportFile: undefined };

describe('an endpoint', () => {
  test('is published with where it is and how it is asked', () => {
    const { host, outputs } = fakeHost();
    publishEndpoint(host, ENDPOINT);
    expect(outputs).toEqual({
      'endpoint-id':
        '/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg-models/providers/Microsoft.MachineLearningServices/workspaces/ws-models/onlineEndpoints/churn',
      location: 'westeurope',
      traffic: '{"blue":100,"green":0}',
      'scoring-uri': 'https://churn.westeurope.inference.ml.azure.com/score',
      'swagger-uri': 'https://churn.westeurope.inference.ml.azure.com/swagger.json',
      'auth-mode': 'key',
    });
  });

  test('that has no addresses yet has empty ones', () => {
    const { host, outputs } = fakeHost();
    publishEndpoint(host, { ...ENDPOINT, scoringUri: undefined, swaggerUri: undefined, traffic: {} });
    expect(outputs).toMatchObject({ 'scoring-uri': '', 'swagger-uri': '', traffic: '{}' });
  });
});

describe('a credential', () => {
  const expiresOn = new Date('2026-03-04T05:06:07.999Z');

  test('is published, and a key has no expiry', () => {
    const { host, outputs } = fakeHost();
    publishCredential(host, CREDENTIAL, true);
    expect(outputs).toEqual({
      'expiry-time-utc': '',
      'refresh-after-time-utc': '',
      'expires-on': '',
      credential: KEY,
    });
  });

  test('that is a token has its expiry in both forms, which agree', () => {
    const { host, outputs } = fakeHost();
    const refreshAfter = new Date('2026-03-03T17:06:07Z');
    publishCredential(host, { mode: 'aml_token', secret: CREDENTIAL.secret, expiresOn, refreshAfter }, true);
    expect(outputs).toEqual({
      'expiry-time-utc': '2026-03-04T05:06:07Z',
      'refresh-after-time-utc': '2026-03-03T17:06:07Z',
      'expires-on': '1772600767',
      credential: KEY,
    });
  });

  test('of unknown expiry has none', () => {
    const { host, outputs } = fakeHost();
    const unknown = { expiresOn: undefined, refreshAfter: undefined };
    publishCredential(host, { mode: 'aad_token', secret: CREDENTIAL.secret, ...unknown }, true);
    expect(outputs).toMatchObject({ 'expiry-time-utc': '', 'expires-on': '' });
  });

  test('stays inside when it is not to be emitted', () => {
    const { host, outputs } = fakeHost();
    publishCredential(host, CREDENTIAL, false);
    expect(outputs).not.toHaveProperty('credential');
    expect(JSON.stringify(outputs)).not.toContain(KEY);
  });
});

describe('an outcome', () => {
  test('is published with every figure that there is', () => {
    const { host, outputs } = fakeHost();
    publishOutcome(host, {
      verdict: 'passed',
      statusCode: 200,
      latencyMs: 123.456,
      deployment: 'green',
      latencyP95Ms: 812,
      responseFile: '/tmp/response.json',
      reportFile: '/tmp/report.json',
    });
    expect(outputs).toEqual({
      'status-code': '200',
      'latency-ms': '123.5',
      'latency-p95-ms': '812.0',
      deployment: 'green',
      'response-file': '/tmp/response.json',
      'report-file': '/tmp/report.json',
    });
  });

  test('that found nothing publishes nothing', () => {
    const { host, told } = fakeHost();
    publishOutcome(host, { verdict: 'error', message: 'no way', ...NOTHING });
    expect(told).toEqual([]);
  });

  test('names no deployment at any length, nor on several lines', () => {
    const { host, outputs } = fakeHost();
    publishOutcome(host, { verdict: 'passed', deployment: `a\nb${'c'.repeat(99)}`, ...NOTHING });
    expect(outputs.deployment).toBe(`a b${'c'.repeat(61)}… (102 characters in all)`);
  });
});

test.each(['passed', 'failed', 'inconclusive', 'error', 'skipped'] as const)(
  'the verdict is %s',
  (verdict) => {
    const { host, outputs } = fakeHost();
    publishVerdict(host, verdict);
    expect(outputs).toEqual({ verdict });
  },
);
