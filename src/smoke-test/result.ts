import type { Mismatch } from './plan/plan.ts';
import type { Verdict } from './verdict/status-table.ts';

/** One measured request. */
export interface Sample {
  /** Index of the case in the plan. */
  readonly caseIndex: number;
  readonly target: 'candidate' | 'baseline';
  /** Since the first measured request of the run. */
  readonly startedAtMs: number;
  /** From the first byte written to the last byte read, on a warm connection. */
  readonly latencyMs: number;
  /** Streams: from the first byte written to the first event. */
  readonly firstEventMs: number | undefined;
  readonly outcome: 'passed' | 'failed' | 'unanswered';
  /** Ended by the timeout: it took `latencyMs` at least. */
  readonly timedOut: boolean;
  /** Throttled or not ready: it says nothing about the model. */
  readonly inconclusive: boolean;
  readonly status: number | undefined;
  /** Bytes of the body as it came. */
  readonly bytes: number;
  /** SHA-256 of the body as it came, in hex; undefined when no whole body came. */
  readonly sha256: string | undefined;
  /** The deployment that answered, remote text. */
  readonly deployment: string | undefined;
  readonly requestId: string;
  /** Why it did not pass, in words that compare: the same cause has the same words. Remote text. */
  readonly reason: string | undefined;
}

/** The first bad request of a case, and how many more failed the same way. */
export interface CaseFailure {
  readonly caseIndex: number;
  readonly target: 'candidate' | 'baseline';
  /** 1 for the case's first measured request. */
  readonly request: number;
  /** What was seen, for a person; remote text in it is defused. */
  readonly seen: string;
  /** The same with the case, the request and how many failed, where there are several. */
  readonly message: string;
  readonly mismatches: readonly Mismatch[];
  /** How many of the case's requests failed with the same reason, this one included. */
  readonly sameWay: number;
  readonly failed: number;
  readonly measured: number;
}

/** One threshold of the plan with what was measured. */
export interface ThresholdResult {
  /** `success-rate`, `p95`, `baseline.p95`. */
  readonly name: string;
  /** A share, milliseconds, or a ratio. */
  readonly unit: 'share' | 'ms' | 'ratio';
  readonly measured: number | undefined;
  readonly limit: number;
  readonly met: boolean;
  readonly advisory: boolean;
  /** 95 % bootstrap interval of a ratio. */
  readonly interval?: readonly [number, number];
  /** Too few samples to hold the percentile, or too few to settle a ratio: a sentence for a person. */
  readonly note?: string;
}

/** Percentiles of latencies, in milliseconds. */
export interface LatencySummary {
  readonly count: number;
  readonly min: number;
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

export interface CaseResult {
  readonly name: string;
  readonly measured: number;
  readonly passed: number;
  readonly latency: LatencySummary | undefined;
  readonly firstEvent: LatencySummary | undefined;
  readonly baseline: LatencySummary | undefined;
  readonly failure: CaseFailure | undefined;
}

/** All that a report tells of the smoke test. */
export interface SmokeTestResult {
  readonly verdict: Verdict;
  /** Why, when it is not `passed`; for a person, remote text in it is defused. */
  readonly message: string | undefined;
  /** The deployment that was asked for, or the one that answered; remote text. */
  readonly deployment: string | undefined;
  readonly baselineDeployment: string | undefined;
  readonly startedAt: Date;
  readonly samplesPerCase: number;
  readonly concurrency: number;
  readonly seed: number;
  /** Time until the first usable answer, and how many requests that took. */
  readonly warmUp: { readonly ms: number; readonly requests: number };
  /** Making a new connection: look-up, TCP and TLS. */
  readonly connectMs: number | undefined;
  readonly durationMs: number;
  readonly cases: readonly CaseResult[];
  readonly thresholds: readonly ThresholdResult[];
  readonly samples: readonly Sample[];
  /** Of the candidate's requests that say how fast it is; see latencies.ts. */
  readonly latency: LatencySummary | undefined;
  readonly baselineLatency: LatencySummary | undefined;
  /** Status of the first measured answer; when the verdict is not `passed`, of the first bad one. */
  readonly statusCode: number | undefined;
}
