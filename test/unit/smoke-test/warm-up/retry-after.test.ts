import { expect, test } from 'vitest';
import { retryAfterMs } from '../../../../src/smoke-test/warm-up/retry-after.ts';

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
