import { expect, test } from 'vitest';
import { compilePath } from '../../../../src/smoke-test/judge/json-path.ts';
import { streamMismatches } from '../../../../src/smoke-test/judge/stream-expectations.ts';
import { textOfStream } from '../../../../src/smoke-test/judge/stream-text.ts';
import type { Condition } from '../../../../src/smoke-test/plan/condition.ts';
import { reportFile } from '../../../support/reports.ts';
import { replyOf, streamSummary } from '../../../support/smoke-test.ts';

function at(path: string) {
  const find = compilePath(path);
  if (typeof find === 'string') throw new Error(find);
  return { path, find };
}

const linesOf = (...values: readonly unknown[]): Buffer =>
  Buffer.from(values.map((value) => `${JSON.stringify(value)}\n`).join(''));
const textOf = (...values: readonly unknown[]) => textOfStream(linesOf(...values), 'lines', undefined);
const delta = (content: unknown, index?: number) => ({ choices: [{ index, delta: { content } }] });

test.each<[string, readonly unknown[], string | undefined]>([
  ['chat completions', [delta(null), delta('a'), delta(' b'), { choices: [], usage: {} }], 'a b'],
  ['another choice beside', [delta('a', 0), delta('x', 1), delta('b', 0)], 'ab'],
  [
    'two choices in one event',
    [{ choices: [delta('x', 1), delta('a', 0)].flatMap((each) => each.choices) }],
    'a',
  ],
  ['content in parts', [delta([{ type: 'text', text: 'a' }, { type: 'thinking' }, { text: 'b' }])], 'ab'],
  ['completions', [{ choices: [{ text: 'a' }] }, { choices: [{ text: 'b' }] }], 'ab'],
  ['tokens', [{ token: { text: 'a' } }, { token: { text: '</s>', special: true } }], 'a'],
  ['tool calls alone', [{ choices: [{ delta: { tool_calls: [{}] } }] }], ''],
  ['an unknown form', [{ token: 'a' }, { response: 'b' }, 'c'], undefined],
  [
    'choices without a place for text',
    [{ choices: [] }, { choices: [{ message: { content: 'a' } }] }],
    undefined,
  ],
])('the text of %s is joined', (_name, values, text) => {
  expect(textOf(...values)).toBe(text);
});

test('the text of server-sent events is joined, whatever else they hold', () => {
  const body =
    'data: {"choices":[{"text":"a"}]}\n\ndata: ping\n\ndata: {"choices":[{"text":"b"}]}\n\ndata: [DONE]';
  expect(textOfStream(Buffer.from(body), 'events', undefined)).toBe('ab');
  expect(textOfStream(reportFile('44c-stream-tool-calls-only.sse'), 'events', undefined)).toBe('');
});

test('a path takes the place of a known form', () => {
  const body = linesOf({ said: 'a', ...delta('x') }, { said: 'b' });
  expect(textOfStream(body, 'lines', at('$.said'))).toBe('ab');
  expect(textOfStream(body, 'lines', at('$.other'))).toBeUndefined();
});

test.each<[Condition, Buffer, string | undefined]>([
  [{ exists: false }, linesOf({ a: 1 }), undefined],
  [{ exists: false }, linesOf(delta('')), undefined],
  [{ exists: false }, linesOf(delta('a')), '"a"'],
  [{ equals: '' }, linesOf(delta('')), undefined],
  [{ not: { matches: /sorry/ } }, linesOf(delta('')), 'an empty text'],
  [
    { not: { matches: /sorry/ } },
    linesOf({ a: 1 }),
    'events in an unknown form; say where their text is, such as content: $.text',
  ],
])('a stream without text does not meet a condition by chance: %j', (text, body, got) => {
  const reply = {
    ...replyOf(200, { 'content-type': 'application/jsonl' }, body.toString()),
    stream: streamSummary(),
  };
  const wanted = { firstEventMs: undefined, minEvents: undefined, endsWith: undefined, text };
  const found = streamMismatches(reply, wanted, (_at, _wanted, work) => work());
  expect(found.map((each) => each.got)).toEqual(got === undefined ? [] : [got]);
});

test('a stream that is too long to be kept has no text that could be judged', () => {
  const reply = {
    ...replyOf(200, { 'content-type': 'text/event-stream' }),
    body: undefined,
    stream: streamSummary(),
  };
  const wanted = {
    firstEventMs: undefined,
    minEvents: undefined,
    endsWith: undefined,
    text: { equals: 'a' },
  };
  expect(streamMismatches(reply, wanted, (_at, _wanted, work) => work())).toMatchObject([
    { at: 'stream text', wanted: '"a"', isUnjudged: true },
  ]);
});
