import type { LatencySummary, Sample } from '../result.ts';
import { summarize } from './statistics.ts';

/** One of the two times of a request. */
export type TimeName = 'latencyMs' | 'firstEventMs';

/** Which samples count. There may be hundreds of thousands: they are not copied to be chosen. */
export type Which = (sample: Sample) => boolean;

const ALL: Which = () => true;

export const ofCandidate: Which = ({ target }) => target === 'candidate';
export const ofBaseline: Which = ({ target }) => target === 'baseline';

/** How many samples count. */
export function countOf(samples: readonly Sample[], which: Which): number {
  let count = 0;
  for (const each of samples) if (which(each)) count += 1;
  return count;
}

/**
 * The times in milliseconds that say how fast the model is: of requests that passed, and of requests that ran into the
 * timeout, which took at least that long. How fast a wrong reply came says nothing, so it only lowers the success rate.
 */
export function timesOf(samples: readonly Sample[], name: TimeName, which: Which = ALL): Float64Array {
  return collect(samples, (each) => {
    if ((each.outcome !== 'passed' && !each.timedOut) || !which(each)) return undefined;
    return each[name] ?? (each.timedOut ? each.latencyMs : undefined);
  });
}

/** Summary of {@link timesOf} for a report; if no request passed, of all replies, so that something is shown. */
export function summarizeTimes(
  samples: readonly Sample[],
  name: TimeName,
  which: Which = ALL,
): LatencySummary | undefined {
  const isReply: Which = (each) => each.outcome !== 'unanswered' && which(each);
  if (!samples.some(isReply)) return undefined;
  if (samples.some((each) => each.outcome === 'passed' && which(each)))
    return summarize(timesOf(samples, name, which));
  return summarize(collect(samples, (each) => (isReply(each) ? each[name] : undefined)));
}

function collect(samples: readonly Sample[], read: (sample: Sample) => number | undefined): Float64Array {
  const times = new Float64Array(countOf(samples, (each) => read(each) !== undefined));
  let count = 0;
  for (const each of samples) {
    const time = read(each);
    if (time !== undefined) times[count++] = time;
  }
  return times;
}
