import { type FindMismatches, type Judgement, judgeExchange } from '../judge/judge.ts';
import { type Case, NO_EXPECTATIONS, type Plan } from '../plan/plan.ts';
import type { StreamSummary } from '../request/event-stream.ts';
import type { Exchange, Reply } from '../request/score.ts';
import type { Sample } from '../result.ts';

export type TargetName = Sample['target'];

/** What one request brought. */
export interface SentRequest {
  readonly exchange: Exchange;
  /** Of a case that expects a stream. */
  readonly stream: StreamSummary | undefined;
}

/** Sends the `index`th request of a case. Never throws. */
export type SendRequest = (target: TargetName, each: Case, index: number) => Promise<SentRequest>;

/** The first bad request of a case and target, kept whole. */
export interface FirstBad {
  readonly caseIndex: number;
  readonly target: TargetName;
  /** 1 for the case's first measured request. */
  readonly request: number;
  readonly exchange: Exchange;
  readonly examined: Judgement;
}

export interface Measured {
  readonly samples: readonly Sample[];
  readonly firstBad: readonly FirstBad[];
  /** The first measured answer of the candidate. */
  readonly firstReply: { readonly caseIndex: number; readonly answer: Reply } | undefined;
  /** Of the first new connection. */
  readonly connectMs: number | undefined;
  /** Set when measuring on would have been in vain: the credential is refused, say. */
  readonly stoppedBy: FirstBad | undefined;
}

/** Told after every request, for a line of progress now and then. */
export type Progress = (done: number, of: number, measurements: readonly Sample[]) => void;

/**
 * Measures every case in a closed loop: each of `concurrency` workers sends its next request when it has the
 * answer to the one before. With a baseline each worker asks both deployments in turn, so that what changes
 * over time hits both; who comes first changes with each pair.
 */
export async function measure(
  { cases, samples, concurrency, thresholds }: Plan,
  ask: SendRequest,
  findMismatches: FindMismatches,
  progress: Progress,
): Promise<Measured> {
  const targets: readonly TargetName[] =
    thresholds.baseline === undefined ? ['candidate'] : ['candidate', 'baseline'];
  const of = cases.length * samples * targets.length;
  const measurements: Sample[] = [];
  const firstBad = new Map<string, FirstBad>();
  let firstAnswer: Measured['firstReply'];
  let stoppedBy: FirstBad | undefined;
  let connectMs: number | undefined;
  const beganAt = performance.now();

  async function one(target: TargetName, each: Case, caseIndex: number, index: number): Promise<void> {
    const startedAtMs = performance.now() - beganAt;
    const { exchange, stream } = await ask(target, each, index);
    const examined = judgeExchange(exchange, stream, expectationsOf(target, each), findMismatches);
    measurements.push(measurementOf(caseIndex, target, startedAtMs, exchange, stream, examined));
    // The front door's refusal is no answer of the model's.
    if (target === 'candidate' && exchange.kind === 'reply' && examined.outcome !== 'unanswered') {
      firstAnswer ??= { caseIndex, answer: exchange };
    }
    connectMs ??= exchange.connectMs;
    if (examined.outcome !== 'passed') {
      const bad = { caseIndex, target, request: index + 1, exchange, examined };
      const key = `${caseIndex} ${target}`;
      if (!firstBad.has(key)) firstBad.set(key, bad);
      if (examined.row?.measured === 'error') stoppedBy ??= bad;
    }
    progress(measurements.length, of, measurements);
  }

  for (const [caseIndex, each] of cases.entries()) {
    let next = 0;
    const work = async (): Promise<void> => {
      while (next < samples && stoppedBy === undefined) {
        const index = next++;
        const order = index % 2 === 0 ? targets : [...targets].reverse();
        for (const target of order) await one(target, each, caseIndex, index);
      }
    };
    await Promise.all(Array.from({ length: Math.min(concurrency, samples) }, work));
  }
  return {
    samples: measurements,
    firstBad: [...firstBad.values()],
    firstReply: firstAnswer,
    connectMs,
    stoppedBy,
  };
}

/**
 * The case says what the deployment under test must answer. The baseline, whose model may rightly say something
 * else, must answer as such: its latencies are compared, and nothing else.
 */
function expectationsOf(target: TargetName, { expect }: Case): Case['expect'] {
  if (target === 'candidate') return expect;
  const { status, contentType, schema, stream } = expect;
  return {
    ...NO_EXPECTATIONS,
    status,
    contentType,
    schema,
    stream: stream && { ...stream, firstEventMs: undefined },
  };
}

function measurementOf(
  caseIndex: number,
  target: TargetName,
  startedAtMs: number,
  exchange: Exchange,
  stream: StreamSummary | undefined,
  { outcome, row, reason }: Judgement,
): Sample {
  const answer = exchange.kind === 'reply' ? exchange : undefined;
  return {
    caseIndex,
    target,
    startedAtMs,
    latencyMs: exchange.latencyMs,
    firstEventMs: stream?.firstEventMs,
    outcome,
    timedOut: exchange.kind === 'timeout',
    inconclusive: row?.measured === 'inconclusive',
    status: answer?.status,
    bytes: answer?.bytes ?? 0,
    sha256: answer?.sha256,
    deployment: answer?.headers['azureml-model-deployment'],
    requestId: exchange.requestId,
    reason,
  };
}
