import { afterAll, expect, inject, test } from 'vitest';
import { inferenceServer, type Model, type ScoringRequest, swaggerDocument } from '../local-azure/index.ts';
import { startReadyServer } from './inference-server.ts';

// The local Azure's own inference server and Microsoft's give the same answers to the same requests.

const programs = inject('environments').server;
const servers = await Promise.all(
  ['numpy_arrays.py', 'raw.py', 'mixed_types.py'].map((script) => startReadyServer(script, programs)),
);
const [decorated, undecorated, mixed] = servers.map(({ model }) => model) as [Model, Model, Model];
afterAll(() => Promise.all(servers.map((server) => server.close())));

const NUMBER = { type: 'number', format: 'double' };
const DESCRIBED = {
  input: {
    type: 'object',
    properties: {
      data: {
        type: 'array',
        items: { type: 'array', items: NUMBER },
        format: 'numpy.ndarray',
      },
    },
    example: { data: [[1, 2, 3]] },
  },
  output: { type: 'array', items: NUMBER, example: [6], format: 'numpy.ndarray' },
};

const emulated = inferenceServer(
  ({ data }) => {
    if (!Array.isArray(data)) throw new Error('no array');
    return data.map((row: unknown) => {
      if (!Array.isArray(row) || row.some((cell) => typeof cell !== 'number')) throw new Error('no numbers');
      return row.reduce((sum: number, cell: number) => sum + cell, 0);
    });
  },
  swaggerDocument('2', DESCRIBED),
  { 3: swaggerDocument('3', DESCRIBED), 3.1: swaggerDocument('3.1', DESCRIBED) },
);

interface Asked {
  readonly method?: string;
  readonly path?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What the front door and the action make use of. */
async function answerOf(model: Model, { method = 'POST', path = '/score', body = '', headers = {} }: Asked) {
  const url = new URL(path, 'http://localhost');
  const request: ScoringRequest = {
    endpoint: 'churn-key',
    deployment: 'blue',
    method,
    path: url.pathname,
    query: url.searchParams,
    headers: { 'content-type': 'application/json', ...headers },
    body: Buffer.from(body),
    signal: new AbortController().signal,
  };
  const answer = await model(request);
  if ('refusal' in answer) throw new Error(`no answer: ${answer.refusal}`);
  const lower = Object.entries(answer.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]);
  const given: Record<string, string> = Object.fromEntries(lower);
  return {
    status: answer.status,
    contentType: given['content-type'],
    functionFailed: given['x-ms-run-function-failed'],
    timed: 'x-ms-run-fn-exec-ms' in given,
    body: parsed(String(answer.body)),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text, (key, value: unknown) => (WORDS.has(key) ? undefined : value));
  } catch {
    return text;
  }
}

/** Sentences for people in an OpenAPI document, which the local Azure shortens. */
const WORDS = new Set(['description', 'examples']);

test.each<Asked>([
  { body: '{"data": [[1, 2, 3], [4, 5, 6]]}' },
  { body: '{"data": [[1, 2, 3]], "more": true}' },
  { body: '{"data": [[1, 2, 3]]}', headers: { 'content-type': 'application/json; charset=utf-8' } },
  { body: '{"data": [[1, 2, 3]]}', headers: { 'content-type': 'application/cloudevents+json' } },
  { body: '{"data": [["a"]]}' },
  { body: '{}' },
  { body: '[]' },
  { body: '"text"' },
  { body: 'null' },
  { body: '' },
  { body: 'text' },
  { body: '1,2,3', headers: { 'content-type': 'text/csv' } },
  { body: '{"data": [[1, 2, 3]]}', headers: { 'x-ms-client-request-id': 'a'.repeat(100) } },
  { body: '{"data": [[1, 2, 3]]}', headers: { 'x-ms-client-request-id': 'a'.repeat(101) } },
  { method: 'GET', path: '/' },
  { method: 'GET', path: '/score' },
  { method: 'GET', path: '/nowhere' },
  { method: 'GET', path: '/', headers: { 'x-ms-client-request-id': 'a'.repeat(101) } },
  { method: 'DELETE' },
  { method: 'PUT', body: '{"data": [[1, 2, 3]]}' },
  { method: 'GET', path: '/swagger.json' },
  { method: 'GET', path: '/swagger.json?version=2' },
  { method: 'GET', path: '/swagger.json?version=2.0' },
  { method: 'GET', path: '/swagger.json?version=3' },
  { method: 'GET', path: '/swagger.json?version=3.1' },
  { method: 'GET', path: '/swagger.json?version=4' },
])('%j', async (asked) => {
  expect(await answerOf(emulated, asked)).toEqual(await answerOf(decorated, asked));
});

test('an undecorated script has the same document', async () => {
  const asked = { method: 'GET', path: '/swagger.json' };
  expect(
    await answerOf(
      inferenceServer(() => []),
      asked,
    ),
  ).toEqual(await answerOf(undecorated, asked));
});

test.each(['', '?version=2', '?version=2.0'])('a script of mixed types has no document%s', async (query) => {
  const local = inferenceServer(() => [], null, { 3: swaggerDocument('3', DESCRIBED), 3.1: {} });
  const asked = { method: 'GET', path: `/swagger.json${query}` };
  expect(await answerOf(local, asked)).toEqual(await answerOf(mixed, asked));
});

test.each<[string, Asked]>([
  [
    'The real one has routes, and no script behind any other',
    { path: '/v1/chat', body: '{"data": [[1, 2, 3]]}' },
  ],
  ['The real one reads parameters from the query', { method: 'GET', path: '/score?data=[[1,2,3]]' }],
])('%s: the local Azure differs, and scores or refuses there', async (_, asked) => {
  const [real, local] = [await answerOf(decorated, asked), await answerOf(emulated, asked)];
  expect([real.status, local.status]).toEqual(asked.method === 'GET' ? [200, 400] : [404, 200]);
});
