import type { LatencySummary } from '../result.ts';

/** How many resamples the interval of a ratio is made of. */
const RESAMPLES = 2_000;

/** Of how many samples each is drawn. */
const MOST_DRAWN = 1_000;

/**
 * Nearest-rank percentile of latencies in milliseconds.
 * @param sorted ascending, at least one
 * @param p 0 < p ≤ 100; with fewer than 100 / (100 − p) samples the answer is the maximum
 * @see Hyndman & Fan 1996, type 1
 */
export function percentile(sorted: ArrayLike<number>, p: number): number {
  const value = sorted[rankOf(p, sorted.length) - 1];
  if (value === undefined) throw new RangeError('a percentile of no samples');
  return value;
}

function rankOf(p: number, count: number): number {
  return Math.max(1, Math.ceil((p / 100) * count));
}

/** The fewest samples of which one lies beyond the percentile: 20 for p95. */
export function fewestSamples(p: number): number {
  return Math.ceil(100 / (100 - p));
}

/** @returns undefined for no samples */
export function summarize(latenciesMs: ArrayLike<number>): LatencySummary | undefined {
  const sorted = new Float64Array(latenciesMs).sort();
  const [min] = sorted;
  const max = sorted.at(-1);
  if (min === undefined || max === undefined) return undefined;
  return {
    count: sorted.length,
    min,
    mean: sorted.reduce((sum, value) => sum + value, 0) / sorted.length,
    p50: percentile(sorted, 50),
    p90: percentile(sorted, 90),
    p95: percentile(sorted, 95),
    p99: percentile(sorted, 99),
    max,
  };
}

/**
 * 95 % percentile-bootstrap interval of the ratio of two percentiles.
 * @param candidate ascending, at least one; so is `baseline`
 * @param p of which percentile: 0 < p ≤ 100
 * @param seed the same seed and samples give the same interval
 * @see Efron & Tibshirani 1993, chapter 13
 */
export function ratioInterval(
  candidate: ArrayLike<number>,
  baseline: ArrayLike<number>,
  p: number,
  seed: number,
): readonly [low: number, high: number] {
  const random = createRandom(seed);
  const ours = resampler(candidate, p, random);
  const theirs = resampler(baseline, p, random);
  const ratios = Array.from({ length: RESAMPLES }, () => ours() / theirs()).sort((a, b) => a - b);
  return [percentile(ratios, 2.5), percentile(ratios, 97.5)];
}

/** Each call draws as many samples as there are, with replacement, and returns the percentile of the drawn ones. */
function resampler(sorted: ArrayLike<number>, p: number, random: () => number): () => number {
  const { length } = sorted;
  const rank = rankOf(p, length);
  if (length > MOST_DRAWN) return orderStatistic(sorted, rank, random);
  // Counting how often each sample was drawn finds the percentile without sorting, which would take minutes.
  const drawn = new Uint32Array(length);
  return () => {
    drawn.fill(0);
    for (let draw = 0; draw < length; draw++) drawn[Math.floor(random() * length)]! += 1;
    let at = 0;
    for (let below = drawn[0]!; below < rank; below += drawn[at]!) at += 1;
    return sorted[at]!;
  };
}

/**
 * The same for many samples, without drawing each: that would take seconds, in which no signal is heard. The `rank`th
 * smallest of n uniform numbers has the distribution Beta(rank, n − rank + 1).
 * @see David & Nagaraja 2003, Order Statistics, section 2.2
 */
function orderStatistic(sorted: ArrayLike<number>, rank: number, random: () => number): () => number {
  const { length } = sorted;
  return () => {
    const below = gamma(rank, random);
    const share = below / (below + gamma(length - rank + 1, random));
    return sorted[Math.min(length - 1, Math.floor(share * length))]!;
  };
}

/**
 * A number of the gamma distribution with scale 1.
 * @param shape at least 1
 * @see Marsaglia & Tsang 2000
 */
function gamma(shape: number, random: () => number): number {
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    // Box and Muller's normal number. `random` may return 0, of which there is no logarithm.
    const x = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random()) < x ** 2 / 2 + d - d * v + d * Math.log(v)) return d * v;
  }
}

/**
 * Uniform numbers in [0, 1), the same for the same seed.
 * @param seed any 32-bit integer
 * @see Steele, Lea & Flood 2014, SplitMix, in its 32-bit form
 */
export function createRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    mixed ^= mixed >>> 15;
    return (mixed >>> 0) / 2 ** 32;
  };
}
