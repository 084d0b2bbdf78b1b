import { describe, expect, test } from 'vitest';
import { ATTEMPT_MS, type AzureCall, DEADLINES_MS, within } from '../../../src/network/deadlines.ts';

const LEGS = Object.entries(DEADLINES_MS) as [AzureCall, number][];

describe('the deadline of', () => {
  test.each(LEGS)('the leg %s ends within 90 s', (_leg, deadlineMs) => {
    expect(deadlineMs).toBeLessThanOrEqual(90_000);
  });

  // A probe asks whether something is there at all.
  test.each(LEGS.filter(([leg]) => leg !== 'managed identity probe'))(
    'the leg %s leaves time for another attempt when one hangs',
    (_leg, deadlineMs) => {
      expect(deadlineMs).toBeGreaterThanOrEqual(2 * ATTEMPT_MS);
    },
  );
});

describe('a leg', () => {
  test('that is in time gives what it gives', async () => {
    expect(await within('keys', async () => 'here')).toBe('here');
  });

  test('that fails in time fails as it does', async () => {
    const failure = new Error('refused');
    await expect(within('keys', () => Promise.reject(failure))).rejects.toBe(failure);
  });

  test('that never ends is ended, whether it heeds the signal or not', async () => {
    let signal: AbortSignal | undefined;
    const never = within('managed identity probe', (abort) => {
      signal = abort;
      return new Promise(() => undefined);
    });
    await expect(never).rejects.toMatchObject({ name: 'DeadlineError', deadlineMs: 1_000 });
    expect(signal?.aborted).toBe(true);
  });
});
