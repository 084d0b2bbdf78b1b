import { describe, expect, test } from 'vitest';
import { NO_EXPECTATIONS } from '../../../../src/smoke-test/plan/expectations.ts';
import type { Case, Plan } from '../../../../src/smoke-test/plan/plan.ts';
import type { Exchange } from '../../../../src/smoke-test/request/exchange.ts';
import type { TargetName } from '../../../../src/smoke-test/request/scoring-request.ts';
import { warmUpCases } from '../../../../src/smoke-test/warm-up/warm-up-cases.ts';
import { caseOf, fakePatience, noReply, planOf, replyOf } from '../../../support/smoke-test.ts';

const BASELINE = { from: 'deployment', deployment: 'blue', ratios: { p95: 1.5 } } as const;
const AGAINST_BLUE = { successRate: 1, latencyMs: {}, baseline: BASELINE } as const;

/** Warms up, and asks each case once more as measuring would. */
async function run(
  changes: Partial<Plan>,
  reply: (request: number, target: TargetName, each: Case) => Exchange = () => replyOf(200),
  budgetMs = 120_000,
  isHopeless?: () => Promise<boolean>,
) {
  const plan = planOf(changes);
  const asked: string[] = [];
  const { patience, said } = fakePatience(budgetMs);
  const warmed = await warmUpCases(
    plan,
    async (target, each, index) => {
      asked.push(`${each.name} ${target} ${index}`);
      return { exchange: reply(asked.length, target, each), stream: undefined };
    },
    patience,
    isHopeless,
  );
  const warmUp = [...asked];
  return { plan, warmed, asked, warmUp, said };
}

describe('every case gets one usable reply before it is measured', () => {
  test('which is not one of several samples', async () => {
    const { plan, warmed, asked, warmUp } = await run({ samples: 2 });
    expect(warmUp).toEqual(['two rows candidate 0']);
    expect(warmed).toMatchObject({ requests: 1, failure: undefined });
    await warmed.send('candidate', plan.cases[0]!, 0);
    expect(asked).toEqual(['two rows candidate 0', 'two rows candidate 0']);
  });

  test('also when there are several cases', async () => {
    const cases = [caseOf({ name: 'a' }), caseOf({ name: 'b' })];
    const { warmed, warmUp } = await run({ cases, samples: 5 }, (request) =>
      replyOf(request === 1 ? 503 : 200),
    );
    expect(warmUp).toEqual(['a candidate 0', 'a candidate 0', 'b candidate 0']);
    expect(warmed.requests).toBe(3);
  });

  test('and so does the baseline', async () => {
    const { warmed, warmUp } = await run({ samples: 5, thresholds: AGAINST_BLUE });
    expect(warmUp).toEqual(['two rows candidate 0', 'two rows baseline 0']);
    expect(warmed.requests).toBe(2);
  });

  test('and a status that the case expects is usable', async () => {
    const expected = caseOf({ expect: { ...NO_EXPECTATIONS, status: [{ code: 422 }] } });
    const { warmed } = await run({ cases: [expected], samples: 5 }, () => replyOf(422));
    expect(warmed).toMatchObject({ requests: 1, failure: undefined });
  });
});

describe('where requests may fail', () => {
  const cases = [caseOf({ name: 'a' }), caseOf({ name: 'b' })];
  const RATE = { successRate: 0.9, latencyMs: {}, baseline: undefined };
  const rated = { cases, samples: 5, thresholds: RATE };
  const advisory = { cases, samples: 5, advisory: ['success-rate'] };

  test.each([
    ['tolerated', rated, 424, ['a', 'b'], false],
    ['tolerated where the success rate is advisory', advisory, 424, ['a', 'b'], false],
    ['not tolerated where every request must pass', { cases, samples: 5 }, 424, ['a'], true],
    ['not tolerated when no request could be made', rated, 401, ['a'], true],
  ])('a failed reply is %s', async (_what, plan, status, asked, fails) => {
    const { warmed, warmUp } = await run(plan, () => replyOf(status));
    expect(warmUp.map(([name]) => name)).toEqual(asked);
    expect(warmed.failure !== undefined).toBe(fails);
  });

  test('what passes by itself is waited for all the same', async () => {
    const { warmed, warmUp } = await run(rated, (request) => replyOf(request < 3 ? 503 : 200));
    expect(warmUp).toHaveLength(4);
    expect(warmed.failure).toBeUndefined();
  });
});

test('the baseline is warmed up after all cases of the candidate', async () => {
  const cases = [caseOf({ name: 'a' }), caseOf({ name: 'b' })];
  const { warmUp } = await run({ cases, samples: 5, thresholds: AGAINST_BLUE });
  expect(warmUp).toEqual(['a candidate 0', 'b candidate 0', 'a baseline 0', 'b baseline 0']);
});

describe('the one sample of a plain check is the reply to its warm-up', () => {
  test('so that it costs one request', async () => {
    const { plan, warmed, asked } = await run({}, () => replyOf(200, {}, '[1]'));
    const { exchange } = await warmed.send('candidate', plan.cases[0]!, 0);
    expect(exchange).toMatchObject({ status: 200, body: Buffer.from('[1]') });
    expect(asked).toEqual(['two rows candidate 0']);
  });

  test('of each of several cases', async () => {
    const cases = [caseOf({ name: 'a' }), caseOf({ name: 'b' })];
    const { plan, warmed, asked } = await run({ cases }, (_request, _target, { name }) =>
      replyOf(200, {}, name),
    );
    const [first, second] = plan.cases;
    const b = await warmed.send('candidate', second!, 0);
    const a = await warmed.send('candidate', first!, 0);
    expect([a, b].map(({ exchange }) => exchange.kind === 'reply' && String(exchange.body))).toEqual([
      'a',
      'b',
    ]);
    expect(asked).toEqual(['a candidate 0', 'b candidate 0']);
  });

  test('also when it is a bad reply that does not pass by itself', async () => {
    const { plan, warmed, asked } = await run({}, () => replyOf(424));
    expect(warmed).toMatchObject({ requests: 1, failure: undefined });
    const { exchange } = await warmed.send('candidate', plan.cases[0]!, 0);
    expect(exchange).toMatchObject({ status: 424 });
    expect(asked).toHaveLength(1);
  });

  test.each<[string, Partial<Plan>]>([
    [
      'a latency is limited',
      { thresholds: { successRate: 1, latencyMs: { p95: 800 }, baseline: undefined } },
    ],
    ['there is a baseline', { thresholds: AGAINST_BLUE }],
    ['a case limits its latency', { cases: [caseOf({ expect: { ...NO_EXPECTATIONS, maxLatencyMs: 800 } })] }],
    [
      'a case limits its first event',
      {
        cases: [
          caseOf({
            expect: {
              ...NO_EXPECTATIONS,
              stream: { firstEventMs: 300, minEvents: undefined, endsWith: undefined },
            },
          }),
        ],
      },
    ],
    ...[{ maxGapMs: 300 }, { eventsPerSecond: 5 }].map((limit): [string, Partial<Plan>] => [
      `a case limits the pace of its stream: ${Object.keys(limit).join()}`,
      {
        cases: [
          caseOf({
            expect: {
              ...NO_EXPECTATIONS,
              stream: { firstEventMs: undefined, minEvents: undefined, endsWith: undefined, ...limit },
            },
          }),
        ],
      },
    ]),
    ['there are two samples', { samples: 2 }],
  ])('but not when %s, as the first request is a cold one', async (_why, changes) => {
    const { plan, warmed, asked, warmUp } = await run(changes);
    await warmed.send('candidate', plan.cases[0]!, 0);
    expect(asked).toEqual([...warmUp, 'two rows candidate 0']);
  });

  test('and a stream without a limit on its time is a plain check', async () => {
    const stream = { firstEventMs: undefined, minEvents: 1, endsWith: '[DONE]', text: { equals: 'a' } };
    const { plan, warmed, asked } = await run({
      cases: [caseOf({ expect: { ...NO_EXPECTATIONS, stream } })],
    });
    await warmed.send('candidate', plan.cases[0]!, 0);
    expect(asked).toHaveLength(1);
  });
});

describe('the warm-up ends without a usable reply', () => {
  test('at its deadline, with the last exchange', async () => {
    const { warmed, said } = await run(
      {},
      (request) => (request === 1 ? replyOf(503) : noReply('timeout')),
      300,
    );
    expect(warmed.failure).toMatchObject({
      exchange: { kind: 'timeout' },
      how: 'out-of-time',
      target: 'candidate',
    });
    expect(warmed.requests).toBe(2);
    expect(said).toHaveLength(2);
  });

  test('at once, and later cases are not sent', async () => {
    const cases = [caseOf({ name: 'a' }), caseOf({ name: 'b' })];
    const { warmed, warmUp } = await run({ cases, samples: 5 }, () => replyOf(404));
    expect(warmed.failure).toMatchObject({ exchange: { status: 404 }, how: 'at-once', target: 'candidate' });
    expect(warmUp).toEqual(['a candidate 0']);
  });

  test('when the baseline fails', async () => {
    const { warmed } = await run({ samples: 5, thresholds: AGAINST_BLUE }, (_request, target) =>
      replyOf(target === 'baseline' ? 424 : 200),
    );
    expect(warmed.failure).toMatchObject({ exchange: { status: 424 }, how: 'at-once', target: 'baseline' });
    expect(warmed.requests).toBe(2);
  });

  test('at a deadline that all cases share', async () => {
    const cases = [caseOf({ name: 'a' }), caseOf({ name: 'b' })];
    const { warmed, warmUp } = await run(
      { cases, samples: 5 },
      (request, _target, { name }) => (name === 'a' && request > 2 ? replyOf(200) : replyOf(503)),
      1_000,
    );
    // 250 ms and 500 ms for a; 250 ms more are past the end.
    expect(warmUp).toEqual(['a candidate 0', 'a candidate 0', 'a candidate 0', 'b candidate 0']);
    expect(warmed.failure).toMatchObject({ how: 'out-of-time' });
  });

  test.each([1, 5])(
    'when there will never be one, and later cases are not sent, with %i samples each',
    async (samples) => {
      const cases = [caseOf({ name: 'a' }), caseOf({ name: 'b' })];
      const { warmed, warmUp, said } = await run(
        { cases, samples },
        () => replyOf(503),
        120_000,
        async () => true,
      );
      expect(warmed.failure).toEqual({
        exchange: expect.objectContaining({ status: 503 }),
        how: 'hopeless',
        target: 'candidate',
        case: cases[0],
      });
      expect([warmed.requests, warmUp, said]).toEqual([1, ['a candidate 0'], []]);
    },
  );

  test('but it waits for a baseline even if all deployments with traffic have failed', async () => {
    const { warmed, warmUp } = await run(
      { samples: 5, thresholds: AGAINST_BLUE },
      (request, target) => replyOf(target === 'baseline' && request === 2 ? 503 : 200),
      120_000,
      async () => true,
    );
    expect(warmUp).toEqual(['two rows candidate 0', 'two rows baseline 0', 'two rows baseline 0']);
    expect(warmed.failure).toBeUndefined();
  });
});

describe('limits', () => {
  const plain = caseOf({ name: 'plain' });
  const limited = caseOf({ name: 'limited', expect: { ...NO_EXPECTATIONS, maxLatencyMs: 800 } });

  test.each([
    ['no case', [plain, plain], 2],
    ['the first case', [limited, plain], 4],
    ['the last case', [plain, limited], 4],
    ['each case', [limited, limited], 4],
  ])(
    'when %s limits its latency, the warm-up and one sample of each case take the expected number of requests',
    async (_which, cases, requests) => {
      const { plan, warmed, asked } = await run({ cases: cases.map((each) => ({ ...each })) });
      for (const each of plan.cases) await warmed.send('candidate', each, 0);
      expect(asked).toHaveLength(requests);
    },
  );
});
