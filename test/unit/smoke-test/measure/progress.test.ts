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
    tell: (samples: readonly Sample[], bad = 0) => {
      for (const [index, time] of times.entries()) {
        clock = time;
        progress({ done: index + 1, of: 40, bad, latest: (count) => samples.slice(0, count) });
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
    '2 of 40 requests done, p50 123 ms lately, 0 did not pass.',
    '5 of 40 requests done, p50 123 ms lately, 0 did not pass.',
    '6 of 40 requests done, p50 123 ms lately, 0 did not pass.',
    '8 of 40 requests done, p50 123 ms lately, 0 did not pass.',
  ]);
});

test("the median is that of the candidate's latest requests that passed or ran into the timeout", () => {
  const { said, tell } = progressAt(5_000);
  const latest = [
    sampleOf({ latencyMs: 100 }),
    sampleOf({ latencyMs: 200, outcome: 'failed' }),
    sampleOf({ latencyMs: 1_250 }),
    sampleOf({ latencyMs: 30_000, outcome: 'unanswered', timedOut: true }),
    sampleOf({ latencyMs: 1, outcome: 'unanswered' }),
    sampleOf({ latencyMs: 7, target: 'baseline' }),
  ];
  tell([...latest, ...Array<Sample>(994).fill(sampleOf({ outcome: 'unanswered' })), sampleOf()], 3);
  expect(said).toEqual(['1 of 40 requests done, p50 1.25 s lately, 3 did not pass.']);
});

test('a run without a reply lately says so', () => {
  const { said, tell } = progressAt(5_000);
  tell([sampleOf({ outcome: 'unanswered' })], 1);
  expect(said).toEqual(['1 of 40 requests done, none answered lately, 1 did not pass.']);
});
