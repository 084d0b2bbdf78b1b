import { setImmediate } from 'node:timers/promises';
import { expectationsFor } from '../judge/expectations-for.ts';
import { type FindMismatches, type Judgement, judgeByTable, judgeExchange, PASSED } from '../judge/judge.ts';
import { sameAnswerKey } from '../judge/same-answer.ts';
import { type Case, isBaselineAdvisory, type Plan } from '../plan/plan.ts';
import type { StreamSummary } from '../request/event-stream.ts';
import type { Exchange, Reply } from '../request/exchange.ts';
import type { TargetName } from '../request/scoring-request.ts';
import type { BadLine, FirstBad } from './first-bad.ts';
import type { Measurement, SampleColumns } from './samples.ts';

/** A request that is over. */
export interface Answered {
  readonly target: TargetName;
  readonly case: Case;
  readonly caseIndex: number;
  /** Of the request within its case, from 0. */
  readonly index: number;
  readonly measurement: Measurement;
  readonly exchange: Exchange;
  readonly stream: StreamSummary | undefined;
}

/** What becomes of the replies that were measured. */
export interface Judging {
  /** Takes a reply. It is quick: other requests may be timed meanwhile. */
  take(answered: Answered): void;
  /**
   * Judges all that wait, and what comes meanwhile.
   * @param elsewhere in another thread, because requests are being timed
   */
  judgeWaiting(elsewhere: boolean): Promise<void>;
  /** How much memory the replies take that wait to be judged. */
  readonly heldBytes: () => number;
  /** Which deployments are still asked; none when the measuring is to end. */
  readonly targets: () => readonly TargetName[];
  /** Requests to the candidate that are known to be bad. */
  readonly badCount: () => number;
  readonly found: () => Found;
}

export interface Found {
  readonly firstBad: readonly FirstBad[];
  readonly firstReply: { readonly caseIndex: number; readonly reply: Reply } | undefined;
  readonly goodReplies: ReadonlyMap<number, Reply>;
  readonly stoppedBy: FirstBad | undefined;
}

/** A sample without its judgement, and its reply. */
interface Waiting {
  readonly at: number;
  readonly target: TargetName;
  readonly key: string | undefined;
  readonly answered: Answered;
  /** Undefined: the reply's content decides. */
  readonly byTable: Judgement | undefined;
  /** Places of the later samples whose replies are judged alike. They may be many, so nothing else is held of them. */
  readonly twins: number[];
}

/** Of a reply of an advisory baseline that came with one that could not be judged. */
const LEFT_OUT: Judgement = { outcome: 'unanswered', row: undefined, mismatches: [], reason: 'not judged' };

/** How long judging may go on without a look at anything else, such as a signal. */
const UNINTERRUPTED_MS = 50;

/** What an exchange takes besides its body. */
export const EXCHANGE_BYTES = 4_096;

/** Most replies of which the judgement is remembered from one time to the next. */
const MOST_REMEMBERED = 10_000;

/** Most bad lines of a case whose judgement is kept. */
const MOST_LINES = 100;

export function createJudging(plan: Plan, columns: SampleColumns, findMismatches: FindMismatches): Judging {
  const { thresholds, check } = plan;
  const baselineDecides = !isBaselineAdvisory(plan);
  let targets: readonly TargetName[] =
    thresholds.baseline?.from === 'deployment' ? ['candidate', 'baseline'] : ['candidate'];
  let isStopping = false;
  let waiting: Waiting[] = [];
  let heldBytes = 0;
  let badCount = 0;
  let judging: Promise<void> | undefined;
  const judged = new Map<string, Judgement>();
  const waitingByKey = new Map<string, Waiting>();
  const firstBad = new Map<string, FirstBad & { readonly lines: BadLine[] }>();
  const goodReplies = new Map<number, Reply>();
  let firstReply: Found['firstReply'];
  let stoppedBy: FirstBad | undefined;

  /** All further requests to this deployment would end so, too. */
  function stopAsking(target: TargetName): void {
    if (target === 'candidate' || baselineDecides) isStopping = true;
    else targets = ['candidate'];
  }

  function keyOf({
    target,
    case: own,
    caseIndex,
    measurement,
    exchange,
    stream,
  }: Answered): string | undefined {
    const key = sameAnswerKey(exchange, stream, own.expect);
    if (key === undefined) return undefined;
    // Each line may have an expected answer of its own, and is named when its answer is bad.
    const line = target === 'candidate' ? (measurement.line ?? 0) : 0;
    return `${caseIndex} ${target} ${line} ${key}`;
  }

  function take(answered: Answered): void {
    const { target, exchange } = answered;
    const byTable = judgeByTable(exchange, answered.case.expect);
    if (byTable?.row?.measured === 'error') stopAsking(target);
    const at = columns.add(answered.measurement, byTable ?? PASSED);
    const key = byTable === undefined ? keyOf(answered) : undefined;
    const known = key === undefined ? undefined : judged.get(key);
    if (known !== undefined) {
      settle(at, answered.target, known);
      return;
    }
    const twin = key === undefined ? undefined : waitingByKey.get(key);
    if (twin !== undefined) {
      twin.twins.push(at);
      return;
    }
    const own = { at, target, key, byTable, answered, twins: [] };
    if (key !== undefined) waitingByKey.set(key, own);
    waiting.push(own);
    heldBytes += sizeOf(exchange);
  }

  function settle(at: number, target: TargetName, judgement: Judgement): void {
    if (judgement === PASSED) return;
    columns.judge(at, judgement);
    if (target === 'candidate' && judgement.outcome !== 'passed') badCount += 1;
  }

  async function judgeAll(elsewhere: boolean): Promise<void> {
    let lookedUpAt = performance.now();
    // The list may grow meanwhile.
    for (let each = waiting.shift(); each !== undefined; each = waiting.shift()) {
      // Nothing decides any more, and each could take as long as the one that could not be judged.
      if (stoppedBy?.judgement.isUnjudged) {
        columns.cut(each.at);
        break;
      }
      const judgement = await judgeOne(each, elsewhere);
      if (each.key !== undefined) waitingByKey.delete(each.key);
      for (const twin of each.twins) settle(twin, each.target, judgement);
      heldBytes -= sizeOf(each.answered.exchange);
      if (performance.now() - lookedUpAt < UNINTERRUPTED_MS) continue;
      await setImmediate();
      lookedUpAt = performance.now();
    }
    waiting = [];
    waitingByKey.clear();
    heldBytes = 0;
    if (judged.size > MOST_REMEMBERED) judged.clear();
  }

  async function judgeOne({ at, key, byTable, answered }: Waiting, elsewhere: boolean): Promise<Judgement> {
    const { target, case: own, index, exchange, stream } = answered;
    const judgement =
      byTable ??
      (targets.includes(target)
        ? await judgeExchange(
            exchange,
            stream,
            expectationsFor(target, own, index),
            findMismatches,
            elsewhere,
          )
        : LEFT_OUT);
    settle(at, target, judgement);
    if (key !== undefined && judgement !== LEFT_OUT) judged.set(key, judgement);
    if (target === 'candidate' && exchange.kind === 'reply')
      keepReply(answered.caseIndex, exchange, judgement);
    if (judgement.outcome !== 'passed' && judgement !== LEFT_OUT) keepBad(answered, judgement);
    return judgement;
  }

  function keepReply(caseIndex: number, reply: Reply, { outcome }: Judgement): void {
    // A refusal by the front door is not the model's reply.
    if (outcome !== 'unanswered') firstReply ??= { caseIndex, reply };
    if (check !== undefined && outcome === 'passed' && !goodReplies.has(caseIndex))
      goodReplies.set(caseIndex, reply);
  }

  function keepBad(
    { caseIndex, target, index, exchange, measurement }: Answered,
    judgement: Judgement,
  ): void {
    const key = `${caseIndex} ${target}`;
    const bad = { caseIndex, target, request: index + 1, exchange, judgement, lines: [] as BadLine[] };
    const first = firstBad.get(key) ?? bad;
    firstBad.set(key, first);
    const { line } = measurement;
    if (
      line !== undefined &&
      first.lines.length < MOST_LINES &&
      first.lines.every((each) => each.line !== line)
    )
      first.lines.push({ line, judgement });
    if (judgement.row?.measured !== 'error' && !judgement.isUnjudged) return;
    stopAsking(target);
    if (!isStopping || stoppedBy !== undefined) return;
    stoppedBy = bad;
    firstBad.set(key, bad);
  }

  return {
    take,
    async judgeWaiting(elsewhere) {
      while (judging !== undefined) await judging;
      judging = judgeAll(elsewhere);
      try {
        await judging;
      } finally {
        judging = undefined;
      }
    },
    heldBytes: () => heldBytes,
    targets: () => (isStopping ? [] : targets),
    badCount: () => badCount,
    found: () => ({ firstBad: [...firstBad.values()], firstReply, goodReplies, stoppedBy }),
  };
}

function sizeOf(exchange: Exchange): number {
  return EXCHANGE_BYTES + (exchange.kind === 'reply' ? (exchange.body?.length ?? 0) : 0);
}
