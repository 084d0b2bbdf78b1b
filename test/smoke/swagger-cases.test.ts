import { beforeAll, describe, expect, test } from 'vitest';
import { Failure } from '../../src/azure/failure.ts';
import { announceMasksTo, guard, type Secret } from '../../src/secret.ts';
import { NO_EXPECTATIONS } from '../../src/smoke/plan.ts';
import { resolveSwagger } from '../../src/smoke/swagger-cases.ts';
import { swaggerDocument } from '../local-azure/swagger-documents.ts';
import { ENDPOINT } from '../report/results.ts';
import { caseOf, requestPlan, serve } from './support.ts';

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

/** Resolves the cases at an endpoint whose document is this, and tells what the server saw. */
async function resolve(
  document: string | { status: number },
  {
    cases = [FROM_DOCUMENT],
    path = '/score',
    swaggerUri,
  }: {
    cases?: readonly ReturnType<typeof caseOf>[];
    path?: string;
    swaggerUri?: (origin: string) => string | undefined;
  } = {},
) {
  const server = await serve((response) => {
    response.statusCode = typeof document === 'string' ? 200 : document.status;
    response.end(typeof document === 'string' ? document : '');
  });
  const scoringUri = `${server.origin}${path}`;
  const named = swaggerUri === undefined ? `${server.origin}/swagger.json` : swaggerUri(server.origin);
  const target = { scoringUri, credential, deployment: 'green', timeoutMs: 60_000 };
  const endpoint = { ...ENDPOINT, scoringUri, swaggerUri: named };
  const resolved = resolveSwagger(cases, endpoint, target);
  resolved.catch(() => undefined);
  return { server, resolved };
}

describe("the endpoint's own document", () => {
  test('is asked of the deployment under test, with the credential', async () => {
    const { server, resolved } = await resolve(JSON.stringify(DOCUMENT));
    await resolved;
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

  test('gives the request, and what a good answer is', async () => {
    const { resolved } = await resolve(JSON.stringify(DOCUMENT));
    const [each, ...others] = await resolved;
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
    expect(each?.expect.schema?.validate(['x'])).toEqual([
      { at: 'schema /0', wanted: 'to be number', got: '"x"' },
    ]);
  });

  test('changes nothing in the cases that do not ask for it, and takes no schema away', async () => {
    const own = { origin: 'response.schema.json', validate: () => [] };
    const cases = [
      caseOf(),
      { ...FROM_DOCUMENT, expect: { ...NO_EXPECTATIONS, schema: own, deployment: 'green' } },
    ];
    const { server, resolved } = await resolve(JSON.stringify(DOCUMENT), { cases });
    const [first, second] = await resolved;
    expect(first).toBe(cases[0]);
    expect(second?.expect).toEqual({ ...NO_EXPECTATIONS, schema: own, deployment: 'green' });
    expect(server.requests).toHaveLength(1);
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
    const [each] = await resolved;
    expect(each?.request).toMatchObject({
      path: '/v1/chat',
      headers: { 'X-Trace': '1' },
      contentType: 'application/x-json',
      body: { bodies: [Buffer.from('2')] },
    });
    expect(each?.expect.schema).toBeUndefined();
  });
});

describe('without a document that helps', () => {
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
  ])('an endpoint that %s is asked nothing', async (_what, swaggerUri, named) => {
    const { server, resolved } = await resolve('{}', { swaggerUri });
    await expect(resolved).rejects.toThrow(
      new Failure(
        `Endpoint 'churn' names no OpenAPI document beside its scoring URI${named}. Give a sample-request of your own.`,
      ),
    );
    expect(server.requests).toEqual([]);
  });

  test.each([404, 424, 401, 204])('a %i is told with what to do', async (status) => {
    const { server, resolved } = await resolve({ status });
    await expect(resolved).rejects.toThrow(
      new Failure(
        `The OpenAPI document of endpoint 'churn' at ${server.origin}/swagger.json cannot be read: ${status}. Custom containers often have none. Give a sample-request of your own.`,
      ),
    );
  });

  test.each([
    ['no JSON', '<html>', 'It is no JSON.'],
    ['nothing', '', 'It is no JSON.'],
    ['JSON of another kind', '[1]', 'It is no OpenAPI document of version 2.0, 3.0 or 3.1.'],
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
      'Its response schema cannot be used: the endpoint\'s OpenAPI document refers to "https://evil.example/x", which is not in it, and nothing is fetched. Copy that schema under $defs and refer to it there.',
    ],
  ])('%s gives no sample request', async (_what, document, why) => {
    const { server, resolved } = await resolve(document);
    await expect(resolved).rejects.toThrow(
      new Failure(`The OpenAPI document of endpoint 'churn' gives no sample request. ${why}`),
    );
    expect(server.requests).toHaveLength(1);
  });
});
