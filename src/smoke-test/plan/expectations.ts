import type { Condition } from './condition.ts';
import type { ByteTexts } from './line-texts.ts';

export interface Expectations {
  /** One of them must match. */
  readonly status: readonly StatusMatcher[];
  /** The `azureml-model-deployment` header. */
  readonly deployment: string | undefined;
  readonly contentType: string | undefined;
  /** Lower-case name → condition. */
  readonly headers: Readonly<Record<string, Condition>>;
  readonly schema: SchemaExpectation | undefined;
  readonly json: readonly JsonExpectation[];
  readonly text: Condition | undefined;
  readonly equals: GoldenExpectation | undefined;
  /** A golden answer for each line that is sent. */
  readonly goldenLines: GoldenLines | undefined;
  /** A golden file that is no JSON. */
  readonly content: ContentExpectation | undefined;
  readonly maxLatencyMs: number | undefined;
  readonly stream: StreamExpectation | undefined;
  /**
   * What a good answer's body must be even where nothing above is about it. `answer`: neither empty nor an error;
   * `may-be-empty`: it may be empty, as that of a health check is; `any`: a script of the user's own judges it.
   */
  readonly body: 'answer' | 'may-be-empty' | 'any';
}

/** `200`, or a class: `2xx` is 2. */
export type StatusMatcher = { readonly code: number } | { readonly class: number };

export function isExpectedStatus(status: number, matchers: readonly StatusMatcher[]): boolean {
  return matchers.some((matcher) =>
    'code' in matcher ? matcher.code === status : matcher.class === Math.floor(status / 100),
  );
}

export interface SchemaExpectation {
  readonly origin: string;
  /** What it was compiled from, so that another thread can compile it again. */
  readonly sources: readonly SchemaSource[];
  /** What to do when the reply is right and the schema is not. */
  readonly hint?: string;
  /** What is wrong, each with its place as a JSON Pointer; empty when the value is right. */
  readonly validate: (value: unknown) => readonly Mismatch[];
}

export interface SchemaSource {
  readonly schema: unknown;
  readonly origin: string;
}

export interface JsonExpectation {
  /** The JSONPath as written. */
  readonly path: string;
  readonly find: (value: unknown) => readonly { readonly path: string; readonly value: unknown }[];
  readonly condition: Condition;
}

export interface GoldenExpectation extends Tolerance {
  readonly origin: string;
  /** As `parseExactJson` reads it. */
  readonly value: unknown;
}

export interface GoldenLines extends Tolerance {
  /** The file's path. */
  readonly origin: string;
  /** JSON, one for each line that is sent. */
  readonly values: ByteTexts;
  /** Where the value at a place stands in the file, from 1. */
  readonly lineAt: (at: number) => number;
}

export interface ContentExpectation {
  readonly origin: string;
  readonly bytes: Uint8Array;
  /** Text is compared line by line, wherever the lines end; anything else byte for byte. */
  readonly as: 'text' | 'bytes';
}

/** How far two numbers may lie apart. */
export interface Limits {
  /** At most this share of the larger one … */
  readonly relative: number;
  /** … or at most this. */
  readonly absolute: number;
}

export interface Tolerance extends Limits {
  /** The limits of two numbers that are both written as integers, where they are others. */
  readonly integers?: Limits;
}

/** The tolerance that a user asks for; the default is not for integers, which are compared exactly. */
export function toleranceOf(asked: Partial<Limits>, defaults: Limits): Tolerance {
  return {
    relative: asked.relative ?? defaults.relative,
    absolute: asked.absolute ?? defaults.absolute,
    integers: { relative: asked.relative ?? 0, absolute: asked.absolute ?? 0 },
  };
}

export interface StreamExpectation {
  readonly firstEventMs: number | undefined;
  readonly minEvents: number | undefined;
  /** The data of the last event. */
  readonly endsWith: string | undefined;
  /** On the text of all events, joined. */
  readonly text?: Condition | undefined;
  /** Where the text of an event is; undefined: in a form that is known. */
  readonly content?: ContentPath | undefined;
  /** Longest pause between two events. */
  readonly maxGapMs?: number | undefined;
  /** Least rate from the first event to the last. */
  readonly eventsPerSecond?: number | undefined;
}

/** Finds the text in the data of an event, which is JSON. */
export type ContentPath = Pick<JsonExpectation, 'path' | 'find'>;

/** One expectation that a reply did not meet. `got` is remote text. */
export interface Mismatch {
  /** Which expectation, and where in the reply: `json $[0]`, `schema /items/2`, `status`. */
  readonly at: string;
  readonly wanted: string;
  readonly got: string;
  /** It is not known whether the reply meets it: judging was stopped, or the reply is over a limit. */
  readonly isUnjudged?: true;
}

/** What every reply must meet unless the case says otherwise. */
export const NO_EXPECTATIONS: Expectations = {
  status: [{ class: 2 }],
  deployment: undefined,
  contentType: undefined,
  headers: {},
  schema: undefined,
  json: [],
  text: undefined,
  equals: undefined,
  goldenLines: undefined,
  content: undefined,
  maxLatencyMs: undefined,
  stream: undefined,
  body: 'answer',
};
