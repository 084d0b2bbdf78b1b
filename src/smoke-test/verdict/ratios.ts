import { countOf, ofBaseline, ofCandidate, type Which } from '../measure/latencies.ts';
import type { LoopDelay } from '../measure/loop-delay.ts';
import { percentile, ratioInterval } from '../measure/statistics.ts';
import type { Baseline, LatencyName, Plan, ReportBaseline } from '../plan/plan.ts';
import type { Sample, ThresholdResult } from '../result.ts';
import { PERCENTILES, sortedTimes, tooFewFor } from './percentiles.ts';
import { ratioOfRunner } from './runner-share.ts';
import { isIn, type Scope } from './scopes.ts';

/** What the ratios of a scope are found from. */
export interface Compared {
  readonly plan: Pick<Plan, 'cases' | 'thresholds'>;
  readonly scope: Scope;
  /** Of all cases and of both deployments. */
  readonly samples: readonly Sample[];
  readonly seed: number;
  readonly delay: LoopDelay | undefined;
}

/** A limit on the candidate's latency as a multiple of the baseline's. */
export function judgeRatio(
  latencyName: LatencyName,
  limit: number,
  compared: Compared,
): Omit<ThresholdResult, 'advisory'> {
  const { scope, seed, delay } = compared;
  const baseline = compared.plan.thresholds.baseline;
  const { percent } = PERCENTILES[latencyName];
  const result = { name: `${scope.prefix}baseline.${latencyName}`, unit: 'ratio', limit } as const;
  const none = { ...result, measured: undefined, met: false };
  if (baseline === undefined) return none;
  const tooFewGood = tooFewGoodReplies(baseline, compared);
  if (tooFewGood !== undefined) return { ...none, note: tooFewGood };
  const [ours, theirs] = timesOfBoth(baseline, latencyName, compared);
  if (ours.length === 0 || theirs.length === 0) return none;
  const measured = percentile(ours, percent) / percentile(theirs, percent);
  const interval = ratioInterval(ours, theirs, percent, seed);
  const runner = ratioOfRunner(percentile(ours, percent), percentile(theirs, percent), limit, delay);
  const notes = [
    tooFewFor(percent, Math.min(ours.length, theirs.length)),
    unsettled(measured, interval, limit, ours.length),
    runner,
  ].filter((note) => note !== undefined);
  return {
    ...result,
    measured,
    met: measured <= limit && runner === undefined,
    interval,
    ...(notes.length === 0 ? {} : { note: notes.join(' ') }),
    ...(runner === undefined ? {} : { ofRunner: true }),
  };
}

/** Ascending. Of an earlier report, the cases that it does not have are left out on both sides. */
function timesOfBoth(
  baseline: Baseline,
  name: LatencyName,
  { plan: { cases }, scope, samples }: Compared,
): readonly [ours: Float64Array, theirs: Float64Array] {
  const isOwn = isIn(scope);
  if (baseline.from === 'deployment') {
    // What ran into the timeout took so long at least. Of the baseline that would only make the candidate look faster.
    const isGood: Which = (each) => ofBaseline(each) && each.outcome === 'passed' && isOwn(each);
    return [
      sortedTimes(samples, name, (each) => ofCandidate(each) && isOwn(each)),
      sortedTimes(samples, name, isGood),
    ];
  }
  const isCompared = cases.map((each) => baseline.cases.has(each.name));
  const isOurs: Which = (each) => ofCandidate(each) && isOwn(each) && isCompared[each.caseIndex] === true;
  const named = cases.filter((_, index) => scope.caseIndex === undefined || scope.caseIndex === index);
  return [sortedTimes(samples, name, isOurs), reportedTimes(baseline, named, PERCENTILES[name].of)];
}

function reportedTimes(
  { cases }: ReportBaseline,
  named: readonly { readonly name: string }[],
  of: 'latencyMs' | 'firstEventMs',
): Float64Array {
  return Float64Array.from(named.flatMap(({ name }) => cases.get(name)?.[of] ?? [])).sort();
}

/**
 * A sentence when the baseline gave too few good replies to a case to be compared with: a deployment that hangs or
 * fails would make any other one look fast. Nine in ten must be good, or as many as must be of the candidate's when
 * those are fewer, but never less than half.
 */
function tooFewGoodReplies(baseline: Baseline, { plan, scope, samples }: Compared): string | undefined {
  if (baseline.from === 'report') return undefined;
  const { cases, thresholds } = plan;
  const name = `the baseline '${baseline.deployment}'`;
  for (const [index, each] of cases.entries()) {
    if (scope.caseIndex !== undefined && scope.caseIndex !== index) continue;
    const rate = each.thresholds?.successRate ?? thresholds.successRate;
    const isOwn: Which = (sample) => sample.caseIndex === index && ofBaseline(sample);
    const asked = countOf(samples, isOwn);
    const good = countOf(samples, (sample) => isOwn(sample) && sample.outcome === 'passed');
    const needed = Math.max(1, Math.ceil(Math.max(0.5, Math.min(0.9, rate)) * asked));
    if (good >= needed) continue;
    if (asked === 0) return `${name.charAt(0).toUpperCase()}${name.slice(1)} was not measured.`;
    const which = cases.length > 1 ? ` of case '${each.name}'` : '';
    const requests = asked === 1 ? 'the only request' : `${asked} requests`;
    return `Of ${requests}${which} to ${name}, ${good} got a good answer; a comparison needs at least ${needed}.`;
  }
  return undefined;
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
): string | undefined {
  if (limit < low || limit > high) return undefined;
  const reach = limit >= measured ? high - measured : measured - low;
  const distance = Math.abs(limit - measured);
  const enoughSamples = distance === 0 ? undefined : Math.ceil(count * (reach / distance) ** 2);
  const advice =
    enoughSamples === undefined || enoughSamples > 1_000_000
      ? 'more samples would hardly settle it.'
      : `about ${Math.max(enoughSamples, count + 1)} samples would settle it.`;
  return `Too close to call: the limit ${limit} lies inside the 95 % interval ${low.toFixed(2)} to ${high.toFixed(2)}; ${advice}`;
}
