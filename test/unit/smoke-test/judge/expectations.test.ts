import { describe, expect, test } from 'vitest';
import { mismatches } from '../../../../src/smoke-test/judge/expectations.ts';
import { compilePath } from '../../../../src/smoke-test/judge/json-path.ts';
import { compileSchema } from '../../../../src/smoke-test/judge/json-schema.ts';
import type { JudgedReply } from '../../../../src/smoke-test/judge/reply-body.ts';
import type { Condition } from '../../../../src/smoke-test/plan/condition.ts';
import {
  type Expectations,
  type JsonExpectation,
  NO_EXPECTATIONS,
} from '../../../../src/smoke-test/plan/expectations.ts';
import type { StreamSummary } from '../../../../src/smoke-test/request/event-stream.ts';
import { reportFile } from '../../../support/reports.ts';
import { streamSummary } from '../../../support/smoke-test.ts';

function answer(body: string | Buffer, given: Partial<JudgedReply> = {}): JudgedReply {
  const bytes = Buffer.from(body);
  return {
    status: 200,
    headers: { 'content-type': 'application/json', 'azureml-model-deployment': 'green' },
    body: bytes,
    undecoded: undefined,
    bytes: bytes.length,
    latencyMs: 12.34,
    stream: undefined,
    ...given,
  };
}

function judge(got: JudgedReply, wanted: Partial<Expectations>) {
  return mismatches(got, { ...NO_EXPECTATIONS, ...wanted });
}

function at(path: string, condition: Condition): JsonExpectation {
  const find = compilePath(path);
  if (typeof find === 'string') throw new Error(find);
  return { path, find, condition };
}

function golden(value: unknown, relative = 0): Pick<Expectations, 'equals'> {
  return { equals: { origin: 'expected.json', value, relative, absolute: 0 } };
}

function schema(value: unknown): Pick<Expectations, 'schema'> {
  const compiled = compileSchema(value, 'response.schema.json');
  if (typeof compiled === 'string') throw new Error(compiled);
  return { schema: compiled };
}

describe('a status', () => {
  test.each([
    [200, [{ class: 2 }], undefined],
    [299, [{ class: 2 }], undefined],
    [422, [{ code: 200 }, { code: 422 }], undefined],
    [300, [{ class: 2 }], '2xx'],
    [503, [{ code: 200 }, { class: 4 }], '200 or 4xx'],
  ])('%i is compared with %j', (status, wanted, words) => {
    const found = words === undefined ? [] : [{ at: 'status', wanted: words, got: `${status}` }];
    expect(judge(answer('1', { status }), { status: wanted })).toEqual(found);
  });
});

describe('a header', () => {
  test('names the deployment that answered', () => {
    expect(judge(answer('1'), { deployment: 'green' })).toEqual([]);
    expect(judge(answer('1'), { deployment: 'blue' })).toEqual([
      { at: 'deployment', wanted: 'blue', got: 'green' },
    ]);
    const twice = { 'azureml-model-deployment': 'green, Green' };
    expect(judge(answer('1', { headers: twice }), { deployment: 'green' })).toEqual([]);
    expect(judge(answer('1', { headers: {} }), { deployment: 'blue' })).toEqual([
      { at: 'deployment', wanted: 'blue', got: 'no azureml-model-deployment header' },
    ]);
  });

  test.each([
    ['application/json', 'application/json', true],
    ['application/json; charset=UTF-8', 'application/json;charset="utf-8"; profile=x', true],
    ['application/json; charset=utf-8', 'application/json; charset=latin1', false],
    ['application/json', 'text/html', false],
    ['multipart/mixed; boundary=a=b', 'multipart/mixed; boundary = "a=b"', true],
    ['application/json', undefined, false],
  ])('with the content type %s is compared with %s', (wanted, got, met) => {
    const headers: Record<string, string> = got === undefined ? {} : { 'content-type': got };
    expect(judge(answer('1', { headers }), { contentType: wanted })).toEqual(
      met ? [] : [{ at: 'content-type', wanted, got: got ?? 'no content-type header' }],
    );
  });

  test.each<[string, Condition, string | undefined]>([
    ['azureml-model-deployment', { equals: 'green' }, undefined],
    ['azureml-model-deployment', { matches: /^b/ }, '"green"'],
    ['retry-after', { exists: false }, undefined],
    ['retry-after', { exists: true }, 'none'],
    ['retry-after', { not: { equals: '3' } }, 'none'],
    ['constructor', { exists: false }, undefined],
    ['x-count', { between: [1, 10] }, undefined],
    ['x-count', { equals: 7 }, undefined],
    ['x-count', { equals: '7' }, undefined],
    ['x-count', { max: 6 }, '7'],
  ])('%s is compared with %j', (name, condition, got) => {
    const headers = { 'azureml-model-deployment': 'green', 'x-count': '7' };
    const found = judge(answer('1', { headers }), { headers: { [name]: condition } });
    expect(found.map((mismatch) => [mismatch.at, mismatch.got])).toEqual(
      got === undefined ? [] : [[`header ${name}`, got]],
    );
  });
});

describe('a body that is read as JSON', () => {
  test.each([
    ['as it is', '[1,2]', [1, 2]],
    ['after a byte order mark', '\ufeff[1,2]', [1, 2]],
    ['out of a JSON string', '"[1, 2]"', [1, 2]],
    ['out of a JSON string with an object', String.raw`"{\"a\": \"x\"}"`, { a: 'x' }],
    ['as a string that holds a number', '"11.5"', '11.5'],
    ['as a string that holds null', '"null"', 'null'],
    ['as a string that holds a string', JSON.stringify('"a"'), '"a"'],
    ['as a string that holds no JSON', '"hello"', 'hello'],
    ['as an empty string', '""', ''],
    ['out of one string only', JSON.stringify(JSON.stringify('[1]')), '"[1]"'],
    ['as the golden file that was saved from it is', JSON.stringify('[1,2]'), '[1,2]'],
  ])('%s', (_name, body, value) => {
    expect(judge(answer(body), golden(value))).toEqual([]);
  });

  test('and nothing is read out of a body whose coding cannot be undone', () => {
    const got = answer('[1]', { undecoded: { coding: 'x-odd', why: 'unknown' } });
    const why = 'a body in the content coding x-odd, which cannot be decoded';
    expect(judge(got, golden([1]))).toEqual([{ at: 'body', wanted: 'JSON', got: why, isUnjudged: true }]);
    const text = { not: { matches: /error/u } };
    expect(judge(got, { text })).toMatchObject([{ at: 'text', got: why, isUnjudged: true }]);
  });

  test('and a body that is not in its coding is wrong', () => {
    const got = answer('[1]', { undecoded: { coding: 'gzip', why: 'broken' } });
    const why = 'a body that is not in the content coding gzip that it claims, or that is cut off';
    expect(judge(got, golden([1]))).toEqual([{ at: 'body', wanted: 'JSON', got: why }]);
  });

  test('and nothing is read out of a body in many codings', () => {
    const got = answer('[1]', { undecoded: { coding: 'gzip', why: 'too many' } });
    const why = 'a body in more than two content codings, gzip the last of them';
    expect(judge(got, golden([1]))).toEqual([{ at: 'body', wanted: 'JSON', got: why, isUnjudged: true }]);
  });

  test.each<[string, JudgedReply, string]>([
    ['nothing', answer(''), 'an empty body'],
    [
      'a page',
      answer('<!doctype html>\n<h1>Bad gateway</h1>', { headers: { 'content-type': 'text/html' } }),
      'text/html: <!doctype html>\n<h1>Bad gateway</h1>',
    ],
    ['a cut value', answer('{"a":', { headers: {} }), 'no content type: {"a":'],
    ['NaN', answer('[NaN]'), 'application/json: [NaN] (JSON has no NaN and no Infinity)'],
    [
      'bytes',
      answer(Buffer.from([0xff, 0xd8, 0xff]), { headers: { 'content-type': 'image/jpeg' } }),
      'image/jpeg: 3 bytes that are not UTF-8',
    ],
    [
      'too much',
      answer('', { body: undefined, bytes: 20_000_000 }),
      'more than 16 MiB (20000000 bytes as they came), too many to be judged',
    ],
  ])('%s is one mismatch of all expectations on JSON', (_name, got, words) => {
    const all = { ...golden([1]), ...schema({ type: 'array' }), json: [at('$[0]', {}), at('$[1]', {})] };
    const unjudged = got.body === undefined ? { isUnjudged: true } : {};
    expect(judge(got, all)).toEqual([{ at: 'body', wanted: 'JSON', got: words, ...unjudged }]);
  });

  test('a long page is quoted in part', () => {
    const [mismatch] = judge(answer('<'.repeat(1e6)), golden(1));
    expect(mismatch?.got).toBe(`application/json: ${'<'.repeat(120)}…`);
  });
});

describe('an expectation on JSON', () => {
  const body = answer('{"predictions":[11500,12500,"a"]}');

  test('is met when every node found meets the condition', () => {
    expect(judge(body, { json: [at('$.predictions[0]', { between: [11000, 12000] })] })).toEqual([]);
    expect(judge(body, { json: [at('$.predictions[*]', { between: [11000, 12000] })] })).toEqual([
      { at: "json $['predictions'][1]", wanted: 'between 11000 and 12000', got: '12500' },
      {
        at: "json $['predictions'][2]",
        wanted: 'between 11000 and 12000',
        got: '"a" (a string, not a number)',
      },
    ]);
  });

  test('is not met when no node is found, unless none is wanted', () => {
    expect(judge(body, { json: [at('$.error', { not: { equals: 3 } })] })).toEqual([
      {
        at: 'json $.error',
        wanted: 'not 3',
        got: expect.stringMatching(/^no value there: the answer is [[{]/),
      },
    ]);
    expect(judge(body, { json: [at('$.error', { exists: false })] })).toEqual([]);
    expect(judge(answer('{"error":null}'), { json: [at('$.error', { exists: false })] })).toEqual([
      { at: 'json $.error', wanted: 'none', got: 'null' },
    ]);
  });

  test('lists the first ten nodes, and counts the rest', () => {
    const found = judge(answer(JSON.stringify(Array(25).fill(1))), { json: [at('$[*]', { equals: 2 })] });
    expect(found.map((mismatch) => mismatch.at)).toEqual([
      ...Array.from({ length: 10 }, (_, index) => `json $[${index}]`),
      'json $[*]',
    ]);
    expect(found.at(-1)).toEqual({ at: 'json $[*]', wanted: '2', got: '… and 15 more' });
  });
});

describe('a schema or a golden value', () => {
  test('names the place', () => {
    expect(
      judge(answer('[1,2,"a"]'), { ...schema({ items: { type: 'number' } }), ...golden([1, 2.5, 'a']) }),
    ).toEqual([
      { at: 'schema /2', wanted: 'a number', got: '"a"' },
      { at: 'equals $[1]', wanted: '2.5', got: '2' },
    ]);
    expect(judge(answer('[1.0000001]'), golden([1], 1e-6))).toEqual([]);
  });

  test('lists the first ten differences, and counts the rest', () => {
    const found = judge(answer(JSON.stringify(Array(25).fill(1))), golden(Array(25).fill(2)));
    expect(found).toHaveLength(11);
    expect(found.at(-1)).toEqual({
      at: 'equals',
      wanted: 'the value of expected.json',
      got: '… and 15 more',
    });
  });
});

describe('a text', () => {
  test('is the body as it is', () => {
    expect(judge(answer('ok\n'), { text: { equals: 'ok\n' } })).toEqual([]);
    expect(judge(answer('"[1]"'), { text: { matches: /^"/ } })).toEqual([]);
    expect(judge(answer('no'), { text: { matches: /^ok/ } })).toEqual([
      { at: 'text', wanted: 'matching /^ok/', got: '"no"' },
    ]);
  });

  test('may be empty when that is wanted', () => {
    expect(judge(answer(''), { text: { exists: false } })).toEqual([]);
    expect(judge(answer(''), { text: { length: { equals: 0 } } })).toEqual([]);
    expect(judge(answer('a'), { text: { exists: false } })).toHaveLength(1);
  });

  test('that was not kept is a mismatch', () => {
    expect(judge(answer('', { body: undefined, bytes: 17e6 }), { text: {} })).toEqual([
      {
        at: 'text',
        wanted: 'any value',
        got: 'more than 16 MiB (17000000 bytes as they came), too many to be judged',
        isUnjudged: true,
      },
    ]);
  });
});

describe('an event stream', () => {
  const wanted = { firstEventMs: 3_000, minEvents: 2, endsWith: '[DONE]' };
  const stream = (given: Partial<StreamSummary>): JudgedReply =>
    answer('', {
      headers: { 'content-type': 'text/event-stream; charset=utf-8' },
      stream: streamSummary({ events: 5, firstEventMs: 100, lastData: '[DONE]', ...given }),
    });

  test('that is as wanted has no mismatch', () => {
    expect(judge(stream({}), { stream: wanted })).toEqual([]);
  });

  test('that is late, short and ends otherwise has three mismatches', () => {
    expect(
      judge(stream({ events: 1, firstEventMs: 3_001, lastData: '{"a":1}' }), { stream: wanted }),
    ).toEqual([
      { at: 'stream min-events', wanted: 'at least 2', got: '1' },
      { at: 'stream first-event', wanted: 'within 3000 ms', got: '3001 ms' },
      { at: 'stream ends-with', wanted: '"[DONE]"', got: '"{\\"a\\":1}"' },
    ]);
  });

  test('without an event has too few', () => {
    const none = stream({ events: 0, firstEventMs: undefined, lastData: undefined });
    expect(
      judge(none, { stream: { firstEventMs: undefined, minEvents: undefined, endsWith: undefined } }),
    ).toEqual([{ at: 'stream min-events', wanted: 'at least 1', got: '0' }]);
    expect(judge(none, { stream: wanted }).map(({ got }) => got)).toEqual(['0', 'no event', 'no event']);
  });
});

describe('a good answer of which nothing is expected', () => {
  test.each<[string, string | Buffer, Partial<JudgedReply>, Partial<Expectations>, string]>([
    ['is empty', '', {}, {}, 'an empty body'],
    ['is empty and has status 202', '', { status: 202 }, {}, 'an empty body'],
    [
      'says JSON and holds NaN',
      reportFile('23-answer-nan.json'),
      {},
      {},
      'application/json: {"predictions": [NaN, 1.5]} (JSON has no NaN and no Infinity)',
    ],
    ['says JSON and is cut', '{"predictions": [1,', {}, {}, 'application/json: {"predictions": [1,'],
    ['says JSON and is a page', '<html>', {}, {}, 'application/json: <html>'],
    [
      'says problem+json',
      'no',
      { headers: { 'content-type': 'Application/Problem+JSON; a=b' } },
      {},
      'an error, as the content type application/problem+json says',
    ],
    ['says text/json', 'no', { headers: { 'content-type': 'text/json' } }, {}, 'text/json: no'],
    [
      'says JSON and is Latin-1',
      Buffer.from('"\xe9"', 'latin1'),
      {},
      {},
      'application/json: 3 bytes that are not UTF-8',
    ],
    [
      'is an error in a JSON string',
      reportFile('46e-answer-200-aml-run-error.json'),
      {},
      {},
      "an error: could not convert string to float: 'male'",
    ],
    [
      'is an error whatever its type says',
      '{"error": "no"}',
      { headers: { 'content-type': 'text/html' } },
      {},
      'an error: no',
    ],
    ['is an error object', '{"error": {"message": "no", "code": 4}}', {}, {}, 'an error: no'],
    ['is an error object without a message', '{"error": {"code": 4}}', {}, {}, 'an error: {"code":4}'],
    [
      'is an error beside no result',
      '{"error": "no", "status": 500, "result": null, "rows": []}',
      {},
      {},
      'an error: no',
    ],
    ['is a chat without choices', '{"id": "c", "choices": []}', {}, {}, 'none'],
    [
      'is a chat without a word',
      '{"choices": [{"message": {"content": null, "reasoning": "a"}, "finish_reason": "length"}]}',
      {},
      {},
      'none; finish_reason is length',
    ],
    ['is an error of a GET', '{"error": "no"}', {}, { body: 'may-be-empty' }, 'an error: no'],
    ['says that there is an error', '{"error": true, "message": "no"}', {}, {}, 'an error: no'],
    ['lists errors', '{"error": ["no"]}', {}, {}, 'an error: ["no"]'],
    ['is a list of errors', '[{"error": "no"}, {"error": "not"}]', {}, {}, 'an error: no'],
    ['holds a list of errors', '{"errors": ["no"]}', {}, {}, 'an error: ["no"]'],
    [
      'holds errors by their field',
      '{"errors": {"age": "no number"}}',
      {},
      {},
      'an error: {"age":"no number"}',
    ],
    ['says Error', '{"Error": "no"}', {}, {}, 'an error: no'],
    [
      'is an error encoded three times',
      JSON.stringify(JSON.stringify('{"error": "no"}')),
      {},
      {},
      'an error: no',
    ],
    [
      'is in a content coding that is not its own',
      '{"error": "no"}',
      { undecoded: { coding: 'gzip', why: 'broken' } },
      {},
      'a body that is not in the content coding gzip that it claims, or that is cut off',
    ],
  ])('fails when it %s', (_name, body, given, wanted, got) => {
    expect(judge(answer(body, given), wanted)).toEqual([{ at: 'body', wanted: expect.any(String), got }]);
  });

  test.each<[string, string | Buffer, Partial<JudgedReply>, Partial<Expectations>]>([
    ['an error that is a number', '{"error": 0.0125, "prediction": 3}', {}, {}],
    ['an error that is a number alone', '{"error": 0.0125}', {}, {}],
    ['an error that is null', '{"error": null, "result": [1]}', {}, {}],
    ['an error beside a result', '{"error": "low confidence", "label": "cat"}', {}, {}],
    ['no errors', '{"errors": []}', {}, {}],
    ['errors that are numbers', '{"errors": [0.25, 0.5]}', {}, {}],
    ['how many errors there were', '{"errors": 0}', {}, {}],
    ['that there were errors', '{"errors": true}', {}, {}],
    ['an empty error', '{"error": ""}', {}, {}],
    ['a text in a JSON string', '"could not convert string to float"', {}, {}],
    ['choices of another kind', '{"choices": ["a", "b"]}', {}, {}],
    ['JSON lines that are called JSON', '{"a":1}\n{"a":2}\n', {}, {}],
    [
      'JSON in the character set that it names',
      Buffer.from('"\xe9"', 'latin1'),
      { headers: { 'content-type': 'application/json; charset=latin1' } },
      {},
    ],
    ['JSON lines that are called so', '{}\n[1]', { headers: { 'content-type': 'application/jsonl' } }, {}],
    ['NaN that is called text', '[NaN]', { headers: { 'content-type': 'text/plain' } }, {}],
    ['an image', Buffer.from([0xff, 0xd8, 0xff]), { headers: { 'content-type': 'image/jpeg' } }, {}],
    ['no body by a status that the case asks for', '', { status: 202 }, { status: [{ code: 202 }] }],
    ['no body of a health check', '', { headers: {} }, { body: 'may-be-empty' }],
    ['no body that a script judges', '', {}, { body: 'any' }],
    ['an error that a script judges', '{"error": "no"}', {}, { body: 'any' }],
    ['an error that an expectation is about', '{"error": "no"}', {}, { text: { matches: /no/u } }],
    [
      'an error with a bad status that is expected',
      '{"error": "no"}',
      { status: 422 },
      { status: [{ code: 422 }] },
    ],
    ['a list with a result', '[{"error": "no"}, {"label": "cat"}]', {}, {}],
    ['an empty list', '[]', {}, {}],
    ['a body that was not kept', '', { body: undefined, bytes: 17e6 }, {}],
  ])('passes with %s', (_name, body, given, wanted) => {
    expect(judge(answer(body, given), wanted)).toEqual([]);
  });

  test.each([
    ['16-stream-error-then-done.sse', ['an error: Request timed out.']],
    ['17-stream-without-last-blank-line.sse', []],
    ['44-stream-usage-chunk-empty-choices.sse', []],
    ['44b-stream-reasoning-only-finish-length.sse', ['none; finish_reason is length']],
    ['44c-stream-tool-calls-only.sse', []],
    ['48-stream-promptflow.sse', []],
  ])('and that is the stream %s is judged by what it says', (name, got) => {
    const headers = { 'content-type': 'text/event-stream' };
    expect(judge(answer(reportFile(name), { headers }), {}).map((each) => each.got)).toEqual(got);
  });
});

describe('an empty text', () => {
  test.each<[Condition, boolean]>([
    [{ exists: false }, true],
    [{ equals: '' }, true],
    [{ oneOf: ['ok', ''] }, true],
    [{ length: { equals: 0 } }, true],
    [{ length: { max: 3 } }, true],
    [{ matches: /^(?:ok)?$/u }, true],
    [{ exists: true }, false],
    [{ type: 'string' }, false],
    [{ not: { equals: 'error' } }, false],
    [{ not: { matches: /error/u } }, false],
    [{ equals: 'ok' }, false],
    [{ length: { min: 1 } }, false],
  ])('meets only a condition that is about it: %j', (text, met) => {
    const found = judge(answer('', { headers: {} }), { text, body: 'may-be-empty' });
    expect(found.map(({ got }) => got)).toEqual(met ? [] : ['an empty body']);
  });

  test('of a refusal that is expected meets what it always met', () => {
    const wanted = { status: [{ class: 4 }], text: { not: { matches: /error/u } } };
    expect(judge(answer('', { status: 422 }), wanted)).toEqual([]);
  });
});

test('every expectation that is not met is reported at once', () => {
  const found = judge(answer('[1]', { status: 500, latencyMs: 9 }), {
    deployment: 'blue',
    contentType: 'text/plain',
    headers: { 'x-a': { exists: true } },
    ...schema({ type: 'object' }),
    json: [at('$[0]', { equals: 2 })],
    ...golden([3]),
    text: { equals: '' },
    maxLatencyMs: 8,
    stream: { firstEventMs: undefined, minEvents: undefined, endsWith: undefined },
  });
  expect(found.map((mismatch) => mismatch.at)).toEqual([
    'status',
    'deployment',
    'content-type',
    'header x-a',
    'schema',
    'json $[0]',
    'equals $[0]',
    'text',
    'max-latency',
    'stream',
  ]);
});

describe('hostile answers', () => {
  const deep = answer('['.repeat(100_000) + ']'.repeat(100_000));

  test('a value of 100,000 levels ends in verdicts', () => {
    const tree = { $ref: '#/$defs/tree', $defs: { tree: { items: { $ref: '#/$defs/tree' } } } };
    const value: unknown = JSON.parse(deep.body?.toString() ?? '');
    expect(judge(deep, golden(value))).toEqual([]);
    expect(judge(deep, { json: [at('$[0]', { equals: 1 })] })).toEqual([
      { at: 'json $[0]', wanted: '1', got: `${'['.repeat(200)}…` },
    ]);
    expect(judge(deep, schema(tree)).map(({ got }) => got)).toEqual([
      'no verdict: it is nested too deeply, or a regular expression backtracks too far',
    ]);
  });

  test('a value of 16 MiB is judged', () => {
    const numbers = answer(`[${'1,'.repeat(8 * 1024 * 1024 - 2)}1]`);
    const found = judge(numbers, {
      ...schema({ items: { type: 'string' } }),
      json: [at('$[0]', { equals: 1 }), at('$[*]', { equals: 1 })],
      ...golden([1]),
    });
    expect(found.map((mismatch) => [mismatch.at, mismatch.got])).toEqual([
      ['schema /0', '1'],
      ['json $[*]', 'no verdict: more than 2000000 values are too many to search with $[*]'],
      ['equals $', 'an array of 8388607'],
    ]);
  });

  test('no text is longer than a message may be', () => {
    const key = 'k'.repeat(1e6);
    const found = judge(answer(JSON.stringify({ [key]: { [key]: key } })), {
      json: [at('$.*', { type: 'number' }), at('$.*.*', { type: 'number' })],
      ...schema({ additionalProperties: { additionalProperties: { type: 'number' } } }),
      ...golden({ [key]: { [key]: 1 } }),
      text: { equals: 'a' },
    });
    expect(found).toHaveLength(5);
    for (const mismatch of found) {
      expect(mismatch.at.length).toBeLessThan(250);
      expect(mismatch.got.length).toBeLessThan(250);
    }
  });
});

describe('limits', () => {
  const judged = (wanted: Partial<Expectations>, given: Partial<JudgedReply> = {}) =>
    judge(answer('[1]', { headers: {}, latencyMs: 12, ...given }), wanted);

  describe('a stream', () => {
    const STREAM_TYPES = 'text/event-stream or application/x-ndjson';
    const SUMMARY = streamSummary({
      events: 2,
      firstEventMs: 100,
      spanMs: 400,
      longestGapMs: 300,
      lastData: '[DONE]',
    });
    const ANY = { firstEventMs: undefined, minEvents: undefined, endsWith: undefined };

    function judgeStream(
      wanted: Partial<NonNullable<Expectations['stream']>>,
      stream: Partial<StreamSummary> | undefined = {},
      headers: Readonly<Record<string, string>> = { 'content-type': 'text/event-stream' },
    ) {
      return judged(
        { stream: { ...ANY, ...wanted } },
        { headers, stream: stream && { ...SUMMARY, ...stream } },
      );
    }

    test.each([
      [{ minEvents: 2 }, []],
      [{ minEvents: 3 }, [{ at: 'stream min-events', wanted: 'at least 3', got: '2' }]],
      [{ minEvents: 0 }, []],
      [{ firstEventMs: 100 }, []],
      [{ firstEventMs: 99 }, [{ at: 'stream first-event', wanted: 'within 99 ms', got: '100 ms' }]],
      [{ maxGapMs: 300 }, []],
      [{ maxGapMs: 299 }, [{ at: 'stream max-gap', wanted: 'at most 299 ms', got: '300 ms' }]],
      [{ eventsPerSecond: 2.5 }, []],
      [
        { eventsPerSecond: 2.6 },
        [{ at: 'stream events-per-second', wanted: 'at least 2.6 a second', got: '2.5 a second' }],
      ],
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

    test.each([
      [0, 'no event'],
      [1, 'only one event, which has no rate'],
    ])('of %i events has no rate', (events, got) => {
      expect(judgeStream({ eventsPerSecond: 1 }, { events, spanMs: 0 })).toContainEqual({
        at: 'stream events-per-second',
        wanted: 'at least 1 a second',
        got,
      });
    });

    test('of two events at once has any rate', () => {
      expect(judgeStream({ eventsPerSecond: 1e9 }, { events: 2, spanMs: 0 })).toEqual([]);
    });

    test('whose rate is just below the limit does not look as if it met it', () => {
      const [found] = judgeStream({ eventsPerSecond: 5 }, { events: 5, spanMs: 800.001 });
      expect(found?.got).toBe('4.999 a second');
    });

    test('in which content was looked for in vain for too long is unjudged', () => {
      expect(judgeStream({ firstEventMs: 9 }, { firstEventMs: undefined, isUnsearched: true })).toEqual([
        {
          at: 'stream first-event',
          wanted: 'within 9 ms',
          got: 'no verdict: searching the events with content takes too long',
          isUnjudged: true,
        },
      ]);
    });

    test('of events without content has no first event', () => {
      const [found] = judgeStream({ firstEventMs: 9 }, { firstEventMs: undefined });
      expect(found?.got).toBe('no event with content');
    });

    test('may have white space around its last data', () => {
      expect(judgeStream({ endsWith: '[DONE]' }, { lastData: ' [DONE] ' })).toEqual([]);
    });

    test('that was too long to be read says so, and nothing else', () => {
      expect(judgeStream({ minEvents: 9 }, { tooLong: true })).toEqual([
        { at: 'stream', wanted: 'events of at most 16 MiB', got: 'a longer one', isUnjudged: true },
      ]);
    });

    test.each([
      ['of another type', 'application/json', 'application/json'],
      ['of a type that begins like it', 'text/event-streams', 'text/event-streams'],
      ['without a type', undefined, 'no content-type header'],
    ])('is none %s, whatever was read', (_what, type, got) => {
      const headers = type === undefined ? {} : { 'content-type': type };
      expect(judgeStream({}, {}, headers)).toEqual([{ at: 'stream', wanted: STREAM_TYPES, got }]);
    });

    test.each(['application/x-ndjson', 'application/jsonl', 'Application/JSON-Lines; charset=utf-8'])(
      'may be of JSON lines: %s',
      (type) => {
        expect(judgeStream({ minEvents: 2 }, {}, { 'content-type': type })).toEqual([]);
      },
    );

    test('of JSON lines that was too long to be kept is unjudged', () => {
      const headers = { 'content-type': 'application/jsonl' };
      expect(judged({ stream: ANY }, { headers, body: undefined, bytes: 17e6 })).toEqual([
        {
          at: 'stream',
          wanted: 'one that can be read',
          got: 'more than 16 MiB (17000000 bytes as they came), too many to be judged',
          isUnjudged: true,
        },
      ]);
    });

    test('is none when it was not read as one', () => {
      const headers = { 'content-type': 'text/event-stream' };
      expect(judged({ stream: ANY }, { headers })).toEqual([
        { at: 'stream', wanted: STREAM_TYPES, got: 'text/event-stream' },
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
      expect(judged({ contentType }, { headers: { 'content-type': got } })).toEqual(
        met ? [] : [{ at: 'content-type', wanted: contentType, got }],
      );
    });

    test('is missed when there is none', () => {
      expect(judged({ contentType: 'text/plain' })).toEqual([
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
      expect(judged({ text: { equals: 'é' } }, { headers, body, bytes: body.length })).toEqual([]);
    });

    test('and as UTF-8 when it says nothing', () => {
      expect(judged({ text: { equals: 'é' } }, { body: utf8, bytes: 2 })).toEqual([]);
    });
  });

  test('what is no JSON is shown without the white space around it', () => {
    const body = Buffer.from(' \n<html>\n ');
    expect(judged({ equals: { origin: 'a.json', value: 1, relative: 0, absolute: 0 } }, { body })).toEqual([
      { at: 'body', wanted: 'JSON', got: 'no content type: <html>' },
    ]);
  });

  test.each([
    [12, 12, []],
    [12, 12.1, [{ at: 'max-latency', wanted: 'at most 12 ms', got: '12.1 ms' }]],
    [12, 12.04, [{ at: 'max-latency', wanted: 'at most 12 ms', got: '12 ms' }]],
  ])('of at most %d ms are %d ms', (maxLatencyMs, latencyMs, found) => {
    expect(judged({ maxLatencyMs }, { latencyMs })).toEqual(found);
  });
});

test.each(['{"error": "no"}', ': keep-alive\n\n', 'event: ping\n\nid: 3\n\n', '<html>'])(
  'an event stream without an event fails, whatever else it holds: %j',
  (body) => {
    const got = answer(body, { headers: { 'content-type': 'text/event-stream' } });
    expect(judge(got, {})).toEqual([{ at: 'stream', wanted: 'an event', got: 'none' }]);
  },
);

test('an answer in an unknown coding is unjudged also where nothing is expected of it', () => {
  const got = answer('x', { undecoded: { coding: 'x-odd', why: 'unknown' } });
  expect(judge(got, {})).toMatchObject([{ at: 'body', isUnjudged: true }]);
});

test('a stream that is too long to be kept is unjudged: an error may come at any place of it', () => {
  const headers = { 'content-type': 'text/event-stream' };
  const got = answer('', { headers, body: undefined, bytes: 17e6 });
  expect(judge(got, {})).toMatchObject([{ at: 'stream', isUnjudged: true }]);
});
