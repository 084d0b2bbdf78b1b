import { describe, expect, test } from 'vitest';
import { compileSchema } from '../../../../src/smoke-test/judge/json-schema.ts';
import { TimeLimitError, withinTime } from '../../../../src/smoke-test/judge/time-limit.ts';
import type { Mismatch } from '../../../../src/smoke-test/plan/expectations.ts';

const DRAFT_07 = 'http://json-schema.org/draft-07/schema#';

/** The vocabulary by which a schema asks for its formats to be checked. */
const ASSERTED = { 'https://json-schema.org/draft/2020-12/vocab/format-assertion': true };

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
      { $vocabulary: ASSERTED, format: 'date-time' },
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

  test('unknown formats and keywords are ignored', () => {
    expect(validate({ format: 'customer-number', 'x-owner': 'team' }, 'anything')).toEqual([]);
  });
});

describe('each keyword says what it wants and what it got', () => {
  test.each<[object, unknown, string, string]>([
    [{ type: ['integer', 'null'] }, 'a', 'an integer or null', '"a"'],
    [{ type: 'object' }, [], 'an object', '[]'],
    [{ enum: [1, 'a'] }, 2, 'one of 1, "a"', '2'],
    [{ const: [1] }, [2], '[1]', '[2]'],
    [{ minimum: 1 }, 0, 'at least 1', '0'],
    [{ maximum: 1 }, 2, 'at most 1', '2'],
    [{ exclusiveMinimum: 1 }, 1, 'more than 1', '1'],
    [{ exclusiveMaximum: 1 }, 1, 'less than 1', '1'],
    [{ multipleOf: 3 }, 4, 'a multiple of 3', '4'],
    [{ minLength: 3 }, 'ab', 'length at least 3', '"ab" (length 2)'],
    [{ maxLength: 1 }, 'ab', 'length at most 1', '"ab" (length 2)'],
    [{ minItems: 3 }, [1], 'length at least 3', '[1] (length 1)'],
    [{ maxItems: 1 }, [1, 2], 'length at most 1', '[1,2] (length 2)'],
    [{ minProperties: 2 }, { a: 1 }, 'length at least 2', '{"a":1} (length 1)'],
    [{ maxProperties: 0 }, { a: 1 }, 'length at most 0', '{"a":1} (length 1)'],
    [{ prefixItems: [{}], items: false }, [1, 2], 'length at most 1', '[1,2] (length 2)'],
    [
      { $schema: DRAFT_07, items: [{}], additionalItems: false },
      [1, 2],
      'length at most 1',
      '[1,2] (length 2)',
    ],
    [{ prefixItems: [{}], unevaluatedItems: false }, [1, 2], 'length at most 1', '[1,2] (length 2)'],
    [{ uniqueItems: true }, [1, 2, 1], 'no two equal items', '[1,2,1] (items 0 and 2)'],
    [{ pattern: '^a/' }, 'b', 'matching /^a\\//u', '"b"'],
    [{ $vocabulary: ASSERTED, format: 'date' }, 'b', 'the format date', '"b"'],
    [{ required: ['a b'] }, {}, 'the property "a b"', '{}'],
    [{ dependentRequired: { a: ['b'] } }, { a: 1 }, 'the property "b" beside "a"', '{"a":1}'],
    [{ $schema: DRAFT_07, dependencies: { a: ['b'] } }, { a: 1 }, 'the property "b" beside "a"', '{"a":1}'],
    [{ additionalProperties: false }, { a: 1 }, 'only properties that the schema names', 'the property "a"'],
    [{ unevaluatedProperties: false }, { a: 1 }, 'only properties that the schema names', 'the property "a"'],
    [{ not: {} }, 1, "a value that does not match 'not'", '1'],
    [{ properties: { a: false } }, { a: 1 }, 'none', '1'],
  ])('%j', (schema, value, wanted, got) => {
    expect(validate(schema, value)).toMatchObject([{ wanted, got }]);
  });

  test.each<[object, unknown, string, string]>([
    [{ contains: { const: 1 } }, [2], "items that match 'contains': at least 1", '[2]'],
    [
      { contains: { const: 1 }, minContains: 2, maxContains: 3 },
      [1],
      "items that match 'contains': at least 2 and at most 3",
      '[1]',
    ],
    [
      { propertyNames: { maxLength: 1 } },
      { ab: 1 },
      'property names that the schema allows',
      'the property "ab"',
    ],
    [{ anyOf: [{ const: 1 }, { const: 2 }] }, 3, "a value that matches one of 'anyOf'", '3'],
    [{ oneOf: [{ const: 1 }, { const: 2 }] }, 3, "a value that matches one of 'oneOf'", '3'],
    [
      { oneOf: [{ const: 1 }, { type: 'number' }] },
      1,
      "a value that matches one of 'oneOf', and no more than one",
      '1',
    ],
    [JSON.parse('{"if": {}, "then": {"const": 1}}') as object, 2, "a value that matches 'then'", '2'],
    [{ if: false, else: { const: 1 } }, 2, "a value that matches 'else'", '2'],
  ])('%j, beside what its parts say', (schema, value, wanted, got) => {
    expect(validate(schema, value)).toContainEqual({ at: 'schema', wanted, got });
  });
});

describe('what cannot be used is a sentence', () => {
  test.each<[string, unknown, string | RegExp]>([
    [
      'a wrong type',
      { properties: { a: { type: 'strng' } } },
      'response.schema.json is not a valid JSON Schema at /properties/a/type: expected one of "array", "boolean", "integer", "null", "number", "object", "string", received "strng".',
    ],
    ['a wrong root', { type: 3 }, /is not a valid JSON Schema at \/type: /],
    [
      'a wrong schema of draft-07',
      { $schema: DRAFT_07, required: 'a' },
      /at \/required: expected an array, received "a"\.$/,
    ],
    [
      'a list',
      [],
      'response.schema.json is not a JSON Schema: a schema is an object, true or false, but this is [].',
    ],
    [
      'a remote reference',
      { $ref: 'https://example.com/a.json' },
      /refers to "https:\/\/example\.com\/a\.json", which is not in it, and nothing is downloaded/,
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

  const nested = (start: string, end: string, times: number) =>
    JSON.parse(`${start.repeat(times)}{}${end.repeat(times)}`) as unknown;
  const listOf = <T>(length: number, item: (at: number) => T) => Array.from({ length }, (_, at) => item(at));
  /** Each of its definitions refers ten times to the next one. */
  const doubling = (keyword: string, reference: (at: number) => object, name: (at: number) => object) => ({
    ...reference(0),
    $defs: Object.fromEntries(
      listOf(8, (at) => [
        `a${at}`,
        {
          ...name(at),
          ...(at < 7 ? { [keyword]: listOf(10, () => reference(at + 1)) } : { type: 'string' }),
        },
      ]),
    ),
  });
  const byPointer = (at: number) => ({ $ref: `#/$defs/a${at}` });

  test.each<[string, unknown, string]>([
    ['nested without an end', nested('{"items":', '}', 20_000), 'it is nested more than 256 levels deep'],
    ['of lists without an end', nested('{"allOf":[', ']}', 20_000), 'it is nested more than 256 levels deep'],
    ['one level too deep', nested('{"not":', '}', 256), 'it is nested more than 256 levels deep'],
    [
      'too large',
      { allOf: listOf(50_001, (minLength) => ({ minLength })) },
      'it has more than 100,000 parts',
    ],
    ...(
      [
        ['allOf', byPointer, () => ({})],
        ['anyOf', byPointer, () => ({})],
        ['oneOf', (at) => ({ $ref: `#%2F$defs/a${at}` }), () => ({})],
        ['allOf', (at) => ({ $ref: `#b${at}` }), (at) => ({ $anchor: `b${at}` })],
        ['allOf', (at) => ({ $dynamicRef: `#b${at}` }), (at) => ({ $dynamicAnchor: `b${at}` })],
        ['allOf', (at) => ({ $ref: `b${at}` }), (at) => ({ $id: `b${at}` })],
      ] as const satisfies readonly Parameters<typeof doubling>[]
    ).map(([keyword, reference, name], at): [string, unknown, string] => [
      `that multiplies itself in ${keyword} (${at})`,
      doubling(keyword, reference, name),
      'its references hold one value against more than 10,000 schemas',
    ]),
  ])('a schema %s', (_what, schema, why) => {
    expect(compileSchema(schema, 'bomb.json')).toBe(
      `bomb.json cannot be used as a JSON Schema: ${why}. Describe less of the response.`,
    );
  });

  test('a schema that is wide in one place', () => {
    const names = listOf(10_000, (at) => [`p${at}`, { type: 'string' }] as const);
    expect(compileSchema({ properties: Object.fromEntries(names) }, 'wide.json')).toMatch(
      /^wide\.json cannot be used as a JSON Schema: (it has too many parts in one place|compiling it takes more than 5 s)\./,
    );
  });

  test('a reference without an end is shown in part', () => {
    const sentence = compileSchema({ $ref: `#/${'a/'.repeat(100_000)}` }, 'a.json') as string;
    expect(sentence).toContain('which is not in it');
    expect(sentence.length).toBeLessThan(500);
  });
});

describe('a large schema that is no bomb is used', () => {
  test.each<[string, unknown, unknown, unknown]>([
    [
      'all labels of a model',
      { enum: Array.from({ length: 200_000 }, (_, at) => `label ${at}`) },
      'label 7',
      'x',
    ],
    [
      'definitions that are used again and again, for parts of a value',
      {
        $ref: '#/$defs/a0',
        $defs: Object.fromEntries(
          Array.from({ length: 40 }, (_, at) => [
            `a${at}`,
            at === 39
              ? { type: 'string' }
              : {
                  properties: { x: { $ref: `#/$defs/a${at + 1}` }, y: { $ref: `#/$defs/a${at + 1}` } },
                  type: 'object',
                },
          ]),
        ),
      },
      { x: { y: {} } },
      { x: { y: 1 } },
    ],
    [
      'a tree',
      { $defs: { node: { type: 'array', items: { $ref: '#/$defs/node' } } }, $ref: '#/$defs/node' },
      [[[]], []],
      [[1]],
    ],
    [
      'a nesting of 255 levels',
      JSON.parse(`${'{"items":'.repeat(254)}{"type":"string"}${'}'.repeat(254)}`),
      1,
      undefined,
    ],
    [
      'odd names',
      { $anchor: 'a', properties: { $ref: { type: 'string' }, $id: {}, not: {} } },
      { $ref: 'x' },
      { $ref: 1 },
    ],
  ])('%s', (_what, schema, good, bad) => {
    expect(validate(schema, good)).toEqual([]);
    if (bad !== undefined) expect(validate(schema, bad)).not.toEqual([]);
  });

  test.each([
    [5_000, '… and 390 more'],
    [5_001, '… and 190 more'],
  ])('where 200 schemas hold for each of %i values, the mistakes are all known up to 5,000', (count, got) => {
    const schema = { items: { anyOf: Array.from({ length: 199 }, (_, at) => ({ const: at })) } };
    const value: unknown[] = new Array(count).fill(0);
    value[1] = 'a';
    value[count - 1] = 'a';
    expect(validate(schema, value).at(-1)).toEqual({ at: 'schema', wanted: 'no more errors', got });
  });
});

describe('hostile values', () => {
  test('a pattern that backtracks for ever can be stopped', () => {
    expect(() => withinTime(100, () => validate({ pattern: '^(a+)+$' }, `${'a'.repeat(50)}b`))).toThrow(
      TimeLimitError,
    );
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

describe('limits', () => {
  describe('the number of mistakes', () => {
    test.each([
      [1, 1],
      [10, 10],
      [11, 11],
    ])('%i of a list are listed in %i lines', (count, lines) => {
      const found = validate({ items: { type: 'number' } }, Array(count).fill('a'));
      expect(found).toHaveLength(lines);
      expect(found.at(-1)).toEqual(
        count === 11
          ? { at: 'schema', wanted: 'no more errors', got: '… and 1 more' }
          : { at: `schema /${count - 1}`, wanted: 'a number', got: '"a"' },
      );
    });

    test.each([
      [100_000, ['schema /0', 'schema /99999']],
      [100_001, ['schema /0']],
    ])(
      'of a value of %i parts is known up to 100,000, and beyond only the first is told',
      (parts, places) => {
        const value: unknown[] = new Array(parts).fill('a');
        value[0] = 1;
        value[parts - 1] = 1;
        expect(validate({ items: { type: 'string' } }, value).map(({ at }) => at)).toEqual(places);
      },
    );
  });

  describe('a draft', () => {
    test.each([
      'http://json-schema.org/draft-07/schema#',
      'http://json-schema.org/draft-07/schema',
      'https://json-schema.org/draft-07/schema#',
      'json-schema.org/draft-07/schema',
      'https://json-schema.org/draft/2020-12/schema#',
      'http://json-schema.org/draft/2019-09/schema',
    ])('is %s', ($schema) => {
      expect(validate({ $schema, const: 1 }, 1)).toEqual([]);
    });

    test.each([
      'x-http://json-schema.org/draft-07/schema',
      'ftp://json-schema.org/draft-07/schema',
      'http://json-schema.org/draft-07#/schema',
      'json-schema.org/draft-07/schema##',
      'constructor',
      '',
    ])('is not %j', ($schema) => {
      expect(compileSchema({ $schema }, 'a.json')).toBe(
        `a.json is written for "${$schema}", which is not supported. Use draft 2020-12, 2019-09 or draft-07.`,
      );
    });
  });

  test.each([1, 'text', undefined, null, []])('%j is not a schema', (schema) => {
    expect(compileSchema(schema, 'a.json')).toMatch(
      /^a\.json is not a JSON Schema: a schema is an object, true or false, but this is /,
    );
  });
});
