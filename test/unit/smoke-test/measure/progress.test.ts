import { expect, test } from 'vitest';
import { createProgress } from '../../../../src/smoke-test/measure/progress.ts';
import type { Sample } from '../../../../src/smoke-test/result.ts';
import { sampleOf } from '../../../support/results.ts';

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
    tell: (samples: readonly Sample[]) => {
      for (const [index, time] of times.entries()) {
        clock = time;
        progress(index + 1, 40, samples);
      }
    },
  };
}

test('a run shorter than 5 s has no line of progress', () => {
  const { said, tell } = progressAt(1_000, 3_000, 4_999);
  tell([sampleOf()]);
  expect(said).toEqual([]);
});

test('a longer run has a line every 5 s, counted from the last one', () => {
  const { said, tell } = progressAt(4_999, 5_000, 5_001, 9_999, 10_000, 17_000, 21_000, 22_000);
  tell([sampleOf({ latencyMs: 123.4 })]);
  expect(said).toEqual([
    '2 of 40 requests done, p50 123 ms so far, 0 did not pass.',
    '5 of 40 requests done, p50 123 ms so far, 0 did not pass.',
    '6 of 40 requests done, p50 123 ms so far, 0 did not pass.',
    '8 of 40 requests done, p50 123 ms so far, 0 did not pass.',
  ]);
});

test("the median is that of the candidate's requests that passed or ran into the timeout", () => {
  const { said, tell } = progressAt(5_000);
  tell([
    sampleOf({ latencyMs: 100 }),
    sampleOf({ latencyMs: 200, outcome: 'failed' }),
    sampleOf({ latencyMs: 1_250 }),
    sampleOf({ latencyMs: 30_000, outcome: 'unanswered', timedOut: true }),
    sampleOf({ latencyMs: 1, outcome: 'unanswered' }),
  ]);
  expect(said).toEqual(['1 of 40 requests done, p50 1.25 s so far, 3 did not pass.']);
});

test('requests to the baseline only count in the total', () => {
  const { said, tell } = progressAt(5_000);
  tell([
    sampleOf({ latencyMs: 8.44 }),
    sampleOf({ latencyMs: 300, target: 'baseline', outcome: 'failed' }),
    sampleOf({ latencyMs: 300, target: 'baseline' }),
    sampleOf({ latencyMs: 9, outcome: 'failed' }),
  ]);
  expect(said).toEqual([
    '1 of 40 requests done, 2 of them to the baseline; of the others, p50 8.4 ms so far, 1 did not pass.',
  ]);
});

test('a run without a reply so far says so', () => {
  const { said, tell } = progressAt(5_000);
  tell([sampleOf({ outcome: 'unanswered' })]);
  expect(said).toEqual(['1 of 40 requests done, none answered yet, 1 did not pass.']);
});
