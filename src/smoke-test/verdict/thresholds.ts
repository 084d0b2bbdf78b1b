import { type TimeName, timesOf } from '../measure/latencies.ts';
import { fewestSamples, percentile, ratioInterval } from '../measure/statistics.ts';
import type { Baseline, LatencyName, Plan } from '../plan/plan.ts';
import type { Sample, ThresholdResult } from '../result.ts';

/** Which percentile a threshold's name means, and of which of a request's times. */
const LATENCIES: Readonly<Record<LatencyName, { percent: number; of: TimeName }>> = {
  p50: { percent: 50, of: 'latencyMs' },
  p90: { percent: 90, of: 'latencyMs' },
  p95: { percent: 95, of: 'latencyMs' },
  p99: { percent: 99, of: 'latencyMs' },
  max: { percent: 100, of: 'latencyMs' },
  'first-event-p95': { percent: 95, of: 'firstEventMs' },
};

/** Every threshold of the plan with what was measured, in the plan's order. */
export function judgeThresholds(
  { thresholds, advisory }: Pick<Plan, 'thresholds' | 'advisory'>,
  samples: readonly Sample[],
  seed: number,
): readonly ThresholdResult[] {
  const candidate = samples.filter(({ target }) => target === 'candidate');
  const isAdvisory = (name: string): boolean => advisory.includes(name);
  const results = [successRate(candidate, thresholds.successRate, isAdvisory('success-rate'))];
  for (const [name, limit] of named(thresholds.latencyMs)) {
    results.push(latency(name, limit, candidate, isAdvisory(name)));
  }
  if (thresholds.baseline !== undefined) {
    const baseline = samples.filter(({ target }) => target === 'baseline');
    results.push(...ratios(thresholds.baseline, candidate, baseline, seed, isAdvisory));
  }
  return results;
}

function named(limits: Readonly<Partial<Record<LatencyName, number>>>): readonly [LatencyName, number][] {
  return Object.entries(limits) as [LatencyName, number][];
}

function successRate(candidate: readonly Sample[], limit: number, advisory: boolean): ThresholdResult {
  const passed = candidate.filter(({ outcome }) => outcome === 'passed').length;
  const measured = candidate.length === 0 ? undefined : passed / candidate.length;
  return { name: 'success-rate', unit: 'share', measured, limit, met: (measured ?? 0) >= limit, advisory };
}

function times(samples: readonly Sample[], name: LatencyName): readonly number[] {
  return [...timesOf(samples, LATENCIES[name].of)].sort((a, b) => a - b);
}

function latency(
  name: LatencyName,
  limit: number,
  candidate: readonly Sample[],
  advisory: boolean,
): ThresholdResult {
  const sorted = times(candidate, name);
  const { percent } = LATENCIES[name];
  if (sorted.length === 0) return { name, unit: 'ms', measured: undefined, limit, met: false, advisory };
  const measured = percentile(sorted, percent);
  return {
    name,
    unit: 'ms',
    measured,
    limit,
    met: measured <= limit,
    advisory,
    ...tooFew(percent, sorted.length),
  };
}

/** A note when there are too few samples for the percentile, which is then their maximum. */
function tooFew(percent: number, count: number): { readonly note?: string } {
  if (percent === 100 || count >= fewestSamples(percent)) return {};
  return {
    note: `${count === 1 ? '1 sample holds' : `${count} samples hold`} no p${percent}; the largest stands for it. Take at least ${fewestSamples(percent)}.`,
  };
}

function ratios(
  { ratios: limits }: Baseline,
  candidate: readonly Sample[],
  baseline: readonly Sample[],
  seed: number,
  isAdvisory: (name: string) => boolean,
): readonly ThresholdResult[] {
  return named(limits).map(([latencyName, limit]) => {
    const name = `baseline.${latencyName}`;
    const { percent } = LATENCIES[latencyName];
    const ours = times(candidate, latencyName);
    const theirs = times(baseline, latencyName);
    const result = { name, unit: 'ratio', limit, advisory: isAdvisory(name) } as const;
    if (ours.length === 0 || theirs.length === 0) return { ...result, measured: undefined, met: false };
    const measured = percentile(ours, percent) / percentile(theirs, percent);
    const interval = ratioInterval(ours, theirs, percent, seed);
    return {
      ...result,
      measured,
      met: measured <= limit,
      interval,
      ...unsettled(measured, interval, limit, ours.length),
    };
  });
}

/**
 * A note when the limit lies inside the ratio's interval: the measured ratio decides, but it is a close call. The
 * interval narrows with the square root of the number of samples, which tells how many would settle it.
 */
function unsettled(
  measured: number,
  [low, high]: readonly [number, number],
  limit: number,
  count: number,
): { readonly note?: string } {
  if (limit < low || limit > high) return {};
  const reach = limit >= measured ? high - measured : measured - low;
  const distance = Math.abs(limit - measured);
  const enoughSamples = distance === 0 ? undefined : Math.ceil(count * (reach / distance) ** 2);
  const advice =
    enoughSamples === undefined || enoughSamples > 1_000_000
      ? 'more samples would hardly settle it.'
      : `about ${Math.max(enoughSamples, count + 1)} samples would settle it.`;
  return {
    note: `Too close to call: the limit ${limit} lies inside the 95 % interval ${low.toFixed(2)} to ${high.toFixed(2)}; ${advice}`,
  };
}
