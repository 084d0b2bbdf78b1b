import { describe, expect, test } from 'vitest';
import {
  describeBusyRunner,
  isRunnerBusy,
  latencyOfRunner,
  ratioOfRunner,
} from '../../../../src/smoke-test/verdict/runner-share.ts';

const delay = (mean: number, top = mean) => ({
  mean,
  percentile: (percent: number) => (percent >= 90 ? top : mean),
});

test.each([
  [undefined, 20, false],
  [delay(1.9), 10, false],
  [delay(2.1), 22, false],
  [delay(2.1), 20.9, true],
  [delay(30), 100, true],
])('a runner with the delay %j and a median of %d ms is busy: %s', (of, medianMs, busy) => {
  expect(isRunnerBusy(of, medianMs)).toBe(busy);
});

test('it is told with both times', () => {
  expect(describeBusyRunner(delay(12), 40)).toContain(
    'on average, data waited 12 ms until this process could read it, which is more than a tenth of the median latency (40 ms)',
  );
});

describe('a missed limit', () => {
  test.each([
    [110, 95, 100, delay(3, 20), true],
    [130, 95, 100, delay(3, 20), false],
    [130, 50, 100, delay(3, 40), false],
    [90, 95, 100, delay(3, 20), false],
    [110, 95, 100, undefined, false],
  ])('%d ms at p%d, limited to %d ms, is the runner’s', (measured, percent, limit, of, isRunners) => {
    expect(latencyOfRunner(measured, percent, limit, of) !== undefined).toBe(isRunners);
  });
});

describe('a ratio', () => {
  test.each([
    // Without the 20 ms that the runner added to both, it is 20 to 10.
    [40, 30, 1.5, delay(20), true],
    [40, 30, 2.5, delay(20), false],
    [40, 30, 1.2, delay(20), false],
    [40, 30, 1.5, undefined, false],
    // No more than nine tenths of the baseline's are taken off.
    [11, 10, 1.5, delay(20), true],
  ])('of %d to %d ms, limited to %d, is undecided for the runner', (ours, theirs, limit, of, isUndecided) => {
    expect(ratioOfRunner(ours, theirs, limit, of) !== undefined).toBe(isUndecided);
  });
});
