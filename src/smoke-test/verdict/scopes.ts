import { ofCandidate, type Which } from '../measure/latencies.ts';
import type { LatencyName, Plan } from '../plan/plan.ts';

/** Limits, and the samples that they are about: all of the run, or those of one case. */
export interface Scope {
  /** Before the names of its thresholds: empty, or `golden set / `. */
  readonly prefix: string;
  /** Undefined: of the run. */
  readonly caseIndex: number | undefined;
  /** Undefined: nothing is said of it. */
  readonly successRate: number | undefined;
  readonly latencyMs: Readonly<Partial<Record<LatencyName, number>>>;
  readonly ratios: Readonly<Partial<Record<LatencyName, number>>>;
}

type Limits = Pick<Plan, 'cases' | 'thresholds'>;

/** Of the run, then of each case that has limits of its own. */
export function scopesOf({ cases, thresholds }: Limits): readonly Scope[] {
  const { latencyMs, baseline, successRate } = thresholds;
  const isHeld = cases.some((each) => each.thresholds?.successRate === undefined);
  return [
    {
      prefix: '',
      caseIndex: undefined,
      successRate: isHeld ? successRate : undefined,
      latencyMs,
      ratios: baseline?.ratios ?? {},
    },
    ...cases.flatMap(({ name, thresholds: own }, caseIndex) =>
      own === undefined ? [] : [{ prefix: `${name} / `, caseIndex, ...own }],
    ),
  ];
}

/** The samples of a scope. */
export function isIn({ caseIndex }: Pick<Scope, 'caseIndex'>): Which {
  return caseIndex === undefined ? () => true : (each) => each.caseIndex === caseIndex;
}

/** The candidate's samples by which a scope succeeds: a case with a success rate of its own is not held to the run's. */
export function countsForSuccess(scope: Pick<Scope, 'caseIndex'>, { cases }: Pick<Plan, 'cases'>): Which {
  const isOwn = isIn(scope);
  const held = cases.map(
    (each) => scope.caseIndex !== undefined || each.thresholds?.successRate === undefined,
  );
  return (each) => ofCandidate(each) && isOwn(each) && held[each.caseIndex] === true;
}

/** The share of a case's requests that must pass. */
export function successRateOf({ cases, thresholds }: Limits, caseIndex: number | undefined): number {
  const own = caseIndex === undefined ? undefined : cases[caseIndex]?.thresholds?.successRate;
  return own ?? thresholds.successRate;
}
