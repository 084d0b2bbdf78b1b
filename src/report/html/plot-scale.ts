import { trimmed } from '../../text/format.ts';

/** Where values lie along an axis, and which of them are labelled. */
export interface Scale {
  readonly place: (value: number) => number;
  readonly ticks: readonly number[];
}

/** The same axes for every panel, so that they can be compared at a glance. */
export interface Axes {
  readonly lastSecond: number;
  readonly lowestMs: number;
  readonly highestMs: number;
  /** Chosen when a few slow requests would leave the others no height. */
  readonly logarithmic: boolean;
}

/** The shortest time axis: requests that start together must not get ticks of microseconds. */
const SHORTEST_SECONDS = 0.01;
/** The least latency on an axis: a logarithmic one has no zero. */
const SMALLEST_MS = 0.1;
/** Where the slowest request is this many times the median, a linear axis shows little. */
const SKEW = 12;

/**
 * @param latencies of all panels, in milliseconds, at least one
 * @param limits that should be in sight; those far above the slowest request are left out
 */
export function axesFor(
  latencies: readonly number[],
  limits: readonly number[],
  startedAtMs: readonly number[],
): Axes {
  const sorted = Float64Array.from(latencies).sort();
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const slowest = sorted.at(-1) ?? 0;
  const highest = Math.max(slowest, ...limits.filter((limit) => limit <= 3 * slowest), SMALLEST_MS);
  const latest = startedAtMs.reduce((most, ms) => Math.max(most, ms), 0);
  return {
    lastSecond: Math.max(latest / 1_000, SHORTEST_SECONDS),
    lowestMs: Math.max(sorted[0] ?? 0, SMALLEST_MS),
    highestMs: highest,
    logarithmic: slowest > SKEW * Math.max(median, SMALLEST_MS),
  };
}

export function secondsScale({ lastSecond }: Axes, start: number, end: number, ticks: number): Scale {
  // Points at both ends stay clear of the frame.
  const room = (end - start) * 0.03;
  return {
    place: (second) => start + room + (second / lastSecond) * (end - start - 2 * room),
    ticks: linearTicks(lastSecond, ticks),
  };
}

export function latencyScale(axes: Axes, bottom: number, top: number): Scale {
  const { lowestMs, highestMs, logarithmic } = axes;
  if (!logarithmic) {
    const most = highestMs * 1.08;
    return {
      place: (ms) => bottom + (ms / most) * (top - bottom),
      ticks: linearTicks(most, 5),
    };
  }
  const from = Math.log10(lowestMs * 0.8);
  const to = Math.log10(highestMs * 1.3);
  return {
    place: (ms) =>
      bottom + ((Math.log10(Math.max(ms, lowestMs * 0.8)) - from) / (to - from)) * (top - bottom),
    ticks: logarithmicTicks(from, to),
  };
}

/** `1,500`, `0.25` */
export function formatTick(value: number): string {
  return value >= 1_000 ? value.toLocaleString('en') : trimmed(value, 3);
}

/** Multiples of 1, 2 or 5 times a power of ten, from 0. */
function linearTicks(most: number, wanted: number): readonly number[] {
  const rough = most / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10) * power;
  const ticks: number[] = [];
  for (let index = 0; index * step <= most * (1 + 1e-9); index++)
    ticks.push(Number((index * step).toPrecision(9)));
  return ticks;
}

function logarithmicTicks(from: number, to: number): readonly number[] {
  const factors = to - from > 2 ? [1] : [1, 2, 5];
  const ticks: number[] = [];
  for (let power = Math.floor(from); power <= Math.ceil(to); power++) {
    for (const factor of factors) {
      const tick = Number((factor * 10 ** power).toPrecision(3));
      if (Math.log10(tick) >= from && Math.log10(tick) <= to) ticks.push(tick);
    }
  }
  return ticks;
}
