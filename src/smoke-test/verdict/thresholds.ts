import { countOf, ofCandidate, type Which } from '../measure/latencies.ts';
import type { LoopDelay } from '../measure/loop-delay.ts';
import { percentile } from '../measure/statistics.ts';
import type { LatencyName, Plan } from '../plan/plan.ts';
import type { Sample, ThresholdResult } from '../result.ts';
import { PERCENTILES, sortedTimes, tooFewFor } from './percentiles.ts';
import { judgeRatio } from './ratios.ts';
import { latencyOfRunner } from './runner-share.ts';
import { countsForSuccess, isIn, type Scope, scopesOf } from './scopes.ts';

/** What the thresholds are held against. */
export interface Judged {
  readonly samples: readonly Sample[];
  readonly seed: number;
  /** Of a runner that was too busy; undefined: of one that was not. */
  readonly delay?: LoopDelay | undefined;
}

type Plans = Pick<Plan, 'thresholds' | 'advisory' | 'cases'>;
type Judgement = Omit<ThresholdResult, 'advisory' | 'caseIndex'>;

/** Every threshold of the plan with what was measured, in the plan's order. With many samples each takes a while. */
export function* judgeThresholds(plan: Plans, judged: Judged): Generator<ThresholdResult> {
  for (const scope of scopesOf(plan)) {
    const { caseIndex } = scope;
    for (const result of judgeScope(scope, plan, judged)) {
      const advisory = plan.advisory.includes(result.name);
      yield { ...result, advisory, ...(caseIndex === undefined ? {} : { caseIndex }) };
    }
  }
}

function* judgeScope(scope: Scope, plan: Plans, { samples, seed, delay }: Judged): Generator<Judgement> {
  const { successRate, latencyMs, ratios } = scope;
  if (successRate !== undefined)
    yield judgeSuccessRate(scope, successRate, samples, countsForSuccess(scope, plan));
  for (const [name, limit] of named(latencyMs)) yield judgeLatency(scope, name, limit, samples, delay);
  for (const [name, limit] of named(ratios))
    yield judgeRatio(name, limit, { plan, scope, samples, seed, delay });
}

function named(limits: Readonly<Partial<Record<LatencyName, number>>>): readonly [LatencyName, number][] {
  return Object.entries(limits) as [LatencyName, number][];
}

function judgeSuccessRate(
  { prefix }: Scope,
  limit: number,
  samples: readonly Sample[],
  counts: Which,
): Judgement {
  const all = countOf(samples, counts);
  const passed = countOf(samples, (each) => each.outcome === 'passed' && counts(each));
  const measured = all === 0 ? undefined : passed / all;
  return { name: `${prefix}success-rate`, unit: 'share', measured, limit, met: (measured ?? 0) >= limit };
}

function judgeLatency(
  scope: Scope,
  latencyName: LatencyName,
  limit: number,
  samples: readonly Sample[],
  delay: LoopDelay | undefined,
): Judgement {
  const isOwn = isIn(scope);
  const sorted = sortedTimes(samples, latencyName, (each) => ofCandidate(each) && isOwn(each));
  const { percent } = PERCENTILES[latencyName];
  const result = { name: `${scope.prefix}${latencyName}`, unit: 'ms', limit } as const;
  if (sorted.length === 0) return { ...result, measured: undefined, met: false };
  const measured = percentile(sorted, percent);
  const runner = latencyOfRunner(measured, percent, limit, delay);
  const notes = [tooFewFor(percent, sorted.length), runner].filter((note) => note !== undefined);
  return {
    ...result,
    measured,
    met: measured <= limit,
    ...(notes.length === 0 ? {} : { note: notes.join(' ') }),
    ...(runner === undefined ? {} : { ofRunner: true }),
  };
}
