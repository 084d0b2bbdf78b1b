import type { Verdict } from '../text/verdict.ts';
import type { Mismatch } from './plan/expectations.ts';
import type { TargetName } from './request/scoring-request.ts';

/** One measured request. */
export interface Sample {
  /** Index of the case in the plan. */
  readonly caseIndex: number;
  /** Of the request within its case, from 0. */
  readonly index: number;
  /** Of the file of which it sent a line, from 1. */
  readonly line: number | undefined;
  readonly target: TargetName;
  /** Since the first measured request of the run. */
  readonly startedAtMs: number;
  /** From the first byte written to the last byte read, on a warm connection; from when it was due, if it waited. */
  readonly latencyMs: number;
  /** Open loop: how long it waited for a place, from when it was due; undefined when it did not. */
  readonly waitedMs: number | undefined;
  /** Streams: from the first byte written to the first event. */
  readonly firstEventMs: number | undefined;
  /** Streams: the longest time between two events; undefined for fewer than two. */
  readonly longestGapMs: number | undefined;
  readonly outcome: 'passed' | 'failed' | 'unanswered';
  /** Ended by the timeout: it would have taken `latencyMs` or longer. */
  readonly timedOut: boolean;
  /** Throttled or not ready: it says nothing about the model. */
  readonly inconclusive: boolean;
  readonly status: number | undefined;
  /** Bytes of the body as it came. */
  readonly bytes: number;
  /** SHA-256 of the body as it came, in hex; undefined when no complete body came. */
  readonly sha256: string | undefined;
  /** The deployment that answered, remote text. */
  readonly deployment: string | undefined;
  readonly requestId: string;
  /** Why it did not pass; the same cause always has the same words, so that they can be counted. Remote text. */
  readonly reason: string | undefined;
}

/** The first bad request of a case, and how many failed the same way. */
export interface CaseFailure {
  readonly caseIndex: number;
  readonly target: TargetName;
  /** 1 for the case's first measured request. */
  readonly request: number;
  /** What happened, for a person; remote text in it is defused. */
  readonly seen: string;
  /** The same, with the case, the request and how many failed where there are several. */
  readonly message: string;
  readonly mismatches: readonly Mismatch[];
  /** The start of the reply, defused; undefined when none came or when it is not text. */
  readonly response?: string | undefined;
  /** Of a case that sends the lines of a file: what was wrong, by line; of no more than a hundred. Defused. */
  readonly lines?: ReadonlyMap<number, string>;
  /** How many of the case's requests failed with the same reason, this one included. */
  readonly sameWay: number;
  readonly failed: number;
  readonly measured: number;
}

/** One threshold of the plan with what was measured. */
export interface ThresholdResult {
  /** `success-rate`, `p95`, `baseline.p95`; `golden set / p95` when it is about a case. */
  readonly name: string;
  /** A share, milliseconds, or a ratio. */
  readonly unit: 'share' | 'ms' | 'ratio';
  readonly measured: number | undefined;
  readonly limit: number;
  readonly met: boolean;
  readonly advisory: boolean;
  /** Index of the case that it is about; undefined: the whole run. */
  readonly caseIndex?: number;
  /** It is missed, and no more than the runner itself may be the reason: that says nothing of the model. */
  readonly ofRunner?: true;
  /** 95 % bootstrap interval of a ratio. */
  readonly interval?: readonly [number, number];
  /** A sentence for a person when there are too few samples for the percentile, or to settle a ratio. */
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
  /** Measured requests that were planned; undefined: as many as of every other case. */
  readonly planned?: number | undefined;
  readonly measured: number;
  readonly passed: number;
  readonly latency: LatencySummary | undefined;
  readonly firstEvent: LatencySummary | undefined;
  /** Streams: the longest time between two events of one reply. */
  readonly longestGapMs: number | undefined;
  readonly baseline: LatencySummary | undefined;
  readonly failure: CaseFailure | undefined;
}

export interface ContainerLog {
  readonly container: string;
  /** Defused and capped, the last at the end. */
  readonly lines: readonly string[];
}

/** Everything that a report says about the smoke test. */
export interface SmokeTestResult {
  readonly verdict: Verdict;
  /** Why, when it is not `passed`; for a person, remote text in it is defused. */
  readonly message: string | undefined;
  /** The deployment that was asked for, or else the one that answered, if Azure lists it. */
  readonly deployment: string | undefined;
  readonly baselineDeployment: string | undefined;
  /** What a person should know, whatever the verdict is. */
  readonly warnings?: readonly string[];
  /** A sentence when the runner was too busy to measure such latencies. */
  readonly busyRunner?: string | undefined;
  /** The last lines of the containers' logs, of a test that did not pass; defused. */
  readonly containerLogs?: readonly ContainerLog[];
  readonly startedAt: Date;
  readonly samplesPerCase: number;
  /** Of an open loop; undefined: the next request was sent when the one before was back. */
  readonly openLoop?:
    | {
        readonly perSecond: number;
        readonly durationMs: number;
        /** Requests that waited for a place, and the longest wait. */
        readonly waited: number;
        readonly longestWaitMs: number;
      }
    | undefined;
  /** How long what came waited on average until this process had time for it, in milliseconds. */
  readonly loopDelayMs?: number | undefined;
  readonly concurrency: number;
  readonly seed: number;
  /** Time until the first usable reply, and how many requests that took. */
  readonly warmUp: { readonly ms: number; readonly requests: number };
  /** Opening a new connection: name look-up, TCP and TLS. */
  readonly connectMs: number | undefined;
  readonly durationMs: number;
  readonly cases: readonly CaseResult[];
  /** Index of the case whose request ended the test in its warm-up; the cases without a measured request were not sent. */
  readonly endedBy?: number | undefined;
  readonly thresholds: readonly ThresholdResult[];
  readonly samples: readonly Sample[];
  /** Of the candidate's requests that say how fast it is; see latencies.ts. */
  readonly latency: LatencySummary | undefined;
  readonly baselineLatency: LatencySummary | undefined;
  /** Status of the first measured reply; when the verdict is not `passed`, of the first bad one. */
  readonly statusCode: number | undefined;
}
