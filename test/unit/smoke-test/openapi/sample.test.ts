import { describe, expect, test } from 'vitest';
import { parsePythonJson, unwritableIn } from '../../../../src/smoke-test/openapi/python-json.ts';
import { isFiller, showExample, whyNoSample } from '../../../../src/smoke-test/openapi/sample.ts';

const why = (example: unknown, schema: unknown = {}) => whyNoSample({}, schema, example);

describe('an example that is no sample', () => {
  test.each<[string, unknown, RegExp]>([
    ['columns without a row', { columns: ['a'], index: [], data: [] }, /^has columns but no rows\./],
    ['the same one level down', { input_data: { columns: ['a'], data: [] } }, /^has columns but no rows\./],
    ['an empty list', [], /^contains no value\.$/],
    ['an empty list in an object', { data: [[]], method: 'predict' }, /^contains no value\.$/],
    ['an empty string', '', /^contains no value\.$/],
    ['null', null, /^contains no value\.$/],
    ['blanks only', { a: '', b: [null] }, /^contains no value\.$/],
  ])('%s', (_what, example, told) => {
    expect(why(example)).toMatch(told);
  });

  test('an argument that the script does not describe', () => {
    const properties = { data: { type: 'array' }, threshold: {} };
    expect(why({ data: [1], threshold: '' }, { properties })).toMatch(/^has only "" for threshold, /);
    expect(why({ data: [1], threshold: '' }, { properties: { threshold: { type: 'string' } } })).toBe(
      undefined,
    );
    expect(why({ data: [1], threshold: 'x' }, { properties })).toBe(undefined);
  });
});

test.each<[unknown]>([
  [0],
  [false],
  [[0]],
  [{ data: [[1]] }],
  [{ columns: ['a'], data: [[0]] }],
  [{ a: '', b: 1 }],
])('%j is a sample', (example) => {
  expect(why(example)).toBe(undefined);
});

test.each<[unknown, boolean]>([
  [{ data: [{ a: 0, b: 'example_value', c: false }] }, true],
  [[[0, 0]], true],
  [{ text: 'string' }, true],
  [{ data: [{ a: 0, b: 1 }] }, false],
  ['hello', false],
])('%j is a filler: %s', (example, expected) => {
  expect(isFiller(example)).toBe(expected);
});

describe('the JSON that Python writes', () => {
  test.each<[string, string]>([
    ['{"a": [1, NaN]}', 'NaN at a[1]'],
    ['[-Infinity]', '-Infinity at [0]'],
    ['Infinity', 'Infinity'],
    ['{"a": "NaN", "b": {"c": NaN}}', 'NaN at b.c'],
  ])('%s has a number that JSON does not have', (text, place) => {
    expect(unwritableIn(parsePythonJson(text))).toBe(place);
  });

  test.each(['{"a": "NaN, \\"Infinity\\""}', '\ufeff[1]', '{}'])('%j has none', (text) => {
    expect(parsePythonJson(text)).toEqual(JSON.parse(text.replace('\ufeff', '')));
    expect(unwritableIn(parsePythonJson(text))).toBe(undefined);
  });

  test.each(['', '{"a": nan}', '{"a": NaN', 'NaNs'])('%j is not even that', (text) => {
    expect(parsePythonJson(text)).toBe(undefined);
  });

  test('is shown as Python wrote it, and cut where it is long', () => {
    expect(showExample(parsePythonJson('{"a": [1, NaN]}'))).toBe('{"a":[1,NaN]}');
    expect(showExample(Array(1_000).fill(1)).length).toBeLessThan(400);
  });
});
