import { describe, expect, test } from 'vitest';
import { announceMasksTo, guard } from '../../../../src/secrets/secret.ts';
import { compilePath } from '../../../../src/smoke-test/judge/json-path.ts';
import { compileSchema } from '../../../../src/smoke-test/judge/json-schema.ts';
import { judgeReply } from '../../../../src/smoke-test/judge/judge-reply.ts';
import type { JudgedReply } from '../../../../src/smoke-test/judge/reply-body.ts';
import type { Condition } from '../../../../src/smoke-test/plan/condition.ts';
import { type Expectations, NO_EXPECTATIONS } from '../../../../src/smoke-test/plan/expectations.ts';
import { streamSummary } from '../../../support/smoke-test.ts';

const ENDLESS = `${'a'.repeat(50)}b`;
const TOO_LONG = 'no verdict: judging it takes too long (does a regular expression backtrack?)';

function reply(body: string, headers: Readonly<Record<string, string>> = {}): JudgedReply {
  const bytes = Buffer.from(body);
  return {
    status: 200,
    headers: { 'content-type': 'application/json', ...headers },
    body: bytes,
    undecoded: undefined,
    bytes: bytes.length,
    latencyMs: 12.34,
    stream: undefined,
  };
}

const judge = (got: JudgedReply, wanted: Partial<Expectations>, limits?: Parameters<typeof judgeReply>[2]) =>
  judgeReply(got, { ...NO_EXPECTATIONS, ...wanted }, limits);

function usable<T>(result: T | string): T {
  if (typeof result === 'string') throw new Error(result);
  return result;
}

const at = (path: string, condition: Condition) => ({ path, find: usable(compilePath(path)), condition });
const schema = (value: unknown) => usable(compileSchema(value, 'response.schema.json'));

/** Judged in the other thread, however quick that is. */
const long = (text: string) => reply(`[${JSON.stringify(text)}, "${'x'.repeat(300_000)}"]`);

test.each([
  ['header x-a', 'matching /^(a+)+$/', { headers: { 'x-a': { matches: /^(a+)+$/ } } }],
  ['text', 'matching /(a+)+c/', { text: { matches: /(a+)+c/ } }],
  ['json $[*]', 'matching /^(a+)+$/', { json: [at('$[*]', { matches: /^(a+)+$/ })] }],
  [
    'schema',
    'a value that matches response.schema.json',
    { schema: schema({ items: { pattern: '^(a+)+$' } }) },
  ],
])(
  'a regular expression that backtracks for ever is stopped, and unjudged: %s',
  async (place, wanted, of) => {
    const got = reply(JSON.stringify([ENDLESS]), { 'x-a': ENDLESS });
    const found = await judge(got, of, { quickMs: 20, longestMs: 500 });
    expect(found).toEqual([{ at: place, wanted, got: TOO_LONG, isUnjudged: true }]);
  },
);

test('what was found before it was stopped is kept', async () => {
  const wanted = {
    status: [{ code: 201 }],
    headers: { 'x-a': { equals: 'b' } },
    text: { matches: /(a+)+c/ },
  };
  const found = await judge(reply(ENDLESS), wanted, { quickMs: 20, longestMs: 500 });
  expect(found.map(({ at: place, isUnjudged }) => [place, isUnjudged])).toEqual([
    ['status', undefined],
    ['header x-a', undefined],
    ['text', true],
  ]);
});

test('the next reply is judged all the same', async () => {
  await judge(long(ENDLESS), { text: { matches: /(a+)+c/ } }, { longestMs: 500 });
  expect(await judge(long('b'), { json: [at('$[0]', { equals: 'b' })] })).toEqual([]);
});

test('the other thread judges as the own one does', async () => {
  const wanted = {
    headers: { 'x-a': { matches: /^b/i } },
    schema: schema({ items: { type: 'number' } }),
    json: [at('$[0]', { not: { matches: /a/ } })],
    equals: { origin: 'value', value: ['c'], relative: 0, absolute: 0 },
    text: { length: { max: 3 } },
  };
  const [short, longer] = [reply('["a"]', { 'x-a': 'c' }), { ...long('a'), headers: { 'x-a': 'c' } }];
  const places = async (got: JudgedReply) => (await judge(got, wanted)).map((each) => each.at);
  expect((await places(short)).slice(0, 3)).toEqual(['header x-a', 'schema /0', 'json $[0]']);
  expect(new Set(await places(longer))).toEqual(
    new Set(['header x-a', 'schema /0', 'schema /1', 'json $[0]', 'equals $', 'equals $[0]', 'text']),
  );
});

test('the other thread reads the text of a stream as the own one does', async () => {
  const wanted = (text: Condition) => ({
    stream: {
      firstEventMs: undefined,
      minEvents: undefined,
      endsWith: undefined,
      text,
      content: { path: '$.say', find: usable(compilePath('$.say')) },
    },
  });
  const lines = (filling: string): JudgedReply => ({
    ...reply(`{"say":"Hi"}\n{"${filling}":1}\n{"say":"${ENDLESS}"}\n`, {
      'content-type': 'application/jsonl',
    }),
    stream: streamSummary(),
  });
  for (const got of [lines('x'), lines('x'.repeat(300_000))]) {
    expect(await judge(got, wanted({ equals: `Hi${ENDLESS}` }))).toEqual([]);
    expect(await judge(got, wanted({ matches: /(a+)+c/ }), { quickMs: 20, longestMs: 500 })).toEqual([
      { at: 'stream text', wanted: 'matching /(a+)+c/', got: TOO_LONG, isUnjudged: true },
    ]);
  }
});

test('while a reply is judged for long, the process hears what happens', async () => {
  let ticks = 0;
  const timer = setInterval(() => ticks++, 10);
  await judge(long(ENDLESS), { text: { matches: /(a+)+c/ } }, { longestMs: 500 });
  clearInterval(timer);
  expect(ticks).toBeGreaterThan(5);
});

test('no excerpt has a piece of a secret in it, whichever thread judges', async () => {
  announceMasksTo(() => undefined);
  const secret = guard('Zq7Vt0Lr9WxB2nKd4YsE6uHfC8mJpGaT', 'The key').reveal();
  const text = `${'y'.repeat(190)}${secret}`;
  const [mismatch] = await judge(long(text), { json: [at('$[0]', { equals: 'b' })] });
  expect(mismatch?.got).not.toContain(secret.slice(0, 6));
  expect(mismatch?.got).toContain('***');
});

describe('limits', () => {
  test('a million numbers are judged in the time that they need', async () => {
    const numbers = Array.from({ length: 1_000_000 }, (_, index) => index / 7);
    const wanted = {
      schema: schema({ type: 'array', items: { type: 'number' } }),
      json: [at('$[*]', { min: 0 }), at('$[999999]', { max: 150_000 })],
      equals: { origin: 'value', value: numbers, relative: 0, absolute: 0 },
    };
    expect(await judge(reply(JSON.stringify(numbers)), wanted)).toEqual([]);
  }, 60_000);

  test('a value that is nested too deeply to be sent to the other thread is unjudged', async () => {
    const deep = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`) as unknown;
    const equals = { origin: 'value', value: deep, relative: 0, absolute: 0 };
    expect(await judge(long('a'), { equals })).toEqual([
      { at: 'body', wanted: 'one that can be judged', got: expect.any(String), isUnjudged: true },
    ]);
  });
});
