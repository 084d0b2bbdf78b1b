import { beforeAll, describe, expect, test } from 'vitest';
import { announceMasksTo, guard, type Secret } from '../../../../src/secrets/secret.ts';
import { requestTo, type Target } from '../../../../src/smoke-test/request/scoring-request.ts';
import { requestPlan } from '../../../support/smoke-test.ts';

let credential: Secret;

beforeAll(() => {
  announceMasksTo(() => undefined);
  credential = guard('the-primary-key-0123456789', 'The key');
});

function target(changes: Partial<Target> = {}): Target {
  const scoringUri = 'https://churn.westeurope.inference.ml.azure.com/score';
  return { scoringUri, credential, deployment: 'green', timeoutMs: 30_000, ...changes };
}

test('a request is what its case says, to the scoring URI', () => {
  expect(requestTo(target(), requestPlan({ headers: { 'X-Trace': '1' } }), 0)).toEqual({
    url: 'https://churn.westeurope.inference.ml.azure.com/score',
    method: 'POST',
    headers: { 'X-Trace': '1' },
    contentType: 'application/json',
    accept: 'application/json, */*;q=0.9',
    body: Buffer.from('[1]'),
    credential,
    deployment: 'green',
    timeoutMs: 30_000,
    connectTo: undefined,
    isAskedOnce: false,
    toServer: false,
  });
});

test('a request without a body has none', () => {
  const request = requestPlan({ method: 'GET', contentType: undefined, body: { kind: 'none' } });
  expect(requestTo(target(), request, 3)).toMatchObject({ method: 'GET', body: undefined });
});

describe('a path replaces that of the scoring URI, and never its origin', () => {
  test.each([
    ['/v1/chat/completions', 'https://host.example/v1/chat/completions'],
    ['/v1/models?limit=1', 'https://host.example/v1/models?limit=1'],
    ['/', 'https://host.example/'],
    ['/a b', 'https://host.example/a%20b'],
    [undefined, 'https://host.example/api/score?x=1'],
  ])('%s', (path, url) => {
    const from = target({ scoringUri: 'https://host.example/api/score?x=1' });
    expect(requestTo(from, requestPlan({ path }), 0).url).toBe(url);
  });

  test('a port stays', () => {
    const from = target({ scoringUri: 'http://127.0.0.1:8080/score' });
    expect(requestTo(from, requestPlan({ path: '/ready' }), 0).url).toBe('http://127.0.0.1:8080/ready');
    const kubernetes = { ...from, scoringUri: 'https://20.1.2.3/api/v1/endpoint/churn/score' };
    const urlOf = (path: string) => requestTo(kubernetes, requestPlan({ path }), 0).url;
    expect(urlOf('v1/models?a=b')).toBe('https://20.1.2.3/api/v1/endpoint/churn/v1/models?a=b');
    expect(urlOf('models/a:predict')).toBe('https://20.1.2.3/api/v1/endpoint/churn/models/a:predict');
    expect(urlOf('?a=b')).toBe('https://20.1.2.3/api/v1/endpoint/churn/?a=b');
    expect(urlOf('/v1/models')).toBe('https://20.1.2.3/v1/models');
  });
});

test('several bodies are sent in turn', () => {
  const bodies = ['a', 'b', 'c'].map((text) => Buffer.from(text));
  const request = requestPlan({ body: { kind: 'bytes', bodies, origin: 'lines.jsonl' } });
  const sent = [0, 1, 2, 3, 4, 300].map((index) => String(requestTo(target(), request, index).body));
  expect(sent).toEqual(['a', 'b', 'c', 'a', 'b', 'a']);
});

test.each([
  ['application/json; charset=utf-8', 'application/json, */*;q=0.9'],
  ['application/vnd.api+json', 'application/json, */*;q=0.9'],
  ['text/csv', '*/*'],
  ['application/jsonlines', '*/*'],
  [undefined, '*/*'],
])('a request of the type %s accepts %s', (contentType, accept) => {
  expect(requestTo(target(), requestPlan({ contentType }), 0).accept).toBe(accept);
});
