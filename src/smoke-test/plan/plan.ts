import type { Condition } from './condition.ts';

/** What the smoke test does, the same whether it was written as inputs or as a file. Every default is filled in. */
export interface Plan {
  readonly deployment: DeploymentChoice;
  /** How long to wait for the first usable reply. */
  readonly warmUpMs: number;
  /** Measured requests per case. */
  readonly samples: number;
  /** Workers; each sends its next request when it has the reply to the one before. */
  readonly concurrency: number;
  /** Limit of one request, up to the last byte of the reply. */
  readonly timeoutMs: number;
  /** At least one. */
  readonly cases: readonly Case[];
  readonly thresholds: Thresholds;
  /** Names of thresholds that are reported, but decide nothing. */
  readonly advisory: readonly string[];
  /** Run on the first measured reply. */
  readonly check: CheckExpectation | undefined;
}

export type DeploymentChoice =
  | { readonly kind: 'traffic' }
  | { readonly kind: 'named'; readonly name: string }
  /** The one deployment with 0 % of the live traffic. */
  | { readonly kind: 'idle' };

export interface Case {
  readonly name: string;
  readonly request: RequestPlan;
  readonly expect: Expectations;
}

export interface RequestPlan {
  readonly method: string;
  /** Replaces the path of the scoring URI, query included; undefined keeps it. */
  readonly path: string | undefined;
  /** As written; none of them is a header that the step sets itself. */
  readonly headers: Readonly<Record<string, string>>;
  readonly contentType: string | undefined;
  readonly body: RequestBody;
}

export type RequestBody =
  /** Sent in turn, byte for byte; a case with one body sends it with every request. */
  | {
      readonly kind: 'bytes';
      readonly bodies: readonly Buffer[];
      readonly origin: string;
      /** The document's example as a message shows it, when all its values are fillers: the model may refuse it. */
      readonly filler?: string;
    }
  | { readonly kind: 'none' }
  /** The example of the endpoint's own OpenAPI document, which is known only when the endpoint is. */
  | {
      readonly kind: 'swagger';
      /** Whether what the document promises of the reply is left out. */
      readonly answer?: 'ignored';
    };

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
  readonly maxLatencyMs: number | undefined;
  readonly stream: StreamExpectation | undefined;
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
  /** What to do when the reply is right and the schema is not. */
  readonly hint?: string;
  /** What is wrong, each with its place as a JSON Pointer; empty when the value is right. */
  readonly validate: (value: unknown) => readonly Mismatch[];
}

export interface JsonExpectation {
  /** The JSONPath as written. */
  readonly path: string;
  readonly find: (value: unknown) => readonly { readonly path: string; readonly value: unknown }[];
  readonly condition: Condition;
}

export interface GoldenExpectation {
  readonly origin: string;
  readonly value: unknown;
  /** Two numbers are equal when they differ by at most this share of the larger one … */
  readonly relative: number;
  /** … or by at most this. */
  readonly absolute: number;
}

export interface StreamExpectation {
  readonly firstEventMs: number | undefined;
  readonly minEvents: number | undefined;
  /** The data of the last event. */
  readonly endsWith: string | undefined;
}

/** A script of the user's own. */
export interface CheckExpectation {
  readonly script: string;
}

/** One expectation that a reply did not meet. `got` is remote text. */
export interface Mismatch {
  /** Which expectation, and where in the reply: `json $[0]`, `schema /items/2`, `status`. */
  readonly at: string;
  readonly wanted: string;
  readonly got: string;
}

/** Latencies that a threshold may limit, in milliseconds. */
export const LATENCY_NAMES = ['p50', 'p90', 'p95', 'p99', 'max', 'first-event-p95'] as const;
export type LatencyName = (typeof LATENCY_NAMES)[number];

export interface Thresholds {
  /** Share of measured requests that must meet every expectation, 0 to 1; 1 unless said. */
  readonly successRate: number;
  readonly latencyMs: Readonly<Partial<Record<LatencyName, number>>>;
  readonly baseline: Baseline | undefined;
}

/** Another deployment, which gets requests in turn with the one under test. */
export interface Baseline {
  readonly deployment: string;
  /** Limit of the candidate's latency as a multiple of the baseline's. */
  readonly ratios: Readonly<Partial<Record<LatencyName, number>>>;
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
  maxLatencyMs: undefined,
  stream: undefined,
};
