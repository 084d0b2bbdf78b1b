import { type FindMismatches, type Judgement, judgeExchange } from '../judge/judge.ts';
import { type Case, NO_EXPECTATIONS, type Plan } from '../plan/plan.ts';
import type { StreamSummary } from '../request/event-stream.ts';
import type { Exchange, Reply } from '../request/exchange.ts';
import { deploymentNamedBy } from '../request/reply-headers.ts';
import type { TargetName } from '../request/scoring-request.ts';
import type { SendRequest } from '../request/sender.ts';
import type { Sample } from '../result.ts';

/** The first bad request of a case and target, with its whole exchange. */
export interface FirstBad {
  readonly caseIndex: number;
  readonly target: TargetName;
  /** 1 for the case's first measured request. */
  readonly request: number;
  readonly exchange: Exchange;
  readonly judgement: Judgement;
}

export interface Measured {
  readonly samples: readonly Sample[];
  readonly firstBad: readonly FirstBad[];
  /** The first measured reply of the candidate. */
  readonly firstReply: { readonly caseIndex: number; readonly reply: Reply } | undefined;
  /** Of the first new connection. */
  readonly connectMs: number | undefined;
  /** What stopped the measuring early, because all further requests would fail too: a refused credential, for example. */
  readonly stoppedBy: FirstBad | undefined;
}

/** Called after every request. */
export type Progress = (done: number, of: number, samples: readonly Sample[]) => void;

/**
 * Measures every case in a closed loop: each of `concurrency` workers sends its next request when it has the reply to
 * the one before. With a baseline, each worker sends each request to both deployments, so that what changes over time
 * affects both; the order alternates.
 */
export async function measure(
  { cases, samples: samplesPerCase, concurrency, thresholds }: Plan,
  send: SendRequest,
  findMismatches: FindMismatches,
  progress: Progress,
): Promise<Measured> {
  const targets: readonly TargetName[] =
    thresholds.baseline === undefined ? ['candidate'] : ['candidate', 'baseline'];
  const of = cases.length * samplesPerCase * targets.length;
  const samples: Sample[] = [];
  const firstBad = new Map<string, FirstBad>();
  let firstReply: Measured['firstReply'];
  let stoppedBy: FirstBad | undefined;
  let connectMs: number | undefined;
  const beganAt = performance.now();

  async function sample(target: TargetName, each: Case, caseIndex: number, index: number): Promise<void> {
    const startedAtMs = performance.now() - beganAt;
    const { exchange, stream } = await send(target, each, index);
    const judgement = judgeExchange(exchange, stream, expectationsOf(target, each), findMismatches);
    samples.push(sampleOf(caseIndex, target, startedAtMs, exchange, stream, judgement));
    // A refusal by the front door is not the model's reply.
    if (target === 'candidate' && exchange.kind === 'reply' && judgement.outcome !== 'unanswered') {
      firstReply ??= { caseIndex, reply: exchange };
    }
    connectMs ??= exchange.connectMs;
    if (judgement.outcome !== 'passed') {
      const bad = { caseIndex, target, request: index + 1, exchange, judgement };
      const key = `${caseIndex} ${target}`;
      if (!firstBad.has(key)) firstBad.set(key, bad);
      if (judgement.row?.measured === 'error') stoppedBy ??= bad;
    }
    progress(samples.length, of, samples);
  }

  for (const [caseIndex, each] of cases.entries()) {
    let next = 0;
    const work = async (): Promise<void> => {
      while (next < samplesPerCase && stoppedBy === undefined) {
        const index = next++;
        const order = index % 2 === 0 ? targets : [...targets].reverse();
        for (const target of order) await sample(target, each, caseIndex, index);
      }
    };
    await Promise.all(Array.from({ length: Math.min(concurrency, samplesPerCase) }, work));
  }
  return {
    samples,
    firstBad: [...firstBad.values()],
    firstReply,
    connectMs,
    stoppedBy,
  };
}

/**
 * The baseline's model may rightly reply something else than the case expects of the candidate. So the baseline is only
 * expected to reply with the right status and form, for its latencies to be compared.
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

function sampleOf(
  caseIndex: number,
  target: TargetName,
  startedAtMs: number,
  exchange: Exchange,
  stream: StreamSummary | undefined,
  { outcome, row, reason }: Judgement,
): Sample {
  const reply = exchange.kind === 'reply' ? exchange : undefined;
  return {
    caseIndex,
    target,
    startedAtMs,
    latencyMs: exchange.latencyMs,
    firstEventMs: stream?.firstEventMs,
    outcome,
    timedOut: exchange.kind === 'timeout',
    inconclusive: row?.measured === 'inconclusive',
    status: reply?.status,
    bytes: reply?.bytes ?? 0,
    sha256: reply?.sha256,
    deployment: reply && deploymentNamedBy(reply),
    requestId: exchange.requestId,
    reason,
  };
}
