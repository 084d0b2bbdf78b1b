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
  { thresholds, advisory, cases }: Pick<Plan, 'thresholds' | 'advisory' | 'cases'>,
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
    const tooFewGood = tooFewGoodReplies(cases, thresholds, baseline);
    results.push(...ratios(thresholds.baseline, candidate, baseline, tooFewGood, seed, isAdvisory));
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

/**
 * A sentence when the baseline gave too few good replies to a case to be compared with: a deployment that hangs or
 * fails would make any other one look fast. Nine in ten must be good, or as many as must be of the candidate's when
 * those are fewer, but never less than half.
 */
function tooFewGoodReplies(
  cases: Plan['cases'],
  { successRate, baseline }: Plan['thresholds'],
  samples: readonly Sample[],
): string | undefined {
  const share = Math.max(0.5, Math.min(0.9, successRate));
  for (const [index, { name }] of cases.entries()) {
    const own = samples.filter(({ caseIndex }) => caseIndex === index);
    const good = own.filter(({ outcome }) => outcome === 'passed').length;
    const needed = Math.max(1, Math.ceil(share * own.length));
    if (good >= needed) continue;
    if (own.length === 0) return `Nothing was measured of the baseline '${baseline?.deployment}'.`;
    const which = cases.length > 1 ? ` of case '${name}'` : '';
    const requests = own.length === 1 ? 'the only request' : `${own.length} requests`;
    return `Of ${requests}${which} to the baseline '${baseline?.deployment}', ${good} got a good answer; a comparison needs at least ${needed}.`;
  }
  return undefined;
}

function ratios(
  { ratios: limits }: Baseline,
  candidate: readonly Sample[],
  baseline: readonly Sample[],
  tooFewGood: string | undefined,
  seed: number,
  isAdvisory: (name: string) => boolean,
): readonly ThresholdResult[] {
  // What ran into the timeout took so long at least. Of the baseline that would only make the candidate look faster.
  const good = baseline.filter(({ outcome }) => outcome === 'passed');
  return named(limits).map(([latencyName, limit]) => {
    const name = `baseline.${latencyName}`;
    const { percent } = LATENCIES[latencyName];
    const ours = times(candidate, latencyName);
    const theirs = times(good, latencyName);
    const result = { name, unit: 'ratio', limit, advisory: isAdvisory(name) } as const;
    if (tooFewGood !== undefined) return { ...result, measured: undefined, met: false, note: tooFewGood };
    if (ours.length === 0 || theirs.length === 0) return { ...result, measured: undefined, met: false };
    const measured = percentile(ours, percent) / percentile(theirs, percent);
    const interval = ratioInterval(ours, theirs, percent, seed);
    const notes = [
      tooFew(percent, Math.min(ours.length, theirs.length)).note,
      unsettled(measured, interval, limit, ours.length).note,
    ].filter((note) => note !== undefined);
    return {
      ...result,
      measured,
      met: measured <= limit,
      interval,
      ...(notes.length === 0 ? {} : { note: notes.join(' ') }),
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
