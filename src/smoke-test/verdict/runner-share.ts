import { formatLatency } from '../../text/format.ts';
import { words } from '../../text/words.ts';
import type { LoopDelay } from '../measure/loop-delay.ts';

/** A smaller delay is that of the timer which finds it, or of anything else on the machine. */
const LEAST_MS = 2;

/** A larger share of the median makes the latencies the runner's too. */
const MOST_SHARE = 0.1;

/** Whether the runner was too busy to measure latencies of this median, in milliseconds. */
export function isRunnerBusy(delay: LoopDelay | undefined, medianMs: number): delay is LoopDelay {
  return delay !== undefined && delay.mean > LEAST_MS && delay.mean > MOST_SHARE * medianMs;
}

/** What a person should know when the runner was too busy, for the log and the reports. */
export function describeBusyRunner(delay: LoopDelay, medianMs: number): string {
  return `The ${words.machine} was the bottleneck: on average, data waited ${formatLatency(delay.mean)} until this process could read it, which is more than a tenth of the median latency (${formatLatency(medianMs)}). The latencies include that wait. Lower the concurrency or the rate, or use a larger ${words.machine}.`;
}

/** A note when a limit is missed by no more than what the runner added: then the miss says nothing of the model. */
export function latencyOfRunner(
  measuredMs: number,
  percent: number,
  limitMs: number,
  delay: LoopDelay | undefined,
): string | undefined {
  if (delay === undefined || measuredMs <= limitMs) return undefined;
  const added = delay.percentile(percent);
  return measuredMs - added > limitMs
    ? undefined
    : `The ${words.machine} was too busy to tell: up to ${formatLatency(added)} of it is the ${words.machine}'s own delay.`;
}

/** Most of a latency that is taken for the runner's own. */
const MOST_TAKEN_OFF = 0.9;

/** A note when what the runner added to both sides decides whether a ratio is met: it draws every ratio towards 1. */
export function ratioOfRunner(
  oursMs: number,
  theirsMs: number,
  limit: number,
  delay: LoopDelay | undefined,
): string | undefined {
  if (delay === undefined) return undefined;
  const added = Math.min(delay.mean, MOST_TAKEN_OFF * theirsMs);
  const without = (oursMs - added) / (theirsMs - added);
  return oursMs / theirsMs <= limit === without <= limit
    ? undefined
    : `The ${words.machine} was too busy to tell: about ${formatLatency(added)} of both latencies is the ${words.machine}'s own delay.`;
}
