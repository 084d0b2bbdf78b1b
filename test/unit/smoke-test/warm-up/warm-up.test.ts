import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { NO_EXPECTATIONS, type Plan } from '../../../../src/smoke-test/plan/plan.ts';
import type { Exchange } from '../../../../src/smoke-test/request/exchange.ts';
import { formatWait, pause } from '../../../../src/smoke-test/warm-up/back-off.ts';
import { warmUp } from '../../../../src/smoke-test/warm-up/warm-up.ts';
import { warmUpCases } from '../../../../src/smoke-test/warm-up/warm-up-cases.ts';
import { answer, caseOf, fakePatience, noAnswer, planOf, systemError } from '../../../support/smoke-test.ts';

/** Gives the exchanges in turn, and the last one for ever. */
function asking(...exchanges: readonly Exchange[]) {
  let asked = 0;
  return async () => {
    const exchange = exchanges[Math.min(asked++, exchanges.length - 1)];
    if (exchange === undefined) throw new Error('nothing to give');
    return { exchange };
  };
}

const never = (): boolean => false;

describe('the warm-up ends', () => {
  test('with the first usable answer, without a word', async () => {
    const { patience, said, slept } = fakePatience(120_000);
    const usable = answer(200);
    expect(await warmUp(asking(usable), never, patience)).toEqual({
      ended: 'usable',
      sent: { exchange: usable },
      requests: 1,
    });
    expect([said, slept]).toEqual([[], []]);
  });

  test('with a usable answer after what passes by itself', async () => {
    const { patience, said } = fakePatience(120_000);
    const waits = [
      noAnswer('unreachable', systemError('ECONNREFUSED')),
      noAnswer('unreachable', new Error('failed', { cause: systemError('ECONNRESET') })),
      answer(503),
      answer(429),
      answer(424, { 'ms-azureml-model-error-reason': 'model_not_ready' }),
      answer(500),
      answer(502),
      answer(408),
      answer(504),
      noAnswer('timeout'),
      noAnswer('cut'),
    ];
    const warm = await warmUp(asking(...waits, answer(200)), never, patience);
    expect(warm).toMatchObject({ ended: 'usable', requests: 12, sent: { exchange: { status: 200 } } });
    expect(said.map((line) => /^Not ready: (.+?)\. Next try/.exec(line)?.[1])).toEqual([
      'ECONNREFUSED',
      'no connection',
      '503',
      '429',
      '424 model_not_ready',
      '500',
      '502',
      '408',
      '504',
      'no answer in time',
      'a broken connection',
    ]);
  });

  test.each<[string, Exchange]>([
    ['302', answer(302)],
    ['400', answer(400)],
    ['401', answer(401)],
    ['403', answer(403)],
    ['404', answer(404)],
    ['413', answer(413)],
    ['424 of the model', answer(424)],
    ['502 of a deployment', answer(502, { 'azureml-model-deployment': 'blue' })],
    ['507', answer(507)],
    ['a script that raised', answer(200, { 'x-ms-run-function-failed': 'True' })],
    ['an unknown host', noAnswer('unreachable', systemError('ENOTFOUND'))],
  ])('at once with %s', async (_what, exchange) => {
    const { patience, said, slept } = fakePatience(120_000);
    expect(await warmUp(asking(exchange), never, patience)).toEqual({
      ended: 'at-once',
      sent: { exchange },
      requests: 1,
    });
    expect([said, slept]).toEqual([[], []]);
  });

  test.each([422, 404, 503])('with a %i that the case expects', async (status) => {
    const { patience } = fakePatience(120_000);
    const isExpected = (exchange: Exchange): boolean =>
      exchange.kind === 'reply' && exchange.status === status;
    expect(await warmUp(asking(answer(status)), isExpected, patience)).toMatchObject({
      ended: 'usable',
      requests: 1,
    });
  });

  test('with the time, at the last try that fits', async () => {
    const { patience, said, slept } = fakePatience(3_000);
    const { ended, requests } = await warmUp(asking(answer(503)), never, patience);
    expect([ended, requests]).toEqual(['out-of-time', 4]);
    expect(slept).toEqual([250, 500, 1_000]);
    expect(said).toEqual([
      'Not ready: 503. Next try in 0.3 s; 3.0 s left.',
      'Not ready: 503. Next try in 0.5 s; 2.8 s left.',
      'Not ready: 503. Next try in 1.0 s; 2.3 s left.',
      'Not ready: 503. The next try would be in 2.0 s, past the end of the warm-up.',
    ]);
  });

  test('with the time that the answer itself took', async () => {
    let clock = 0;
    const { patience, said } = fakePatience(1_000);
    const slow = async () => {
      clock += 5_000;
      return { exchange: noAnswer('timeout') };
    };
    const warm = await warmUp(slow, never, { ...patience, now: () => clock });
    expect(warm).toMatchObject({ ended: 'out-of-time', requests: 1 });
    expect(said).toEqual(['Not ready: no answer in time. That was the end of the warm-up.']);
  });

  test('after one request when there is no time at all', async () => {
    const { patience } = fakePatience(0);
    expect(await warmUp(asking(answer(503)), never, patience)).toMatchObject({
      ended: 'out-of-time',
      requests: 1,
    });
  });
});

describe('whether there will never be a usable answer', () => {
  /** Says so from the given time on, and counts how often it was asked. */
  function hopeless(from: number) {
    let times = 0;
    return { isHopeless: async () => ++times >= from, times: () => times };
  }

  test('ends the warm-up after the first answer, without a wait', async () => {
    const { patience, said, slept } = fakePatience(120_000);
    const { isHopeless, times } = hopeless(1);
    const exchange = answer(503);
    expect(await warmUp(asking(exchange, answer(200)), never, patience, isHopeless)).toEqual({
      ended: 'hopeless',
      sent: { exchange },
      requests: 1,
    });
    expect([said, slept, times()]).toEqual([[], [], 1]);
  });

  test.each<[string, Exchange, asked: number]>([
    ['a 424 that says so', answer(424, { 'ms-azureml-model-error-reason': 'model_not_ready' }), 1],
    ['a 502 of no deployment', answer(502), 1],
    ['a refused connection', noAnswer('unreachable', systemError('ECONNREFUSED')), 1],
    ['a throttled answer', answer(429), 0],
    ['a late answer', answer(504), 0],
  ])('is asked where nothing serves: %s', async (_what, exchange, asked) => {
    const { patience } = fakePatience(120_000);
    const { isHopeless, times } = hopeless(2);
    await warmUp(asking(exchange, answer(200)), never, patience, isHopeless);
    expect(times()).toBe(asked);
  });

  test('is asked once, however often is waited', async () => {
    const { patience, slept } = fakePatience(120_000);
    const { isHopeless, times } = hopeless(2);
    const exchanges = [answer(503), noAnswer('timeout'), answer(429), answer(200)];
    const warm = await warmUp(asking(...exchanges), never, patience, isHopeless);
    expect(warm).toMatchObject({ ended: 'usable', requests: 4 });
    expect([slept, times()]).toEqual([[250, 500, 1_000], 1]);
  });

  test.each<[string, Exchange, 'usable' | 'at-once']>([
    ['is usable', answer(200), 'usable'],
    ['is expected', answer(504), 'usable'],
    ['ends the warm-up itself', answer(424), 'at-once'],
  ])('is not asked when the first answer %s', async (_what, exchange, ended) => {
    const { patience } = fakePatience(120_000);
    const { isHopeless, times } = hopeless(1);
    const isExpected = (each: Exchange): boolean => each.kind === 'reply' && each.status === 504;
    expect(await warmUp(asking(exchange), isExpected, patience, isHopeless)).toMatchObject({
      ended,
      requests: 1,
    });
    expect(times()).toBe(0);
  });

  test('is asked also when there is no time to wait', async () => {
    const { patience } = fakePatience(0);
    const warm = await warmUp(asking(answer(503)), never, patience, hopeless(1).isHopeless);
    expect(warm.ended).toBe('hopeless');
  });
});

describe('the pauses', () => {
  async function pausesOf(random: number): Promise<readonly number[]> {
    const { patience, slept } = fakePatience(120_000, random);
    await warmUp(asking(...Array.from({ length: 8 }, () => answer(503)), answer(200)), never, patience);
    return slept;
  }

  test('double up to 15 s, and are half of that at least', async () => {
    expect(await pausesOf(0)).toEqual([250, 500, 1_000, 2_000, 4_000, 7_500, 7_500, 7_500]);
    expect(await pausesOf(0.5)).toEqual([375, 750, 1_500, 3_000, 6_000, 11_250, 11_250, 11_250]);
  });

  test('never are longer than their back-off', async () => {
    const longest = await pausesOf(1 - Number.EPSILON);
    const backOff = [500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000];
    for (const [index, ms] of longest.entries()) {
      expect(ms).toBeLessThanOrEqual(backOff[index]!);
      expect(ms).toBeGreaterThan(backOff[index]! * 0.999);
    }
  });

  test('stay 15 s however often was tried', async () => {
    const { patience, slept } = fakePatience(120_000);
    expect(await pause(10_000, '503', undefined, patience)).toBe(true);
    expect(slept).toEqual([7_500]);
  });
});

describe('Retry-After', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-03-04T05:06:07Z') });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test.each([
    ['in seconds', '7'],
    ['as a date', 'Wed, 04 Mar 2026 05:06:14 GMT'],
  ])('%s is kept to the letter', async (_form, header) => {
    const { patience, slept, said } = fakePatience(120_000);
    const { requests } = await warmUp(
      asking(answer(429, { 'retry-after': header }), answer(200)),
      never,
      patience,
    );
    expect([slept, requests]).toEqual([[7_000], 2]);
    expect(said).toEqual(['Not ready: 429. Next try in 7.0 s; 2 min left.']);
  });

  test.each([
    ['of no time', '0'],
    ['in the past', 'Wed, 04 Mar 2026 05:00:00 GMT'],
    ['of this moment', 'Wed, 04 Mar 2026 05:06:07 GMT'],
  ])('%s is never sooner than the back-off', async (_form, header) => {
    const { patience, slept } = fakePatience(120_000);
    const busy = answer(503, { 'retry-after': header });
    await warmUp(asking(busy, busy, busy, answer(200)), never, patience);
    expect(slept).toEqual([250, 500, 1_000]);
  });

  test('shorter than the back-off is as good as none', async () => {
    const { patience, slept } = fakePatience(120_000);
    const busy = answer(503, { 'retry-after': '1' });
    await warmUp(asking(...Array.from({ length: 4 }, () => busy), answer(200)), never, patience);
    expect(slept).toEqual([1_000, 1_000, 1_000, 2_000]);
  });

  test('beyond the end of the warm-up ends it without a wait', async () => {
    const { patience, slept, said } = fakePatience(60_000);
    const warm = await warmUp(asking(answer(503, { 'retry-after': '3600' })), never, patience);
    expect(warm).toMatchObject({ ended: 'out-of-time', requests: 1 });
    expect(slept).toEqual([]);
    expect(said).toEqual(['Not ready: 503. The next try would be in 1 h, past the end of the warm-up.']);
  });

  test('that says nothing is as good as none', async () => {
    const { patience, slept } = fakePatience(120_000);
    await warmUp(asking(answer(429, { 'retry-after': 'soon' }), answer(200)), never, patience);
    expect(slept).toEqual([250]);
  });
});

test.each([
  [0, '0.0 s'],
  [49, '0.0 s'],
  [400, '0.4 s'],
  [2_750, '2.8 s'],
  [2_000, '2.0 s'],
  [9_900, '9.9 s'],
  [9_960, '10 s'],
  [10_000, '10 s'],
  [12_400, '12 s'],
  [125_000, '2 min 5 s'],
  [3_600_000, '1 h'],
])('a wait of %i ms is told as %s', (ms, told) => {
  expect(formatWait(ms)).toBe(told);
});

describe('limits', () => {
  describe('a pause', () => {
    test.each([
      [251, true, 'Not ready: it sleeps. Next try in 0.3 s; 0.3 s left.'],
      [250, false, 'Not ready: it sleeps. The next try would be in 0.3 s, past the end of the warm-up.'],
      [1, false, 'Not ready: it sleeps. The next try would be in 0.3 s, past the end of the warm-up.'],
      [0, false, 'Not ready: it sleeps. That was the end of the warm-up.'],
      [-1, false, 'Not ready: it sleeps. That was the end of the warm-up.'],
    ])('of 250 ms when %i ms are left: %s', async (leftMs, goesOn, said) => {
      const fake = fakePatience(leftMs);
      expect(await pause(1, 'it sleeps', undefined, fake.patience)).toBe(goesOn);
      expect(fake.said).toEqual([said]);
      expect(fake.slept).toEqual(goesOn ? [250] : []);
    });

    test.each([
      [249, 250],
      [250, 250],
      [251, 251],
      [0, 250],
    ])('that the server wants to be %i ms long is %i ms long', async (retryAfter, slept) => {
      const fake = fakePatience(120_000);
      expect(await pause(1, 'it sleeps', retryAfter, fake.patience)).toBe(true);
      expect(fake.slept).toEqual([slept]);
    });
  });

  describe('whether the answer of the warm-up is the sample', () => {
    /** How many requests there were after each case was measured once. */
    async function requestsFor(changes: Partial<Plan>): Promise<number> {
      const plan = planOf(changes);
      let requests = 0;
      const { send: ask } = await warmUpCases(
        plan,
        async () => {
          requests += 1;
          return { exchange: answer(200), stream: undefined };
        },
        fakePatience(120_000).patience,
      );
      for (const each of plan.cases) await ask('candidate', each, 0);
      return requests;
    }
    const plain = caseOf({ name: 'plain' });
    const limited = caseOf({ name: 'limited', expect: { ...NO_EXPECTATIONS, maxLatencyMs: 800 } });

    test.each([
      ['of no case the latency is limited', [plain, plain], 2],
      ['of the first the latency is limited', [limited, plain], 4],
      ['of the last the latency is limited', [plain, limited], 4],
      ['of each the latency is limited', [limited, limited], 4],
    ])('when %s', async (_which, cases, requests) => {
      expect(await requestsFor({ cases: cases.map((each) => ({ ...each })) })).toBe(requests);
    });
  });
});
