import { describe, expect, test } from 'vitest';
import type { Judgement } from '../../../../src/smoke-test/judge/judge.ts';
import type { FirstBad } from '../../../../src/smoke-test/measure/measure.ts';
import type { CaseFailure, Sample, ThresholdResult } from '../../../../src/smoke-test/result.ts';
import { caseFailures, caseResults, conclude } from '../../../../src/smoke-test/verdict/conclusion.ts';
import { describeMissed } from '../../../../src/smoke-test/verdict/threshold-words.ts';
import { measurementOf } from '../../../support/results.ts';
import { answer, caseOf, measuredOf, planOf } from '../../../support/smoke-test.ts';

function badOf(
  changes: Partial<Omit<FirstBad, 'examined'>> & { examined?: Partial<Judgement> } = {},
): FirstBad {
  const examined = { outcome: 'failed', row: undefined, mismatches: [], reason: '424', ...changes.examined };
  return {
    caseIndex: 0,
    target: 'candidate',
    request: 1,
    exchange: answer(424),
    ...changes,
    judgement: examined as Judgement,
  };
}

const passed = measurementOf();
const wrong = measurementOf({ outcome: 'failed', reason: '424' });
const late = measurementOf({ outcome: 'unanswered', reason: 'no answer in time' });
const throttled = measurementOf({ outcome: 'unanswered', inconclusive: true, reason: '429' });

function rate(measured: number, changes: Partial<ThresholdResult> = {}): ThresholdResult {
  return {
    name: 'success-rate',
    unit: 'share',
    measured,
    limit: 1,
    met: measured >= 1,
    advisory: false,
    ...changes,
  };
}

function p95(measured: number | undefined, changes: Partial<ThresholdResult> = {}): ThresholdResult {
  const met = measured !== undefined && measured <= 800;
  return { name: 'p95', unit: 'ms', measured, limit: 800, met, advisory: false, ...changes };
}

const noBaseline: ThresholdResult = {
  name: 'baseline.p95',
  unit: 'ratio',
  measured: undefined,
  limit: 1.5,
  met: false,
  advisory: false,
};

describe('the verdict', () => {
  test.each<[string, readonly Sample[], readonly ThresholdResult[], string]>([
    ['passed when every threshold is met', [passed], [rate(1), p95(800)], 'passed'],
    ['passed when what was missed is advisory', [passed], [rate(1), p95(801, { advisory: true })], 'passed'],
    [
      'passed when the missing baseline is advisory',
      [passed],
      [rate(1), { ...noBaseline, advisory: true }],
      'passed',
    ],
    ['failed by a wrong answer', [passed, wrong], [rate(0.5)], 'failed'],
    ['failed by a request without an answer', [passed, late], [rate(0.5)], 'failed'],
    ['failed by a latency', [passed], [rate(1), p95(801)], 'failed'],
    ['inconclusive when only throttling spoils the rate', [passed, throttled], [rate(0.5)], 'inconclusive'],
    ['inconclusive when everything was throttled', [throttled], [rate(0)], 'inconclusive'],
    [
      'inconclusive when everything was throttled, and so no latency could be measured',
      [throttled],
      [rate(0), p95(undefined)],
      'inconclusive',
    ],
    ['failed by one wrong answer beside throttled ones', [throttled, wrong], [rate(0)], 'failed'],
    ['failed by a latency beside throttled requests', [passed, throttled], [rate(0.5), p95(801)], 'failed'],
    [
      'failed when no latency could be measured since nothing answered in time',
      [late],
      [rate(0), p95(undefined)],
      'failed',
    ],
    ['inconclusive when the baseline gave no answers', [passed], [rate(1), noBaseline], 'inconclusive'],
    [
      'inconclusive when the baseline gave no answers and the candidate was throttled',
      [throttled],
      [rate(0), noBaseline],
      'inconclusive',
    ],
    ['failed by a wrong answer, although the baseline gave none', [wrong], [rate(0), noBaseline], 'failed'],
    [
      'failed by a latency, although the baseline gave no answers',
      [passed],
      [rate(1), p95(801), noBaseline],
      'failed',
    ],
  ])('is %s', (_what, measurements, results, verdict) => {
    const { verdict: concluded, message } = conclude(planOf(), measuredOf(measurements), results, []);
    expect(concluded).toBe(verdict);
    expect(message === undefined).toBe(verdict === 'passed');
  });

  test('forgives bad answers up to the rate, and throttled ones beyond it', () => {
    const plan = planOf({ thresholds: { successRate: 0.75, latencyMs: {}, baseline: undefined } });
    const missed = [rate(0.5, { limit: 0.75 })];
    expect(conclude(plan, measuredOf([passed, passed, throttled, wrong]), missed, []).verdict).toBe(
      'inconclusive',
    );
    expect(conclude(plan, measuredOf([passed, passed, wrong, wrong]), missed, []).verdict).toBe('failed');
  });

  test("looks at the candidate's requests alone", () => {
    const measurements = [throttled, measurementOf({ target: 'baseline', outcome: 'failed' })];
    expect(conclude(planOf(), measuredOf(measurements), [rate(0)], []).verdict).toBe('inconclusive');
  });

  test('is error when measuring on was in vain, whatever the thresholds say', () => {
    const bad = badOf({ caseIndex: 1, target: 'baseline' });
    const failure = failureOf({ caseIndex: 1, target: 'baseline', message: 'The key was refused.' });
    expect(
      conclude(
        planOf(),
        measuredOf([passed], { stoppedBy: bad }),
        [rate(1)],
        [failureOf({ message: 'of the candidate' }), failure],
      ),
    ).toEqual({ verdict: 'error', message: 'The key was refused.' });
  });
});

function failureOf(changes: Partial<CaseFailure> = {}): CaseFailure {
  return {
    caseIndex: 0,
    target: 'candidate',
    request: 1,
    seen: 'seen',
    message: 'seen',
    mismatches: [],
    sameWay: 1,
    failed: 1,
    measured: 1,
    ...changes,
  };
}

describe('the message', () => {
  const ofBaseline = failureOf({ target: 'baseline', message: 'baseline' });
  const failing = (...messages: readonly string[]): readonly CaseFailure[] =>
    messages.map((message) => failureOf({ message }));

  function messageOf(results: readonly ThresholdResult[], failures: readonly CaseFailure[]) {
    return conclude(planOf(), measuredOf([passed, wrong]), results, failures).message;
  }

  test('names every missed limit, and then three failures of the candidate', () => {
    const failures = [ofBaseline, ...failing('one', 'two', 'three')];
    const results = [rate(0.5, { limit: 0.99 }), p95(912), p95(1_000, { name: 'p99', advisory: true })];
    expect(messageOf(results, failures)).toBe(
      'success-rate is 50 %; the limit is 99 %.\np95 is 912 ms; the limit is 800 ms.\none\ntwo\nthree',
    );
  });

  test.each([
    [['one', 'two', 'three', 'four'], '1 more case failed; the log tells how.'],
    [['one', 'two', 'three', 'four', 'five'], '2 more cases failed; the log tells how.'],
  ])('says how many more cases failed: %j', (messages, more) => {
    expect(messageOf([p95(912)], [ofBaseline, ...failing(...messages)])).toBe(
      `p95 is 912 ms; the limit is 800 ms.\none\ntwo\nthree\n${more}`,
    );
  });

  test('leaves it to the failures to tell that not every request passed', () => {
    expect(messageOf([rate(0.5), p95(912)], failing('one'))).toBe('p95 is 912 ms; the limit is 800 ms.\none');
    expect(messageOf([rate(0.5)], failing('one'))).toBe('one');
  });

  test.each<[string, readonly CaseFailure[]]>([
    ['nothing failed', []],
    ['the baseline alone failed', [ofBaseline]],
  ])('tells that not every request passed when %s', (_what, failures) => {
    expect(messageOf([rate(0.5)], failures)).toBe('success-rate is 50 %; the limit is 100 %.');
  });

  test('tells why the baseline could not be measured', () => {
    expect(messageOf([rate(1), noBaseline], [ofBaseline])).toBe(
      'baseline.p95 could not be measured; the limit is 1.5×.\nbaseline',
    );
  });

  test.each<[string, ThresholdResult]>([
    ['was measured', { ...noBaseline, measured: 2 }],
    ['only advises', { ...noBaseline, advisory: true }],
  ])('does not tell what failed of a baseline that %s', (_what, baseline) => {
    expect(messageOf([p95(912), baseline], [ofBaseline])?.split('\n')).not.toContain('baseline');
  });
});

describe('the results of the cases', () => {
  const plan = planOf({ cases: [caseOf(), caseOf({ name: 'chat stream' })] });
  const measurements = [
    measurementOf({ latencyMs: 10 }),
    measurementOf({ latencyMs: 30, outcome: 'failed' }),
    measurementOf({ latencyMs: 30_000, outcome: 'unanswered' }),
    measurementOf({ latencyMs: 20, target: 'baseline' }),
    measurementOf({ latencyMs: 40_000, target: 'baseline', outcome: 'unanswered' }),
    measurementOf({ latencyMs: 50, firstEventMs: 5, caseIndex: 1 }),
  ];

  test('count each case for itself, and time what passed', () => {
    const ofBaseline = failureOf({ target: 'baseline' });
    const own = failureOf();
    const [rows, stream] = caseResults(plan, measurements, [ofBaseline, own]);
    expect(rows).toEqual({
      name: 'two rows',
      measured: 3,
      passed: 1,
      latency: { count: 1, min: 10, mean: 10, p50: 10, p90: 10, p95: 10, p99: 10, max: 10 },
      firstEvent: undefined,
      baseline: { count: 1, min: 20, mean: 20, p50: 20, p90: 20, p95: 20, p99: 20, max: 20 },
      failure: own,
    });
    expect(stream).toEqual({
      name: 'chat stream',
      measured: 1,
      passed: 1,
      latency: { count: 1, min: 50, mean: 50, p50: 50, p90: 50, p95: 50, p99: 50, max: 50 },
      firstEvent: { count: 1, min: 5, mean: 5, p50: 5, p90: 5, p95: 5, p99: 5, max: 5 },
      baseline: undefined,
      failure: undefined,
    });
  });

  test('time what was answered, where nothing passed, and nothing where nothing was', () => {
    const wrong = measurementOf({ latencyMs: 30, outcome: 'failed' });
    const late = measurementOf({ latencyMs: 1_000, outcome: 'unanswered', timedOut: true });
    const [seen] = caseResults(plan, [wrong, late], []);
    expect(seen?.latency).toMatchObject({ count: 1, max: 30 });
    const [none] = caseResults(plan, [late], []);
    expect(none?.latency).toBeUndefined();
    const [some] = caseResults(plan, [wrong, late, measurementOf({ latencyMs: 5 })], []);
    expect(some?.latency).toMatchObject({ count: 2, min: 5, max: 1_000 });
  });

  test('are there for cases that were never reached', () => {
    expect(caseResults(plan, [], []).map(({ name, measured, latency }) => [name, measured, latency])).toEqual(
      [
        ['two rows', 0, undefined],
        ['chat stream', 0, undefined],
      ],
    );
  });
});

describe('a failure', () => {
  const seenAs = (bad: FirstBad, text: string): ReadonlyMap<FirstBad, string> => new Map([[bad, text]]);

  test('of the only request is what was seen, and no more', () => {
    const bad = badOf({ examined: { mismatches: [{ at: 'status', wanted: '2xx', got: '424' }] } });
    expect(
      caseFailures(planOf(), measuredOf([wrong], { firstBad: [bad] }), seenAs(bad, 'It broke.')),
    ).toEqual([
      {
        caseIndex: 0,
        target: 'candidate',
        request: 1,
        seen: 'It broke.',
        message: 'It broke.',
        mismatches: [{ at: 'status', wanted: '2xx', got: '424' }],
        sameWay: 1,
        failed: 1,
        measured: 1,
      },
    ]);
  });

  test('of many requests says which one was first, and how many failed', () => {
    const bad = badOf({ request: 2 });
    const [failure] = caseFailures(
      planOf(),
      measuredOf([passed, wrong, wrong, passed], { firstBad: [bad] }),
      seenAs(bad, 'It broke.'),
    );
    expect(failure?.message).toBe("Case 'two rows', request 2: It broke. 2 of 4 requests failed.");
    expect(failure).toMatchObject({ sameWay: 2, failed: 2, measured: 4 });
  });

  test('that is a list has its count on a line of its own', () => {
    const bad = badOf({ request: 2 });
    const [failure] = caseFailures(
      planOf(),
      measuredOf([passed, wrong, wrong], { firstBad: [bad] }),
      seenAs(bad, 'It broke:\n- status: wanted 2xx, got 424'),
    );
    expect(failure?.message).toBe(
      "Case 'two rows', request 2: It broke:\n- status: wanted 2xx, got 424\n2 of 3 requests failed.",
    );
  });

  test('of the only request that is a list ends with the list', () => {
    const bad = badOf();
    const [failure] = caseFailures(
      planOf(),
      measuredOf([wrong], { firstBad: [bad] }),
      seenAs(bad, 'It broke:\n- status: wanted 2xx, got 424'),
    );
    expect(failure?.message).toBe('It broke:\n- status: wanted 2xx, got 424');
  });

  test('says how many of them failed the same way', () => {
    const bad = badOf({ request: 1 });
    const [failure] = caseFailures(
      planOf(),
      measuredOf([wrong, late, wrong, passed], { firstBad: [bad] }),
      seenAs(bad, 'It broke.'),
    );
    expect(failure?.message).toBe(
      "Case 'two rows', request 1: It broke. 3 of 4 requests failed, 2 of them the same way.",
    );
    expect(failure).toMatchObject({ sameWay: 2, failed: 3, measured: 4 });
  });

  test('of the baseline and of another case is counted apart', () => {
    const plan = planOf({ cases: [caseOf(), caseOf({ name: 'chat stream' })] });
    const bad = badOf({ caseIndex: 1, target: 'baseline' });
    const measurements = [
      wrong,
      measurementOf({ caseIndex: 1 }),
      measurementOf({ caseIndex: 1, target: 'baseline', outcome: 'failed', reason: '424' }),
    ];
    const [failure] = caseFailures(
      plan,
      measuredOf(measurements, { firstBad: [bad] }),
      seenAs(bad, 'It broke.'),
    );
    expect(failure?.message).toBe(
      "Case 'chat stream', request 1 to the baseline: It broke. 1 of 1 request failed.",
    );
    expect(failure).toMatchObject({ sameWay: 1, failed: 1, measured: 1 });
  });
});

describe('limits', () => {
  function badOf(changes: Partial<FirstBad>): FirstBad {
    return {
      caseIndex: 0,
      target: 'candidate',
      request: 1,
      exchange: answer(424),
      judgement: { outcome: 'failed', row: undefined, mismatches: [], reason: '424' },
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
    const end = (
      result: ThresholdResult,
      measurements: readonly Sample[],
      failures: readonly CaseFailure[],
    ) => conclude(planOf(), measuredOf(measurements), [result], failures);

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
      const end = conclude(
        planOf(),
        measuredOf(measurements),
        [missed(met)],
        [failureOf('what was seen', {})],
      );
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
});
