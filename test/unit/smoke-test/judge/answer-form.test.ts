import { describe, expect, test } from 'vitest';
import { contentMismatches, formMismatches } from '../../../../src/smoke-test/judge/answer-form.ts';
import { type Expectations, NO_EXPECTATIONS } from '../../../../src/smoke-test/plan/expectations.ts';
import { createStreamReader } from '../../../../src/smoke-test/request/event-stream.ts';
import type { Reply } from '../../../../src/smoke-test/request/exchange.ts';
import { replyOf } from '../../../support/smoke-test.ts';

const JSON_TYPE = 'application/json';
const STREAM_TYPE = 'text/event-stream';
const ERROR = '{"error": "no model"}';

function form(
  status: number,
  type: string,
  body: string,
  expectations: Partial<Expectations> = {},
  changes: Partial<Reply> = {},
) {
  const reply = { ...replyOf(status, { 'content-type': type }, body), stream: undefined, ...changes };
  return formMismatches(reply, { ...NO_EXPECTATIONS, ...expectations }).map(
    ({ wanted, got }) => `${wanted}, not ${got}`,
  );
}

const SCHEMA = { origin: 's.json', sources: [], validate: () => [] };

describe('an answer of which nothing is expected', () => {
  test("that is only an exception's text is not a result", () => {
    expect(form(200, JSON_TYPE, '"could not convert string to float: \'male\'"')).toEqual([
      "a result, not an error: could not convert string to float: 'male'",
    ]);
  });

  test.each([['"positive"'], ['["ValueError: is a class of Python"]'], ['{"label": "KeyError"}']])(
    'that holds such words among others is a result: %s',
    (body) => {
      expect(form(200, JSON_TYPE, body)).toEqual([]);
    },
  );

  test.each([199, 300, 424])('of status %i is not looked at', (status) => {
    expect(form(status, JSON_TYPE, ERROR)).toEqual([]);
  });

  test.each([200, 201, 299])('of status %i is', (status) => {
    expect(form(status, JSON_TYPE, ERROR)).toEqual(['a result, not an error: no model']);
  });

  test.each<[string, Partial<Expectations>]>([
    ['a schema of the user', { schema: SCHEMA }],
    ['a golden answer', { equals: { origin: 'g', value: 1, relative: 0, absolute: 0 } }],
    ['a golden file that is no JSON', { content: { origin: 'g', bytes: Buffer.from('1'), as: 'text' } }],
    ['a condition on the text', { text: { exists: true } }],
    ['a stream', { stream: { firstEventMs: undefined, minEvents: 1, endsWith: undefined } }],
    ['a JSONPath', { json: [{ path: '$', find: () => [], condition: { exists: true } }] }],
    ["a script of the user's", { body: 'any' }],
  ])('is not looked at where %s judges it', (_what, expectations) => {
    expect(form(200, JSON_TYPE, ERROR, expectations)).toEqual([]);
  });

  test("is looked at beside what the endpoint's own document promises, when it is JSON", () => {
    const schema = { ...SCHEMA, hint: 'the document may be wrong' };
    expect(form(200, JSON_TYPE, ERROR, { schema })).toEqual(['a result, not an error: no model']);
    expect(form(200, JSON_TYPE, '{', { schema })).toEqual([]);
  });
});

describe('an empty answer', () => {
  const EMPTY = ['an answer, not an empty body'];

  test.each<[number, Partial<Expectations>, readonly string[]]>([
    [200, {}, EMPTY],
    [202, {}, EMPTY],
    [204, {}, EMPTY],
    [205, {}, EMPTY],
    [204, { status: [{ code: 204 }] }, []],
    [204, { body: 'may-be-empty' }, []],
    [202, { status: [{ code: 202 }] }, []],
    [202, { status: [{ code: 201 }] }, EMPTY],
    [202, { status: [{ class: 2 }] }, EMPTY],
    [200, { status: [{ code: 200 }] }, EMPTY],
    [200, { body: 'may-be-empty' }, []],
  ])('of status %i with %j', (status, expectations, found) => {
    expect(form(status, JSON_TYPE, '', expectations)).toEqual(found);
  });
});

describe('a good status that is no answer', () => {
  const LATER = { location: 'https://churn.example/operations/1' };

  test.each<[number, Readonly<Record<string, string>>, Partial<Expectations>, readonly string[]]>([
    [206, {}, {}, ['a whole answer, not 206, a part of one']],
    [206, {}, { status: [{ code: 206 }] }, []],
    [202, LATER, {}, ['an answer, not 202 with the address where the answer will be']],
    [
      202,
      { 'operation-location': '/1' },
      {},
      ['an answer, not 202 with the address where the answer will be'],
    ],
    [202, LATER, { status: [{ code: 202 }] }, []],
    [202, {}, {}, []],
    [201, LATER, {}, []],
    [200, LATER, {}, []],
  ])('%i with the headers %j, when the case says %j', (status, headers, expectations, found) => {
    const changes = { headers: { 'content-type': JSON_TYPE, ...headers } };
    expect(form(status, JSON_TYPE, '[1]', expectations, changes)).toEqual(found);
  });

  test.each([
    ['{"title": "Bad model", "detail": "It is gone"}', ': Bad model: It is gone'],
    ['{"title": "Bad model"}', ': Bad model'],
    ['{"status": 500}', ''],
    ['no JSON', ''],
  ])('a problem of %s is an error', (body, said) => {
    expect(form(200, 'application/problem+json', body)).toEqual([
      `a result, not an error, as the content type application/problem+json says${said}`,
    ]);
  });
});

describe('an answer that calls itself JSON', () => {
  test.each([
    JSON_TYPE,
    'text/json',
    'application/ld+json',
    'application/json; charset=utf-8',
    '"application/json"',
    'application/json, application/json',
  ])('as %s must be JSON', (type) => {
    expect(form(200, type, '{"a": ')).toHaveLength(1);
    expect(form(200, type, '{"a": ')[0]).toMatch(/^JSON, as its content type says, not /);
  });

  test.each(['text/plain', 'application/jsonp', 'image/json', 'application/xjson'])('%s does not', (type) => {
    expect(form(200, type, '{"a": ')).toEqual([]);
  });

  test('may be lines of JSON', () => {
    expect(form(200, JSON_TYPE, '{"a": 1}\n\n{"a": 2}\n')).toEqual([]);
    expect(form(200, JSON_TYPE, '{"a": 1}\n{"a": \n')).toHaveLength(1);
    expect(form(200, JSON_TYPE, '{"a": \n \n')).toHaveLength(1);
  });
});

describe('an answer that cannot be read', () => {
  test('is unjudged when its coding cannot be undone', () => {
    const reply = {
      ...replyOf(200, { 'content-type': JSON_TYPE }, 'x'),
      stream: undefined,
      undecoded: { coding: 'snappy', why: 'unknown' as const },
    };
    expect(formMismatches(reply, NO_EXPECTATIONS)).toMatchObject([
      { at: 'body', wanted: 'an answer', isUnjudged: true },
    ]);
  });

  test('counts by its status when it is too long, but not a stream, which may report an error', () => {
    expect(form(200, JSON_TYPE, '', {}, { body: undefined })).toEqual([]);
    expect(form(200, STREAM_TYPE, '', {}, { body: undefined })[0]).toMatch(/^no error, not /);
  });
});

describe('an answer of JSON lines', () => {
  test.each([
    ['{"a": 1}\n\n{"a": 2}', []],
    ['{"a": 1}\n{"error": "overloaded"}\n{"a": 2}\n', ['no error, not an error: overloaded']],
    ['{"error": "overloaded"}\n', ['a result, not an error: overloaded']],
    ['{"a": 1}\n{"a', ['a line break after the last line, not {"a']],
    ['\n\n', ['an event, not none']],
    ['', ['an answer, not an empty body']],
  ])('%j', (text, mismatches) => {
    expect(form(200, 'application/x-ndjson', text)).toEqual(mismatches);
  });

  test('may call itself JSON, and must not report an error then, either', () => {
    expect(form(200, JSON_TYPE, '{"a": 1}\n{"error": "overloaded"}\n')).toEqual([
      'no error, not an error: overloaded',
    ]);
  });

  test('is unjudged when it is too long', () => {
    expect(form(200, 'application/jsonl', '', {}, { body: undefined })[0]).toMatch(/^no error, not /);
  });
});

describe('an event stream', () => {
  const found = (text: string) => form(200, STREAM_TYPE, text);

  test.each([
    ['data: 1\n\n', []],
    ['data: {"choices": [{"delta": {"content": "hi"}}]}\n\ndata: [DONE]\n\n', []],
    [': ping\n\n', ['an event, not none']],
    ['data: [DONE]\n\n', ['an event with content, not only empty events or [DONE]']],
    ['data: {"error": "overloaded"}\n\n', ['no error, not an error: overloaded']],
    ['event: error\ndata: gone\n\n', ['no error, not an error: gone']],
    ['data: 1\n\ndata: {"a"', ['a blank line after the last event, not {"a"']],
    ['data: {"a"', ['a blank line after the last event, not {"a"']],
    [
      'data: {"choices": [{"delta": {"reasoning": "x"}, "finish_reason": "length"}]}\n\n',
      ['text in the answer of the chat, not none; finish_reason is length'],
    ],
    ['data: {"choices": [{"delta": {}}]}\n\n', ['text in the answer of the chat, not none']],
    [
      'data: {"choices": [{"delta": {}}]}\n\ndata: {"error": "overloaded"}\n\n',
      ['no error, not an error: overloaded'],
    ],
  ])('%j', (text, mismatches) => {
    expect(found(text)).toEqual(mismatches);
  });

  test('without an event says nothing wrong of what it holds', () => {
    expect(contentMismatches(createStreamReader('events', () => 0).summary(), 'events')).toEqual([]);
  });
});
