import { expect, test } from 'vitest';
import type { Measurement } from '../../src/smoke/measurement.ts';
import { createProgress } from '../../src/smoke/progress.ts';
import { measurementOf } from '../report/results.ts';

/** A progress whose clock the test moves. */
function progressAt(...times: readonly number[]) {
  const said: string[] = [];
  let clock = 0;
  const progress = createProgress(
    (line) => said.push(line),
    () => clock,
  );
  return {
    said,
    tell: (measurements: readonly Measurement[]) => {
      for (const [index, time] of times.entries()) {
        clock = time;
        progress(index + 1, 40, measurements);
      }
    },
  };
}

test('a run shorter than 5 s has no line of progress', () => {
  const { said, tell } = progressAt(1_000, 3_000, 4_999);
  tell([measurementOf()]);
  expect(said).toEqual([]);
});

test('a longer run has a line every 5 s, counted from the last one', () => {
  const { said, tell } = progressAt(4_999, 5_000, 5_001, 9_999, 10_000, 17_000, 21_000, 22_000);
  tell([measurementOf({ latencyMs: 123.4 })]);
  expect(said).toEqual([
    '2 of 40 requests done, p50 123 ms so far, 0 failed.',
    '5 of 40 requests done, p50 123 ms so far, 0 failed.',
    '6 of 40 requests done, p50 123 ms so far, 0 failed.',
    '8 of 40 requests done, p50 123 ms so far, 0 failed.',
  ]);
});

test("the median is the candidate's own, of what was answered, and the failures are all", () => {
  const { said, tell } = progressAt(5_000);
  tell([
    measurementOf({ latencyMs: 100 }),
    measurementOf({ latencyMs: 200, outcome: 'failed' }),
    measurementOf({ latencyMs: 300 }),
    measurementOf({ latencyMs: 30_000, outcome: 'unanswered' }),
    measurementOf({ latencyMs: 1, target: 'baseline', outcome: 'failed' }),
  ]);
  expect(said).toEqual(['1 of 40 requests done, p50 200 ms so far, 3 failed.']);
});

test('a run in which nothing was answered yet says so', () => {
  const { said, tell } = progressAt(5_000);
  tell([measurementOf({ outcome: 'unanswered' })]);
  expect(said).toEqual(['1 of 40 requests done, none answered yet, 1 failed.']);
});
