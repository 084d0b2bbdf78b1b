import { describe, expect, test } from 'vitest';
import type { LatencyName, Thresholds } from '../../../../src/smoke-test/plan/plan.ts';
import type { Sample } from '../../../../src/smoke-test/result.ts';
import { judgeThresholds } from '../../../../src/smoke-test/verdict/thresholds.ts';
import { sampleOf } from '../../../support/results.ts';
import { caseOf } from '../../../support/smoke-test.ts';

const SEED = 20260304;

function judge(
  thresholds: Partial<Thresholds>,
  samples: readonly Sample[],
  advisory: readonly string[] = [],
) {
  const plan = {
    thresholds: { successRate: 1, latencyMs: {}, baseline: undefined, ...thresholds },
    advisory,
    cases: [caseOf()],
  };
  return [...judgeThresholds(plan, { samples, seed: SEED })];
}

/** The one result besides the success rate. */
function judgeLatency(name: LatencyName, limit: number, samples: readonly Sample[]) {
  const [, result, ...others] = judge({ latencyMs: { [name]: limit } }, samples);
  expect(others).toEqual([]);
  return result;
}

/** Requests that took 1, 2, … n ms. */
function taking(n: number, changes: Partial<Sample> = {}): readonly Sample[] {
  return Array.from({ length: n }, (_, index) => sampleOf({ latencyMs: index + 1, ...changes }));
}

function times(
  target: Sample['target'],
  latencies: readonly number[],
  changes: Partial<Sample> = {},
): readonly Sample[] {
  return latencies.map((latencyMs) => sampleOf({ target, latencyMs, ...changes }));
}

describe('the success rate', () => {
  const passed = sampleOf();
  const failed = sampleOf({ outcome: 'failed' });
  const unanswered = sampleOf({ outcome: 'unanswered' });

  test.each([
    ['all passed', [passed, passed], 1, 1, true],
    ['one of four failed', [passed, passed, passed, failed], 1, 0.75, false],
    ['exactly at the limit', [passed, passed, passed, failed], 0.75, 0.75, true],
    ['one without a reply did not pass', [passed, unanswered], 1, 0.5, false],
    ['none passed', [failed], 0.5, 0, false],
    ['none passed, and none must', [failed], 0, 0, true],
  ])('%s', (_what, samples, successRate, measured, met) => {
    expect(judge({ successRate }, samples)).toEqual([
      { name: 'success-rate', unit: 'share', measured, limit: successRate, met, advisory: false },
    ]);
  });

  test('is judged first, even if the file does not name it', () => {
    expect(judge({ latencyMs: { p95: 100 } }, [passed]).map(({ name }) => name)).toEqual([
      'success-rate',
      'p95',
    ]);
  });

  test('is not measured when no request was sent', () => {
    expect(judge({}, [])).toEqual([
      { name: 'success-rate', unit: 'share', measured: undefined, limit: 1, met: false, advisory: false },
    ]);
  });

  test('counts the requests to the candidate alone', () => {
    const [rate] = judge({}, [passed, sampleOf({ target: 'baseline', outcome: 'failed' })]);
    expect(rate).toMatchObject({ measured: 1, met: true });
  });
});

describe('a latency', () => {
  test.each([
    ['p50', 50],
    ['p90', 90],
    ['p95', 95],
    ['p99', 99],
    ['max', 100],
  ] as const)('%s of 100 requests is met below and at its limit, and missed above', (name, measured) => {
    const base = { name, unit: 'ms', measured, advisory: false };
    const all = taking(100);
    expect(judgeLatency(name, measured + 0.5, all)).toEqual({ ...base, limit: measured + 0.5, met: true });
    expect(judgeLatency(name, measured, all)).toEqual({ ...base, limit: measured, met: true });
    expect(judgeLatency(name, measured - 0.5, all)).toEqual({ ...base, limit: measured - 0.5, met: false });
  });

  test('does not count wrong replies, which may be fast', () => {
    const wrong = [1, 2].map((latencyMs) => sampleOf({ latencyMs, outcome: 'failed' }));
    expect(judgeLatency('p50', 10, [...wrong, ...times('candidate', [30, 40])])).toMatchObject({
      measured: 30,
      met: false,
    });
    expect(judgeLatency('p50', 10, wrong)).toMatchObject({ measured: undefined, met: false });
  });

  test('counts requests that ran into the timeout with the time of the timeout', () => {
    const late = sampleOf({ latencyMs: 1_000, outcome: 'unanswered', timedOut: true });
    const limit = [...taking(18), late, late];
    expect(judgeLatency('p95', 300, limit)).toEqual({
      name: 'p95',
      unit: 'ms',
      measured: 1_000,
      limit: 300,
      met: false,
      advisory: false,
    });
    expect(judgeLatency('first-event-p95', 300, [late])).toMatchObject({ measured: 1_000, met: false });
    const begun = { ...late, firstEventMs: 20 };
    expect(judgeLatency('first-event-p95', 300, [begun])).toMatchObject({ measured: 20, met: true });
  });

  test('does not count requests without a reply, nor those to the baseline', () => {
    const others = [
      sampleOf({ latencyMs: 30_000, outcome: 'unanswered' }),
      sampleOf({ latencyMs: 40_000, target: 'baseline' }),
    ];
    expect(judgeLatency('max', 10, [...taking(3), ...others])).toMatchObject({ measured: 3, met: true });
  });

  test('without any request that counts is not measured, and not met', () => {
    const none = [sampleOf({ outcome: 'unanswered' })];
    expect(judgeLatency('p95', 800, none)).toEqual({
      name: 'p95',
      unit: 'ms',
      measured: undefined,
      limit: 800,
      met: false,
      advisory: false,
    });
  });

  test.each([
    ['p50', 1, 'p50 of 1 sample is that one; use at least 2.'],
    ['p90', 9, 'p90 of 9 samples is just the slowest one; use at least 10.'],
    ['p95', 19, 'p95 of 19 samples is just the slowest one; use at least 20.'],
    ['p99', 99, 'p99 of 99 samples is just the slowest one; use at least 100.'],
  ] as const)('%s of %i requests has a note that they are too few', (name, count, note) => {
    const few = judgeLatency(name, 800, taking(count));
    expect(few).toMatchObject({ measured: count, met: true, note });
    expect(judgeLatency(name, 800, taking(count + 1))).not.toHaveProperty('note');
  });

  test('max needs one request', () => {
    expect(judgeLatency('max', 800, taking(1))).not.toHaveProperty('note');
  });

  test('of the first event counts streams alone', () => {
    const streams = Array.from({ length: 20 }, (_, index) =>
      sampleOf({ latencyMs: 5_000, firstEventMs: 100 + index }),
    );
    const result = judgeLatency('first-event-p95', 118, [...streams, ...taking(5)]);
    expect(result).toEqual({
      name: 'first-event-p95',
      unit: 'ms',
      measured: 118,
      limit: 118,
      met: true,
      advisory: false,
    });
    expect(judgeLatency('first-event-p95', 117, streams)).toMatchObject({ measured: 118, met: false });
    expect(judgeLatency('first-event-p95', 118, taking(5))).toMatchObject({
      measured: undefined,
      met: false,
    });
  });
});

test('every threshold is judged, in the order of the plan, and says whether it is advisory', () => {
  const baseline = { from: 'deployment', deployment: 'blue', ratios: { p95: 2, p50: 2 } } as const;
  const results = judge(
    { latencyMs: { p99: 1, p50: 100 }, baseline },
    [...times('candidate', [10, 10]), ...times('baseline', [10, 10])],
    ['p99', 'baseline.p95', 'success-rate'],
  );
  expect(results.map(({ name, met, advisory }) => [name, met, advisory])).toEqual([
    ['success-rate', true, true],
    ['p99', false, true],
    ['p50', true, false],
    ['baseline.p95', true, true],
    ['baseline.p50', true, false],
  ]);
});

describe('a ratio to the baseline', () => {
  function ratio(limit: number, samples: readonly Sample[], name: LatencyName = 'p50') {
    return judge(
      { baseline: { from: 'deployment', deployment: 'blue', ratios: { [name]: limit } } },
      samples,
    )[1];
  }
  const steady = [...times('candidate', [120, 120, 120]), ...times('baseline', [100, 100, 100])];

  test.each([
    [1.3, true],
    [1.1, false],
  ])('of steady latencies needs no note: limit %d', (limit, met) => {
    expect(ratio(limit, steady)).toEqual({
      name: 'baseline.p50',
      unit: 'ratio',
      measured: 1.2,
      limit,
      met,
      advisory: false,
      interval: [1.2, 1.2],
    });
  });

  test('equal to its limit is met, and no number of samples would settle it', () => {
    expect(ratio(1.2, steady)).toMatchObject({
      met: true,
      note: 'Too close to call: the limit 1.2 lies inside the 95 % interval 1.20 to 1.20; more samples would hardly settle it.',
    });
  });

  const spread = [
    ...times('candidate', [80, 100, 120, 140, 160, 180, 200, 220, 240]),
    ...times('baseline', [80, 90, 100, 110, 120, 130, 140, 150, 160]),
  ];

  test('whose limit lies inside its interval says how many samples would settle it', () => {
    const result = ratio(1.5, spread);
    const [low, high] = result!.interval!;
    expect(result).toMatchObject({ measured: 160 / 120, met: true });
    expect(low).toBeLessThan(160 / 120);
    expect(high).toBeGreaterThan(1.5);
    // The interval reaches `high − measured`, and must shrink to `limit − measured`: √n.
    const enough = Math.ceil(9 * ((high - 160 / 120) / (1.5 - 160 / 120)) ** 2);
    expect(enough).toBeGreaterThan(9);
    expect(result!.note).toBe(
      `Too close to call: the limit 1.5 lies inside the 95 % interval ${low.toFixed(2)} to ${high.toFixed(2)}; about ${enough} samples would settle it.`,
    );
  });

  test.each([
    ['the baseline was not asked', [...times('candidate', [100])], "The baseline 'blue' was not measured."],
    [
      'no reply of the baseline counts',
      [...times('candidate', [100]), ...times('baseline', [100], { outcome: 'unanswered' })],
      "Of the only request to the baseline 'blue', 0 got a good answer; a comparison needs at least 1.",
    ],
    ['the candidate gave none', times('baseline', [100]), undefined],
  ])('is not measured when %s', (_what, samples, note) => {
    expect(ratio(1.5, samples)).toEqual({
      name: 'baseline.p50',
      unit: 'ratio',
      measured: undefined,
      limit: 1.5,
      met: false,
      advisory: false,
      ...(note === undefined ? {} : { note }),
    });
  });

  const many = (target: Sample['target'], good: number, bad: number, changes: Partial<Sample> = {}) => [
    ...times(target, Array<number>(good).fill(100)),
    ...times(target, Array<number>(bad).fill(30_000), { outcome: 'unanswered', ...changes }),
  ];

  test.each([
    [1, 9, 1, true],
    [1, 8, 2, false],
    [0.95, 9, 1, true],
    [0.7, 7, 3, true],
    [0.7, 6, 4, false],
    [0, 5, 5, true],
    [0, 4, 6, false],
  ])(
    'where %d must pass needs good replies of the baseline: %i and %i bad',
    (successRate, good, bad, enough) => {
      const baseline = { from: 'deployment', deployment: 'blue', ratios: { p50: 2 } } as const;
      const samples = [...many('candidate', 10, 0), ...many('baseline', good, bad)];
      const [, result] = judge({ successRate, baseline }, samples);
      expect(result?.measured).toBe(enough ? 1 : undefined);
      expect(
        result?.note?.startsWith(`Of 10 requests to the baseline 'blue', ${good} got a good answer;`) ??
          false,
      ).toBe(!enough);
    },
  );

  test('needs them of every case, and names the one that has too few', () => {
    const baseline = { from: 'deployment', deployment: 'blue', ratios: { p50: 2 } } as const;
    const cases = [caseOf({ name: 'a' }), caseOf({ name: 'b' })];
    const ofB = { caseIndex: 1 };
    const samples = [
      ...many('candidate', 30, 0),
      ...many('baseline', 30, 0),
      ...times('baseline', [10], ofB),
      ...times('baseline', [10], { ...ofB, outcome: 'failed' }),
    ];
    const plan = { thresholds: { successRate: 1, latencyMs: {}, baseline }, advisory: [], cases };
    expect([...judgeThresholds(plan, { samples, seed: SEED })][1]).toMatchObject({
      measured: undefined,
      note: "Of 2 requests of case 'b' to the baseline 'blue', 1 got a good answer; a comparison needs at least 2.",
    });
  });

  test("does not count the baseline's timeouts, which would make the candidate look fast", () => {
    const samples = [...many('candidate', 10, 0), ...many('baseline', 9, 1, { timedOut: true })];
    expect(ratio(2, samples, 'max')).toMatchObject({ measured: 1 });
  });

  test('of too few samples says so', () => {
    expect(ratio(9, [...many('candidate', 19, 0), ...many('baseline', 25, 0)], 'p95')?.note).toBe(
      'p95 of 19 samples is just the slowest one; use at least 20.',
    );
    expect(ratio(9, [...many('candidate', 20, 0), ...many('baseline', 19, 0)], 'p95')?.note).toMatch(
      /^p95 of 19 /,
    );
    expect(ratio(9, [...many('candidate', 20, 0), ...many('baseline', 20, 0)], 'p95')?.note).toBeUndefined();
    expect(ratio(1, [...many('candidate', 5, 0), ...many('baseline', 5, 0)], 'p95')?.note).toMatch(
      /^p95 of 5 samples .* 20\. Too close to call/,
    );
  });

  test('of first events compares first events', () => {
    const streams = [
      ...times('candidate', [1_000], { firstEventMs: 300 }),
      ...times('baseline', [1_000], { firstEventMs: 100 }),
    ];
    expect(ratio(2, streams, 'first-event-p95')).toMatchObject({
      name: 'baseline.first-event-p95',
      measured: 3,
      met: false,
    });
  });
});

describe('limits', () => {
  const ratio = (limit: number, samples: readonly Sample[]) =>
    judge({ baseline: { from: 'deployment', deployment: 'blue', ratios: { p50: limit } } }, samples)[1];

  describe('times in no order', () => {
    const unordered = times('candidate', [300, 9, 1_000, 20, 100]);

    test.each([
      ['p50', 100],
      ['p90', 1_000],
      ['max', 1_000],
    ] as const)('are sorted as numbers: %s', (name, measured) => {
      expect(judgeLatency(name, 5_000, unordered)).toMatchObject({ measured });
    });

    test('are sorted on both sides of a ratio', () => {
      const baseline = times('baseline', [90, 50, 8, 1_000, 30]);
      expect(ratio(100, [...unordered, ...baseline])).toMatchObject({ measured: 2 });
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

    test('counts the samples of the candidate, of which more are asked for', () => {
      const more = [...nine, ...times('baseline', [120, 120])];
      const [, top] = ratio(10, more)?.interval ?? [Number.NaN, Number.NaN];
      expect(ratio(top, more)?.note).toMatch(/; about 10 samples would settle it\.$/);
    });
  });

  test('a ratio compares with the requests to the baseline that passed, and with no others', () => {
    const passed = times('baseline', Array<number>(18).fill(100));
    const others = (['failed', 'unanswered'] as const).map((outcome) =>
      sampleOf({ target: 'baseline', latencyMs: 9_999, outcome }),
    );
    expect(ratio(2, [...times('candidate', [150, 150]), ...others, ...passed])).toMatchObject({
      measured: 1.5,
    });
  });
});
