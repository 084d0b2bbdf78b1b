import { objectIn } from '../../text/json.ts';
import { compileSchema } from '../judge/json-schema.ts';
import { TimeLimitError, withinTime } from '../judge/time-limit.ts';
import type { SchemaExpectation } from '../plan/expectations.ts';
import { hasMoreParts } from '../plan/json-value.ts';
import type { Case } from '../plan/plan.ts';
import type { WarmUpFailure } from '../warm-up/warm-up-cases.ts';
import { responseSchemaOf } from './response-schema.ts';
import { isFiller, showExample } from './sample.ts';
import { type DocumentContext, fetchDocument, unusableDocument, whoseDocument } from './swagger-document.ts';
import { readExample, type SwaggerExample } from './swagger-example.ts';

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
 * Puts the example of the endpoint's own OpenAPI document into the cases whose request is `swagger`, and what
 * the document promises of the reply beside what they expect.
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

const ORIGIN = "the endpoint's OpenAPI document";

/** What to do when the answer is right and the document is not. */
const PROMISE_HINT =
  "The endpoint's OpenAPI document describes the answer this way; its server inferred that from one sample. If the answer is right, give a response schema of your own, which is used instead, or write 'swagger: { answer: ignore }' as the request in a smoke-test file.";

function withExample(each: Case, document: unknown, context: DocumentContext): Case {
  const { endpoint, target } = context;
  const whose = whoseDocument(endpoint, target);
  const { request, expect } = each;
  const { pathname } = new URL(request.path ?? '', target.scoringUri);
  const example = limited(whose, 'example', () => readExample(document, pathname, request.method));
  if (typeof example === 'string') throw unusableDocument(whose, example);
  const body = Buffer.from(
    limited(whose, 'example', () => JSON.stringify(example.body)),
    'utf8',
  );
  const isChecked = request.body.kind === 'swagger' && request.body.answer !== 'ignored';
  return {
    ...each,
    request: {
      ...request,
      method: example.method,
      contentType: request.contentType ?? 'application/json',
      body: {
        kind: 'bytes',
        bodies: [body],
        origin: ORIGIN,
        ...(isFiller(example.body) ? { filler: showExample(example.body) } : {}),
      },
    },
    expect: {
      ...expect,
      // What the server inferred does not count beside what the user wrote.
      schema: expect.schema ?? (isChecked ? promiseOf(document, example, context) : undefined),
    },
  };
}

/** The document's schema of a good reply; undefined when it promises nothing, which the log says. */
function promiseOf(
  document: unknown,
  { operation }: SwaggerExample,
  { endpoint, target, patience }: DocumentContext,
): SchemaExpectation | undefined {
  const whose = whoseDocument(endpoint, target);
  const compiled = limited(whose, 'response schema', () => {
    const schema = responseSchemaOf(objectIn(document), operation);
    if (hasMoreParts(schema, MOST_PARTS)) throw new TimeLimitError('too many parts');
    return schema === undefined ? undefined : compileSchema(schema, ORIGIN);
  });
  if (typeof compiled === 'string') {
    throw unusableDocument(
      whose,
      `Its response schema cannot be used: ${compiled} Give a response schema of your own, which is used instead, or write 'swagger: { answer: ignore }' as the request in a smoke-test file.`,
    );
  }
  if (compiled === undefined) {
    patience.say(
      "The endpoint's OpenAPI document says nothing about the answer that could be checked. Say what you expect, for example with a response schema.",
    );
    return undefined;
  }
  return { ...compiled, hint: PROMISE_HINT };
}

/** Works on a part of the document with a time limit: the document may be made to exhaust the step. */
function limited<T>(whose: string, part: string, work: () => T): T {
  try {
    return withinTime(LONGEST_MS, work);
  } catch (error) {
    if (error instanceof TimeLimitError) {
      throw unusableDocument(whose, `Its ${part} is too large to be used.`);
    }
    if ((error as Error).name === 'RangeError') {
      throw unusableDocument(whose, `Its ${part} is nested too deeply.`);
    }
    throw error;
  }
}
