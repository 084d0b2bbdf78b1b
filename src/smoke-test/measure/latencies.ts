import type { LatencySummary, Sample } from '../result.ts';
import { summarize } from './statistics.ts';

/** One of the two times of a request. */
export type TimeName = 'latencyMs' | 'firstEventMs';

/**
 * The times in milliseconds that say how fast the model is: of requests that passed, and of requests that ran into the
 * timeout, which took at least that long. How fast a wrong reply came says nothing, so it only lowers the success rate.
 */
export function timesOf(samples: readonly Sample[], name: TimeName): readonly number[] {
  return samples
    .filter(({ outcome, timedOut }) => outcome === 'passed' || timedOut)
    .map((each) => each[name] ?? (each.timedOut ? each.latencyMs : undefined))
    .filter((time) => time !== undefined);
}

/** Summary of {@link timesOf} for a report; if no request passed, of all replies, so that something is shown. */
export function summarizeTimes(samples: readonly Sample[], name: TimeName): LatencySummary | undefined {
  const replied = samples.filter(({ outcome }) => outcome !== 'unanswered');
  if (replied.length === 0) return undefined;
  if (replied.some(({ outcome }) => outcome === 'passed')) return summarize(timesOf(samples, name));
  return summarize(replied.map((each) => each[name]).filter((time) => time !== undefined));
}
