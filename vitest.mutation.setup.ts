import type { IRawProperty, Parameters } from 'fast-check';
import { beforeEach, vi } from 'vitest';

/** Every mutant that lives costs all runs of a property, hundreds of times. */
const MOST_RUNS = 50;

declare module 'vitest' {
  interface TaskMeta {
    /** Not run on mutants, which can only lower the score: it takes ten times as long as all others together. */
    readonly tooLongForMutants?: true;
  }
}

beforeEach(({ skip, task }) => {
  skip(task.meta.tooLongForMutants === true, 'too long for every mutant');
});

// A mutant is dead at the first counterexample: a smaller one would only cost time. With one seed, what dies
// in one run dies in the next.
vi.mock('fast-check', async (original) => {
  const module = await original<typeof import('fast-check')>();
  const assert = <Ts>(property: IRawProperty<Ts>, { numRuns = 100, ...parameters }: Parameters<Ts> = {}) =>
    module.assert(property, {
      seed: 20_260_303,
      ...parameters,
      numRuns: Math.min(numRuns, MOST_RUNS),
      endOnFailure: true,
    });
  return { ...module, assert, default: { ...module.default, assert } };
});
