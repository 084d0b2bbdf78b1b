import type {
  CaseFailure,
  CaseResult,
  LatencySummary,
  Sample,
  SmokeTestResult,
  ThresholdResult,
} from '../smoke-test/result.ts';
import { NAME, VERSION } from '../version.ts';
import { distinctNames } from './distinct-names.ts';
import { lineOf, linesOf } from './markup.ts';
import { answeredBy, cautions } from './phrases.ts';
import { isTested, type Report } from './report.ts';

const LONGEST_NAME = 200;
const MOST_MISMATCHES = 100;
const MOST_DEPLOYMENTS = 100;

/**
 * The report for programs, as `report.schema.json` describes it. Numbers are not rounded, so that a reader
 * finds the same percentiles and, with the seed, the same intervals. What is unknown is left out.
 * @returns it in pieces: hundreds of thousands of requests make a long text
 */
export function* jsonReport({ endpoint, authMode, result }: Report): Generator<string> {
  const { address } = endpoint;
  const tested = isTested(result);
  const answered = [...answeredBy(result)];
  const caseNames = distinctNames(
    result.cases.map(({ name }) => name),
    (name) => lineOf(name, LONGEST_NAME),
  );
  const document = {
    version: 1,
    tool: { name: NAME, version: VERSION },
    verdict: result.verdict,
    message: result.message === undefined ? undefined : linesOf(result.message).join('\n'),
    'started-at': result.startedAt.toISOString(),
    'duration-ms': result.durationMs,
    endpoint: {
      name: lineOf(address.name, LONGEST_NAME),
      workspace: optional(address.workspace, LONGEST_NAME),
      'resource-group': optional(address.resourceGroup, LONGEST_NAME),
      'subscription-id': optional(address.subscriptionId, LONGEST_NAME),
      id: optional(endpoint.id, 1_000),
      location: optional(endpoint.location, LONGEST_NAME),
      'auth-mode': authMode,
      'scoring-uri': optional(endpoint.scoringUri, 1_000),
      traffic: endpoint.traffic && byName(Object.entries(endpoint.traffic)),
    },
    deployment: optional(result.deployment, LONGEST_NAME),
    'baseline-deployment': optional(result.baselineDeployment, LONGEST_NAME),
    'answered-by': answered.length < 2 ? undefined : byName(answered.slice(0, MOST_DEPLOYMENTS)),
    ...(tested
      ? {
          samples: result.samplesPerCase,
          concurrency: result.concurrency,
          'open-loop': openLoop(result),
          'loop-delay-ms': result.loopDelayMs,
          seed: result.seed,
          'warm-up': { ms: result.warmUp.ms, requests: result.warmUp.requests },
        }
      : {}),
    'connect-ms': finite(result.connectMs),
    'status-code': result.statusCode,
    latency: latency(result.latency),
    'baseline-latency': latency(result.baselineLatency),
    warnings: warningsOf(result),
    thresholds: result.thresholds.map(threshold),
    cases: result.cases.map((one, index) => caseResult(one, caseNames[index] ?? '')),
  };
  const reasons = new Map<string, string>();
  const head = JSON.stringify(document, undefined, 2).replace(/\n\}$/, '');
  yield `${head},\n  "measurements": [`;
  const { samples } = result;
  for (let start = 0; start < samples.length; start += PIECE) {
    const lines = samples
      .slice(start, start + PIECE)
      .map((one) => `\n    ${JSON.stringify(sampleOf(one, reasons))}`);
    yield `${lines.join()}${start + PIECE < samples.length ? ',' : '\n  '}`;
  }
  yield ']\n}\n';
}

/** How many requests are written at once: a longer text would not be among what is young, and stay for long. */
const PIECE = 200;

function warningsOf(result: SmokeTestResult): readonly string[] | undefined {
  const warnings = cautions(result).map((warning) => lineOf(warning, 1_000));
  return warnings.length === 0 ? undefined : warnings;
}

function openLoop({ openLoop: loop }: SmokeTestResult) {
  return (
    loop && {
      'per-second': loop.perSecond,
      'duration-ms': loop.durationMs,
      waited: loop.waited,
      'longest-wait-ms': loop.longestWaitMs,
    }
  );
}

/** Numbers by the names of deployments, which are remote text. */
function byName(entries: readonly (readonly [string, number])[]): Readonly<Record<string, number>> {
  return Object.fromEntries(entries.map(([name, number]) => [lineOf(name, LONGEST_NAME), number]));
}

function threshold(result: ThresholdResult) {
  const { name, unit, measured, limit, met, advisory, interval, note } = result;
  return {
    name: lineOf(name, LONGEST_NAME),
    unit,
    measured: finite(measured),
    limit,
    met,
    advisory,
    interval: interval?.every(Number.isFinite) ? interval : undefined,
    note: optional(note, 1_000),
  };
}

function caseResult({ measured, passed, failure, ...latencies }: CaseResult, name: string) {
  return {
    name,
    measured,
    passed,
    latency: latency(latencies.latency),
    'first-event': latency(latencies.firstEvent),
    'baseline-latency': latency(latencies.baseline),
    failure: failure === undefined ? undefined : caseFailure(failure),
  };
}

function caseFailure({ target, request, message, mismatches, sameWay, failed, measured }: CaseFailure) {
  return {
    target,
    request,
    message: linesOf(message).join('\n'),
    mismatches: mismatches
      .slice(0, MOST_MISMATCHES)
      .map(({ at, wanted, got }) => ({ at: lineOf(at), wanted: lineOf(wanted), got: lineOf(got) })),
    'same-way': sameWay,
    failed,
    measured,
  };
}

/** @param reasons texts made safe already, by their original: many requests fail for the same reason */
function sampleOf(one: Sample, reasons: Map<string, string>) {
  const known = (text: string | undefined): string | undefined => {
    if (text === undefined) return undefined;
    const safe = reasons.get(text) ?? lineOf(text);
    reasons.set(text, safe);
    return safe;
  };
  return {
    case: one.caseIndex,
    target: one.target,
    'started-at-ms': one.startedAtMs,
    'latency-ms': one.latencyMs,
    'first-event-ms': finite(one.firstEventMs),
    'longest-gap-ms': finite(one.longestGapMs),
    'waited-ms': one.waitedMs,
    line: one.line,
    outcome: one.outcome,
    'timed-out': one.timedOut,
    status: one.status,
    bytes: one.bytes,
    sha256: one.sha256,
    deployment: known(one.deployment),
    'request-id': lineOf(one.requestId, LONGEST_NAME),
    reason: known(one.reason),
  };
}

function latency(summary: LatencySummary | undefined) {
  if (summary === undefined) return undefined;
  const { count, min, mean, p50, p90, p95, p99, max } = summary;
  return {
    count,
    'min-ms': min,
    'mean-ms': mean,
    'p50-ms': p50,
    'p90-ms': p90,
    'p95-ms': p95,
    'p99-ms': p99,
    'max-ms': max,
  };
}

function optional(text: string | undefined, maxLength: number): string | undefined {
  return text === undefined ? undefined : lineOf(text, maxLength);
}

/** Undefined for an infinite number, which a ratio may be and JSON does not have. */
function finite(value: number | undefined): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}
