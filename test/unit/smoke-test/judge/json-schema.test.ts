import { describe, expect, test } from 'vitest';
import { compileSchema } from '../../../../src/smoke-test/judge/json-schema.ts';
import { TimeLimitError, withinTime } from '../../../../src/smoke-test/judge/time-limit.ts';
import type { Mismatch } from '../../../../src/smoke-test/plan/plan.ts';

const DRAFT_07 = 'http://json-schema.org/draft-07/schema#';

function validate(schema: unknown, value: unknown): readonly Mismatch[] {
  const compiled = compileSchema(schema, 'response.schema.json');
  if (typeof compiled === 'string') throw new Error(compiled);
  return compiled.validate(value);
}

describe('a value that the schema describes has no mismatch, another names its place', () => {
  test.each<[string, unknown, unknown, unknown, Mismatch]>([
    [
      'type',
      { items: { type: 'number' } },
      [1],
      [1, 'a'],
      { at: 'schema /1', wanted: 'a number', got: '"a"' },
    ],
    ['required', { required: ['a'] }, { a: 1 }, {}, { at: 'schema', wanted: 'the property "a"', got: '{}' }],
    [
      'inherited properties',
      { required: ['toString'] },
      { toString: 1 },
      {},
      { at: 'schema', wanted: 'the property "toString"', got: '{}' },
    ],
    [
      'additional properties',
      { additionalProperties: false, properties: { a: {} } },
      { a: 1 },
      { b: 1 },
      { at: 'schema', wanted: 'only properties that the schema names', got: 'the property "b"' },
    ],
    [
      'enum',
      { properties: { 'a/b': { enum: ['x', 'y'] } } },
      { 'a/b': 'x' },
      { 'a/b': 'z' },
      { at: 'schema /a~1b', wanted: 'one of "x", "y"', got: '"z"' },
    ],
    ['const', { const: 1 }, 1, 2, { at: 'schema', wanted: '1', got: '2' }],
    ['pattern', { pattern: '^a' }, 'a', 'b', { at: 'schema', wanted: 'matching /^a/u', got: '"b"' }],
    [
      'format',
      { format: 'date-time' },
      '2026-01-01T00:00:00Z',
      'now',
      { at: 'schema', wanted: 'the format date-time', got: '"now"' },
    ],
    [
      'prefixItems',
      { prefixItems: [{ type: 'string' }] },
      ['a'],
      [1],
      { at: 'schema /0', wanted: 'a string', got: '1' },
    ],
    [
      'a schema that refers to itself',
      { $ref: '#/$defs/tree', $defs: { tree: { type: 'array', items: { $ref: '#/$defs/tree' } } } },
      [[[]], []],
      [[[1]]],
      { at: 'schema /0/0/0', wanted: 'an array', got: '1' },
    ],
    [
      'draft-07 tuples',
      { $schema: DRAFT_07, items: [{ type: 'string' }] },
      ['a', 1],
      [1],
      { at: 'schema /0', wanted: 'a string', got: '1' },
    ],
    [
      'draft 2019-09',
      { $schema: 'https://json-schema.org/draft/2019-09/schema', dependentRequired: { a: ['b'] } },
      { a: 1, b: 1 },
      { a: 1 },
      { at: 'schema', wanted: 'the property "b" beside "a"', got: '{"a":1}' },
    ],
    [
      'draft-06',
      { $schema: 'http://json-schema.org/draft-06/schema#', exclusiveMinimum: 1 },
      2,
      1,
      { at: 'schema', wanted: 'more than 1', got: '1' },
    ],
  ])('%s', (_name, schema, good, bad, mismatch) => {
    expect(validate(schema, good)).toEqual([]);
    expect(validate(schema, bad)).toEqual([mismatch]);
  });

  test('the schemas true and false', () => {
    expect(validate(true, 1)).toEqual([]);
    expect(validate(false, 1)).toEqual([{ at: 'schema', wanted: 'none', got: '1' }]);
  });

  test('formats and keywords that nobody knows are tolerated in silence', () => {
    expect(validate({ format: 'customer-number', 'x-owner': 'team' }, 'anything')).toEqual([]);
  });

  test('the first ten mistakes are listed, and the rest counted', () => {
    const found = validate({ items: { type: 'number' } }, Array(25).fill('a'));
    expect(found.map(({ at }) => at)).toEqual([
      ...Array.from({ length: 10 }, (_, index) => `schema /${index}`),
      'schema',
    ]);
    expect(found.at(-1)?.got).toBe('… and 15 more');
  });
});

describe('what cannot be used is a sentence', () => {
  test.each<[string, unknown, string | RegExp]>([
    [
      'a wrong type',
      { properties: { a: { type: 'strng' } } },
      'response.schema.json is no valid JSON Schema at /properties/a/type: wanted one of "array", "boolean", "integer", "null", "number", "object", "string", got "strng".',
    ],
    ['a wrong root', { type: 3 }, /is no valid JSON Schema at \/type: /],
    [
      'a wrong schema of draft-07',
      { $schema: DRAFT_07, required: 'a' },
      /at \/required: wanted an array, got "a"\.$/,
    ],
    [
      'a list',
      [],
      'response.schema.json is no JSON Schema: that is an object, true or false, but this is [].',
    ],
    ['null', null, /but this is null\.$/],
    [
      'a remote reference',
      { $ref: 'https://example.com/a.json' },
      /refers to "https:\/\/example\.com\/a\.json", which is not in it, and nothing is fetched/,
    ],
    ['a neighbour file', { items: { $ref: 'row.schema.json' } }, /refers to "row\.schema\.json"/],
    ['a definition that is not there', { $ref: '#/$defs/row' }, /refers to "#\/\$defs\/row"/],
    [
      'an old draft',
      { $schema: 'http://json-schema.org/draft-04/schema#' },
      /is written for "http:\/\/json-schema\.org\/draft-04\/schema#", which is not supported\. Use draft 2020-12, 2019-09 or draft-07\.$/,
    ],
    ['a draft that is no text', { $schema: 7 }, /is written for 7/],
    ['a wrong pattern', { pattern: '[' }, /cannot be used as a JSON Schema: Invalid regular expression/],
  ])('%s', (_name, schema, sentence) => {
    const compiled = compileSchema(schema, 'response.schema.json');
    expect(compiled).toEqual(typeof sentence === 'string' ? sentence : expect.stringMatching(sentence));
  });

  test('a schema too deep to be compiled', () => {
    const deep: unknown = JSON.parse(`${'{"items":'.repeat(20_000)}{}${'}'.repeat(20_000)}`);
    expect(compileSchema(deep, 'deep.json')).toEqual(expect.stringMatching(/^deep\.json cannot be used/));
  });
});

describe('hostile values', () => {
  test('a pattern that backtracks for ever can be stopped', () => {
    expect(() => withinTime(100, () => validate({ pattern: '^(a+)+$' }, `${'a'.repeat(50)}b`))).toThrow(
      TimeLimitError,
    );
  });

  test('a million mistakes end with the first', () => {
    expect(validate({ items: { type: 'string' } }, new Array(1e6).fill(1))).toEqual([
      { at: 'schema /0', wanted: 'a string', got: '1' },
    ]);
  });

  test('a deep value in a schema that follows it throws a RangeError', () => {
    const tree = { $ref: '#/$defs/tree', $defs: { tree: { items: { $ref: '#/$defs/tree' } } } };
    const deep: unknown = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000));
    expect(() => validate(tree, deep)).toThrow(RangeError);
    expect(validate({ type: 'array' }, deep)).toEqual([]);
  });

  test('a key __proto__ is a property like any other', () => {
    const closed = { additionalProperties: false };
    expect(validate(closed, JSON.parse('{"__proto__":1}'))).toEqual([
      { at: 'schema', wanted: 'only properties that the schema names', got: 'the property "__proto__"' },
    ]);
    expect(validate({ required: ['__proto__'] }, {})).toHaveLength(1);
  });
});
