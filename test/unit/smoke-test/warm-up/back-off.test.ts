import { describe, expect, test } from 'vitest';
import { pause, retryAfterMs } from '../../../../src/smoke-test/warm-up/back-off.ts';
import { formatWait } from '../../../../src/text/format.ts';
import { fakePatience } from '../../../support/smoke-test.ts';

const NOW = new Date('2026-03-04T05:06:07Z');

test.each([
  ['0', 0],
  ['1', 1_000],
  [' 120 ', 120_000],
  ['999999999', 999_999_999_000],
  ['2, 5, 3', 5_000],
  ['Wed, 04 Mar 2026 05:06:37 GMT', 30_000],
  ['Wednesday, 04-Mar-26 05:06:08 GMT', 1_000],
  ['Wed Mar  4 05:07:07 2026 GMT', 60_000],
  ['Wed, 04 Mar 2026 05:06:07 GMT', 0],
  ['Wed, 04 Mar 2026 05:06:06 GMT', 0],
  ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
])('Retry-After: %s means a pause of %i ms', (header, ms) => {
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
  '2, soon',
])('Retry-After: %s means nothing', (header) => {
  expect(retryAfterMs(header, NOW)).toBeUndefined();
});

test.each([
  ["by the reply's own clock", 'Wed, 04 Mar 2026 09:06:37 GMT', 'Wed, 04 Mar 2026 09:06:07 GMT', 30_000],
  ['by that of this machine when the reply has no date', 'Wed, 04 Mar 2026 05:06:37 GMT', undefined, 30_000],
  ['or one that cannot be read', 'Wed, 04 Mar 2026 05:06:37 GMT', '5', 30_000],
  ['and seconds by no clock', '30', 'Wed, 04 Mar 2026 09:06:07 GMT', 30_000],
])('a date is read %s', (_how, header, date, ms) => {
  expect(retryAfterMs(header, NOW, date)).toBe(ms);
});

test.each([
  [0, '0.0 s'],
  [49, '0.0 s'],
  [400, '0.4 s'],
  [2_750, '2.8 s'],
  [2_000, '2.0 s'],
  [9_900, '9.9 s'],
  [9_960, '10 s'],
  [10_000, '10 s'],
  [12_400, '12 s'],
  [125_000, '2 min 5 s'],
  [3_600_000, '1 h'],
])('a wait of %i ms is shown as %s', (ms, told) => {
  expect(formatWait(ms)).toBe(told);
});

test('a pause is never longer than 15 s', async () => {
  const { patience, slept } = fakePatience(120_000);
  expect(await pause(10_000, '503', undefined, patience)).toBe(true);
  expect(slept).toEqual([7_500]);
});

describe('limits', () => {
  // Every date here is one that Date.parse reads.
  test.each([
    ['of no day of the week', '04 Mar 2026 05:06:37 GMT'],
    ['of a day of two letters', 'We, 04 Mar 2026 05:06:37 GMT'],
    ['of a day of ten letters', 'Wednesdays, 04 Mar 2026 05:06:37 GMT'],
    ['of a day without a space after it', 'Wed,04 Mar 2026 05:06:37 GMT'],
    ['of the standard for data', '2026-03-04T05:06:37Z'],
  ])('a date %s means nothing', (_what, header) => {
    expect(Date.parse(header)).not.toBeNaN();
    expect(retryAfterMs(header, NOW)).toBeUndefined();
  });

  test.each([
    ['Wed 04 Mar 2026 05:06:37 GMT', 30_000],
    ['\tWed, 04 Mar 2026 05:06:37 GMT ', 30_000],
    ['wed, 04 mar 2026 05:06:37 gmt', 30_000],
    ['Wednesday, 04 Mar 2026 05:06:37 GMT', 30_000],
    ['000000007', 7_000],
    ['\t7', 7_000],
  ])('%j means a pause of %i ms', (header, ms) => {
    expect(retryAfterMs(header, NOW)).toBe(ms);
  });

  test.each(['1 2', '7s', 's7', '7,', '+7', '1234567890', '٣'])('%j means nothing', (header) => {
    expect(retryAfterMs(header, NOW)).toBeUndefined();
  });

  describe('a pause', () => {
    test.each([
      [251, true, 'Not ready: it sleeps. Next try in 0.3 s; 0.3 s left.'],
      [250, false, 'Not ready: it sleeps. The next try would be in 0.3 s, past the end of the warm-up.'],
      [1, false, 'Not ready: it sleeps. The next try would be in 0.3 s, past the end of the warm-up.'],
      [0, false, 'Not ready: it sleeps. That was the end of the warm-up.'],
      [-1, false, 'Not ready: it sleeps. That was the end of the warm-up.'],
    ])('of 250 ms when %i ms are left: %s', async (leftMs, goesOn, said) => {
      const fake = fakePatience(leftMs);
      expect(await pause(1, 'it sleeps', undefined, fake.patience)).toBe(goesOn);
      expect(fake.said).toEqual([said]);
      expect(fake.slept).toEqual(goesOn ? [250] : []);
    });

    test.each([
      [249, 250],
      [250, 250],
      [251, 251],
      [0, 250],
    ])('that the server wants to be %i ms long is %i ms long', async (retryAfter, slept) => {
      const fake = fakePatience(120_000);
      expect(await pause(1, 'it sleeps', retryAfter, fake.patience)).toBe(true);
      expect(fake.slept).toEqual([slept]);
    });
  });
});
