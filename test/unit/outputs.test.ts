import { describe, expect, test } from 'vitest';
import {
  publishCredential,
  publishEndpoint,
  publishReportFile,
  publishResult,
  publishVerdict,
} from '../../src/outputs.ts';
import { Failure } from '../../src/text/failure.ts';
import { fakeHost } from '../support/gate.ts';
import { CREDENTIAL, ENDPOINT, KEY, latencyOf, resultOf } from '../support/results.ts';

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
      'live-deployment': 'blue',
      'idle-deployment': 'green',
    });
  });

  test.each([
    [{ blue: 50, green: 50 }, 'blue', ''],
    [{ green: 50, blue: 50, red: 0 }, 'blue', 'red'],
    [{ Blue: 10, green: 90, red: 0, gray: 0 }, 'green', ''],
    [{ blue: 0 }, '', 'blue'],
    [{}, '', ''],
    [{ 'blue=1 green': 100, '$(id)': 0 }, '', ''],
  ])('with traffic %j, the live and the idle deployment are told', (traffic, live, idle) => {
    const { host, outputs } = fakeHost();
    publishEndpoint(host, { ...ENDPOINT, traffic });
    expect(outputs).toMatchObject({ 'live-deployment': live, 'idle-deployment': idle });
  });

  test('that has no addresses yet has empty ones', () => {
    const { host, outputs } = fakeHost();
    publishEndpoint(host, { ...ENDPOINT, scoringUri: undefined, swaggerUri: undefined, traffic: {} });
    expect(outputs).toMatchObject({ 'scoring-uri': '', 'swagger-uri': '', traffic: '{}' });
  });
});

describe('an endpoint that echoes a secret', () => {
  const piece = KEY.slice(3, 23);

  test('is published without it where the text is free', () => {
    const { host, outputs } = fakeHost();
    const traffic = { blue: 90, [`green-${piece}`]: 10, [piece.replace(/(.{4})/g, '$1\u200b')]: 0 };
    publishEndpoint(host, { ...ENDPOINT, location: `west ${piece} europe`, traffic });

    expect(outputs).toMatchObject({
      location: 'west *** europe',
      traffic: '{"blue":90,"green-***":10,"***":0}',
    });
  });

  test.each([
    ['id', { id: `/subscriptions/${piece}` }, '/subscriptions/***'],
    ['scoringUri', { scoringUri: `https://x.example/${piece}` }, 'https://x.example/***'],
    ['scoringUri', { scoringUri: `https://x.example/?a=${KEY}` }, 'https://x.example/?a=***'],
    ['swaggerUri', { swaggerUri: `https://${piece}.example/` }, 'https://***.example/'],
    [
      'swaggerUri',
      { swaggerUri: `https://x.example/${piece.replace(/(.{4})/g, '$1\u200b')}` },
      'https://x.example/***',
    ],
  ])('is not published at all when its %s is no address without it', (field, changes, shown) => {
    const { host, told } = fakeHost();
    expect(() => publishEndpoint(host, { ...ENDPOINT, ...changes })).toThrow(
      new Failure(
        `Resource Manager names '${shown}' as the '${field}' of endpoint 'churn'. It holds a part of a secret, so it is not emitted, and nothing is sent there.\nCheck the input 'cloud', and whether a proxy in between rewrites the answers.`,
      ),
    );
    expect(told).toEqual([]);
  });

  test('is told from one with odd characters, of which an address has none', () => {
    const { host, outputs } = fakeHost();
    const odd = { location: 'a\u200bb', swaggerUri: 'https://x.example/\u200b' };
    publishEndpoint(host, { ...ENDPOINT, ...odd });
    expect(outputs).toMatchObject({ location: odd.location, 'swagger-uri': 'https://x.example/%E2%80%8B' });
  });
});

describe('an address', () => {
  test.each([
    ['https://churn.example/score', 'https://churn.example/score'],
    ['http://10.0.0.4:80/api/v1/service/churn/score', 'http://10.0.0.4/api/v1/service/churn/score'],
    ['HTTPS://Churn.Example/a b"\'$(id)?x=`y`', "https://churn.example/a%20b%22'$(id)?x=`y`"],
    [' https://churn.example/score\nverdict=passed\t', 'https://churn.example/scoreverdict=passed'],
    ['https://churn.example/a/../b/%2e%2e/score', 'https://churn.example/score'],
    ['javascript:alert(1)', ''],
    ['churn.example/score', ''],
    ['x\n::error::y', ''],
  ])('%j is published as it would be sent: %j', (uri, sent) => {
    const { host, outputs } = fakeHost();
    publishEndpoint(host, { ...ENDPOINT, scoringUri: uri, swaggerUri: uri });
    expect(outputs).toMatchObject({ 'scoring-uri': sent, 'swagger-uri': sent });
  });

  test('that makes a secret of its pieces is not published', () => {
    const { host } = fakeHost();
    const swaggerUri = `https://x.example/${KEY.slice(0, 9)}\n${KEY.slice(9)}`;
    expect(() => publishEndpoint(host, { ...ENDPOINT, swaggerUri })).toThrow('It holds a part of a secret');
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

describe('the result of a smoke test', () => {
  test('is published with every figure that there is', () => {
    const { host, outputs } = fakeHost();
    const latency = { ...latencyOf(20, 123.456, 900), p95: 812 };
    publishResult(host, resultOf({ latency }), '/tmp/response.json');
    publishReportFile(host, '/tmp/report.json');
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
    const nothing = { statusCode: undefined, latency: undefined, deployment: undefined };
    publishResult(host, resultOf({ verdict: 'error', ...nothing }), undefined);
    expect(told).toEqual([]);
  });

  test('names a deployment on one line, and no longer than a name may be', () => {
    const { host, outputs } = fakeHost();
    publishResult(host, resultOf({ deployment: `a\nb${'c'.repeat(99)}` }), undefined);
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
