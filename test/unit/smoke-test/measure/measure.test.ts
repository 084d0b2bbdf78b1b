import { afterEach, describe, expect, test, vi } from 'vitest';
import { mismatches } from '../../../../src/smoke-test/judge/expectations.ts';
import type { FindMismatches } from '../../../../src/smoke-test/judge/judge.ts';
import { measure, type Progress } from '../../../../src/smoke-test/measure/measure.ts';
import { createPlaces } from '../../../../src/smoke-test/measure/places.ts';
import { type Mismatch, NO_EXPECTATIONS } from '../../../../src/smoke-test/plan/expectations.ts';
import type { Case, Plan } from '../../../../src/smoke-test/plan/plan.ts';
import type { Exchange } from '../../../../src/smoke-test/request/exchange.ts';
import type { TargetName } from '../../../../src/smoke-test/request/scoring-request.ts';
import type { SendRequest, SentRequest } from '../../../../src/smoke-test/request/sender.ts';
import { caseOf, noReply, planOf, replyOf, requestPlan, streamSummary } from '../../../support/smoke-test.ts';

/** As {@link measure}, with as many requests under way as their replies leave room for. */
function measureBy(
  plan: Plan,
  send: SendRequest,
  ...rest: [findMismatches: FindMismatches, progress: Progress]
): ReturnType<typeof measure> {
  return measure(plan, createPlaces(send), ...rest);
}

afterEach(() => {
  vi.restoreAllMocks();
});

const AGAINST_BLUE = {
  successRate: 1,
  latencyMs: {},
  baseline: { from: 'deployment', deployment: 'blue', ratios: { p95: 1.5 } },
} as const;

/** Measures, and returns the requests in their order with the result. */
async function run(
  changes: Parameters<typeof planOf>[0],
  reply: (target: TargetName, each: Case, index: number) => Exchange = () => replyOf(200, {}, '[1]'),
) {
  const asked: string[] = [];
  const told: (readonly [number, number, number])[] = [];
  let inFlight = 0;
  let most = 0;
  const measured = await measureBy(
    planOf(changes),
    async (target, each, index): Promise<SentRequest> => {
      asked.push(`${each.name} ${target} ${index}`);
      most = Math.max(most, ++inFlight);
      await new Promise(setImmediate);
      inFlight--;
      return { exchange: reply(target, each, index), stream: undefined };
    },
    (...given) => mismatches(given[0], given[1]),
    ({ done, of, latest }) => told.push([done, of, latest(100).length]),
  );
  return { asked, told, most, measured };
}

describe('the requests', () => {
  test.each([
    [1, 5, 1],
    [3, 10, 3],
    [8, 3, 3],
  ])('of %i workers for %i samples are never more than that at once', async (concurrency, samples, most) => {
    const { asked, most: seen, measured } = await run({ concurrency, samples });
    expect(seen).toBe(most);
    expect(asked).toEqual(Array.from({ length: samples }, (_, index) => `two rows candidate ${index}`));
    expect(measured.samples).toHaveLength(samples);
  });

  test('of one case are all done before the next case begins', async () => {
    const cases = [caseOf({ name: 'a' }), caseOf({ name: 'b' })];
    const { asked, measured } = await run({ cases, samples: 3, concurrency: 2 });
    expect(asked.map((line) => line[0]).join('')).toBe('aaabbb');
    expect(measured.samples.map(({ caseIndex }) => caseIndex)).toEqual([0, 0, 0, 1, 1, 1]);
  });

  test('to candidate and baseline alternate, and so does their order', async () => {
    const { asked, measured } = await run({ samples: 4, thresholds: AGAINST_BLUE });
    expect(asked).toEqual([
      'two rows candidate 0',
      'two rows baseline 0',
      'two rows baseline 1',
      'two rows candidate 1',
      'two rows candidate 2',
      'two rows baseline 2',
      'two rows baseline 3',
      'two rows candidate 3',
    ]);
    expect(measured.samples.filter(({ target }) => target === 'baseline')).toHaveLength(4);
  });

  test('to a baseline are never more at once than there are workers', async () => {
    const { most, asked } = await run({ samples: 10, concurrency: 3, thresholds: AGAINST_BLUE });
    expect(most).toBe(3);
    expect(asked).toHaveLength(20);
    expect(new Set(asked).size).toBe(20);
  });

  test('are reported one by one, with how many there will be', async () => {
    const { told } = await run({ cases: [caseOf(), caseOf()], samples: 1, thresholds: AGAINST_BLUE });
    expect(told).toEqual([
      [1, 4, 1],
      [2, 4, 2],
      [3, 4, 3],
      [4, 4, 4],
    ]);
  });
});

describe('replies are judged', () => {
  /** Measures replies of this length, and tells how many requests were under way whenever one was judged. */
  async function underWay(changes: Parameters<typeof planOf>[0], bytes = 3) {
    const seen: number[] = [];
    let inFlight = 0;
    let turn = 0;
    const measured = await measureBy(
      planOf(changes),
      async () => {
        inFlight++;
        // Some take longer than others, so that the workers do not go in step.
        const own = turn++;
        for (let wait = own % 3; wait >= 0; wait--) await new Promise(setImmediate);
        inFlight--;
        // Each is another one: the same reply is judged once.
        return { exchange: replyOf(200, {}, Buffer.alloc(bytes + own, '1')), stream: undefined };
      },
      async (...given) => {
        seen.push(inFlight);
        await new Promise(setImmediate);
        seen.push(inFlight);
        return mismatches(given[0], given[1]);
      },
      () => undefined,
    );
    return { seen, measured };
  }

  test.each([
    [1, 3, undefined],
    [1, 2_000_000, AGAINST_BLUE],
    [4, 3, undefined],
    [4, 2_000_000, undefined],
    [8, 2_000_000, AGAINST_BLUE],
  ])('while no request is under way: %i workers, %i bytes', async (concurrency, bytes, thresholds) => {
    const plan = { cases: [caseOf(), caseOf()], samples: 20, concurrency };
    const { seen, measured } = await underWay(
      thresholds === undefined ? plan : { ...plan, thresholds },
      bytes,
    );
    const requests = 2 * 20 * (thresholds === undefined ? 1 : 2);
    expect(seen).toEqual(Array(2 * requests).fill(0));
    expect(measured.samples).toHaveLength(requests);
  });

  test('after each turn of one worker', async () => {
    const order: string[] = [];
    await measureBy(
      planOf({ samples: 2, thresholds: AGAINST_BLUE }),
      async (target) => {
        order.push(target);
        return { exchange: replyOf(200, {}, `${order.length}`), stream: undefined };
      },
      () => {
        order.push('judged');
        return [];
      },
      () => undefined,
    );
    const turn = ['judged', 'judged'];
    expect(order).toEqual(['candidate', 'baseline', ...turn, 'baseline', 'candidate', ...turn]);
  });
});

describe('a reply that could not be judged', () => {
  const unjudged = { at: 'text', wanted: 'x', got: 'no verdict', isUnjudged: true } as const;
  const wrong = { at: 'text', wanted: 'x', got: 'y' };

  function judged(
    found: (request: number) => readonly Mismatch[],
    changes: Parameters<typeof planOf>[0] = {},
  ) {
    let request = 0;
    return measureBy(
      planOf({ samples: 5, ...changes }),
      async (_target, _case, index) => ({ exchange: replyOf(200, {}, `${index}`), stream: undefined }),
      () => found(++request),
      () => undefined,
    );
  }

  test('stops the measuring, for each would take as long', async () => {
    const { samples, stoppedBy, firstBad } = await judged((request) => (request === 2 ? [unjudged] : []));
    expect(samples).toHaveLength(2);
    expect(stoppedBy).toMatchObject({ request: 2, judgement: { isUnjudged: true } });
    expect(firstBad).toEqual([stoppedBy]);
  });

  test('stops also the judging of those that came with it', async () => {
    const { samples, stoppedBy } = await judged(() => [unjudged], { concurrency: 5 });
    expect(samples).toHaveLength(1);
    expect(stoppedBy?.request).toBe(1);
  });

  test('does not when it is wrong in another way', async () => {
    const { samples, stoppedBy } = await judged(() => [unjudged, wrong]);
    expect(samples).toHaveLength(5);
    expect(stoppedBy).toBeUndefined();
  });

  test('of an advisory baseline leaves that out, and what came with it', async () => {
    let judgedReplies = 0;
    const { samples, stoppedBy, firstBad } = await measureBy(
      planOf({ samples: 8, concurrency: 4, thresholds: AGAINST_BLUE, advisory: ['baseline.p95'] }),
      async (target, _case, index) => ({
        exchange: replyOf(200, {}, `${target} ${index}`),
        stream: undefined,
      }),
      ({ body }) => {
        judgedReplies++;
        return body?.toString().startsWith('baseline') === true ? [unjudged] : [];
      },
      () => undefined,
    );
    expect(stoppedBy).toBeUndefined();
    expect(judgedReplies).toBe(8 + 1);
    expect(firstBad).toMatchObject([{ target: 'baseline' }]);
    const ofBaseline = samples.filter(({ target }) => target === 'baseline').map(({ outcome }) => outcome);
    expect(ofBaseline.filter((outcome) => outcome === 'passed')).toEqual([]);
  });

  test('is told, and not a failure before it', async () => {
    const { firstBad, stoppedBy } = await judged((request) => (request === 1 ? [wrong] : [unjudged]));
    expect(firstBad).toEqual([stoppedBy]);
    expect(stoppedBy?.request).toBe(2);
  });
});

describe('an advisory baseline', () => {
  const refused = (advisory: readonly string[]) =>
    run({ samples: 3, thresholds: AGAINST_BLUE, advisory }, (target) =>
      replyOf(target === 'baseline' ? 403 : 200),
    );

  test('that refuses is asked no more, and does not stop the measuring', async () => {
    const { asked, measured } = await refused(['baseline.p95']);
    expect(measured.stoppedBy).toBeUndefined();
    expect(asked.map((each) => each.split(' ')[2])).toEqual([
      'candidate',
      'baseline',
      'candidate',
      'candidate',
    ]);
  });

  test('is not one of which a ratio decides', async () => {
    const { measured } = await refused(['success-rate']);
    expect(measured.stoppedBy).toMatchObject({ target: 'baseline' });
  });
});

describe('the good reply that a script checks', () => {
  const cases = [caseOf({ name: 'a' }), caseOf({ name: 'b' })];
  const reply = (target: TargetName, { name }: Case, index: number) =>
    replyOf(index === 0 ? 424 : 200, {}, `${name} ${target} ${index}`);

  test("is the candidate's first of each case", async () => {
    const plan = { cases, samples: 3, thresholds: AGAINST_BLUE, check: { script: 'cat', timeoutMs: 60_000 } };
    const { measured } = await run(plan, reply);
    expect([...measured.goodReplies].map(([index, { body }]) => [index, body?.toString()])).toEqual([
      [0, 'a candidate 1'],
      [1, 'b candidate 1'],
    ]);
  });

  test('is not kept without a script', async () => {
    const { measured } = await run({ cases, samples: 3 }, reply);
    expect(measured.goodReplies.size).toBe(0);
  });
});

test('a sample describes its request', async () => {
  const exchange = replyOf(200, { 'azureml-model-deployment': 'green' }, '[1]', { latencyMs: 34 });
  const { measured } = await run({}, () => exchange);
  expect(measured.samples).toMatchObject([
    {
      caseIndex: 0,
      index: 0,
      line: undefined,
      waitedMs: undefined,
      target: 'candidate',
      startedAtMs: expect.any(Number),
      latencyMs: 34,
      firstEventMs: undefined,
      outcome: 'passed',
      timedOut: false,
      inconclusive: false,
      status: 200,
      bytes: 3,
      sha256: '080a9ed428559ef602668b4c00f114f1a11c3f6b02a435f0bdc154578e4d7f22',
      deployment: 'green',
      requestId: 'c0ffee00-0000-4000-8000-000000000001',
      reason: undefined,
    },
  ]);
  expect(measured).toMatchObject({ firstBad: [], stoppedBy: undefined });
});

test('a sample without a reply says so', async () => {
  const { measured } = await run({}, () => noReply('timeout'));
  expect(measured.samples).toMatchObject([
    {
      outcome: 'unanswered',
      timedOut: true,
      status: undefined,
      bytes: 0,
      sha256: undefined,
      reason: 'no answer in time',
    },
  ]);
});

test.each([
  [429, true],
  [424, false],
])('a %i is inconclusive: %s', async (status, inconclusive) => {
  const { measured } = await run({}, () => replyOf(status));
  expect(measured.samples[0]?.inconclusive).toBe(inconclusive);
});

test.each([
  ['green', ['passed', 'passed']],
  ['red', ['failed', 'passed']],
])('the baseline need not be the deployment %s that the case expects', async (expected, outcomes) => {
  const each = caseOf({ expect: { ...NO_EXPECTATIONS, deployment: expected } });
  const { measured } = await run({ cases: [each], thresholds: AGAINST_BLUE }, (target) =>
    replyOf(200, { 'azureml-model-deployment': target === 'candidate' ? 'green' : 'blue' }),
  );
  expect(measured.samples.map(({ outcome }) => outcome)).toEqual(outcomes);
  expect(measured.firstBad.map(({ target }) => target)).toEqual(expected === 'red' ? ['candidate'] : []);
});

test('the baseline must have the right form', async () => {
  const each = caseOf({ expect: { ...NO_EXPECTATIONS, deployment: 'green', contentType: 'text/plain' } });
  const { measured } = await run({ cases: [each], thresholds: AGAINST_BLUE }, (target) =>
    replyOf(200, {
      'azureml-model-deployment': target === 'candidate' ? 'green' : 'blue',
      'content-type': target === 'candidate' ? 'text/plain' : 'text/html',
    }),
  );
  expect(measured.firstBad).toMatchObject([
    { target: 'baseline', judgement: { mismatches: [{ at: 'content-type' }] } },
  ]);
});

test('the baseline may have other content, and may be slow', async () => {
  const json = [{ path: '$', find: () => [], condition: { equals: 1 } }];
  const expectations = { ...NO_EXPECTATIONS, json, text: { equals: 'x' }, maxLatencyMs: 1 };
  const equals = { origin: 'value', value: 2, relative: 0, absolute: 0 };
  const each = caseOf({ expect: { ...expectations, equals, headers: { 'x-a': { equals: 'b' } } } });
  const { measured } = await run({ cases: [each], thresholds: AGAINST_BLUE }, () => replyOf(200, {}, '[3]'));
  expect(measured.samples.map(({ target, outcome }) => [target, outcome])).toEqual([
    ['candidate', 'failed'],
    ['baseline', 'passed'],
  ]);
});

test("the baseline's stream may say something else at another pace", async () => {
  const limits = { firstEventMs: 1, maxGapMs: 1, eventsPerSecond: 1_000, text: { equals: 'a' } };
  const expectation = { minEvents: undefined, endsWith: '[DONE]', ...limits };
  const each = caseOf({ expect: { ...NO_EXPECTATIONS, stream: expectation } });
  const stream = streamSummary({ firstEventMs: 42, spanMs: 900, longestGapMs: 900 });
  const measured = await measureBy(
    planOf({ cases: [each], thresholds: AGAINST_BLUE }),
    async () => ({ exchange: replyOf(200, { 'content-type': 'text/event-stream' }, 'data: 1\n\n'), stream }),
    (...given) => mismatches(given[0], given[1]),
    () => undefined,
  );
  expect(measured.samples.map(({ target, outcome }) => [target, outcome])).toEqual([
    ['candidate', 'failed'],
    ['baseline', 'passed'],
  ]);
  expect(measured.firstBad.flatMap(({ judgement }) => judgement.mismatches.map(({ at }) => at))).toEqual([
    'stream first-event',
    'stream max-gap',
    'stream events-per-second',
    'stream text',
  ]);
});

test('the time of the first event and the longest gap come from the stream', async () => {
  const stream = streamSummary({ events: 3, firstEventMs: 42, longestGapMs: 7, lastData: '[DONE]' });
  const { samples } = await measureBy(
    planOf(),
    async () => ({ exchange: replyOf(200), stream }),
    (...given) => mismatches(given[0], given[1]),
    () => undefined,
  );
  expect(samples[0]?.firstEventMs).toBe(42);
  expect(samples[0]?.longestGapMs).toBe(7);
});

describe('the first bad request', () => {
  test('is kept for each case and target, and those after it are not', async () => {
    const cases = [caseOf({ name: 'a' }), caseOf({ name: 'b' })];
    const { measured } = await run({ cases, samples: 4, thresholds: AGAINST_BLUE }, (target, each, index) =>
      replyOf((each.name === 'a' && index >= 2) || (target === 'baseline' && index === 1) ? 424 : 200),
    );
    const kept = measured.firstBad.map(({ caseIndex, target, request }) => [caseIndex, target, request]);
    expect(kept).toEqual([
      [0, 'baseline', 2],
      [0, 'candidate', 3],
      [1, 'baseline', 2],
    ]);
    expect(measured.firstBad[0]).toMatchObject({ exchange: { status: 424 }, judgement: { reason: '424' } });
    expect(measured.stoppedBy).toBeUndefined();
  });

  test('that would repeat itself stops the measuring', async () => {
    const { asked, measured } = await run(
      { cases: [caseOf(), caseOf({ name: 'b' })], samples: 9 },
      (_t, _c, index) => replyOf(index === 2 ? 401 : 200),
    );
    expect(asked).toEqual(['two rows candidate 0', 'two rows candidate 1', 'two rows candidate 2']);
    expect(measured.stoppedBy).toMatchObject({ caseIndex: 0, target: 'candidate', request: 3 });
    expect(measured.firstBad).toEqual([measured.stoppedBy]);
  });

  test('that would repeat itself does not cut requests that were sent', async () => {
    const { asked, measured } = await run({ samples: 100, concurrency: 4 }, () => replyOf(403));
    expect(asked).toHaveLength(4);
    expect(measured.samples).toHaveLength(4);
    expect(measured.stoppedBy?.request).toBe(1);
  });

  test('of an expected status does not stop the measuring', async () => {
    const expected = caseOf({ expect: { ...NO_EXPECTATIONS, status: [{ code: 401 }] } });
    const { measured } = await run({ cases: [expected], samples: 3 }, () => replyOf(401));
    expect(measured.samples.map(({ outcome }) => outcome)).toEqual(['passed', 'passed', 'passed']);
    expect(measured.stoppedBy).toBeUndefined();
  });
});

test("the first reply is the candidate's, good or bad", async () => {
  const { measured } = await run({ samples: 3, thresholds: AGAINST_BLUE }, (target, _case, index) =>
    index === 0 && target === 'candidate'
      ? noReply('timeout')
      : replyOf(index === 1 && target === 'candidate' ? 424 : 200, {}, `${target} ${index}`),
  );
  expect(measured.firstReply?.caseIndex).toBe(0);
  expect(measured.firstReply?.reply.body?.toString()).toBe('candidate 1');
});

test('the time to connect is that of the first new connection', async () => {
  const { measured } = await run({ samples: 3 }, (_target, _case, index) =>
    replyOf(200, {}, '', { connectMs: index === 0 ? undefined : index * 10 }),
  );
  expect(measured.connectMs).toBe(10);
});

test('a measurement starts when its request does, counted from the first', async () => {
  let now = 5_000;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  const { measured } = await run({ samples: 3 }, () => {
    now += 10;
    return replyOf(200);
  });
  expect(measured.samples.map(({ startedAtMs }) => startedAtMs)).toEqual([0, 10, 20]);
});

describe('the lines of a file', () => {
  const body = {
    kind: 'bytes',
    bodies: [Buffer.from('a'), Buffer.from('b')],
    origin: 'golden.jsonl',
    lineAt: (at: number) => 3 + at,
  } as const;
  const lines = caseOf({ request: requestPlan({ body }) });

  test('are in the samples, in turn', async () => {
    const { measured } = await run({ cases: [lines], samples: 3 });
    expect(measured.samples.map(({ line }) => line)).toEqual([3, 4, 3]);
  });

  test('that are answered badly are each kept once, also with the same answer', async () => {
    const expect_ = { ...NO_EXPECTATIONS, text: { equals: 'x' } };
    const { measured } = await run({ cases: [{ ...lines, expect: expect_ }], samples: 6 });
    expect(measured.firstBad[0]?.lines.map(({ line }) => line)).toEqual([3, 4]);
  });

  test('have a golden answer each', async () => {
    const goldenLines = {
      origin: 'golden.jsonl',
      values: [Buffer.from('1'), Buffer.from('2')],
      lineAt: body.lineAt,
      relative: 0,
      absolute: 0,
    };
    const { measured } = await run(
      { cases: [{ ...lines, expect: { ...NO_EXPECTATIONS, goldenLines } }], samples: 4, concurrency: 4 },
      (_target, _case, index) =>
        replyOf(200, { 'content-type': 'application/json' }, index < 2 ? `${index + 1}` : '1'),
    );
    expect(measured.samples.map(({ outcome }) => outcome)).toEqual(['passed', 'passed', 'passed', 'failed']);
  });
});

describe('at a rate', () => {
  const rate = { perSecond: 1_000, durationMs: 5 };

  test('each deployment gets the whole of it, and their order alternates', async () => {
    const { asked } = await run({ rate, samples: 5, concurrency: 20, thresholds: AGAINST_BLUE });
    expect(asked.slice(0, 4)).toEqual([
      'two rows candidate 0',
      'two rows baseline 0',
      'two rows baseline 1',
      'two rows candidate 1',
    ]);
    expect(asked).toHaveLength(10);
  });

  test('a wait for a place is a part of the latency', async () => {
    const { measured } = await run(
      { rate: { perSecond: 1e6, durationMs: 1 }, samples: 3, concurrency: 1 },
      () => replyOf(200, {}, '[1]', { latencyMs: 10 }),
    );
    const [first, ...others] = measured.samples;
    expect([first?.waitedMs, first?.latencyMs]).toEqual([undefined, 10]);
    expect(others.map(({ waitedMs = -1, latencyMs }) => waitedMs > 0 && latencyMs === 10 + waitedMs)).toEqual(
      [true, true],
    );
  });

  test('a refused credential ends it', async () => {
    const { asked, measured } = await run({ rate, samples: 5, concurrency: 1 }, () => replyOf(401));
    expect(asked).toHaveLength(1);
    expect(measured.stoppedBy).toMatchObject({ request: 1 });
  });
});

test('the same answer is judged once', async () => {
  let judgedReplies = 0;
  const { samples } = await measureBy(
    planOf({ samples: 50, concurrency: 5 }),
    async (_target, _case, index) => ({
      exchange: replyOf(200, {}, index % 2 === 0 ? 'a' : 'b'),
      stream: undefined,
    }),
    ({ body }) => {
      judgedReplies += 1;
      return body?.toString() === 'a' ? [] : [{ at: 'text', wanted: 'a', got: 'b' }];
    },
    () => undefined,
  );
  expect(judgedReplies).toBe(2);
  expect(samples.map(({ outcome }) => outcome)).toEqual(
    Array.from({ length: 50 }, (_, index) => (index % 2 === 0 ? 'passed' : 'failed')),
  );
});
