import type { LatencySummary, Sample } from '../result.ts';
import { summarize } from './statistics.ts';

/** Which time of a request. */
export type TimeName = 'latencyMs' | 'firstEventMs';

/**
 * The times in milliseconds that say how fast the model is: of the requests that passed, and of those that ran into
 * the timeout, which took that long at least. A wrong answer is quick or slow for reasons of its own, and counts
 * against the success rate alone.
 */
export function timesOf(measurements: readonly Sample[], name: TimeName): readonly number[] {
  return measurements
    .filter(({ outcome, timedOut }) => outcome === 'passed' || timedOut)
    .map((each) => each[name] ?? (each.timedOut ? each.latencyMs : undefined))
    .filter((time) => time !== undefined);
}

/** As {@link timesOf}; where no request passed, of the answers that there were: a report shows what was seen. */
export function summarizeTimes(measurements: readonly Sample[], name: TimeName): LatencySummary | undefined {
  const answered = measurements.filter(({ outcome }) => outcome !== 'unanswered');
  if (answered.length === 0) return undefined;
  if (answered.some(({ outcome }) => outcome === 'passed')) return summarize(timesOf(measurements, name));
  return summarize(answered.map((each) => each[name]).filter((time) => time !== undefined));
}
