import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ThresholdResult } from '../../../../src/smoke-test/result.ts';
import { describeMissed } from '../../../../src/smoke-test/verdict/threshold-words.ts';

function missed(changes: Partial<ThresholdResult>): string {
  return describeMissed({
    name: 'p95',
    unit: 'ms',
    measured: 912,
    limit: 800,
    met: false,
    advisory: false,
    ...changes,
  });
}

describe('a missed threshold', () => {
  test('is described with its limit', () => {
    expect(missed({})).toBe('p95 is 912 ms; the limit is 800 ms.');
    expect(missed({ name: 'success-rate', unit: 'share', measured: 0.95, limit: 1 })).toBe(
      'success-rate is 95 %; the limit is 100 %.',
    );
    expect(missed({ name: 'baseline.p95', unit: 'ratio', measured: 1.62, limit: 1.5 })).toBe(
      'baseline.p95 is 1.62×; the limit is 1.5×.',
    );
  });

  test('is described with its note', () => {
    expect(missed({ note: 'Take at least 20.' })).toBe(
      'p95 is 912 ms; the limit is 800 ms. Take at least 20.',
    );
  });

  test('may not have been measured', () => {
    expect(missed({ measured: undefined })).toBe('p95 could not be measured; the limit is 800 ms.');
  });

  test.each([
    ['ms', 800.4, 800, 'p95 is 800.4 ms; the limit is 800 ms.'],
    ['ms', 5.04, 5, 'p95 is 5.04 ms; the limit is 5 ms.'],
    ['ratio', 1.5004, 1.5, 'p95 is 1.5004×; the limit is 1.5×.'],
    ['share', 0.99999, 1, 'p95 is 99.999 %; the limit is 100 %.'],
    ['ms', 1_251, 1_250, 'p95 is 1251 ms; the limit is 1250 ms.'],
    ['share', 0.9992, 0.9995, 'p95 is 99.92 %; the limit is 99.95 %.'],
    ['ms', 9.96, 9, 'p95 is 10 ms; the limit is 9 ms.'],
    ['ms', 10, 9.94, 'p95 is 10 ms; the limit is 9.9 ms.'],
  ] as const)(
    'does not read as met when it is missed by little: %s %d against %d',
    (unit, measured, limit, words) => {
      expect(missed({ unit, measured, limit })).toBe(words);
    },
  );

  test('never reads as met', () => {
    const [ms, share] = [fc.integer({ min: 1, max: 100_000 }), fc.double({ min: 0.01, max: 1, noNaN: true })];
    fc.assert(
      fc.property(ms, fc.double({ min: 1e-4, max: 1, noNaN: true }), (limit, over) => {
        const [said, wanted] = numbersOf(missed({ measured: limit + over, limit }));
        expect(said).toBeGreaterThan(wanted!);
      }),
    );
    fc.assert(
      fc.property(share, fc.double({ min: 1e-6, max: 0.01, noNaN: true }), (limit, under) => {
        const [said, wanted] = numbersOf(missed({ unit: 'share', measured: limit - under, limit }));
        expect(said).toBeLessThan(wanted!);
      }),
    );
  });

  function numbersOf(text: string): readonly number[] {
    return [...text.matchAll(/is (-?[\d.e-]+) (s\b)?/g)].map(
      ([, number, seconds]) => Number(number) * (seconds === undefined ? 1 : 1_000),
    );
  }
});
