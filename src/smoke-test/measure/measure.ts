import type { FindMismatches } from '../judge/judge.ts';
import { type Case, type Plan, samplesOf } from '../plan/plan.ts';
import type { Reply } from '../request/exchange.ts';
import { deploymentNamedBy } from '../request/reply-headers.ts';
import type { TargetName } from '../request/scoring-request.ts';
import type { Sample } from '../result.ts';
import { closedLoop } from './closed-loop.ts';
import type { FirstBad } from './first-bad.ts';
import { type Answered, createJudging, type Judging } from './judging.ts';
import { createLoopDelayMonitor, type LoopDelay } from './loop-delay.ts';
import { openLoop } from './open-loop.ts';
import type { Places } from './places.ts';
import { createSampleColumns, type Measurement } from './samples.ts';

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
  /** Of this process, while requests were under way. */
  readonly loopDelay: LoopDelay | undefined;
  /** The most requests that were under way at once. */
  readonly mostUnderWay: number;
  /** How many could be, as the replies were so long. */
  readonly leastPlaces: number;
}

/** How far the measuring has come. */
export interface Tally {
  readonly done: number;
  readonly of: number;
  /** Requests to the candidate that are known to be bad. */
  readonly bad: number;
  readonly latest: (count: number) => readonly Sample[];
}

/** Called after every request. */
export type Progress = (tally: Tally) => void;

/** How much memory the replies may take that wait to be judged, in bytes. */
const MOST_HELD_BYTES = 128 * 2 ** 20;

/** In an open loop: so much is judged in another thread meanwhile. */
const HELD_BYTES_TO_JUDGE = 32 * 2 ** 20;

/**
 * Measures every case in turn: in a closed loop, or at the rate that the plan says. With a baseline, each request is sent
 * to both deployments, so that what changes over time affects both; their order alternates. Replies are judged while no
 * request is under way, or in another thread.
 */
export async function measure(
  plan: Plan,
  { send, count: places, least }: Places,
  findMismatches: FindMismatches,
  progress: Progress,
): Promise<Measured> {
  const { cases } = plan;
  const atMost = plan.thresholds.baseline?.from === 'deployment' ? 2 : 1;
  const of = atMost * cases.reduce((sum, each) => sum + samplesOf(plan, each), 0);
  const columns = createSampleColumns(of);
  const judging = createJudging(plan, columns, findMismatches);
  const monitor = createLoopDelayMonitor();
  const beganAt = performance.now();
  let connectMs: number | undefined;
  let mostUnderWay = 0;

  async function sample(target: TargetName, each: Case, caseIndex: number, index: number, waitedMs?: number) {
    const startedAtMs = performance.now() - beganAt - (waitedMs ?? 0);
    const { exchange, stream } = await send(target, each, index);
    connectMs ??= exchange.connectMs;
    const sent = { target, case: each, caseIndex, index, exchange, stream };
    judging.take({ ...sent, measurement: measurementOf(sent, startedAtMs, waitedMs) });
    progress({ done: columns.length, of, bad: judging.badCount(), latest: columns.latest });
  }

  async function work(): Promise<void> {
    monitor.stop();
    await judging.judgeWaiting(false);
    monitor.start();
  }

  for (const [caseIndex, each] of cases.entries()) {
    monitor.start();
    const count = samplesOf(plan, each);
    const own = { plan, each, caseIndex, count, judging, places, work };
    const most =
      plan.rate === undefined
        ? await closed(own, sample)
        : await open({ ...own, perSecond: plan.rate.perSecond }, sample);
    mostUnderWay = Math.max(mostUnderWay, most);
    monitor.stop();
  }
  return {
    samples: columns.rows(),
    connectMs,
    loopDelay: monitor.delay(),
    mostUnderWay,
    leastPlaces: least(),
    ...judging.found(),
  };
}

type SendSample = (
  target: TargetName,
  each: Case,
  caseIndex: number,
  index: number,
  waitedMs?: number,
) => Promise<void>;

interface CaseRun {
  readonly plan: Plan;
  readonly each: Case;
  readonly caseIndex: number;
  readonly count: number;
  readonly judging: Judging;
  readonly places: () => number;
  readonly work: () => Promise<void>;
}

function closed(
  { plan, each, caseIndex, count, judging, places, work }: CaseRun,
  sample: SendSample,
): Promise<number> {
  return closedLoop(count, plan.concurrency, {
    async send(index) {
      for (const target of inTurn(judging.targets(), index)) await sample(target, each, caseIndex, index);
    },
    isOver: () => judging.targets().length === 0,
    work,
    isFull: () => judging.heldBytes() >= MOST_HELD_BYTES,
    places,
  });
}

async function open(
  {
    plan,
    each,
    caseIndex,
    count,
    judging,
    places,
    work,
    perSecond,
  }: CaseRun & { readonly perSecond: number },
  sample: SendSample,
): Promise<number> {
  let background: Promise<void> | undefined;
  // Each deployment gets the whole rate: their requests alternate.
  const asked = judging.targets();
  const schedule = { count: count * asked.length, everyMs: 1_000 / (perSecond * asked.length) };
  const most = await openLoop(schedule, () => Math.min(plan.concurrency, places()), {
    async send(turn, waitedMs) {
      const index = Math.floor(turn / asked.length);
      const target = inTurn(asked, index)[turn % asked.length]!;
      if (!judging.targets().includes(target)) return;
      await sample(target, each, caseIndex, index, waitedMs);
      if (judging.heldBytes() < HELD_BYTES_TO_JUDGE) return;
      background ??= judging.judgeWaiting(true).finally(() => {
        background = undefined;
      });
      // More than this would fill the memory: the next requests wait, and their wait counts.
      if (judging.heldBytes() >= MOST_HELD_BYTES) await background;
    },
    isOver: () => judging.targets().length === 0,
    now: () => performance.now(),
  });
  await background;
  await work();
  return most;
}

/** The order alternates. */
function inTurn(targets: readonly TargetName[], index: number): readonly TargetName[] {
  return index % 2 === 0 ? targets : [...targets].reverse();
}

function measurementOf(
  { target, case: own, caseIndex, index, exchange, stream }: Omit<Answered, 'measurement'>,
  startedAtMs: number,
  waitedMs: number | undefined,
): Measurement {
  const reply = exchange.kind === 'reply' ? exchange : undefined;
  const firstEventMs = stream?.firstEventMs;
  return {
    caseIndex,
    index,
    target,
    startedAtMs,
    waitedMs,
    // A wait for a place counts from when the request was due.
    latencyMs: exchange.latencyMs + (waitedMs ?? 0),
    firstEventMs: firstEventMs === undefined ? undefined : firstEventMs + (waitedMs ?? 0),
    longestGapMs: stream !== undefined && stream.events > 1 ? stream.longestGapMs : undefined,
    line: lineOf(own, index),
    timedOut: exchange.kind === 'timeout',
    status: reply?.status,
    bytes: reply?.bytes ?? 0,
    sha256: reply?.sha256,
    deployment: reply && deploymentNamedBy(reply),
    requestId: exchange.requestId,
  };
}

/** The line of the file that was sent. */
function lineOf({ request: { body } }: Case, index: number): number | undefined {
  return body.kind === 'bytes' ? body.lineAt?.(index % body.bodies.length) : undefined;
}
