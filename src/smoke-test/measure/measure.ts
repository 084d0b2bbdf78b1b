import { setImmediate } from 'node:timers/promises';
import { type FindMismatches, type Judgement, judgeByTable, judgeExchange, PASSED } from '../judge/judge.ts';
import { type Case, isBaselineAdvisory, NO_EXPECTATIONS, type Plan, samplesOf } from '../plan/plan.ts';
import type { StreamSummary } from '../request/event-stream.ts';
import type { Exchange, Reply } from '../request/exchange.ts';
import { deploymentNamedBy } from '../request/reply-headers.ts';
import type { TargetName } from '../request/scoring-request.ts';
import type { SendRequest } from '../request/sender.ts';
import type { Sample } from '../result.ts';
import { createGaps } from './gaps.ts';

/** The first bad request of a case and target, or the one that stopped the measuring, with its whole exchange. */
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
  /** The candidate's first good reply to each case by its index; only for a plan with a script that checks them. */
  readonly goodReplies: ReadonlyMap<number, Reply>;
  /** Of the first new connection. */
  readonly connectMs: number | undefined;
  /**
   * What stopped the measuring early, because all further requests would end so, too: a refused credential, or a reply
   * that could not be judged.
   */
  readonly stoppedBy: FirstBad | undefined;
}

/** Called after every request. */
export type Progress = (done: number, of: number, samples: readonly Sample[]) => void;

/** A request that is over, and on which there is no judgement yet. */
interface Waiting {
  /** Where its sample is in the list. */
  readonly at: number;
  readonly target: TargetName;
  readonly case: Case;
  readonly caseIndex: number;
  readonly request: number;
  readonly startedAtMs: number;
  readonly exchange: Exchange;
  readonly stream: StreamSummary | undefined;
  /** Undefined: the reply's content decides. */
  readonly byTable: Judgement | undefined;
}

/** Of a reply of an advisory baseline that came with one that could not be judged. */
const LEFT_OUT: Judgement = { outcome: 'unanswered', row: undefined, mismatches: [], reason: 'not judged' };

/** How long judging may go on without a look at anything else, such as a signal. */
const UNINTERRUPTED_MS = 50;

/**
 * Measures every case in a closed loop: each of `concurrency` workers sends its next request when it has the reply to
 * the one before. With a baseline, each worker sends each request to both deployments, so that what changes over time
 * affects both; the order alternates. Replies are judged while no request is under way; see gaps.ts.
 */
export async function measure(
  plan: Plan,
  send: SendRequest,
  findMismatches: FindMismatches,
  progress: Progress,
): Promise<Measured> {
  const { cases, concurrency, thresholds, check } = plan;
  const baselineDecides = !isBaselineAdvisory(plan);
  let targets: readonly TargetName[] =
    thresholds.baseline === undefined ? ['candidate'] : ['candidate', 'baseline'];
  const of = targets.length * cases.reduce((sum, each) => sum + samplesOf(plan, each), 0);
  // Until its reply is judged, a sample is one that passed.
  const samples: Sample[] = [];
  let waiting: Waiting[] = [];
  const firstBad = new Map<string, FirstBad>();
  const goodReplies = new Map<number, Reply>();
  let firstReply: Measured['firstReply'];
  let stoppedBy: FirstBad | undefined;
  let isStopping = false;
  let connectMs: number | undefined;
  const beganAt = performance.now();
  const gaps = createGaps(judgeWaiting);

  async function sample(target: TargetName, each: Case, caseIndex: number, index: number): Promise<void> {
    const startedAtMs = performance.now() - beganAt;
    const { exchange, stream } = await send(target, each, index);
    const byTable = judgeByTable(exchange, expectationsOf(target, each));
    connectMs ??= exchange.connectMs;
    if (byTable?.row?.measured === 'error') stopAsking(target);
    const at = samples.length;
    const request = index + 1;
    waiting.push({ at, target, case: each, caseIndex, request, startedAtMs, exchange, stream, byTable });
    samples.push(sampleOf(caseIndex, target, startedAtMs, exchange, stream, byTable ?? PASSED));
    gaps.holds(exchange.kind === 'reply' ? (exchange.body?.length ?? 0) : 0);
    progress(samples.length, of, samples);
  }

  /** All further requests to this deployment would end so, too. */
  function stopAsking(target: TargetName): void {
    if (target === 'candidate' || baselineDecides) isStopping = true;
    else targets = ['candidate'];
  }

  async function judgeWaiting(): Promise<void> {
    let lookedUpAt = performance.now();
    for (const each of waiting) {
      // Nothing decides any more, and each could take as long as the one that could not be judged.
      if (stoppedBy?.judgement.isUnjudged) samples.length = Math.min(samples.length, each.at);
      else await settle(each);
      if (performance.now() - lookedUpAt < UNINTERRUPTED_MS) continue;
      await setImmediate();
      lookedUpAt = performance.now();
    }
    waiting = [];
  }

  async function settle({ at, target, case: own, caseIndex, request, ...each }: Waiting): Promise<void> {
    const { startedAtMs, exchange, stream, byTable } = each;
    const judgement =
      byTable ??
      (targets.includes(target)
        ? await judgeExchange(exchange, stream, expectationsOf(target, own), findMismatches)
        : LEFT_OUT);
    samples[at] = sampleOf(caseIndex, target, startedAtMs, exchange, stream, judgement);
    if (target === 'candidate' && exchange.kind === 'reply') {
      // A refusal by the front door is not the model's reply.
      if (judgement.outcome !== 'unanswered') firstReply ??= { caseIndex, reply: exchange };
      if (check !== undefined && judgement.outcome === 'passed' && !goodReplies.has(caseIndex)) {
        goodReplies.set(caseIndex, exchange);
      }
    }
    if (judgement.outcome === 'passed') return;
    if (judgement === LEFT_OUT) return;
    const bad = { caseIndex, target, request, exchange, judgement };
    const key = `${caseIndex} ${target}`;
    if (!firstBad.has(key)) firstBad.set(key, bad);
    if (judgement.row?.measured !== 'error' && !judgement.isUnjudged) return;
    stopAsking(target);
    if (!isStopping || stoppedBy !== undefined) return;
    stoppedBy = bad;
    firstBad.set(key, bad);
  }

  for (const [caseIndex, each] of cases.entries()) {
    const count = samplesOf(plan, each);
    let next = 0;
    const work = async (): Promise<void> => {
      while (next < count && !isStopping) {
        const index = next++;
        await gaps.enter();
        const order = index % 2 === 0 ? targets : [...targets].reverse();
        // What the gap brought to light may have stopped it.
        for (const target of isStopping ? [] : order) await sample(target, each, caseIndex, index);
        await gaps.leave();
      }
    };
    await Promise.all(Array.from({ length: Math.min(concurrency, count) }, work));
  }
  return {
    samples,
    firstBad: [...firstBad.values()],
    firstReply,
    goodReplies,
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
  const { status, contentType, schema, stream, body } = expect;
  return {
    ...NO_EXPECTATIONS,
    status,
    contentType,
    schema,
    body,
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
