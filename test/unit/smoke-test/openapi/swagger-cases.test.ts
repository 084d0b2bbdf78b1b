import { beforeAll, describe, expect, test } from 'vitest';
import { announceMasksTo, guard, type Secret } from '../../../../src/secrets/secret.ts';
import { resolveSwagger } from '../../../../src/smoke-test/openapi/swagger-cases.ts';
import { NO_EXPECTATIONS } from '../../../../src/smoke-test/plan/expectations.ts';
import type { Exchange } from '../../../../src/smoke-test/request/exchange.ts';
import { Failure } from '../../../../src/text/failure.ts';
import { swaggerDocument } from '../../../local-azure/swagger-documents.ts';
import { ENDPOINT } from '../../../support/results.ts';
import { caseOf, fakePatience, requestPlan, serve } from '../../../support/smoke-test.ts';

const DOCUMENT = swaggerDocument('3', {
  input: { type: 'object', example: { data: [{ age: 42 }] } },
  output: { type: 'array', items: { type: 'number' } },
});
const FROM_DOCUMENT = caseOf({
  name: 'sample request',
  request: requestPlan({ body: { kind: 'swagger' }, contentType: undefined }),
});

let credential: Secret;

beforeAll(() => {
  announceMasksTo(() => undefined);
  credential = guard('the-primary-key-0123456789', 'The key');
});

type Reply = (url: string, requests: number) => readonly [status: number, body?: string, headers?: object];

/** Stands for the step's own description. */
const inShort = async (exchange: Exchange): Promise<string> =>
  exchange.kind === 'reply' ? `It answered ${exchange.status}.` : `It is ${exchange.kind}.`;

/** Resolves the cases at an endpoint with this document, and returns what the server got. */
async function resolve(
  document: string | Reply,
  {
    cases = [FROM_DOCUMENT],
    path = '/score',
    swaggerUri,
    budgetMs = 120_000,
    isHopeless = async () => false,
  }: {
    cases?: readonly ReturnType<typeof caseOf>[];
    path?: string;
    swaggerUri?: (origin: string) => string | undefined;
    budgetMs?: number;
    isHopeless?: () => Promise<boolean>;
  } = {},
) {
  const reply: Reply = typeof document === 'string' ? () => [200, document] : document;
  const server = await serve((response, { url }) => {
    const [status, body = '', headers = {}] = reply(url, server.requests.length);
    response.writeHead(status, { ...headers });
    response.end(body);
  });
  const scoringUri = `${server.origin}${path}`;
  const named = swaggerUri === undefined ? `${server.origin}/swagger.json` : swaggerUri(server.origin);
  const target = { scoringUri, credential, deployment: 'green', timeoutMs: 60_000 };
  const endpoint = { ...ENDPOINT, scoringUri, swaggerUri: named };
  const { patience, said, slept } = fakePatience(budgetMs);
  const end = resolveSwagger(cases, { endpoint, target, patience, describe: inShort, isHopeless });
  end.catch(() => undefined);
  const resolved = async () => {
    const found = await end;
    if (!('cases' in found)) throw new Error(`ended ${found.failure.how}`);
    return found.cases;
  };
  const urls = (): readonly string[] => server.requests.map(({ url }) => url);
  return { server, end, resolved, urls, said, slept };
}

describe("the endpoint's own document", () => {
  test('is requested from the deployment under test, with the credential', async () => {
    const { server, resolved } = await resolve(JSON.stringify(DOCUMENT));
    await resolved();
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]).toMatchObject({
      method: 'GET',
      url: '/swagger.json',
      headers: {
        authorization: 'Bearer the-primary-key-0123456789',
        'azureml-model-deployment': 'green',
      },
    });
  });

  test('gives the request, and the schema of a good reply', async () => {
    const { resolved } = await resolve(JSON.stringify(DOCUMENT));
    const [each, ...others] = await resolved();
    expect(others).toEqual([]);
    expect(each?.request).toEqual({
      method: 'POST',
      path: undefined,
      headers: {},
      contentType: 'application/json',
      body: {
        kind: 'bytes',
        bodies: [Buffer.from('{"data":[{"age":42}]}')],
        origin: "the endpoint's OpenAPI document",
      },
    });
    expect(each?.expect.schema?.validate([1])).toEqual([]);
    expect(each?.expect.schema?.hint).toContain('swagger: { answer: ignore }');
    expect(each?.expect.schema?.validate(['x'])).toEqual([
      {
        at: 'schema /0',
        wanted: 'a number',
        got: '"x"',
      },
    ]);
  });

  test('changes nothing in other cases, and a schema of the case is used instead', async () => {
    const own = { origin: 'response.schema.json', sources: [], validate: () => [] };
    const cases = [
      caseOf(),
      { ...FROM_DOCUMENT, expect: { ...NO_EXPECTATIONS, schema: own, deployment: 'green' } },
    ];
    const { server, resolved } = await resolve(JSON.stringify(DOCUMENT), { cases });
    const [first, second] = await resolved();
    expect(first).toBe(cases[0]);
    expect(second?.expect).toEqual({ ...NO_EXPECTATIONS, schema: own, deployment: 'green' });
    expect(server.requests).toHaveLength(1);
  });

  test('is read at the path of the case without its query', async () => {
    const request = requestPlan({ path: '/score?verbose=1', body: { kind: 'swagger' } });
    const { resolved } = await resolve(JSON.stringify(DOCUMENT), { cases: [caseOf({ request })] });
    expect((await resolved())[0]?.request).toMatchObject({ path: '/score?verbose=1', method: 'POST' });
  });

  test('is read for the method of the case', async () => {
    const of = (example: unknown) => ({ requestBody: { content: { 'application/json': { example } } } });
    const paths = { '/score': { post: of(1), put: of(2) } };
    const request = (method: string) => requestPlan({ method, body: { kind: 'swagger' } });
    const cases = ['PUT', 'POST'].map((method) => caseOf({ request: request(method) }));
    const { resolved } = await resolve(JSON.stringify({ openapi: '3.1.0', paths }), { cases });
    expect((await resolved()).map((each) => [each.request.method, each.request.body])).toMatchObject([
      ['PUT', { bodies: [Buffer.from('2')] }],
      ['POST', { bodies: [Buffer.from('1')] }],
    ]);
    const { end } = await resolve(JSON.stringify({ openapi: '3.1.0', paths }), {
      cases: [caseOf({ request: request('PATCH') })],
    });
    await expect(end).rejects.toThrow('It describes no operation PATCH for /score.');
  });

  test('is that of the longest path with which the scoring path ends', async () => {
    const of = (example: unknown) => ({
      post: { requestBody: { content: { 'application/json': { example } } } },
    });
    const document = { openapi: '3.1.0', paths: { '/score': of(1), '/v2/score': of(2) } };
    const { resolved } = await resolve(JSON.stringify(document), { path: '/v2/score' });
    expect((await resolved())[0]?.request.body).toMatchObject({ bodies: [Buffer.from('2')] });
  });

  test('is read at the path of the case, and keeps its content type and headers', async () => {
    const operation = (example: unknown) => ({
      post: { requestBody: { content: { 'application/json': { example } } } },
    });
    const document = { openapi: '3.1.0', paths: { '/score': operation(1), '/v1/chat': operation(2) } };
    const request = requestPlan({
      path: '/v1/chat',
      headers: { 'X-Trace': '1' },
      contentType: 'application/x-json',
      body: { kind: 'swagger' },
    });
    const { resolved } = await resolve(JSON.stringify(document), { cases: [caseOf({ request })] });
    const [each] = await resolved();
    expect(each?.request).toMatchObject({
      path: '/v1/chat',
      headers: { 'X-Trace': '1' },
      contentType: 'application/x-json',
      body: { bodies: [Buffer.from('2')] },
    });
    expect(each?.expect.schema).toBeUndefined();
  });
});

const VERSIONS = ['/swagger.json', '/swagger.json?version=3.1', '/swagger.json?version=3'];

describe('a later version of the document', () => {
  test.each([
    [404, VERSIONS.slice(0, 2)],
    [404, VERSIONS],
    [424, VERSIONS.slice(0, 2)],
    [424, VERSIONS],
  ])('is requested after a %i, until there is one: %j', async (status, asked) => {
    const { resolved, urls, slept } = await resolve((url) =>
      url === asked.at(-1) ? [200, JSON.stringify(DOCUMENT)] : [status],
    );
    const [each] = await resolved();
    expect(each?.request.body).toMatchObject({ bodies: [Buffer.from('{"data":[{"age":42}]}')] });
    expect(urls()).toEqual(asked);
    expect(slept).toEqual([]);
  });

  test('keeps the query of the address', async () => {
    const { resolved, urls } = await resolve(
      (_url, requests) => (requests === 1 ? [404] : [200, JSON.stringify(DOCUMENT)]),
      { swaggerUri: (origin) => `${origin}/swagger.json?a=1` },
    );
    await resolved();
    expect(urls()).toEqual(['/swagger.json?a=1', '/swagger.json?a=1&version=3.1']);
  });
});

describe('a deployment that is not ready yet', () => {
  const NOT_READY = { 'ms-azureml-model-error-reason': 'model_not_ready' };

  test('is waited for, and the log says why', async () => {
    const { resolved, urls, said, slept } = await resolve((_url, requests) =>
      requests === 1 ? [503] : requests === 2 ? [424, '', NOT_READY] : [200, JSON.stringify(DOCUMENT)],
    );
    expect(await resolved()).toHaveLength(1);
    expect(urls()).toEqual(['/swagger.json', '/swagger.json', '/swagger.json']);
    expect(slept).toEqual([250, 500]);
    expect(said).toEqual([
      'Not ready: 503. Next try in 0.3 s; 2 min left.',
      'Not ready: 424 model_not_ready. Next try in 0.5 s; 2 min left.',
    ]);
  });

  test('is waited for with a later version, too', async () => {
    const { resolved, urls, slept } = await resolve((_url, requests) =>
      requests === 1 ? [404] : requests === 2 ? [503] : [200, JSON.stringify(DOCUMENT)],
    );
    expect(await resolved()).toHaveLength(1);
    expect(urls()).toEqual(['/swagger.json', '/swagger.json?version=3.1', '/swagger.json?version=3.1']);
    expect(slept).toEqual([250]);
  });

  test.each<[string, Reply, number]>([
    ['503', () => [503], 503],
    ['424 model_not_ready', () => [424, '', NOT_READY], 424],
  ])('is given up at the deadline: %s', async (_what, reply, status) => {
    const { end, urls, slept } = await resolve(reply, { budgetMs: 1_000 });
    expect(await end).toEqual({
      failure: {
        exchange: expect.objectContaining({ kind: 'reply', status }),
        how: 'out-of-time',
        target: 'candidate',
      },
      requests: 3,
    });
    expect(urls()).toEqual(['/swagger.json', '/swagger.json', '/swagger.json']);
    expect(slept).toEqual([250, 500]);
  });

  test('is not waited for when it will never be ready', async () => {
    const { end, urls, slept } = await resolve(() => [503], { isHopeless: async () => true });
    expect(await end).toMatchObject({ failure: { how: 'hopeless', target: 'candidate' }, requests: 1 });
    expect([urls(), slept]).toEqual([['/swagger.json'], []]);
  });

  test('counts the requests that were needed', async () => {
    const { end } = await resolve((_url, requests) =>
      requests === 1 ? [404] : requests === 2 ? [503] : [200, JSON.stringify(DOCUMENT)],
    );
    expect(await end).toMatchObject({ requests: 3 });
  });

  test('has one deadline for all versions', async () => {
    const reply: Reply = (_url, requests) => [requests === 2 ? 404 : 503];
    const { end, urls, said, slept } = await resolve(reply, { budgetMs: 300 });
    expect(await end).toMatchObject({
      failure: { exchange: { status: 503 }, how: 'out-of-time' },
      requests: 3,
    });
    expect(urls()).toEqual(['/swagger.json', '/swagger.json', '/swagger.json?version=3.1']);
    expect(slept).toEqual([250]);
    expect(said.at(-1)).toBe('Not ready: 503. The next try would be in 0.3 s, past the end of the warm-up.');
  });
});

test('an example that is nested too deeply is refused', async () => {
  const deep = `${'['.repeat(20_000)}1${']'.repeat(20_000)}`;
  const media = `{"application/json":{"example":${deep}}}`;
  const document = `{"openapi":"3.1.0","paths":{"/score":{"post":{"requestBody":{"content":${media}}}}}}`;
  const { end } = await resolve(document);
  await expect(end).rejects.toThrow('gives no sample request. Its example is nested too deeply.');
});

describe('without a usable document', () => {
  test.each([
    ['names none', () => undefined, ''],
    [
      'names one on another host',
      () => 'https://evil.example/swagger.json',
      ' (it names https://evil.example/swagger.json)',
    ],
    [
      'names one on another port',
      () => 'http://127.0.0.1:1/swagger.json',
      ' (it names http://127.0.0.1:1/swagger.json)',
    ],
    ['names something else', () => 'swagger\n::error::x', ' (it names swagger : :error::x)'],
  ])('no request is sent to an endpoint that %s', async (_what, swaggerUri, named) => {
    const { server, end } = await resolve('{}', { swaggerUri });
    await expect(end).rejects.toThrow(
      new Failure(
        `Endpoint 'churn' names no OpenAPI document beside its scoring URI${named}. Give a request of your own as 'sample-request'.`,
      ),
    );
    expect(server.requests).toEqual([]);
  });

  const unreadable = (origin: string, why: string): Failure =>
    new Failure(
      `The OpenAPI document of endpoint 'churn' at ${origin}/swagger.json cannot be read. ${why}Custom containers often have none. Give a request of your own as 'sample-request'.`,
    );
  test.each([404, 424])('a %i is described after every version was requested', async (status) => {
    const { server, end, urls, slept } = await resolve(() => [status]);
    await expect(end).rejects.toThrow(unreadable(server.origin, `It answered ${status}.\n`));
    expect(urls()).toEqual(VERSIONS);
    expect(slept).toEqual([]);
  });

  test('the first refusal is the one that is described', async () => {
    const { server, end, urls } = await resolve((_url, requests) => [requests === 1 ? 404 : 401]);
    await expect(end).rejects.toThrow(unreadable(server.origin, 'It answered 404.\n'));
    expect(urls()).toEqual(VERSIONS.slice(0, 2));
  });

  test.each([302, 400, 401, 403, 413])(
    'a %i is described, and no other version is requested',
    async (status) => {
      const { server, end, urls } = await resolve(() => [status, 'no']);
      await expect(end).rejects.toThrow(unreadable(server.origin, `It answered ${status}.\n`));
      expect(urls()).toEqual(['/swagger.json']);
    },
  );

  test('a server that cannot be reached is described', async () => {
    const { server } = await resolve('{}');
    const scoringUri = server.origin.replace('http:', 'https:');
    const { patience, slept } = fakePatience(120_000);
    const end = resolveSwagger([FROM_DOCUMENT], {
      endpoint: { ...ENDPOINT, scoringUri, swaggerUri: `${scoringUri}/swagger.json` },
      target: { scoringUri, credential, deployment: 'green', timeoutMs: 60_000 },
      patience,
      describe: inShort,
    });
    await expect(end).rejects.toThrow(unreadable(scoringUri, 'It is unreachable.\n'));
    expect(slept).toEqual([]);
  });

  test.each([
    ['no JSON', 'openapi: 3.1.0', 'It is not JSON.'],
    ['nothing', '', 'It is not JSON.'],
    ['a 204', () => [204] as const, 'It is not JSON.'],
    ['JSON of another kind', '[1]', 'It is not an OpenAPI document of version 2.0, 3.0 or 3.1.'],
    [
      'no operation for the scoring path',
      '{"openapi":"3.1.0","paths":{}}',
      'It describes no operation for /score. It describes: none that takes a body.',
    ],
    [
      'a response schema that refers elsewhere',
      JSON.stringify({
        swagger: '2.0',
        paths: {
          '/score': {
            post: {
              parameters: [{ in: 'body', schema: { example: 1 } }],
              responses: { 200: { schema: { $ref: 'https://evil.example/x' } } },
            },
          },
        },
      }),
      "Its response schema cannot be used: the endpoint's OpenAPI document refers to \"https://evil.example/x\", which is not in it, and nothing is downloaded. Copy that schema under $defs and refer to it there. Give a response schema of your own, which is used instead, or write 'swagger: { answer: ignore }' as the request in a smoke-test file.",
    ],
  ])('%s gives no sample request', async (_what, document, why) => {
    const { server, end } = await resolve(document);
    await expect(end).rejects.toThrow(
      new Failure(`The OpenAPI document of endpoint 'churn' gives no sample request. ${why}`),
    );
    expect(server.requests).toHaveLength(1);
  });
});
