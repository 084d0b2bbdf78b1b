import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Exchange } from '../../../../src/smoke-test/request/exchange.ts';
import type { Patience } from '../../../../src/smoke-test/warm-up/back-off.ts';
import { warmUp } from '../../../../src/smoke-test/warm-up/warm-up.ts';
import { fakePatience, noReply, replyOf, systemError } from '../../../support/smoke-test.ts';

/** Gives the exchanges in turn, and the last one for ever. */
function sending(...exchanges: readonly Exchange[]) {
  let sent = 0;
  return async () => {
    const exchange = exchanges[Math.min(sent++, exchanges.length - 1)];
    if (exchange === undefined) throw new Error('nothing to give');
    return { exchange };
  };
}

const never = (): boolean => false;

describe('the warm-up ends', () => {
  test('with the first usable reply, and logs nothing', async () => {
    const { patience, said, slept } = fakePatience(120_000);
    const usable = replyOf(200);
    expect(await warmUp(sending(usable), never, patience)).toEqual({
      ended: 'usable',
      sent: { exchange: usable },
      requests: 1,
    });
    expect([said, slept]).toEqual([[], []]);
  });

  test('with a usable reply after what passes by itself', async () => {
    const { patience, said } = fakePatience(120_000);
    const waits = [replyOf(503), noReply('timeout'), noReply('unreachable', systemError('ECONNREFUSED'))];
    const warm = await warmUp(sending(...waits, replyOf(200)), never, patience);
    expect(warm).toMatchObject({ ended: 'usable', requests: 4, sent: { exchange: { status: 200 } } });
    expect(said.map((line) => /^Not ready: (.+?)\. Next try/.exec(line)?.[1])).toEqual([
      '503',
      'no answer in time',
      'ECONNREFUSED',
    ]);
  });

  test.each<[string, Exchange]>([
    ['an error', replyOf(404)],
    ['a failure of the model', replyOf(424)],
  ])('at once with %s', async (_what, exchange) => {
    const { patience, said, slept } = fakePatience(120_000);
    expect(await warmUp(sending(exchange), never, patience)).toEqual({
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
    expect(await warmUp(sending(replyOf(status)), isExpected, patience)).toMatchObject({
      ended: 'usable',
      requests: 1,
    });
  });

  describe('only at what does not pass by itself here', () => {
    const unrouted = replyOf(404, {}, 'No valid deployments to route to.');
    const refused = replyOf(403);
    const other = replyOf(403, { 'azureml-model-deployment': 'blue' }, '', { askedDeployment: 'green' });

    test.each<[string, Exchange, Partial<Patience>, string]>([
      ['no route, and none is known', unrouted, {}, 'at-once'],
      ['no route, and there is none', unrouted, { hasRoute: false }, 'at-once'],
      ['no route, and Resource Manager tells of one', unrouted, { hasRoute: true }, 'usable'],
      ['another 404, though there is a route', replyOf(404), { hasRoute: true }, 'at-once'],
      ['a status that the user names', refused, { through: [424, 403] }, 'usable'],
      ['a status that the user does not name', refused, { through: [424] }, 'at-once'],
      ['another deployment with a status that the user names', other, { through: [403] }, 'at-once'],
    ])('%s', async (_what, exchange, changes, ended) => {
      const { patience } = fakePatience(120_000);
      const warm = await warmUp(sending(exchange, replyOf(200)), never, { ...patience, ...changes });
      expect(warm.ended).toBe(ended);
    });

    test('a usable reply is never waited through', async () => {
      const { patience } = fakePatience(120_000);
      const expected = (exchange: Exchange): boolean => exchange === refused;
      const warm = await warmUp(sending(refused), expected, { ...patience, through: [403] });
      expect([warm.ended, warm.requests]).toEqual(['usable', 1]);
    });
  });

  test('at its deadline, with the last try that fits', async () => {
    const { patience, said, slept } = fakePatience(3_000);
    const { ended, requests } = await warmUp(sending(replyOf(503)), never, patience);
    expect([ended, requests]).toEqual(['out-of-time', 4]);
    expect(slept).toEqual([250, 500, 1_000]);
    expect(said).toEqual([
      'Not ready: 503. Next try in 0.3 s; 3.0 s left.',
      'Not ready: 503. Next try in 0.5 s; 2.8 s left.',
      'Not ready: 503. Next try in 1.0 s; 2.3 s left.',
      'Not ready: 503. The next try would be in 2.0 s, past the end of the warm-up.',
    ]);
  });

  test('at its deadline, which the request itself may have passed', async () => {
    let clock = 0;
    const { patience, said } = fakePatience(1_000);
    const slow = async () => {
      clock += 5_000;
      return { exchange: noReply('timeout') };
    };
    const warm = await warmUp(slow, never, { ...patience, now: () => clock });
    expect(warm).toMatchObject({ ended: 'out-of-time', requests: 1 });
    expect(said).toEqual(['Not ready: no answer in time. That was the end of the warm-up.']);
  });

  test('after one request when there is no time', async () => {
    const { patience } = fakePatience(0);
    expect(await warmUp(sending(replyOf(503)), never, patience)).toMatchObject({
      ended: 'out-of-time',
      requests: 1,
    });
  });
});

describe('whether there will never be a usable reply', () => {
  /** Says so from the given time on, and counts how often it was asked. */
  function hopeless(from: number) {
    let times = 0;
    return { isHopeless: async () => ++times >= from, times: () => times };
  }

  test('ends the warm-up after the first reply, without a wait', async () => {
    const { patience, said, slept } = fakePatience(120_000);
    const { isHopeless, times } = hopeless(1);
    const exchange = replyOf(503);
    expect(await warmUp(sending(exchange, replyOf(200)), never, patience, isHopeless)).toEqual({
      ended: 'hopeless',
      sent: { exchange },
      requests: 1,
    });
    expect([said, slept, times()]).toEqual([[], [], 1]);
  });

  test.each<[string, Exchange, times: number]>([
    ['is asked when nothing serves', replyOf(503), 1],
    ['is not asked when a reply was throttled', replyOf(429), 0],
  ])('%s', async (_what, exchange, asked) => {
    const { patience } = fakePatience(120_000);
    const { isHopeless, times } = hopeless(2);
    await warmUp(sending(exchange, replyOf(200)), never, patience, isHopeless);
    expect(times()).toBe(asked);
  });

  test('is asked once, however often the warm-up waits', async () => {
    const { patience, slept } = fakePatience(120_000);
    const { isHopeless, times } = hopeless(2);
    const exchanges = [replyOf(503), noReply('timeout'), replyOf(429), replyOf(200)];
    const warm = await warmUp(sending(...exchanges), never, patience, isHopeless);
    expect(warm).toMatchObject({ ended: 'usable', requests: 4 });
    expect([slept, times()]).toEqual([[250, 500, 1_000], 1]);
  });

  test.each<[string, Exchange, 'usable' | 'at-once']>([
    ['is usable', replyOf(200), 'usable'],
    ['is expected', replyOf(504), 'usable'],
    ['ends the warm-up itself', replyOf(424), 'at-once'],
  ])('is not asked when the first reply %s', async (_what, exchange, ended) => {
    const { patience } = fakePatience(120_000);
    const { isHopeless, times } = hopeless(1);
    const isExpected = (each: Exchange): boolean => each.kind === 'reply' && each.status === 504;
    expect(await warmUp(sending(exchange), isExpected, patience, isHopeless)).toMatchObject({
      ended,
      requests: 1,
    });
    expect(times()).toBe(0);
  });

  test('is asked also when there is no time to wait', async () => {
    const { patience } = fakePatience(0);
    const warm = await warmUp(sending(replyOf(503)), never, patience, hopeless(1).isHopeless);
    expect(warm.ended).toBe('hopeless');
  });
});

describe('the pauses', () => {
  async function pausesOf(random: number): Promise<readonly number[]> {
    const { patience, slept } = fakePatience(120_000, random);
    await warmUp(sending(...Array.from({ length: 8 }, () => replyOf(503)), replyOf(200)), never, patience);
    return slept;
  }

  test('double up to 15 s, and are at least half of that', async () => {
    expect(await pausesOf(0)).toEqual([250, 500, 1_000, 2_000, 4_000, 7_500, 7_500, 7_500]);
    expect(await pausesOf(0.5)).toEqual([375, 750, 1_500, 3_000, 6_000, 11_250, 11_250, 11_250]);
  });

  test('are never longer than their back-off', async () => {
    const longest = await pausesOf(1 - Number.EPSILON);
    const backOff = [500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000];
    for (const [index, ms] of longest.entries()) {
      expect(ms).toBeLessThanOrEqual(backOff[index]!);
      expect(ms).toBeGreaterThan(backOff[index]! * 0.999);
    }
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
  ])('%s is respected exactly', async (_form, header) => {
    const { patience, slept, said } = fakePatience(120_000);
    const { requests } = await warmUp(
      sending(replyOf(429, { 'retry-after': header }), replyOf(200)),
      never,
      patience,
    );
    expect([slept, requests]).toEqual([[7_000], 2]);
    expect(said).toEqual(['Not ready: 429. Next try in 7.0 s; 2 min left.']);
  });

  test('beyond the end of the warm-up ends it without a wait', async () => {
    const { patience, slept, said } = fakePatience(60_000);
    const warm = await warmUp(sending(replyOf(503, { 'retry-after': '3600' })), never, patience);
    expect(warm).toMatchObject({ ended: 'out-of-time', requests: 1 });
    expect(slept).toEqual([]);
    expect(said).toEqual(['Not ready: 503. The next try would be in 1 h, past the end of the warm-up.']);
  });
});
