import type { LatencyName, Plan } from '../plan/plan.ts';
import type { Sample } from '../result.ts';

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
export function samplesIn(scope: Pick<Scope, 'caseIndex'>, samples: readonly Sample[]): readonly Sample[] {
  const { caseIndex } = scope;
  return caseIndex === undefined ? samples : samples.filter((each) => each.caseIndex === caseIndex);
}

/** Of the run, a case that has a success rate of its own is not held to the run's. */
export function countedForSuccess(
  scope: Pick<Scope, 'caseIndex'>,
  { cases }: Pick<Plan, 'cases'>,
  samples: readonly Sample[],
): readonly Sample[] {
  if (scope.caseIndex !== undefined) return samplesIn(scope, samples);
  const held = cases.map((each) => each.thresholds?.successRate === undefined);
  return held.includes(false) ? samples.filter(({ caseIndex }) => held[caseIndex]) : samples;
}

/** The share of a case's requests that must pass. */
export function successRateOf({ cases, thresholds }: Limits, caseIndex: number | undefined): number {
  const own = caseIndex === undefined ? undefined : cases[caseIndex]?.thresholds?.successRate;
  return own ?? thresholds.successRate;
}
