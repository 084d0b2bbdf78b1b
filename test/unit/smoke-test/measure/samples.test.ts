import { expect, test } from 'vitest';
import type { Judgement } from '../../../../src/smoke-test/judge/judge.ts';
import { createSampleColumns } from '../../../../src/smoke-test/measure/samples.ts';
import { rowOf } from '../../../../src/smoke-test/verdict/status-table.ts';
import { sampleOf } from '../../../support/results.ts';
import { replyOf } from '../../../support/smoke-test.ts';

const PASSED: Judgement = { outcome: 'passed', row: undefined, mismatches: [], reason: undefined };
const FAILED: Judgement = { ...PASSED, outcome: 'failed', reason: 'text: x' };
const THROTTLED: Judgement = { ...PASSED, outcome: 'unanswered', row: rowOf(replyOf(429)), reason: '429' };

const NAMES = Object.keys(sampleOf()) as (keyof ReturnType<typeof sampleOf>)[];
const plain = (sample: ReturnType<typeof sampleOf>) =>
  Object.fromEntries(NAMES.map((name) => [name, sample[name]]));

const SAMPLES = [
  sampleOf(),
  sampleOf({
    caseIndex: 3,
    index: 7,
    target: 'baseline',
    line: 12,
    waitedMs: 4.5,
    firstEventMs: 0,
    longestGapMs: 3.5,
  }),
  sampleOf({ timedOut: true, status: undefined, sha256: undefined, deployment: undefined, bytes: 2 ** 40 }),
  sampleOf({ requestId: 'no UUID', startedAtMs: 1_234_567.875, latencyMs: 0.0625 }),
];

test('a sample reads as it was added', () => {
  const columns = createSampleColumns(SAMPLES.length);
  for (const sample of SAMPLES) columns.add(sample, PASSED);
  expect(columns.rows().map(plain)).toEqual(SAMPLES.map(plain));
  expect(columns.length).toBe(4);
});

test('a judgement replaces the one before', () => {
  const columns = createSampleColumns(2);
  const at = columns.add(sampleOf({ timedOut: true }), PASSED);
  columns.judge(at, THROTTLED);
  expect(columns.rows()[0]).toMatchObject({
    outcome: 'unanswered',
    inconclusive: true,
    timedOut: true,
    reason: '429',
  });
  columns.judge(at, FAILED);
  expect(columns.rows()[0]).toMatchObject({ outcome: 'failed', inconclusive: false, reason: 'text: x' });
});

test('the latest come in turn from the last one', () => {
  const columns = createSampleColumns(3);
  for (const latencyMs of [1, 2, 3]) columns.add(sampleOf({ latencyMs }), PASSED);
  expect(columns.latest(2).map(({ latencyMs }) => latencyMs)).toEqual([3, 2]);
  expect(columns.latest(9)).toHaveLength(3);
});

test('what is cut is forgotten', () => {
  const columns = createSampleColumns(3);
  for (const latencyMs of [1, 2, 3]) columns.add(sampleOf({ latencyMs }), PASSED);
  columns.cut(1);
  columns.cut(2);
  expect(columns.rows().map(({ latencyMs }) => latencyMs)).toEqual([1]);
});
