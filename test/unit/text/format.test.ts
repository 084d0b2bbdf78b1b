import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatDuration, formatMeasure, isoSeconds, parseDuration } from '../../../src/text/format.ts';

describe('a duration is read', () => {
  test.each([
    ['800ms', 800],
    ['30s', 30_000],
    ['2m', 120_000],
    ['2h', 7_200_000],
    ['1d', 86_400_000],
    ['1h30m', 5_400_000],
    ['1m5s250ms', 65_250],
    ['1.5h', 5_400_000],
    ['0s', 0],
    ['0.5s', 500],
    // A timer takes no fraction of a millisecond.
    ['1.1m', 66_000],
    ['1.005s', 1_005],
    ['2147483647ms', 2_147_483_647],
  ])('%s', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  test('as whole milliseconds', () => {
    fc.assert(
      fc.property(fc.nat({ max: 99_999 }), fc.nat({ max: 999 }), (whole, part) => {
        expect(parseDuration(`${whole}.${part}s`)).toSatisfy(Number.isInteger);
      }),
    );
  });
});

test.each([
  '30',
  '',
  's',
  '-1s',
  '+1s',
  '1 s',
  '1S',
  '1min',
  '1sec',
  '1.s',
  '.5s',
  '1e3s',
  '1s ',
  '1,5s',
  'PT30S',
  'NaNs',
  '1h 30m',
  // Longer than a timer of Node can wait.
  '25d',
  '2147483648ms',
])('%j is not a duration', (text) => {
  expect(parseDuration(text)).toBeUndefined();
});

test.each([
  [0, '0 s'],
  [499, '0 s'],
  [500, '1 s'],
  [30_000, '30 s'],
  [59_600, '1 min'],
  [60_000, '1 min'],
  [90_000, '1 min 30 s'],
  [3_600_000, '1 h'],
  [3_661_000, '1 h 1 min'],
  [86_340_000, '23 h 59 min'],
  [86_400_000, '1 d'],
  [90_000_000, '1 d 1 h'],
  [86_460_000, '1 d'],
  [-5_000, '0 s'],
])('%d ms is shown as %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test.each([
  [0.04, 'ms', '0 ms'],
  [9.94, 'ms', '9.9 ms'],
  [10, 'ms', '10 ms'],
  [811.6, 'ms', '812 ms'],
  [999.4, 'ms', '999 ms'],
  [1_250, 'ms', '1.25 s'],
  [1, 'share', '100 %'],
  [0.999, 'share', '99.9 %'],
  [0.99999, 'share', '100 %'],
  [0.5, 'share', '50 %'],
  [0, 'share', '0 %'],
  [1.5, 'ratio', '1.5×'],
  [0.987, 'ratio', '0.99×'],
  [0.004, 'ratio', '0.004×'],
  [0, 'ratio', '0×'],
] as const)('%d as a %s is shown as %s', (value, unit, words) => {
  expect(formatMeasure(value, unit)).toBe(words);
});

test.each([
  ['2026-03-04T05:06:07.089Z', '2026-03-04T05:06:07Z'],
  ['2026-03-04T05:06:07Z', '2026-03-04T05:06:07Z'],
  ['2026-03-04T05:06:07+01:00', '2026-03-04T04:06:07Z'],
])('the time %s is shown in UTC, to the second', (time, shown) => {
  expect(isoSeconds(new Date(time))).toBe(shown);
});
