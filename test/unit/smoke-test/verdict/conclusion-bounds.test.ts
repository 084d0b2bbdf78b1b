import { describe, expect, test } from 'vitest';
import type { FirstBad } from '../../../../src/smoke-test/measure/measure.ts';
import type { CaseFailure, Sample, ThresholdResult } from '../../../../src/smoke-test/result.ts';
import { caseFailures, caseResults, conclude } from '../../../../src/smoke-test/verdict/conclusion.ts';
import { describeMissed } from '../../../../src/smoke-test/verdict/threshold-words.ts';
import { measurementOf } from '../../../support/results.ts';
import { answer, caseOf, measuredOf, planOf } from '../../../support/smoke-test.ts';

function badOf(changes: Partial<FirstBad>): FirstBad {
  return {
    caseIndex: 0,
    target: 'candidate',
    request: 1,
    exchange: answer(424),
    examined: { outcome: 'failed', row: undefined, mismatches: [], reason: '424' },
    ...changes,
  };
}

function failureOf(message: string, changes: Partial<CaseFailure>): CaseFailure {
  return {
    caseIndex: 0,
    target: 'candidate',
    request: 1,
    seen: message,
    message,
    mismatches: [],
    sameWay: 1,
    failed: 1,
    measured: 1,
    ...changes,
  };
}

function missed(changes: Partial<ThresholdResult>): ThresholdResult {
  return {
    name: 'success-rate',
    unit: 'share',
    measured: 0.5,
    limit: 1,
    met: false,
    advisory: false,
    ...changes,
  };
}

const failed = measurementOf({ outcome: 'failed', reason: '424' });
const throttled = measurementOf({ outcome: 'unanswered', inconclusive: true, reason: '429' });
const fromBaseline = measurementOf({ target: 'baseline', outcome: 'failed', reason: '424' });

describe('what stopped the measuring is told by its own failure', () => {
  const failures = [
    failureOf('the first case', {}),
    failureOf('the first case of the baseline', { target: 'baseline' }),
    failureOf('the second case', { caseIndex: 1 }),
    failureOf('the second case of the baseline', { caseIndex: 1, target: 'baseline' }),
  ];

  test.each([
    [0, 'candidate', 'the first case'],
    [0, 'baseline', 'the first case of the baseline'],
    [1, 'candidate', 'the second case'],
    [1, 'baseline', 'the second case of the baseline'],
    [2, 'candidate', undefined],
  ] as const)('case %i of the %s', (caseIndex, target, message) => {
    const measured = measuredOf([failed], { stoppedBy: badOf({ caseIndex, target }) });
    expect(conclude(planOf(), measured, [], failures)).toEqual({ verdict: 'error', message });
  });
});

describe('a missed success rate is told', () => {
  const end = (result: ThresholdResult, measurements: readonly Sample[], failures: readonly CaseFailure[]) =>
    conclude(planOf(), measuredOf(measurements), [result], failures);

  test('by what failed when all must pass, and by itself otherwise', () => {
    const failure = failureOf('it failed', {});
    expect(end(missed({}), [failed], [failure]).message).toBe('it failed');
    expect(end(missed({ limit: 0.9 }), [failed], [failure]).message).toBe(
      'success-rate is 50 %; the limit is 90 %.\nit failed',
    );
  });

  test('by itself when only the baseline failed', () => {
    const failure = failureOf('the baseline failed', { target: 'baseline' });
    expect(end(missed({}), [failed, fromBaseline], [failure]).message).toBe(
      'success-rate is 50 %; the limit is 100 %.',
    );
  });

  test('beside another that what failed does not tell', () => {
    const slow = missed({ name: 'p95', unit: 'ms', measured: 912, limit: 1 });
    expect(end(slow, [failed], [failureOf('it failed', {})]).message).toBe(
      'p95 is 912 ms; the limit is 1 ms.\nit failed',
    );
  });
});

test('the cases that are counted as more are those of the deployment under test', () => {
  const unmeasured = missed({ name: 'baseline.p95', unit: 'ratio', measured: undefined, limit: 1.5 });
  const failures = [0, 1, 2, 3].flatMap((caseIndex) => [
    failureOf(`case ${caseIndex}`, { caseIndex }),
    failureOf(`baseline of case ${caseIndex}`, { caseIndex, target: 'baseline' }),
  ]);
  const { message } = conclude(planOf(), measuredOf([failed]), [missed({}), unmeasured], failures);
  expect(message?.split('\n')).toEqual([
    'baseline.p95 could not be measured; the limit is 1.5×.',
    'case 0',
    'baseline of case 0',
    'case 1',
    '2 more cases failed; the log tells how.',
  ]);
});

describe('limits that silence meets are not passed', () => {
  const met = { measured: 0, limit: 0, met: true };

  test.each([
    ['no answer at all', [throttled], 'inconclusive', 'No request was answered.\nwhat was seen'],
    ['answers of the baseline alone', [throttled, fromBaseline], 'inconclusive', undefined],
    ['nothing measured', [], 'inconclusive', undefined],
    ['a wrong answer, which the limits allow', [failed, throttled], 'passed', undefined],
  ] as const)('%s', (_what, measurements, verdict, message) => {
    const end = conclude(planOf(), measuredOf(measurements), [missed(met)], [failureOf('what was seen', {})]);
    expect(end.verdict).toBe(verdict);
    if (message !== undefined) expect(end.message).toBe(message);
  });

  test('nor those that are advisory', () => {
    const advisory = missed({ advisory: true });
    expect(conclude(planOf(), measuredOf([throttled]), [advisory], []).verdict).toBe('inconclusive');
  });
});

describe('for want of answers alone nothing is said', () => {
  test.each([
    ['only throttled', [throttled], 'inconclusive'],
    ['throttled and failed', [throttled, failed], 'failed'],
    ['no request at all', [], 'failed'],
    ['none of the candidate', [fromBaseline], 'failed'],
    ['throttled, whatever the baseline did', [throttled, fromBaseline], 'inconclusive'],
  ] as const)('%s', (_what, measurements, verdict) => {
    expect(conclude(planOf(), measuredOf(measurements), [missed({})], []).verdict).toBe(verdict);
  });
});

describe('a missed limit in words', () => {
  test.each<[Partial<ThresholdResult>, string]>([
    [{ measured: undefined }, 'success-rate could not be measured; the limit is 100 %.'],
    [{ measured: 0.9999, limit: 1 }, 'success-rate is 99.99 %; the limit is 100 %.'],
    [{ measured: 0.9501, limit: 0.9502 }, 'success-rate is 95.01 %; the limit is 95.02 %.'],
    [{ name: 'p95', unit: 'ms', measured: 800.2, limit: 800 }, 'p95 is 800.2 ms; the limit is 800 ms.'],
    [{ name: 'p95', unit: 'ms', measured: 9.96, limit: 9 }, 'p95 is 10 ms; the limit is 9 ms.'],
    [{ name: 'p95', unit: 'ms', measured: 10, limit: 9.94 }, 'p95 is 10 ms; the limit is 9.9 ms.'],
    [
      { name: 'baseline.p95', unit: 'ratio', measured: 1.501, limit: 1.5 },
      'baseline.p95 is 1.501×; the limit is 1.5×.',
    ],
    [
      { name: 'p95', unit: 'ms', measured: undefined, limit: 800 },
      'p95 could not be measured; the limit is 800 ms.',
    ],
    [
      { name: 'p95', unit: 'ms', measured: 900, limit: 800, note: 'Take more.' },
      'p95 is 900 ms; the limit is 800 ms. Take more.',
    ],
  ])('%j', (changes, words) => {
    expect(describeMissed(missed(changes))).toBe(words);
  });
});

describe('the results of a case', () => {
  test('count the first events of those that had one', () => {
    const [result] = caseResults(
      planOf(),
      [
        measurementOf({ firstEventMs: 30 }),
        measurementOf({ firstEventMs: undefined }),
        measurementOf({ firstEventMs: 10 }),
        measurementOf({ firstEventMs: 5, outcome: 'unanswered' }),
        measurementOf({ firstEventMs: 1, target: 'baseline' }),
        measurementOf({ firstEventMs: 2, caseIndex: 1 }),
      ],
      [],
    );
    expect(result?.firstEvent).toMatchObject({ count: 2, min: 10, max: 30, mean: 20 });
    expect(result).toMatchObject({ measured: 4, passed: 3, latency: { count: 3 }, baseline: { count: 1 } });
  });

  test('have no first event when none had one', () => {
    expect(caseResults(planOf(), [measurementOf()], [])[0]?.firstEvent).toBeUndefined();
  });
});

test('the requests of a failure are those of its case and its deployment', () => {
  const plan = planOf({ cases: [caseOf({ name: 'a' }), caseOf({ name: 'b' })] });
  const bad = badOf({ caseIndex: 1, request: 2 });
  const measurements = [
    measurementOf({ caseIndex: 0, outcome: 'failed', reason: '424' }),
    measurementOf({ caseIndex: 1 }),
    measurementOf({ caseIndex: 1, outcome: 'failed', reason: '424' }),
    measurementOf({ caseIndex: 1, outcome: 'failed', reason: '500' }),
    measurementOf({ caseIndex: 1, target: 'baseline', outcome: 'failed', reason: '424' }),
  ];
  expect(
    caseFailures(plan, measuredOf(measurements, { firstBad: [bad] }), new Map([[bad, 'It said 424.']])),
  ).toEqual([
    {
      caseIndex: 1,
      target: 'candidate',
      request: 2,
      seen: 'It said 424.',
      message: "Case 'b', request 2: It said 424. 2 of 3 requests failed, 1 of them the same way.",
      mismatches: [],
      sameWay: 1,
      failed: 2,
      measured: 3,
    },
  ]);
});
