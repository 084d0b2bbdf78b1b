import { describe, expect, test } from 'vitest';
import { ATTEMPT_MS, type AzureCall, DEADLINES_MS, within } from '../../../src/network/deadlines.ts';

const CALLS = Object.entries(DEADLINES_MS) as [AzureCall, number][];

describe('the table of deadlines', () => {
  test.each(CALLS)('the call %s ends within 90 s', (_call, deadlineMs) => {
    expect(deadlineMs).toBeLessThanOrEqual(90_000);
  });

  // A probe asks whether something is there at all.
  test.each(CALLS.filter(([call]) => call !== 'managed identity probe'))(
    'the call %s has time for another attempt when one hangs',
    (_call, deadlineMs) => {
      expect(deadlineMs).toBeGreaterThanOrEqual(2 * ATTEMPT_MS);
    },
  );
});

describe('a call within its deadline', () => {
  test('its result is passed on', async () => {
    expect(await within('keys', async () => 'here')).toBe('here');
  });

  test('its own error is passed on', async () => {
    const failure = new Error('refused');
    await expect(within('keys', () => Promise.reject(failure))).rejects.toBe(failure);
  });

  test('a call that ignores the signal ends at the deadline all the same', async () => {
    let signal: AbortSignal | undefined;
    const never = within('managed identity probe', (abort) => {
      signal = abort;
      return new Promise(() => undefined);
    });
    await expect(never).rejects.toMatchObject({ name: 'DeadlineError', deadlineMs: 1_000 });
    expect(signal?.aborted).toBe(true);
  });
});
