import { type TimeName, timesOf, type Which } from '../measure/latencies.ts';
import { fewestSamples } from '../measure/statistics.ts';
import type { LatencyName } from '../plan/plan.ts';
import type { Sample } from '../result.ts';

/** Which percentile a threshold's name means, and of which of a request's times. */
export const PERCENTILES: Readonly<Record<LatencyName, { readonly percent: number; readonly of: TimeName }>> =
  {
    p50: { percent: 50, of: 'latencyMs' },
    p90: { percent: 90, of: 'latencyMs' },
    p95: { percent: 95, of: 'latencyMs' },
    p99: { percent: 99, of: 'latencyMs' },
    max: { percent: 100, of: 'latencyMs' },
    'first-event-p95': { percent: 95, of: 'firstEventMs' },
  };

/** In milliseconds, ascending. */
export function sortedTimes(samples: readonly Sample[], name: LatencyName, which: Which): Float64Array {
  return timesOf(samples, PERCENTILES[name].of, which).sort();
}

/** A note when there are too few samples for the percentile, which is then their maximum. */
export function tooFewFor(percent: number, count: number): string | undefined {
  if (percent === 100 || count >= fewestSamples(percent)) return undefined;
  const which = count === 1 ? '1 sample is that one' : `${count} samples is just the slowest one`;
  return `p${percent} of ${which}; use at least ${fewestSamples(percent)}.`;
}
