import { describe, expect, test } from 'vitest';
import type { LatencyName } from '../../../../src/smoke-test/plan/plan.ts';
import type { Sample } from '../../../../src/smoke-test/result.ts';
import { judgeThresholds } from '../../../../src/smoke-test/verdict/thresholds.ts';
import { measurementOf } from '../../../support/results.ts';

function times(target: Sample['target'], latencies: readonly number[]): readonly Sample[] {
  return latencies.map((latencyMs) => measurementOf({ target, latencyMs }));
}

function latency(name: LatencyName, limit: number, measurements: readonly Sample[]) {
  const plan = {
    thresholds: { successRate: 1, latencyMs: { [name]: limit }, baseline: undefined },
    advisory: [],
  };
  return judgeThresholds(plan, measurements, 1)[1];
}

function ratio(limit: number, measurements: readonly Sample[]) {
  const plan = {
    thresholds: {
      successRate: 1,
      latencyMs: {},
      baseline: { deployment: 'blue', ratios: { p50: limit } },
    },
    advisory: [],
  };
  return judgeThresholds(plan, measurements, 20260304)[1];
}

describe('times in no order', () => {
  const unordered = times('candidate', [300, 9, 1_000, 20, 100]);

  test.each([
    ['p50', 100],
    ['p90', 1_000],
    ['max', 1_000],
  ] as const)('are ordered as numbers: %s', (name, measured) => {
    expect(latency(name, 5_000, unordered)).toMatchObject({ measured });
  });

  test('are ordered on both sides of a ratio', () => {
    const baseline = times('baseline', [90, 50, 8, 1_000, 30]);
    expect(ratio(100, [...unordered, ...baseline])).toMatchObject({ measured: 2 });
  });

  test('of the other deployment do not count', () => {
    expect(latency('max', 5_000, [...unordered, ...times('baseline', [9_999])])).toMatchObject({
      measured: 1_000,
    });
  });

  test('of requests without an answer do not count', () => {
    const unanswered = measurementOf({ outcome: 'unanswered', latencyMs: 9_999 });
    expect(latency('max', 5_000, [unanswered, ...unordered])).toMatchObject({ measured: 1_000 });
    expect(latency('max', 5_000, [unanswered])).toMatchObject({ measured: undefined, met: false });
  });
});

describe('a ratio whose limit lies at an edge', () => {
  const nine = [
    ...times('candidate', [80, 100, 120, 140, 160, 180, 200, 220, 240]),
    ...times('baseline', [80, 90, 100, 110, 120, 130, 140, 150, 160]),
  ];
  const measured = 160 / 120;
  const [low, high] = ratio(10, nine)?.interval ?? [Number.NaN, Number.NaN];
  /** The limit that so many samples would settle, on either side. */
  const above = (enough: number) => measured + (high - measured) / Math.sqrt((enough - 0.5) / 9);
  const below = (enough: number) => measured - (measured - low) / Math.sqrt((enough - 0.5) / 9);
  const advice = (limit: number) => ratio(limit, nine)?.note?.split('; ')[1];

  test('has room on both sides', () => {
    expect(low).toBeLessThan(measured);
    expect(high).toBeGreaterThan(measured);
  });

  test.each([
    ['the upper end of its interval', high, true],
    ['the lower end of its interval', low, false],
  ])('%s is inside, and one sample more would settle it', (_where, limit, met) => {
    expect(ratio(limit, nine)).toMatchObject({ met });
    expect(advice(limit)).toBe('about 10 samples would settle it.');
  });

  test.each([
    ['above the upper end', high * (1 + 1e-9), true],
    ['below the lower end', low * (1 - 1e-9), false],
  ])('%s is settled', (_where, limit, met) => {
    expect(ratio(limit, nine)).toMatchObject({ met });
    expect(ratio(limit, nine)).not.toHaveProperty('note');
  });

  test.each([
    [11, 'about 11 samples would settle it.'],
    [100, 'about 100 samples would settle it.'],
    [12_345, 'about 12345 samples would settle it.'],
    [1_000_000, 'about 1000000 samples would settle it.'],
    [1_000_001, 'more samples would hardly settle it.'],
    [5_000_000, 'more samples would hardly settle it.'],
  ])('of the interval that %i samples would have', (enough, said) => {
    expect(advice(above(enough))).toBe(said);
    expect(advice(below(enough))).toBe(said);
  });

  test('of the point itself is met, and no number of samples would settle it', () => {
    expect(ratio(measured, nine)).toMatchObject({ met: true });
    expect(advice(measured)).toBe('more samples would hardly settle it.');
  });

  test('counts the samples of the candidate, of which more are asked for', () => {
    const more = [...nine, ...times('baseline', [120, 120])];
    const [, top] = ratio(10, more)?.interval ?? [Number.NaN, Number.NaN];
    expect(ratio(top, more)?.note).toMatch(/; about 10 samples would settle it\.$/);
  });
});

test('a ratio compares with what passed of the baseline, and with nothing else', () => {
  const passed = times('baseline', [100]);
  const others = (['failed', 'unanswered'] as const).map((outcome) =>
    measurementOf({ target: 'baseline', latencyMs: 9_999, outcome }),
  );
  expect(ratio(2, [...times('candidate', [150]), ...others, ...passed])).toMatchObject({ measured: 1.5 });
  expect(ratio(2, [...times('candidate', [150]), ...others])).toMatchObject({
    measured: undefined,
    met: false,
  });
});
