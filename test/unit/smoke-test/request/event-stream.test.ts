import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compilePath } from '../../../../src/smoke-test/judge/json-path.ts';
import type { ContentPath } from '../../../../src/smoke-test/plan/expectations.ts';
import { createStreamReader, type StreamSummary } from '../../../../src/smoke-test/request/event-stream.ts';
import type { StreamForm } from '../../../../src/smoke-test/request/stream-form.ts';
import { reportFile } from '../../../support/reports.ts';

/** Each chunk comes one millisecond after the one before, the first at 1 ms. */
const read = (...chunks: readonly (string | Uint8Array)[]) => readAs('events', chunks);
const readLines = (...chunks: readonly (string | Uint8Array)[]) => readAs('lines', chunks);

function readAs(
  form: StreamForm,
  chunks: readonly (string | Uint8Array)[],
  content?: ContentPath,
): StreamSummary {
  let now = 0;
  const reader = createStreamReader(form, () => now, content);
  for (const chunk of chunks) {
    now += 1;
    reader.feed(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  }
  return reader.summary();
}

test('events are counted, the first is timed and the last is kept', () => {
  expect(read('data: a\n\n', 'data: b\n\nda', 'ta: [DONE]\n\n')).toMatchObject({
    events: 3,
    spoken: 2,
    firstEventMs: 1,
    lastData: '[DONE]',
    tooLong: false,
  });
});

test('an event is timed when it is complete', () => {
  expect(read('data: a', '\n', '\n').firstEventMs).toBe(3);
});

test('an event without data is not counted', () => {
  expect(read(': keep-alive\n\n', 'event: ping\n\n', 'retry: 3\n\n', 'id: 1\n\n')).toMatchObject({
    events: 0,
    firstEventMs: undefined,
    lastData: undefined,
    tooLong: false,
  });
});

test.each([
  ['data: b\n', 'b'],
  ['data: {"a":', '{"a":'],
  ['event: x\r\ndata: [DON', '[DON'],
  ['dat', 'dat'],
])('data after the last blank line is a cut event: %j', (end, cutData) => {
  expect(read('data: a\n\n', end)).toMatchObject({ events: 1, lastData: 'a', cutData });
});

test.each([
  ['data: [DONE]', '[DONE]'],
  ['data: {"a":1}\n', '{"a":1}'],
  ['data: {"a":1}\r', '{"a":1}'],
])('data after the last blank line is an event when it is whole: %j', (end, lastData) => {
  expect(read('data: a\n\n', end)).toMatchObject({ events: 2, lastData, cutData: undefined });
});

test.each([
  ['16-stream-error-then-done.sse', { error: 'Request timed out.', chat: 'silent' }],
  ['17-stream-without-last-blank-line.sse', { chat: 'spoken', events: 3, lastData: '[DONE]' }],
  ['44-stream-usage-chunk-empty-choices.sse', { chat: 'spoken', finishReason: undefined }],
  ['44b-stream-reasoning-only-finish-length.sse', { chat: 'silent', finishReason: 'length' }],
  ['44c-stream-tool-calls-only.sse', { chat: 'spoken' }],
  ['48-stream-promptflow.sse', { chat: 'none', events: 3, spoken: 3 }],
])('%s is read as what it is', (name, summary) => {
  expect(read(reportFile(name))).toMatchObject({ error: undefined, cutData: undefined, ...summary });
});

test.each([
  ['event: error\ndata: out of memory\n\n', 'out of memory'],
  ['event: error\ndata: {"message":"no"}\n\n', '{"message":"no"}'],
  ['data: {"error":"no"}\n\n', 'no'],
  ['data: {"error":{"message":"no"},"choices":[]}\n\n', 'no'],
  ['data: {"object":"error","message":"no","code":400}\n\n', 'no'],
  ['data: {"error":null,"choices":[]}\n\n', undefined],
  ['data: {"error":0.5}\n\n', undefined],
  ['data: "error"\n\n', undefined],
  ['data: {"choices":[{"delta":{"content":"an \\"error\\""}}]}\n\n', undefined],
])('an event that reports an error is known: %j', (events, error) => {
  expect(read(events, 'data: [DONE]\n\n').error).toBe(error);
});

test.each([
  ['{"choices":[]}', 'silent'],
  ['{"choices":["yes","no"]}', 'none'],
  ['{"choices":[{"text":""}]}', 'silent'],
  ['{"choices":[{"text":" a"}]}', 'spoken'],
  ['{"choices":[{"delta":{"refusal":"no"}}]}', 'spoken'],
  ['{"choices":[{"delta":{"content":[{"type":"text","text":"a"}]}}]}', 'spoken'],
  ['{"choices":[{"delta":{"content":[{"type":"text","text":""}]}}]}', 'silent'],
])('a chat is silent until it says something: %s', (data, chat) => {
  expect(read(`data: ${data}\n\n`).chat).toBe(chat);
});

test('data of several lines is one event', () => {
  expect(read('data: a\r\ndata: b\r\n\r\n')).toMatchObject({ events: 1, lastData: 'a\nb' });
});

test('JSON lines are not an event stream', () => {
  expect(read('{"a":1}\n{"a":2}\n\n').events).toBe(0);
});

test('the same events are read however the bytes are cut, a byte order mark before them', () => {
  const bytes = Buffer.from('\ufeffdata: héllo 👍\r\n\r\nevent: x\rdata: zwei\r\rdata: {"a":"ü"}\n\n');
  fc.assert(
    fc.property(fc.array(fc.nat(bytes.length)), (places) => {
      const cuts = [0, ...places.sort((a, b) => a - b), bytes.length];
      const chunks = cuts.slice(1).map((end, index) => bytes.subarray(cuts[index], end));
      expect(read(...chunks)).toMatchObject({ events: 3, lastData: '{"a":"ü"}' });
    }),
  );
});

test('an event that never ends is not read, nor is what follows it', () => {
  const endless = Array.from({ length: 40 }, () => 'x'.repeat(1024 * 1024));
  expect(read('data: a\n\n', 'data: ', ...endless, '\n\n', 'data: b\n\n')).toMatchObject({
    events: 1,
    firstEventMs: 1,
    lastData: 'a',
    tooLong: true,
  });
});

test('bytes that are not UTF-8 become replacement characters', () => {
  expect(read(Buffer.from([0x64, 0x61, 0x74, 0x61, 0x3a, 0xff, 0x0a, 0x0a]))).toMatchObject({
    lastData: '\ufffd',
  });
});

test.each([
  ['{"choices":[],"prompt_filter_results":[{}]}'],
  ['{"choices":[{"index":0,"delta":{"role":"assistant"}}]}'],
  ['{"choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}'],
  ['{"choices":[{"index":0,"delta":{"role":"assistant","content":null}}]}'],
  ['{"choices":[{"index":0,"delta":{"reasoning_content":"Hm"}}]}'],
  ['{"choices":[{"index":1,"delta":{"content":"of another answer"}}]}'],
  ['{"choices":[{"text":""}]}'],
  ['{"token":{"text":"<s>","special":true}}'],
  ['{"token":{"text":""}}'],
  ['{"error":{"message":"no"}}'],
  ['[DONE]'],
  [''],
])('an event without content is not the first: %s', (data) => {
  const content = 'data: {"choices":[{"index":0,"delta":{"content":" "}}]}\n\n';
  expect(read(`data: ${data}\n\n`)).toMatchObject({ events: 1, firstEventMs: undefined });
  expect(read(`data: ${data}\n\n`, content, content)).toMatchObject({ events: 3, firstEventMs: 2 });
});

test.each([
  ['data: a\n\n'],
  ['data: {"a":1}\n\n'],
  ['data: {"choices":["yes"]}\n\n'],
  ['data: {"token":"Hi"}\n\n'],
  ['data: {"token":{"text":"Hi","special":false}}\n\n'],
  ['data: {"choices":[{"text":"Hi"}]}\n\n'],
  ['data: {"choices":[{"delta":{"tool_calls":[{}]}}]}\n\n'],
  ['data: {"choices":[{"index":1,"delta":{}},{"index":0,"delta":{"content":"Hi"}}]}\n\n'],
])('an event with content is the first: %j', (first) => {
  expect(read(': ping\n\n', 'event: ping\ndata: {}\n\n', 'event: error\ndata: no\n\n', first)).toMatchObject({
    firstEventMs: 4,
  });
});

test('where a path says what content is, nothing else is', () => {
  const find = compilePath('$.said[*]');
  if (typeof find === 'string') throw new Error(find);
  const chunks = [
    'data: {"choices":[{"delta":{"content":"Hi"}}]}\n\n',
    'data: not JSON\n\n',
    'data: {"said":[]}\n\n',
    'data: {"said":[1,""]}\n\n',
    'data: {"said":[1,"a"]}\n\n',
    'data: {"said":["b"]}\n\n',
  ];
  expect(readAs('events', chunks, { path: '$.said[*]', find })).toMatchObject({
    firstEventMs: 5,
    isUnsearched: false,
  });
  expect(readAs('events', chunks.slice(0, 4), { path: '$.said[*]', find }).firstEventMs).toBeUndefined();
});

test('the pace is that of all events, with content or not', () => {
  expect(
    read(': hi\n\n', 'data: a\n\n', ': ping\n\n', ': ping\n\n', 'data:\n\n', 'data: b\n\n'),
  ).toMatchObject({
    events: 3,
    spanMs: 4,
    longestGapMs: 3,
  });
  expect(read('data: a\n\n', ': ping\n\n')).toMatchObject({ events: 1, spanMs: 0, longestGapMs: 0 });
  expect(read(': ping\n\n')).toMatchObject({ events: 0, spanMs: 0, longestGapMs: 0 });
});

describe('JSON lines', () => {
  test('are events, each timed when its line has ended', () => {
    expect(readLines('{"a":1', '}\n\n \n{"a":2}\r\n', '{"a":3}\n')).toMatchObject({
      events: 3,
      firstEventMs: 2,
      spanMs: 1,
      lastData: '{"a":3}',
      cutData: undefined,
    });
    expect(readLines('{"a":1}\r\n').lastData).toBe('{"a":1}');
  });

  test.each([
    ['{"a":2}', { events: 2, lastData: '{"a":2}', cutData: undefined }],
    ['[DONE]', { events: 2, lastData: '[DONE]', cutData: undefined }],
    ['{"a":', { events: 1, lastData: '{"a":1}', cutData: '{"a":' }],
    ['Internal Server Error', { events: 1, cutData: 'Internal Server Error' }],
    [' ', { events: 1, cutData: undefined }],
  ])('may end without a line break when the last one is whole: %j', (end, summary) => {
    expect(readLines('{"a":1}\n', end)).toMatchObject(summary);
  });

  test.each([
    ['{"error":"no"}', 'no'],
    ['{"object":"error","message":"no","code":400}', 'no'],
    ['{"error":null,"a":1}', undefined],
    ['{"error":0.5}', undefined],
  ])('that report an error are known: %s', (line, error) => {
    expect(readLines('{"a":1}\n', `${line}\n`, '{"a":2}\n').error).toBe(error);
  });

  test('tell the chat that they hold', () => {
    expect(readLines('{"choices":[{"delta":{"role":"assistant"}}]}\n')).toMatchObject({
      chat: 'silent',
      firstEventMs: undefined,
    });
    expect(readLines('{"choices":[{"delta":{"content":"a"}}]}\n')).toMatchObject({ chat: 'spoken' });
  });

  test('are the same however the bytes are cut, a byte order mark before them', () => {
    const bytes = Buffer.from('\ufeff{"a":"é"}\r\n\n{"b":"👍"}\n{"c":"ü"}');
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length)), (places) => {
        const cuts = [0, ...places.sort((a, b) => a - b), bytes.length];
        const chunks = cuts.slice(1).map((end, index) => bytes.subarray(cuts[index], end));
        expect(readLines(...chunks)).toMatchObject({ events: 3, lastData: '{"c":"ü"}', cutData: undefined });
      }),
    );
  });
});

describe('limits', () => {
  describe('a line that means nothing', () => {
    test.each([
      'colour: red\n',
      'retry: soon\n',
      'nothing at all\n',
      'id: a\u0000b\n',
      ': comment\n',
      '{"a": 1}\n',
    ])('is skipped: %j', (line) => {
      expect(read(line, 'data: a\n\n', 'data: b\n\n')).toMatchObject({
        events: 2,
        firstEventMs: 2,
        lastData: 'b',
        tooLong: false,
      });
    });
  });

  test.each([
    [65_535, 65_535],
    [65_536, 65_536],
    [65_537, 65_536],
  ])('of %i characters of data %i are kept', (length, kept) => {
    const { lastData, events } = read(`data: ${'x'.repeat(length - 1)}y\n\n`);
    expect(events).toBe(1);
    expect(lastData).toBe(length === kept ? `${'x'.repeat(length - 1)}y` : 'x'.repeat(65_536));
  });

  test('an event with empty data is counted, and has no content', () => {
    expect(read('data:\n\n', 'data: a\n\n')).toMatchObject({ events: 2, firstEventMs: 2, tooLong: false });
    expect(read('data:\n\n')).toMatchObject({ events: 1, firstEventMs: undefined, lastData: '' });
  });

  test('the time of the first event may be 0', () => {
    let now = 0;
    const reader = createStreamReader('events', () => now);
    reader.feed(Buffer.from('data: a\n\n'));
    now = 5;
    reader.feed(Buffer.from('data: b\n\n'));
    expect(reader.summary()).toMatchObject({ events: 2, firstEventMs: 0 });
  });

  test('without bytes there is no event', () => {
    expect(read('')).toMatchObject({
      events: 0,
      spoken: 0,
      firstEventMs: undefined,
      lastData: undefined,
      cutData: undefined,
      tooLong: false,
    });
  });

  describe('an event that comes in pieces', () => {
    const MIB = 'x'.repeat(1024 * 1024);

    test.each([
      [1, false],
      [15, false],
      [17, true],
    ])('is read up to 16 MiB: %i', (size, tooLong) => {
      const pieces = Array.from({ length: size }, () => MIB);
      expect(read('data: ', ...pieces, '\n\n')).toMatchObject({ events: tooLong ? 0 : 1, tooLong });
    });
  });

  describe('a line that comes in pieces', () => {
    const MIB = 'x'.repeat(1024 * 1024);

    test.each([
      [15, false],
      [17, true],
    ])('is read up to 16 MiB: %i', (size, tooLong) => {
      const pieces = Array.from({ length: size }, () => MIB);
      expect(readLines('1\n', ...pieces, '\n', '2\n')).toMatchObject({ events: tooLong ? 1 : 3, tooLong });
    });

    test('is not read when it comes whole and is longer', () => {
      expect(readLines(`1\n${MIB.repeat(17)}\n2\n`)).toMatchObject({ events: 1, tooLong: true });
    });
  });
});
