import { Failure } from '../azure/failure.ts';
import type { Endpoint } from '../azure/workspace.ts';
import { quote } from '../untrusted.ts';
import { compileSchema } from './json-schema.ts';
import type { Case } from './plan.ts';
import { score } from './score.ts';
import { readSwagger } from './swagger.ts';
import { requestTo, type Target } from './target.ts';
import { inShort } from './verdict.ts';

/**
 * Puts the example of the endpoint's own OpenAPI document into the cases that ask for it, and its response
 * schema beside what they expect. The document is asked of the deployment under test.
 * @throws Failure that says what the document does say when it has no example
 */
export async function resolveSwagger(
  cases: readonly Case[],
  endpoint: Endpoint,
  target: Target,
): Promise<readonly Case[]> {
  const document = await fetchDocument(endpoint, target);
  return cases.map((each) => {
    const { request, expect } = each;
    if (request.body.kind !== 'swagger') return each;
    const path = request.path ?? new URL(target.scoringUri).pathname;
    const example = readSwagger(document, path);
    if (typeof example === 'string') throw unusable(endpoint, example);
    const origin = "the endpoint's OpenAPI document";
    const schema =
      example.responseSchema === undefined ? undefined : compileSchema(example.responseSchema, origin);
    if (typeof schema === 'string') throw unusable(endpoint, `Its response schema cannot be used: ${schema}`);
    const body = Buffer.from(JSON.stringify(example.body), 'utf8');
    return {
      ...each,
      request: {
        ...request,
        method: example.method,
        contentType: request.contentType ?? 'application/json',
        body: { kind: 'bytes', bodies: [body], origin },
      },
      expect: { ...expect, schema: expect.schema ?? schema },
    };
  });
}

function unusable({ address }: Endpoint, why: string): Failure {
  return new Failure(`The OpenAPI document of endpoint '${address.name}' gives no sample request. ${why}`);
}

async function fetchDocument(endpoint: Endpoint, target: Target): Promise<unknown> {
  const { swaggerUri } = endpoint;
  const origin = new URL(target.scoringUri).origin;
  // The credential goes to the scoring URI's origin only.
  if (swaggerUri === undefined || !URL.canParse(swaggerUri) || new URL(swaggerUri).origin !== origin) {
    throw new Failure(
      `Endpoint '${endpoint.address.name}' names no OpenAPI document beside its scoring URI${swaggerUri === undefined ? '' : ` (it names ${quote(swaggerUri)})`}. Give a sample-request of your own.`,
    );
  }
  const get = {
    method: 'GET',
    path: undefined,
    headers: {},
    contentType: undefined,
    body: { kind: 'none' },
  } as const;
  const exchange = await score({ ...requestTo(target, get, 0), url: swaggerUri });
  if (exchange.kind !== 'answer' || exchange.status !== 200) {
    throw new Failure(
      `The OpenAPI document of endpoint '${endpoint.address.name}' at ${quote(swaggerUri)} cannot be read: ${inShort(exchange)}. Custom containers often have none. Give a sample-request of your own.`,
    );
  }
  try {
    return JSON.parse(exchange.body?.toString('utf8') ?? '') as unknown;
  } catch {
    throw unusable(endpoint, 'It is no JSON.');
  }
}
