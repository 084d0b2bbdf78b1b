import type { Endpoint } from '../../azure/resource-manager/answers.ts';
import { quote } from '../../secrets/untrusted.ts';
import { Failure } from '../../text/failure.ts';
import { compileSchema } from '../judge/json-schema.ts';
import { TimeLimitError, withinTime } from '../judge/time-limit.ts';
import type { Case, SchemaExpectation } from '../plan/plan.ts';
import { type Exchange, type Reply, score } from '../request/score.ts';
import { requestTo, type Target } from '../request/scoring-request.ts';
import { type Patience, warmUp } from '../warm-up/warm-up.ts';
import type { Warmed } from '../warm-up/warm-up-cases.ts';
import { readSwagger } from './openapi-example.ts';

/** How long one part of the document is worked on; the process hears no signal meanwhile. */
const LONGEST_MS = 3_000;

/** What the search for the document needs to know of the step. */
export interface DocumentContext {
  readonly endpoint: Endpoint;
  readonly target: Target;
  readonly patience: Patience;
  /** What was seen and what to do, for a person. */
  readonly describe: (exchange: Exchange) => Promise<string>;
  /** Asked once, when the first answer is that nothing serves: whether there will never be one. */
  readonly isHopeless?: () => Promise<boolean>;
}

/** The cases with the example in them, or the exchange with which the search for it ended. */
export type ResolvedCases = { readonly requests: number } & (
  | { readonly cases: readonly Case[] }
  | { readonly ended: NonNullable<Warmed['ended']> }
);

/**
 * Puts the example of the endpoint's own OpenAPI document into the cases that ask for it, and its response
 * schema beside what they expect. The document is asked of the deployment under test, which may still be
 * getting ready.
 * @throws Failure that says what the document does say when it has no example
 */
export async function resolveSwagger(
  cases: readonly Case[],
  context: DocumentContext,
): Promise<ResolvedCases> {
  const { endpoint, target } = context;
  const found = await fetchDocument(context);
  if (!('document' in found)) return found;
  const { document, requests } = found;
  const resolved = cases.map((each): Case => {
    const { request, expect } = each;
    if (request.body.kind !== 'swagger') return each;
    const { pathname } = new URL(request.path ?? '', target.scoringUri);
    const example = readSwagger(document, pathname, request.method);
    if (typeof example === 'string') throw unusable(endpoint, example);
    const origin = "the endpoint's OpenAPI document";
    const schema =
      example.responseSchema === undefined
        ? undefined
        : soon(endpoint, 'response schema', () => compileSchema(example.responseSchema, origin));
    if (typeof schema === 'string') throw unusable(endpoint, `Its response schema cannot be used: ${schema}`);
    const text = soon(endpoint, 'example', () => JSON.stringify(example.body));
    const body = Buffer.from(text, 'utf8');
    return {
      ...each,
      request: {
        ...request,
        method: example.method,
        contentType: request.contentType ?? 'application/json',
        body: { kind: 'bytes', bodies: [body], origin },
      },
      expect: { ...expect, schema: both(expect.schema, schema) },
    };
  });
  return { cases: resolved, requests };
}

/** Works on a part of the document, which may be made to exhaust the step. */
function soon<T>(endpoint: Endpoint, part: string, work: () => T): T {
  try {
    return withinTime(LONGEST_MS, work);
  } catch (error) {
    if (error instanceof TimeLimitError) throw unusable(endpoint, `Its ${part} is too large to be used.`);
    if ((error as Error).name === 'RangeError') throw unusable(endpoint, `Its ${part} is nested too deeply.`);
    throw error;
  }
}

/** Whoever wrote a schema of his own takes nothing back of what the document promises. */
function both(
  own: SchemaExpectation | undefined,
  documents: SchemaExpectation | undefined,
): SchemaExpectation | undefined {
  if (own === undefined || documents === undefined) return own ?? documents;
  return {
    origin: `${own.origin} and ${documents.origin}`,
    validate: (value) => [...own.validate(value), ...documents.validate(value)],
  };
}

function unusable({ address }: Endpoint, why: string): Failure {
  return new Failure(`The OpenAPI document of endpoint '${address.name}' gives no sample request. ${why}`);
}

/** The inference server describes a script that version 2.0 cannot describe in a later version only. */
const VERSIONS = [undefined, '3.1', '3'] as const;

async function fetchDocument({
  endpoint,
  target,
  patience,
  describe,
  isHopeless,
}: DocumentContext): Promise<
  { readonly document: unknown; readonly requests: number } | Exclude<ResolvedCases, { cases: unknown }>
> {
  const uri = requireSwaggerUri(endpoint, target);
  let refused: Exchange | undefined;
  let requests = 0;
  for (const version of VERSIONS) {
    const url = new URL(uri);
    if (version !== undefined) url.searchParams.set('version', version);
    const warm = await warmUp(
      async () => ({ exchange: await score({ ...requestTo(target, GET, 0), url: url.href }) }),
      () => false,
      patience,
      isHopeless,
    );
    const { exchange } = warm.asking;
    requests += warm.requests;
    if (warm.ended === 'out-of-time' || warm.ended === 'hopeless') {
      return { ended: { exchange, how: warm.ended, target: 'candidate' }, requests };
    }
    if (warm.ended === 'usable' && exchange.kind === 'reply') {
      return { document: parse(endpoint, exchange), requests };
    }
    refused ??= exchange;
    if (exchange.kind !== 'reply' || ![404, 424].includes(exchange.status)) break;
  }
  throw new Failure(
    `The OpenAPI document of endpoint '${endpoint.address.name}' at ${quote(uri)} cannot be read. ${refused === undefined ? '' : `${await describe(refused)}\n`}Custom containers often have none. Give a sample-request of your own.`,
  );
}

const GET = {
  method: 'GET',
  path: undefined,
  headers: {},
  contentType: undefined,
  body: { kind: 'none' },
} as const;

/** The credential goes to the scoring URI's origin only. */
function requireSwaggerUri({ address, swaggerUri }: Endpoint, { scoringUri }: Target): string {
  const origin = new URL(scoringUri).origin;
  if (swaggerUri !== undefined && URL.canParse(swaggerUri) && new URL(swaggerUri).origin === origin) {
    return swaggerUri;
  }
  throw new Failure(
    `Endpoint '${address.name}' names no OpenAPI document beside its scoring URI${swaggerUri === undefined ? '' : ` (it names ${quote(swaggerUri)})`}. Give a sample-request of your own.`,
  );
}

function parse(endpoint: Endpoint, { body }: Reply): unknown {
  try {
    return JSON.parse(body?.toString('utf8') ?? '') as unknown;
  } catch {
    throw unusable(endpoint, 'It is no JSON.');
  }
}
