import { describe, expect, test } from 'vitest';
import { retryAfterMs } from '../../../../src/smoke-test/warm-up/back-off.ts';

const NOW = new Date('2026-03-04T05:06:07Z');

test.each([
  ['0', 0],
  ['1', 1_000],
  [' 120 ', 120_000],
  ['999999999', 999_999_999_000],
  ['Wed, 04 Mar 2026 05:06:37 GMT', 30_000],
  ['Wednesday, 04-Mar-26 05:06:08 GMT', 1_000],
  ['Wed Mar  4 05:07:07 2026 GMT', 60_000],
  ['Wed, 04 Mar 2026 05:06:07 GMT', 0],
  ['Wed, 04 Mar 2026 05:06:06 GMT', 0],
  ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
])('Retry-After: %s asks for a pause of %i ms', (header, ms) => {
  expect(retryAfterMs(header, NOW)).toBe(ms);
});

test.each([
  undefined,
  '',
  ' ',
  'soon',
  '-1',
  '1.5',
  '1e3',
  '0x10',
  '9999999999',
  'Wed, 99 Foo 2026',
  '2026-03-04',
])('Retry-After: %s asks for nothing', (header) => {
  expect(retryAfterMs(header, NOW)).toBeUndefined();
});

describe('limits', () => {
  const NOW = new Date('2026-03-04T05:06:07Z');

  // Every date here is one that Date.parse reads.
  test.each([
    ['of no day of the week', '04 Mar 2026 05:06:37 GMT'],
    ['of a day of two letters', 'We, 04 Mar 2026 05:06:37 GMT'],
    ['of a day of ten letters', 'Wednesdays, 04 Mar 2026 05:06:37 GMT'],
    ['of a day without a space after it', 'Wed,04 Mar 2026 05:06:37 GMT'],
    ['of the standard for data', '2026-03-04T05:06:37Z'],
  ])('a date %s asks for nothing', (_what, header) => {
    expect(Date.parse(header)).not.toBeNaN();
    expect(retryAfterMs(header, NOW)).toBeUndefined();
  });

  test.each([
    ['Wed 04 Mar 2026 05:06:37 GMT', 30_000],
    ['\tWed, 04 Mar 2026 05:06:37 GMT ', 30_000],
    ['wed, 04 mar 2026 05:06:37 gmt', 30_000],
    ['Wednesday, 04 Mar 2026 05:06:37 GMT', 30_000],
    ['Wed, 04 Mar 2026 05:06:08 GMT', 1_000],
    ['000000007', 7_000],
    ['\t7', 7_000],
  ])('%j asks for a pause of %i ms', (header, ms) => {
    expect(retryAfterMs(header, NOW)).toBe(ms);
  });

  test.each(['1 2', '7s', 's7', '7,', '+7', '1234567890', '٣'])('%j asks for nothing', (header) => {
    expect(retryAfterMs(header, NOW)).toBeUndefined();
  });
});
