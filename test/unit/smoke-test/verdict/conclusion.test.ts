import { describe, expect, test } from 'vitest';
import type { Judgement } from '../../../../src/smoke-test/judge/judge.ts';
import type { FirstBad } from '../../../../src/smoke-test/measure/first-bad.ts';
import type { CaseFailure, Sample, ThresholdResult } from '../../../../src/smoke-test/result.ts';
import {
  caseFailures,
  caseResults,
  conclude,
  describeMismatch,
} from '../../../../src/smoke-test/verdict/conclusion.ts';
import { KEY, replyOf as resultReplyOf, sampleOf } from '../../../support/results.ts';
import { caseOf, measuredOf, planOf, replyOf } from '../../../support/smoke-test.ts';

function badOf(changes: Partial<FirstBad> = {}, mismatches: Judgement['mismatches'] = []): FirstBad {
  return {
    caseIndex: 0,
    target: 'candidate',
    request: 1,
    exchange: replyOf(424),
    judgement: { outcome: 'failed', row: undefined, mismatches, reason: '424' },
    lines: [],
    ...changes,
  };
}

const passed = sampleOf();
const wrong = sampleOf({ outcome: 'failed', reason: '424' });
const late = sampleOf({ outcome: 'unanswered', reason: 'no answer in time' });
const throttled = sampleOf({ outcome: 'unanswered', inconclusive: true, reason: '429' });

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
    ['failed by a wrong reply', [passed, wrong], [rate(0.5)], 'failed'],
    ['failed by a request without a reply', [passed, late], [rate(0.5)], 'failed'],
    ['failed by a latency', [passed], [rate(1), p95(801)], 'failed'],
    ['inconclusive when only throttling spoils the rate', [passed, throttled], [rate(0.5)], 'inconclusive'],
    ['inconclusive when everything was throttled', [throttled], [rate(0)], 'inconclusive'],
    [
      'inconclusive when everything was throttled, and so no latency could be measured',
      [throttled],
      [rate(0), p95(undefined)],
      'inconclusive',
    ],
    ['failed by one wrong reply beside throttled ones', [throttled, wrong], [rate(0)], 'failed'],
    ['failed by a latency beside throttled requests', [passed, throttled], [rate(0.5), p95(801)], 'failed'],
    [
      'failed when no latency could be measured since nothing answered in time',
      [late],
      [rate(0), p95(undefined)],
      'failed',
    ],
    ['inconclusive when the baseline gave no replies', [passed], [rate(1), noBaseline], 'inconclusive'],
    [
      'inconclusive when the baseline gave no replies and the candidate was throttled',
      [throttled],
      [rate(0), noBaseline],
      'inconclusive',
    ],
    ['failed by a wrong reply, although the baseline gave none', [wrong], [rate(0), noBaseline], 'failed'],
    [
      'failed by a latency, although the baseline gave no replies',
      [passed],
      [rate(1), p95(801), noBaseline],
      'failed',
    ],
  ])('is %s', (_what, samples, results, verdict) => {
    const { verdict: concluded, message } = conclude(planOf(), measuredOf(samples), results, []);
    expect(concluded).toBe(verdict);
    expect(message === undefined).toBe(verdict === 'passed');
  });

  test('allows bad replies up to the success rate, and throttled requests beyond it', () => {
    const plan = planOf({ thresholds: { successRate: 0.75, latencyMs: {}, baseline: undefined } });
    const missed = [rate(0.5, { limit: 0.75 })];
    expect(conclude(plan, measuredOf([passed, passed, throttled, wrong]), missed, []).verdict).toBe(
      'inconclusive',
    );
    expect(conclude(plan, measuredOf([passed, passed, wrong, wrong]), missed, []).verdict).toBe('failed');
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
    [['one', 'two', 'three', 'four'], '1 more case failed; the log has the details.'],
    [['one', 'two', 'three', 'four', 'five'], '2 more cases failed; the log has the details.'],
  ])('says how many more cases failed: %j', (messages, more) => {
    expect(messageOf([p95(912)], [ofBaseline, ...failing(...messages)])).toBe(
      `p95 is 912 ms; the limit is 800 ms.\none\ntwo\nthree\n${more}`,
    );
  });

  test('does not name the success rate when failures are listed and all requests had to pass', () => {
    expect(messageOf([rate(0.5), p95(912)], failing('one'))).toBe('p95 is 912 ms; the limit is 800 ms.\none');
    expect(messageOf([rate(0.5)], failing('one'))).toBe('one');
  });

  test.each<[string, readonly CaseFailure[]]>([
    ['nothing failed', []],
    ['the baseline alone failed', [ofBaseline]],
  ])('names the success rate when %s', (_what, failures) => {
    expect(messageOf([rate(0.5)], failures)).toBe('success-rate is 50 %; the limit is 100 %.');
  });

  test('says why the baseline could not be measured', () => {
    expect(messageOf([rate(1), noBaseline], [ofBaseline])).toBe(
      'baseline.p95 could not be measured; the limit is 1.5×.\nbaseline',
    );
  });

  test.each<[string, ThresholdResult]>([
    ['was measured', { ...noBaseline, measured: 2 }],
    ['only advises', { ...noBaseline, advisory: true }],
  ])('does not list the failure of a baseline that %s', (_what, baseline) => {
    expect(messageOf([p95(912), baseline], [ofBaseline])?.split('\n')).not.toContain('baseline');
  });
});

describe('the results of the cases', () => {
  const plan = planOf({ cases: [caseOf(), caseOf({ name: 'chat stream' })] });
  const samples = [
    sampleOf({ latencyMs: 10 }),
    sampleOf({ latencyMs: 30, outcome: 'failed' }),
    sampleOf({ latencyMs: 30_000, outcome: 'unanswered' }),
    sampleOf({ latencyMs: 20, target: 'baseline' }),
    sampleOf({ latencyMs: 40_000, target: 'baseline', outcome: 'unanswered' }),
    sampleOf({ latencyMs: 50, firstEventMs: 5, caseIndex: 1 }),
  ];

  test('count each case separately, and summarize the times of what passed', () => {
    const ofBaseline = failureOf({ target: 'baseline' });
    const own = failureOf();
    const [rows, stream] = caseResults(plan, samples, [ofBaseline, own]);
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

  test('summarize the times of all replies when none passed', () => {
    const wrong = sampleOf({ latencyMs: 30, outcome: 'failed' });
    const late = sampleOf({ latencyMs: 1_000, outcome: 'unanswered', timedOut: true });
    const [seen] = caseResults(plan, [wrong, late], []);
    expect(seen?.latency).toMatchObject({ count: 1, max: 30 });
    const [none] = caseResults(plan, [late], []);
    expect(none?.latency).toBeUndefined();
    const [some] = caseResults(plan, [wrong, late, sampleOf({ latencyMs: 5 })], []);
    expect(some?.latency).toMatchObject({ count: 2, min: 5, max: 1_000 });
  });

  test('include cases that were never reached', () => {
    expect(caseResults(plan, [], []).map(({ name, measured, latency }) => [name, measured, latency])).toEqual(
      [
        ['two rows', 0, undefined],
        ['chat stream', 0, undefined],
      ],
    );
  });
});

test('the longest gap of a case is that of its own streams', () => {
  const samples = [
    sampleOf({ longestGapMs: 3 }),
    sampleOf({ longestGapMs: 7 }),
    sampleOf({ longestGapMs: 90, target: 'baseline' }),
    sampleOf({ longestGapMs: 50, caseIndex: 1 }),
  ];
  expect(caseResults(planOf(), samples, [])[0]?.longestGapMs).toBe(7);
  expect(caseResults(planOf(), [sampleOf()], [])[0]?.longestGapMs).toBeUndefined();
});

describe('a failure', () => {
  const seenAs = (bad: FirstBad, text: string): ReadonlyMap<FirstBad, string> => new Map([[bad, text]]);

  test('of the only request is its description alone', () => {
    const bad = badOf({}, [{ at: 'status', wanted: '2xx', got: '424' }]);
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
        response: undefined,
        lines: new Map(),
        sameWay: 1,
        failed: 1,
        measured: 1,
      },
    ]);
  });

  test.each([
    ['text', Buffer.from('{"error": "boom"}'), '{"error": "boom"}'],
    ['text with the key in it', Buffer.from(`key ${KEY}`), 'key ***'],
    ['a command', Buffer.from('\n::error::boom'), '\n: :error::boom'],
    ['not UTF-8', Buffer.from([0xff, 0xd8, 0x00]), undefined],
    ['empty', Buffer.alloc(0), undefined],
  ])('has the start of the response that is %s', (_what, body, expected) => {
    const bad = badOf({ exchange: { ...resultReplyOf(''), body } });
    const [failure] = caseFailures(
      planOf(),
      measuredOf([wrong], { firstBad: [bad] }),
      seenAs(bad, 'It broke.'),
    );
    expect(failure?.response).toBe(expected);
  });

  test('cuts a long response', () => {
    const bad = badOf({ exchange: resultReplyOf('x'.repeat(100_000)) });
    const [failure] = caseFailures(
      planOf(),
      measuredOf([wrong], { firstBad: [bad] }),
      seenAs(bad, 'It broke.'),
    );
    expect(failure?.response).toBe(`${'x'.repeat(2_000)}… (100000 characters in all)`);
  });

  test('of many requests says which request was the first, and how many failed', () => {
    const bad = badOf({ request: 2 });
    const [failure] = caseFailures(
      planOf(),
      measuredOf([passed, wrong, wrong, passed], { firstBad: [bad] }),
      seenAs(bad, 'It broke.'),
    );
    expect(failure?.message).toBe("Case 'two rows', request 2: It broke. 2 of 4 requests failed.");
    expect(failure).toMatchObject({ sameWay: 2, failed: 2, measured: 4 });
  });

  test('whose description is a list has the count on a line of its own', () => {
    const bad = badOf({ request: 2 });
    const [failure] = caseFailures(
      planOf(),
      measuredOf([passed, wrong, wrong], { firstBad: [bad] }),
      seenAs(bad, 'It broke:\n- status: expected 2xx, received 424'),
    );
    expect(failure?.message).toBe(
      "Case 'two rows', request 2: It broke:\n- status: expected 2xx, received 424\n2 of 3 requests failed.",
    );
  });

  test('of the only request ends with the list', () => {
    const bad = badOf();
    const [failure] = caseFailures(
      planOf(),
      measuredOf([wrong], { firstBad: [bad] }),
      seenAs(bad, 'It broke:\n- status: expected 2xx, received 424'),
    );
    expect(failure?.message).toBe('It broke:\n- status: expected 2xx, received 424');
  });

  test('says how many requests failed the same way', () => {
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

  test('of the baseline names the case and the baseline', () => {
    const plan = planOf({ cases: [caseOf(), caseOf({ name: 'chat stream' })] });
    const bad = badOf({ caseIndex: 1, target: 'baseline' });
    const samples = [
      wrong,
      sampleOf({ caseIndex: 1 }),
      sampleOf({ caseIndex: 1, target: 'baseline', outcome: 'failed', reason: '424' }),
    ];
    const [failure] = caseFailures(plan, measuredOf(samples, { firstBad: [bad] }), seenAs(bad, 'It broke.'));
    expect(failure?.message).toBe(
      "Case 'chat stream', request 1 to the baseline: It broke. 1 of 1 request failed.",
    );
    expect(failure).toMatchObject({ sameWay: 1, failed: 1, measured: 1 });
  });
});

test('a mismatch is described with what was wanted and what came', () => {
  expect(describeMismatch({ at: 'json $[0]', wanted: 'a number', got: '"x"' })).toBe(
    'json $[0]: expected a number, received "x"',
  );
});

describe('limits', () => {
  const missed = (changes: Partial<ThresholdResult>) => rate(0.5, changes);
  const failed = sampleOf({ outcome: 'failed', reason: '424' });
  const throttled = sampleOf({ outcome: 'unanswered', inconclusive: true, reason: '429' });
  const fromBaseline = sampleOf({ target: 'baseline', outcome: 'failed', reason: '424' });

  describe('the verdict is error when measuring stopped early, with the failure that stopped it', () => {
    const failures = [
      failureOf({ message: 'the first case' }),
      failureOf({ message: 'the first case of the baseline', target: 'baseline' }),
      failureOf({ message: 'the second case', caseIndex: 1 }),
      failureOf({ message: 'the second case of the baseline', caseIndex: 1, target: 'baseline' }),
    ];

    test.each([
      [0, 'candidate', 'the first case'],
      [0, 'baseline', 'the first case of the baseline'],
      [1, 'candidate', 'the second case'],
      [1, 'baseline', 'the second case of the baseline'],
      [2, 'candidate', undefined],
    ] as const)('case %i of the %s', (caseIndex, target, message) => {
      const measured = measuredOf([failed], { stoppedBy: badOf({ caseIndex, target }) });
      expect(conclude(planOf(), measured, [rate(1)], failures)).toEqual({ verdict: 'error', message });
    });
  });

  test('a latency limit of 1 ms is described, unlike a success rate of 1', () => {
    const slow = missed({ name: 'p95', unit: 'ms', measured: 912, limit: 1 });
    const failures = [failureOf({ message: 'it failed' })];
    expect(conclude(planOf(), measuredOf([failed]), [slow], failures).message).toBe(
      'p95 is 912 ms; the limit is 1 ms.\nit failed',
    );
  });

  test('failures of the baseline are not counted as more cases that failed', () => {
    const unmeasured = missed({ name: 'baseline.p95', unit: 'ratio', measured: undefined, limit: 1.5 });
    const failures = [0, 1, 2, 3].flatMap((caseIndex) => [
      failureOf({ message: `case ${caseIndex}`, caseIndex }),
      failureOf({ message: `baseline of case ${caseIndex}`, caseIndex, target: 'baseline' }),
    ]);
    const { message } = conclude(planOf(), measuredOf([failed]), [missed({}), unmeasured], failures);
    expect(message?.split('\n')).toEqual([
      'baseline.p95 could not be measured; the limit is 1.5×.',
      'case 0',
      'baseline of case 0',
      'case 1',
      '2 more cases failed; the log has the details.',
    ]);
  });

  describe('thresholds that are met without a good reply do not make the verdict passed', () => {
    const met = { measured: 0, limit: 0, met: true };

    test.each([
      ['no reply at all', [throttled], 'inconclusive', 'No request was answered.\nwhat was seen'],
      ['replies of the baseline alone', [throttled, fromBaseline], 'inconclusive', undefined],
      ['nothing measured', [], 'inconclusive', undefined],
      [
        'wrong replies alone',
        [failed, throttled],
        'failed',
        'No request got the expected answer.\nwhat was seen',
      ],
      ['a good reply among wrong ones', [failed, passed], 'passed', undefined],
    ] as const)('%s', (_what, samples, verdict, message) => {
      const end = conclude(
        planOf(),
        measuredOf(samples),
        [missed(met)],
        [failureOf({ message: 'what was seen' })],
      );
      expect(end.verdict).toBe(verdict);
      if (message !== undefined) expect(end.message).toBe(message);
    });

    test('an advisory threshold', () => {
      const advisory = missed({ advisory: true });
      expect(conclude(planOf(), measuredOf([throttled]), [advisory], []).verdict).toBe('inconclusive');
    });
  });

  describe('a success rate that is missed only for want of replies', () => {
    test.each([
      ['no request at all', [], 'failed'],
      ['no request to the candidate', [fromBaseline], 'failed'],
      ['throttled requests beside a baseline that failed', [throttled, fromBaseline], 'inconclusive'],
    ] as const)('%s', (_what, samples, verdict) => {
      expect(conclude(planOf(), measuredOf(samples), [missed({})], []).verdict).toBe(verdict);
    });
  });

  describe('the results of a case', () => {
    test('summarize the first events of requests that passed and had one', () => {
      const [result] = caseResults(
        planOf(),
        [
          sampleOf({ firstEventMs: 30 }),
          sampleOf({ firstEventMs: undefined }),
          sampleOf({ firstEventMs: 10 }),
          sampleOf({ firstEventMs: 5, outcome: 'unanswered' }),
          sampleOf({ firstEventMs: 1, target: 'baseline' }),
          sampleOf({ firstEventMs: 2, caseIndex: 1 }),
        ],
        [],
      );
      expect(result?.firstEvent).toMatchObject({ count: 2, min: 10, max: 30, mean: 20 });
      expect(result).toMatchObject({ measured: 4, passed: 3, latency: { count: 3 }, baseline: { count: 1 } });
    });

    test('have no first event without streams', () => {
      expect(caseResults(planOf(), [sampleOf()], [])[0]?.firstEvent).toBeUndefined();
    });
  });

  test('a failure counts the requests of its own case and deployment', () => {
    const plan = planOf({ cases: [caseOf({ name: 'a' }), caseOf({ name: 'b' })] });
    const bad = badOf({ caseIndex: 1, request: 2 });
    const samples = [
      sampleOf({ caseIndex: 0, outcome: 'failed', reason: '424' }),
      sampleOf({ caseIndex: 1 }),
      sampleOf({ caseIndex: 1, outcome: 'failed', reason: '424' }),
      sampleOf({ caseIndex: 1, outcome: 'failed', reason: '500' }),
      sampleOf({ caseIndex: 1, target: 'baseline', outcome: 'failed', reason: '424' }),
    ];
    expect(
      caseFailures(plan, measuredOf(samples, { firstBad: [bad] }), new Map([[bad, 'It said 424.']])),
    ).toEqual([
      {
        caseIndex: 1,
        target: 'candidate',
        request: 2,
        seen: 'It said 424.',
        message: "Case 'b', request 2: It said 424. 2 of 3 requests failed, 1 of them the same way.",
        mismatches: [],
        response: undefined,
        lines: new Map(),
        sameWay: 1,
        failed: 2,
        measured: 3,
      },
    ]);
  });
});
