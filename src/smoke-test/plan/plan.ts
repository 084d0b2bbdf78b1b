import type { ConnectTo } from '../../network/connect-to.ts';
import type { Secret } from '../../secrets/secret.ts';
import type { Expectations } from './expectations.ts';
import type { ByteTexts } from './line-texts.ts';

/** What the smoke test does, the same whether it was written as inputs or as a file. Every default is filled in. */
export interface Plan {
  readonly deployment: DeploymentChoice;
  /** How long to wait for the first usable reply. */
  readonly warmUpMs: number;
  /** Statuses that the warm-up waits through, besides those that are known to pass by themselves. */
  readonly warmUpThrough: readonly number[];
  /** Measured requests of a case that has no number of its own: see {@link samplesOf}. */
  readonly samples: number;
  /** The most requests at once. Without a rate, each worker sends its next request when it has the reply to the one before. */
  readonly concurrency: number;
  /** Open loop: requests start at this rate, whether or not the last one is back. */
  readonly rate: Rate | undefined;
  /** Limit of one request, up to the last byte of the reply. */
  readonly timeoutMs: number;
  /** Where to connect instead of to the scoring URI's host; undefined: where its name leads. */
  readonly connectTo: ConnectTo | undefined;
  /** At least one. */
  readonly cases: readonly Case[];
  readonly thresholds: Thresholds;
  /** Names of thresholds that are reported, but decide nothing. */
  readonly advisory: readonly string[];
  /** Run on the first good reply of each case. */
  readonly check: CheckExpectation | undefined;
}

export interface Rate {
  /** Of each deployment. */
  readonly perSecond: number;
  /** Of each case. */
  readonly durationMs: number;
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
  /** How many lines it sends, each once; undefined: `samples` says how often it is sent. */
  readonly samples?: number;
  /** Limits on its own requests; undefined: it has none. */
  readonly thresholds?: CaseThresholds;
}

/** As often as a case can be sent; smoke-test.schema.json says it, too. */
export const MOST_SAMPLES = 100_000;

/** The keys of a smoke-test file that an input of the same name replaces. */
export const RUN_KEYS = ['deployment', 'samples', 'warm-up', 'timeout', 'connect-to'] as const;

/** How many measured requests a case has. */
export function samplesOf({ samples }: Pick<Plan, 'samples'>, each: Pick<Case, 'samples'>): number {
  return each.samples ?? samples;
}

/** Whether there is one measured request in all. */
export function asksOnce(plan: Pick<Plan, 'samples' | 'cases' | 'thresholds'>): boolean {
  const [first, ...others] = plan.cases;
  return (
    plan.thresholds.baseline === undefined &&
    others.length === 0 &&
    first !== undefined &&
    samplesOf(plan, first) === 1
  );
}

export interface RequestPlan {
  readonly method: string;
  /**
   * Replaces the path of the scoring URI, query included; undefined keeps it. Without a slash at its start it is
   * relative: it replaces the last segment.
   */
  readonly path: string | undefined;
  /** As written; none of them is a header that the step sets itself. A secret comes from the environment. */
  readonly headers: Readonly<Record<string, string | Secret>>;
  readonly contentType: string | undefined;
  readonly body: RequestBody;
}

export type RequestBody =
  /** Sent in turn, byte for byte; a case with one body sends it with every request. */
  | {
      readonly kind: 'bytes';
      readonly bodies: ByteTexts;
      readonly origin: string;
      /** Where the body at a place stands in the file of which each line is one, from 1. */
      readonly lineAt?: (at: number) => number;
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

/** A script of the user's own. */
export interface CheckExpectation {
  readonly script: string;
  /** Of one run of the script. */
  readonly timeoutMs: number;
  /** Where it runs; undefined: where the step does. Absolute. */
  readonly folder?: string | undefined;
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

export interface CaseThresholds {
  /** Undefined: the run's counts for it too. */
  readonly successRate: number | undefined;
  readonly latencyMs: Thresholds['latencyMs'];
  /** Multiples of the latencies of the run's baseline in this case. */
  readonly ratios: Baseline['ratios'];
}

/** What the candidate's latencies are compared with. */
export type Baseline = (DeploymentBaseline | ReportBaseline) & {
  /** Limit of the candidate's latency as a multiple of the baseline's. */
  readonly ratios: Readonly<Partial<Record<LatencyName, number>>>;
};

/** Another deployment, which gets requests in turn with the one under test. */
export interface DeploymentBaseline {
  readonly from: 'deployment';
  /** Its name, or `live` until it is known: whatever serves most, other than the candidate. */
  readonly deployment: string;
}

/** What an earlier run measured. */
export interface ReportBaseline {
  readonly from: 'report';
  /** The path of its report.json. */
  readonly origin: string;
  /** By the name of a case: what was measured of its good requests, in milliseconds. */
  readonly cases: ReadonlyMap<string, ReportedTimes>;
}

export interface ReportedTimes {
  readonly latencyMs: readonly number[];
  /** None when the case was not a stream. */
  readonly firstEventMs: readonly number[];
}

/** Whether nothing that is measured of the baseline decides: then its state does not, either. */
export function isBaselineAdvisory({
  thresholds,
  advisory,
  cases,
}: Pick<Plan, 'thresholds' | 'advisory' | 'cases'>): boolean {
  if (thresholds.baseline === undefined) return false;
  const own = cases.flatMap((each) => names(`${each.name} / `, each.thresholds?.ratios ?? {}));
  return [...names('', thresholds.baseline.ratios), ...own].every((name) => advisory.includes(name));
}

function names(prefix: string, ratios: Baseline['ratios']): readonly string[] {
  return Object.keys(ratios).map((name) => `${prefix}baseline.${name}`);
}

/** Whether a request of a case may fail. */
export function toleratesFailures(
  { thresholds, advisory }: Pick<Plan, 'thresholds' | 'advisory'>,
  { name, thresholds: own }: Pick<Case, 'name' | 'thresholds'>,
): boolean {
  if (own?.successRate !== undefined)
    return own.successRate < 1 || advisory.includes(`${name} / success-rate`);
  return thresholds.successRate < 1 || advisory.includes('success-rate');
}
