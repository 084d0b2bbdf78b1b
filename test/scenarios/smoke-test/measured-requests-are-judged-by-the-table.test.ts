import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { Fault } from '../../local-azure/index.ts';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const { azure, step } = await openScenario();

const status = (code: number, headers: Readonly<Record<string, string>> = {}): Fault => {
  return { kind: 'status', status: code, headers, body: code === 204 ? '' : '{"message":"so it is"}' };
};
const reason = (value: string) => ({ 'ms-azureml-model-error-reason': value });

const GREEN = { 'azureml-model-deployment': 'green', 'content-type': 'application/json' };
const page = (type: string, headers: Readonly<Record<string, string>> = {}) =>
  ({
    kind: 'status',
    status: 200,
    headers: { 'content-type': type, ...headers },
    body: '\n<!doctype html><html><title>Sign in</title></html>',
  }) as const;
const slash = status(307, { location: 'http://localhost/api/v1/endpoint/churn-key/score/' });
const inCharacters = (body: string): Fault => {
  return { kind: 'status', status: 200, headers: { 'content-length': `${body.length}` }, body };
};

// Of each kind of row one: the table's own test has them all.
test.each<readonly [what: string, Fault, verdict: string, told: string]>([
  ['200 whose script failed', status(200, { 'x-ms-run-function-failed': 'True' }), 'failed', 'run() failed'],
  ['a page on the way', page('text/html'), 'error', ' a web page of something'],
  ['a page on the way that calls itself JSON', page('application/json'), 'error', ' a web page of something'],
  ['a page on the way that calls itself text', page('text/plain'), 'error', ' a web page of something'],
  ['a page with a request ID', page('text/html', { 'x-request-id': 'its-own' }), 'error', ' a web page of'],
  ['a page that refuses', { ...page('text/html'), status: 403 }, 'error', ' a web page of something'],
  ['a firewall', status(403, { 'content-type': 'text/plain' }), 'error', 'this is not about roles in Azure'],
  ['a 404 of the model', status(404, GREEN), 'failed', 'answered 404: so it is'],
  [
    'a 507 of the model',
    status(507, GREEN),
    'failed',
    "This came from the model's own server, not from Azure.",
  ],
  ['a redirect for a slash', slash, 'error', "Write it so: 'path: /api/v1/endpoint/churn-key/score/'"],
  [
    'headers without end',
    status(200, { 'x-all': 'a'.repeat(17_000) }),
    'error',
    'more than 16 KiB of headers',
  ],
  ['a length in characters', inCharacters('["Zürich"]'), 'failed', 'must count bytes'],
  ['401', status(401), 'error', 'The front door refused the key.'],
  ['424 not ready', status(424, reason('model_not_ready')), 'inconclusive', 'The deployment is not ready'],
  ['424 of the model', status(424, reason('model_error')), 'failed', "The model's container answered with"],
  ['429', status(429, { 'retry-after': '3600' }), 'inconclusive', 'gets more requests than it can take'],
  ['504', status(504), 'failed', 'request_timeout_ms'],
  ['a status nobody knows', status(599), 'error', 'Azure ML endpoints are not known'],
  ['no answer in time', { kind: 'hang' }, 'failed', 'did not finish its answer within the timeout of 1 s.'],
  ['a cut body', { kind: 'truncated' }, 'failed', 'began to answer, but the connection broke'],
  ['a reset', { kind: 'reset' }, 'failed', 'broke the connection off'],
])('one measured request is %s', async (_, fault, verdict, told) => {
  // The warm-up and the first sample are good.
  // A reset one is sent again on a new connection, and that is reset, too.
  const times = fault.kind === 'reset' ? 2 : 1;
  azure.setFault('scoring', { ...fault, after: 2, times });
  const inputs = { 'sample-request': SAMPLE, samples: '3', timeout: '1s', 'logs-on-failure': '0' };
  const { error, outputs, sent, log } = await step({ inputs });

  expect(outputs.verdict).toBe(verdict);
  expect(error).toContain(told);
  // What forbids measuring ends it; everything else counts against the success rate.
  const measured = verdict === 'error' ? 2 : 3;
  expect(sent('scoring')).toHaveLength(1 + measured + (times - 1));
  expect(error).toContain("Case 'sample request', request 2: ");
  expect(error).toContain(`1 of ${measured} requests failed.`);
  // What failed says more than that not all passed.
  expect(error).not.toContain('success-rate');
  // The bad answer's, where there was one.
  expect(outputs['status-code']).toBe(fault.kind === 'status' ? `${fault.status}` : '200');
  expect(Number(outputs['latency-p95-ms'])).toBeGreaterThan(0);
  expect(log).not.toContain('Not ready');
});

test('JSON that is labelled as a page is an answer', async () => {
  azure.setFault('scoring', {
    kind: 'body',
    contentType: 'text/html; charset=utf-8',
    body: '{"predictions": [1]}',
  });
  const { outputs } = await step({ inputs: { 'sample-request': SAMPLE } });

  expect(outputs).toMatchObject({ verdict: 'passed', 'status-code': '200' });
});

test.each(['utf-8', 'none', 'UTF8, gzip'])('the content coding %s is none of its own', async (coding) => {
  const golden = '{"predictions": [1]}';
  const isCompressed = coding.includes('gzip');
  azure.endpoints.get('churn-key')!.deployments.get('blue')!.model = () => ({
    status: 200,
    headers: { 'Content-Type': 'application/json', 'Content-Encoding': coding },
    body: isCompressed ? gzipSync(golden) : golden,
  });
  const inputs = { 'sample-request': SAMPLE, 'expected-response': 'expected.json' };
  const { outputs } = await step({ inputs, files: { 'expected.json': golden } });

  expect(outputs.verdict).toBe('passed');
});

test('a request on a connection that the server has closed is sent once more', async () => {
  azure.setFault('scoring', { kind: 'reset', after: 2, times: 1 });
  const { outputs, sent, error } = await step({ inputs: { 'sample-request': SAMPLE, samples: '3' } });

  expect(error).toBe('');
  expect(outputs.verdict).toBe('passed');
  expect(sent('scoring')).toHaveLength(1 + 3 + 1);
});
