import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  createRandom,
  fewestSamples,
  percentile,
  ratioInterval,
  summarize,
} from '../../../../src/smoke-test/measure/statistics.ts';

/** 1, 2, … n: the value is its own rank. */
function ranks(n: number): readonly number[] {
  return Array.from({ length: n }, (_, index) => index + 1);
}

const latencies = fc.array(fc.double({ min: 0.001, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 60 });

describe('a percentile is the value of the nearest rank', () => {
  test.each([
    // n, then p50, p90, p95, p99, p100: ⌈p/100 · n⌉
    [1, 1, 1, 1, 1, 1],
    [2, 1, 2, 2, 2, 2],
    [3, 2, 3, 3, 3, 3],
    [10, 5, 9, 10, 10, 10],
    [19, 10, 18, 19, 19, 19],
    [20, 10, 18, 19, 20, 20],
    [21, 11, 19, 20, 21, 21],
    [99, 50, 90, 95, 99, 99],
    [100, 50, 90, 95, 99, 100],
    [101, 51, 91, 96, 100, 101],
    [200, 100, 180, 190, 198, 200],
  ])('of %i samples', (n, ...expected) => {
    expect([50, 90, 95, 99, 100].map((p) => percentile(ranks(n), p))).toEqual(expected);
  });

  test('and the smallest for a share smaller than one sample', () => {
    expect(percentile([7, 8, 9], 0.001)).toBe(7);
  });

  test('and there is none of no samples', () => {
    expect(() => percentile([], 50)).toThrow(new RangeError('a percentile of no samples'));
  });

  test('so that it is one of the samples, and that share of them is not above it', () => {
    fc.assert(
      fc.property(latencies, fc.double({ min: 0.1, max: 100, noNaN: true }), (samples, p) => {
        const sorted = [...samples].sort((a, b) => a - b);
        const value = percentile(sorted, p);
        expect(sorted).toContain(value);
        const share = sorted.filter((sample) => sample <= value).length / sorted.length;
        expect(share).toBeGreaterThanOrEqual(p / 100 - 1e-9);
        const below = sorted.filter((sample) => sample < value).length / sorted.length;
        expect(below).toBeLessThan(p / 100 + 1e-9);
      }),
    );
  });
});

test.each([
  [50, 2],
  [90, 10],
  [95, 20],
  [99, 100],
])('p%i is held by %i samples or more', (p, fewest) => {
  expect(fewestSamples(p)).toBe(fewest);
  // From then on a sample lies beyond it.
  expect(percentile(ranks(fewest), p)).toBe(fewest - 1);
  expect(percentile(ranks(fewest - 1), p)).toBe(fewest - 1);
});

describe('a summary', () => {
  test('has every number of the samples, in any order', () => {
    expect(summarize([30, 10, 20, 40])).toEqual({
      count: 4,
      min: 10,
      mean: 25,
      p50: 20,
      p90: 40,
      p95: 40,
      p99: 40,
      max: 40,
    });
    expect(summarize(ranks(100))).toEqual({
      count: 100,
      min: 1,
      mean: 50.5,
      p50: 50,
      p90: 90,
      p95: 95,
      p99: 99,
      max: 100,
    });
  });

  test('of one sample is that sample', () => {
    expect(summarize([7])).toEqual({ count: 1, min: 7, mean: 7, p50: 7, p90: 7, p95: 7, p99: 7, max: 7 });
  });

  test('of none is none', () => {
    expect(summarize([])).toBeUndefined();
  });

  test('compares numbers as numbers, and leaves the samples as they were', () => {
    const samples = [100, 9, 20];
    expect(summarize(samples)?.max).toBe(100);
    expect(samples).toEqual([100, 9, 20]);
  });

  test('is in order', () => {
    fc.assert(
      fc.property(latencies, (samples) => {
        const { count, min, mean, p50, p90, p95, p99, max } = summarize(samples)!;
        const order = [min, p50, p90, p95, p99, max];
        expect(order).toEqual([...order].sort((a, b) => a - b));
        expect(mean).toBeGreaterThanOrEqual(min * (1 - 1e-12));
        expect(mean).toBeLessThanOrEqual(max * (1 + 1e-12));
        expect(count).toBe(samples.length);
      }),
    );
  });
});

describe('random numbers', () => {
  test.each([0, 1, -1, 20260304, 2 ** 31 - 1])('are the same for the same seed: %i', (seed) => {
    const [one, other] = [createRandom(seed), createRandom(seed)];
    const drawn = Array.from({ length: 100 }, one);
    expect(drawn).toEqual(Array.from({ length: 100 }, other));
    expect(new Set(drawn).size).toBe(100);
  });

  test('differ with the seed', () => {
    const starts = ranks(1_000).map((seed) => createRandom(seed)());
    expect(new Set(starts).size).toBe(1_000);
  });

  test('are at least 0 and less than 1', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const value = createRandom(seed)();
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThan(1);
      }),
    );
  });

  test.each([1, 42, 987_654_321])('are spread evenly: seed %i', (seed) => {
    const random = createRandom(seed);
    const bins = new Array<number>(10).fill(0);
    for (let draw = 0; draw < 100_000; draw++) {
      const bin = Math.floor(random() * 10);
      bins[bin] = bins[bin]! + 1;
    }
    // Chi-squared of 9 degrees of freedom: 27.88 is exceeded once in 1,000 seeds.
    const chiSquared = bins.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    expect(chiSquared).toBeLessThan(27.88);
  });

  test('do not depend on the one before', () => {
    const random = createRandom(7);
    const drawn = Array.from({ length: 100_001 }, random);
    const products = drawn.slice(1).map((value, index) => (value - 0.5) * (drawn[index]! - 0.5));
    const correlation = (products.reduce((sum, product) => sum + product, 0) / 100_000) * 12;
    // Standard error 1 / √100,000.
    expect(Math.abs(correlation)).toBeLessThan(4 / Math.sqrt(100_000));
  });
});

describe('the interval of a ratio', () => {
  /** Exponential latencies, whose quantiles are known. */
  function exponential(n: number, mean: number, seed: number): readonly number[] {
    const random = createRandom(seed);
    return Array.from({ length: n }, () => -mean * Math.log(1 - random())).sort((a, b) => a - b);
  }

  test('is the same for the same seed and samples, and another for another seed', () => {
    const [ours, theirs] = [exponential(50, 120, 1), exponential(50, 100, 2)];
    const interval = ratioInterval(ours, theirs, 95, 99);
    expect(ratioInterval(ours, theirs, 95, 99)).toEqual(interval);
    expect(ratioInterval(ours, theirs, 95, 100)).not.toEqual(interval);
  });

  test('of samples that are all alike is a point', () => {
    expect(ratioInterval([300, 300, 300], [200, 200], 95, 1)).toEqual([1.5, 1.5]);
  });

  test('of one sample each is their ratio', () => {
    expect(ratioInterval([150], [100], 50, 1)).toEqual([1.5, 1.5]);
  });

  test('leaves out 2.5 % of the draws at each end', () => {
    // Of 20 draws from 1 to 20 the largest is 16 or less in 0.8^20 = 1.2 %, 17 or less in 3.9 % of the cases.
    expect(ratioInterval(ranks(20), [1], 100, 1)).toEqual([17, 20]);
    expect(ratioInterval(ranks(20), [1], 5, 1)).toEqual([1, 4]);
  });

  test('leaves nothing a draw could not give', () => {
    fc.assert(
      fc.property(latencies, latencies, fc.integer(), (ours, theirs, seed) => {
        const [candidate, baseline] = [ours, theirs].map((each) => [...each].sort((a, b) => a - b));
        const [low, high] = ratioInterval(candidate!, baseline!, 50, seed);
        expect(low).toBeLessThanOrEqual(high);
        expect(low).toBeGreaterThanOrEqual(candidate![0]! / baseline!.at(-1)!);
        expect(high).toBeLessThanOrEqual(candidate!.at(-1)! / baseline![0]!);
      }),
      { numRuns: 20 },
    );
  });

  test('holds the true ratio about 19 times in 20', () => {
    // Medians of exponential distributions with means 150 and 100: their ratio is 1.5 exactly.
    const trials = 40;
    const holding = ranks(trials).filter((trial) => {
      const [low, high] = ratioInterval(
        exponential(40, 150, trial),
        exponential(40, 100, trial + 10_000),
        50,
        trial,
      );
      return low <= 1.5 && 1.5 <= high;
    }).length;
    // Seeds are fixed, so this share always is the same; far below 95 % the interval would be none of 95 %.
    expect(holding / trials).toBeGreaterThanOrEqual(0.9);
  });

  test('is that of sorting every draw', () => {
    const [ours, theirs] = [exponential(31, 120, 6), exponential(17, 100, 7)];
    const random = createRandom(8);
    const draw = (samples: readonly number[]) =>
      samples.map(() => samples[Math.floor(random() * samples.length)]!).sort((a, b) => a - b);
    const ratios = Array.from(
      { length: 2_000 },
      () => percentile(draw(ours), 90) / percentile(draw(theirs), 90),
    );
    const sorted = ratios.sort((a, b) => a - b);
    expect(ratioInterval(ours, theirs, 90, 8)).toEqual([percentile(sorted, 2.5), percentile(sorted, 97.5)]);
  });

  test.each([
    // The rank of a percentile p of n draws has about the mean p·n and the deviation √(n·p·(1 − p)).
    [1_000, 50],
    [1_001, 50],
    [1_001, 95],
    [20_000, 99],
    [100_000, 50],
  ])('of %i samples is that of the binomial distribution: p%i', (n, p) => {
    const [low, high] = ratioInterval(ranks(n), [1], p, 5);
    const share = p / 100;
    const deviation = Math.sqrt(n * share * (1 - share));
    expect(Math.abs(low - (n * share - 1.96 * deviation))).toBeLessThan(0.25 * deviation + 1);
    expect(Math.abs(high - (n * share + 1.96 * deviation))).toBeLessThan(0.25 * deviation + 1);
  });

  test('of the longest of many samples is at the upper end', () => {
    const [low, high] = ratioInterval(ranks(10_000), [1], 100, 5);
    expect(high).toBe(10_000);
    // The largest of n draws from n is below n − 3.7 in one case of forty.
    expect(low).toBeGreaterThanOrEqual(9_995);
    expect(low).toBeLessThanOrEqual(9_998);
  });

  test('narrows with more samples', () => {
    const width = (n: number): number => {
      const [low, high] = ratioInterval(exponential(n, 150, 3), exponential(n, 100, 4), 50, 5);
      return high - low;
    };
    expect(width(200)).toBeLessThan(width(20) / 2);
  });
});
