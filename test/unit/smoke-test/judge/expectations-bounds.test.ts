import { describe, expect, test } from 'vitest';
import { mismatches } from '../../../../src/smoke-test/judge/expectations.ts';
import type { JudgedReply } from '../../../../src/smoke-test/judge/reply-body.ts';
import { type Expectations, NO_EXPECTATIONS } from '../../../../src/smoke-test/plan/plan.ts';
import type { StreamSummary } from '../../../../src/smoke-test/request/event-stream.ts';

function judge(wanted: Partial<Expectations>, given: Partial<JudgedReply> = {}) {
  const answer = {
    status: 200,
    headers: {},
    body: Buffer.from('[1]'),
    undecoded: undefined,
    bytes: 3,
    latencyMs: 12,
    stream: undefined,
    ...given,
  };
  return mismatches(answer, { ...NO_EXPECTATIONS, ...wanted }, 60_000);
}

describe('a stream', () => {
  const SUMMARY: StreamSummary = { events: 2, firstEventMs: 100, lastData: '[DONE]', tooLong: false };
  const ANY = { firstEventMs: undefined, minEvents: undefined, endsWith: undefined };

  function judgeStream(
    wanted: Partial<NonNullable<Expectations['stream']>>,
    stream: Partial<StreamSummary> | undefined = {},
    headers: Readonly<Record<string, string>> = { 'content-type': 'text/event-stream' },
  ) {
    return judge({ stream: { ...ANY, ...wanted } }, { headers, stream: stream && { ...SUMMARY, ...stream } });
  }

  test.each([
    [{ minEvents: 2 }, []],
    [{ minEvents: 3 }, [{ at: 'stream min-events', wanted: 'at least 3', got: '2' }]],
    [{ minEvents: 0 }, []],
    [{ firstEventMs: 100 }, []],
    [{ firstEventMs: 99 }, [{ at: 'stream first-event', wanted: 'within 99 ms', got: '100 ms' }]],
    [{ endsWith: '[DONE]' }, []],
    [{ endsWith: ' [DONE]\n' }, []],
    [{ endsWith: '[DONE' }, [{ at: 'stream ends-with', wanted: '"[DONE"', got: '"[DONE]"' }]],
    [{ endsWith: '' }, [{ at: 'stream ends-with', wanted: '""', got: '"[DONE]"' }]],
  ])('at the bound of what is wanted: %j', (wanted, found) => {
    expect(judgeStream(wanted)).toEqual(found);
  });

  test('without events has too few, even when none is asked for', () => {
    const none = { events: 0, firstEventMs: undefined, lastData: undefined };
    expect(judgeStream({ minEvents: 0 }, none)).toEqual([
      { at: 'stream min-events', wanted: 'at least 1', got: '0' },
    ]);
    expect(judgeStream({}, { ...none, events: 1 })).toEqual([]);
  });

  test('may have white space around its last data', () => {
    expect(judgeStream({ endsWith: '[DONE]' }, { lastData: ' [DONE] ' })).toEqual([]);
  });

  test('that was too long to be read says so, and nothing else', () => {
    expect(judgeStream({ minEvents: 9 }, { tooLong: true })).toEqual([
      { at: 'stream', wanted: 'events of at most 16 MiB', got: 'a longer one' },
    ]);
  });

  test.each([
    ['of another type', 'application/json', 'application/json'],
    ['of a type that begins like it', 'text/event-streams', 'text/event-streams'],
    ['without a type', undefined, 'no content-type header'],
  ])('is none %s, whatever was read', (_what, type, got) => {
    const headers = type === undefined ? {} : { 'content-type': type };
    expect(judgeStream({}, {}, headers)).toEqual([{ at: 'stream', wanted: 'text/event-stream', got }]);
  });

  test('is none when it was not read as one', () => {
    const headers = { 'content-type': 'text/event-stream' };
    expect(judge({ stream: ANY }, { headers })).toEqual([
      { at: 'stream', wanted: 'text/event-stream', got: 'text/event-stream' },
    ]);
  });
});

describe('a content type', () => {
  test.each([
    ['application/json', ' Application/JSON ; charset=utf-8', true],
    ['application/json; charset=utf-8', 'application/json; Charset = "UTF-8"', true],
    ['application/json; charset=utf-8', 'application/json', false],
    ['application/json; a=b=c', 'application/json; a=b=c', true],
    ['application/json; a=b=c', 'application/json; a=bc', false],
    ['application/json; a', 'application/json;  a ', true],
    ['application/json; a', 'application/json; a=', false],
    ['text/plain', '', false],
  ])('%s is met by %j: %j', (contentType, got, met) => {
    expect(judge({ contentType }, { headers: { 'content-type': got } })).toEqual(
      met ? [] : [{ at: 'content-type', wanted: contentType, got }],
    );
  });

  test('is missed when there is none', () => {
    expect(judge({ contentType: 'text/plain' })).toEqual([
      { at: 'content-type', wanted: 'text/plain', got: 'no content-type header' },
    ]);
  });
});

describe('a text is decoded as its content type says', () => {
  const latin = Buffer.from([0xe9]);
  const utf8 = Buffer.from([0xc3, 0xa9]);

  test.each([
    ['text/plain;charset=latin1', latin],
    ['text/plain; charset=latin1', latin],
    ['text/plain;   charset=latin1', latin],
    ['text/plain; charset = latin1', latin],
    ['text/plain; CHARSET="latin1"; a=b', latin],
    ['text/plain; charset=latin1;a=b', latin],
    ['text/plain; charset=utf-8', utf8],
    ['text/plain; charset=unheard-of', utf8],
    ['text/plain', utf8],
    ['text/plain charset=latin1', utf8],
  ])('%s', (type, body) => {
    const headers = { 'content-type': type };
    expect(judge({ text: { equals: 'é' } }, { headers, body, bytes: body.length })).toEqual([]);
  });

  test('and as UTF-8 when it says nothing', () => {
    expect(judge({ text: { equals: 'é' } }, { body: utf8, bytes: 2 })).toEqual([]);
  });
});

test('what is no JSON is shown without the white space around it', () => {
  const body = Buffer.from(' \n<html>\n ');
  expect(judge({ equals: { origin: 'a.json', value: 1, relative: 0, absolute: 0 } }, { body })).toEqual([
    { at: 'body', wanted: 'JSON', got: 'no content type: <html>' },
  ]);
});

test.each([
  [12, 12, []],
  [12, 12.1, [{ at: 'max-latency', wanted: 'at most 12 ms', got: '12.1 ms' }]],
  [12, 12.04, [{ at: 'max-latency', wanted: 'at most 12 ms', got: '12 ms' }]],
])('of at most %d ms are %d ms', (maxLatencyMs, latencyMs, found) => {
  expect(judge({ maxLatencyMs }, { latencyMs })).toEqual(found);
});
