import type { Endpoint } from '../../azure/resource-manager/answers.ts';
import { compileSchema } from '../judge/json-schema.ts';
import { TimeLimitError, withinTime } from '../judge/time-limit.ts';
import { hasMoreParts } from '../plan/json-value.ts';
import type { Case, SchemaExpectation } from '../plan/plan.ts';
import type { WarmUpFailure } from '../warm-up/warm-up-cases.ts';
import { type DocumentContext, fetchDocument, unusableDocument } from './swagger-document.ts';
import { readExample } from './swagger-example.ts';

/** How long one part of the document may be worked on; no signal is handled meanwhile. */
const LONGEST_MS = 900;

/** A larger schema is not compiled: V8 would still be at it when the step wants to end. No model's answer needs it. */
const MOST_PARTS = 5_000;

/** The cases with the document's example in them, or how the warm-up ended before the document was there. */
export type ResolvedCases = { readonly requests: number } & (
  | { readonly cases: readonly Case[] }
  | { readonly failure: WarmUpFailure }
);

/**
 * Puts the example of the endpoint's own OpenAPI document into the cases whose request is `swagger`, and the document's
 * response schema beside what they expect.
 * @throws Failure when the document has no example; the message says what it has
 */
export async function resolveSwagger(
  cases: readonly Case[],
  context: DocumentContext,
): Promise<ResolvedCases> {
  const fetched = await fetchDocument(context);
  if ('failure' in fetched) return fetched;
  const { document, requests } = fetched;
  return {
    cases: cases.map((each) =>
      each.request.body.kind === 'swagger' ? withExample(each, document, context) : each,
    ),
    requests,
  };
}

function withExample(each: Case, document: unknown, { endpoint, target }: DocumentContext): Case {
  const { request, expect } = each;
  const { pathname } = new URL(request.path ?? '', target.scoringUri);
  const example = readExample(document, pathname, request.method);
  if (typeof example === 'string') throw unusableDocument(endpoint, example);
  const origin = "the endpoint's OpenAPI document";
  const { responseSchema } = example;
  const schema =
    responseSchema === undefined
      ? undefined
      : limited(endpoint, 'response schema', () => {
          if (hasMoreParts(responseSchema, MOST_PARTS)) throw new TimeLimitError('too many parts');
          return compileSchema(responseSchema, origin);
        });
  if (typeof schema === 'string') {
    throw unusableDocument(endpoint, `Its response schema cannot be used: ${schema}`);
  }
  const body = Buffer.from(
    limited(endpoint, 'example', () => JSON.stringify(example.body)),
    'utf8',
  );
  return {
    ...each,
    request: {
      ...request,
      method: example.method,
      contentType: request.contentType ?? 'application/json',
      body: { kind: 'bytes', bodies: [body], origin },
    },
    expect: { ...expect, schema: bothSchemas(expect.schema, schema) },
  };
}

/** Works on a part of the document with a time limit: the document may be made to exhaust the step. */
function limited<T>(endpoint: Endpoint, part: string, work: () => T): T {
  try {
    return withinTime(LONGEST_MS, work);
  } catch (error) {
    if (error instanceof TimeLimitError) {
      throw unusableDocument(endpoint, `Its ${part} is too large to be used.`);
    }
    if ((error as Error).name === 'RangeError') {
      throw unusableDocument(endpoint, `Its ${part} is nested too deeply.`);
    }
    throw error;
  }
}

/** A schema in the smoke-test file is checked in addition to the document's. */
function bothSchemas(
  own: SchemaExpectation | undefined,
  documents: SchemaExpectation | undefined,
): SchemaExpectation | undefined {
  if (own === undefined || documents === undefined) return own ?? documents;
  return {
    origin: `${own.origin} and ${documents.origin}`,
    sources: [...own.sources, ...documents.sources],
    validate: (value) => [...own.validate(value), ...documents.validate(value)],
  };
}
