import { describe, expect, test } from 'vitest';
import { compileOwnSchema } from '../../../../src/smoke-test/judge/json-schema.ts';

const DRAFT_07 = 'http://json-schema.org/draft-07/schema#';
const FORMATS = { 'https://json-schema.org/draft/2020-12/vocab/format-assertion': true };

function mistakeIn(schema: unknown): string | undefined {
  const compiled = compileOwnSchema(schema, 's.json');
  return typeof compiled === 'string' ? compiled : undefined;
}

describe('a schema that asks for nothing is a mistake', () => {
  test.each([
    [{}],
    [true],
    [{ title: 'Answer', description: 'x', examples: [[1]] }],
    [{ properties: {} }],
    [{ properties: { a: {}, b: true } }],
    [{ items: {} }],
    [{ allOf: [{}, { anyOf: [{}] }] }],
    [{ required: [] }],
    [{ minItems: 0, minLength: 0 }],
    [{ uniqueItems: false }],
    [{ additionalProperties: true }],
    [{ $defs: { a: { type: 'string' } } }],
    [{ $schema: DRAFT_07, definitions: { a: { type: 'string' } } }],
    [{ if: { type: 'string' } }],
    [{ $ref: '#/$defs/a', $defs: { a: {} } }],
    [{ $ref: '#/$defs/a%20b', $defs: { 'a b': {} } }],
    [{ items: { $ref: '#/$defs/a~1b' }, $defs: { 'a/b': { items: { $ref: '#/$defs/a~1b' } } } }],
    [{ art: 'liste', glieder: 3 }],
  ])('%j', (schema) => {
    expect(mistakeIn(schema)).toBe(
      's.json requires nothing, so every answer would pass. Write at least a type, or what is required.',
    );
  });
});

test.each([[{ format: 'date-time' }], [{ properties: { at: { format: 'date-time' } } }]])(
  'a schema that asks for formats alone is told how they are checked: %j',
  (schema) => {
    expect(mistakeIn(schema)).toBe(
      's.json requires only a format, and a format is an annotation, so every answer would pass. Write a type, too, or have formats checked with "$vocabulary": { "https://json-schema.org/draft/2020-12/vocab/format-assertion": true }.',
    );
  },
);

describe('a keyword that is misspelt is a mistake', () => {
  test.each([
    [{ tpye: 'array' }, "has the keyword 'tpye', which JSON Schema does not know. Did you mean 'type'?"],
    [{ type: 'array', itmes: { type: 'number' } }, "'itmes'"],
    [{ type: 'object', requried: ['a'] }, "Did you mean 'required'?"],
    [{ type: 'object', property: { a: { type: 'string' } } }, "Did you mean 'properties'?"],
    [{ properties: { a: { type: 'number', minimun: 0 } } }, "at /properties/a has the keyword 'minimun'"],
    [{ items: [{ min_length: 2 }], $schema: DRAFT_07 }, "at /items/0 has the keyword 'min_length'"],
    [{ $defs: { a: { anyof: [] } }, $ref: '#/$defs/a' }, "at /$defs/a has the keyword 'anyof'"],
    [{ not: { typ: 'string' }, type: 'array' }, "at /not has the keyword 'typ'"],
  ])('%j', (schema, words) => {
    expect(mistakeIn(schema)).toContain(words);
  });
});

test('a keyword that only another draft knows is a mistake', () => {
  expect(mistakeIn({ $schema: DRAFT_07, prefixItems: [{ type: 'number' }] })).toBe(
    "s.json has the keyword 'prefixItems', which its draft does not know. Use one that it knows, or another $schema.",
  );
  expect(mistakeIn({ type: 'array', additionalItems: false })).toContain("'additionalItems'");
});

test.each(['const', 'enum'])(
  'an integer that is too long to be compared is a mistake under %s',
  (keyword) => {
    const schema = (value: number) => ({ [keyword]: keyword === 'enum' ? [1, value] : value });
    expect(mistakeIn(schema(2 ** 53))).toBe(
      `s.json has an integer of more digits than are compared under '${keyword}'. A golden answer (expected-response, equals) compares them all.`,
    );
    expect(mistakeIn(schema(2 ** 53 - 1))).toBeUndefined();
    expect(mistakeIn({ maximum: 2 ** 64 })).toBeUndefined();
  },
);

describe('properties that stand among the keywords are a mistake', () => {
  test.each([
    [{ type: 'object', predictions: { type: 'array' } }],
    [{ predictions: { type: 'array' } }],
    [
      {
        type: 'object',
        required: ['predictions'],
        predictions: { type: 'array', items: { type: 'number' } },
      },
    ],
    [{ type: 'array', items: { type: 'object', predictions: { type: 'number' } } }],
  ])('%j', (schema) => {
    expect(mistakeIn(schema)).toContain(
      "has 'predictions' among its keywords, where it has no effect. If it is a property of the answer, put it under 'properties'.",
    );
  });
});

describe('a schema that asks for something is none', () => {
  test.each([
    [false],
    [{ type: 'array' }],
    [{ const: null }],
    [{ enum: [1, 2] }],
    [{ required: ['a'] }],
    [{ properties: { a: { type: 'string' } } }],
    [{ properties: { type: { type: 'string' }, tpye: { const: 1 } } }],
    [{ items: { minimum: 0 } }],
    [{ minimum: 0 }],
    [{ minItems: 1 }],
    [{ additionalProperties: false }],
    [{ propertyNames: { pattern: '^a' } }],
    [{ anyOf: [{}, { type: 'string' }] }],
    [{ not: { type: 'string' } }],
    [{ contains: { type: 'number' } }],
    [{ $ref: '#/$defs/a', $defs: { a: { type: 'string' } } }],
    [{ $ref: '#a', $defs: { a: { $anchor: 'a' } } }],
    [{ $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/b' }, b: { type: 'string' } } }],
    [{ $ref: '#/shared', shared: { type: 'string' } }],
    [{ $schema: DRAFT_07, $ref: '#/definitions/a', definitions: { a: { type: 'array' } } }],
    [{ $vocabulary: FORMATS, format: 'date-time' }],
    [{ type: 'object', properties: { a: {} }, example: { type: 'x' }, xml: {}, 'x-type': { type: 1 } }],
    [{ type: 'string', nullable: true, comment: 'x', note: 'x', formatted: true }],
    [{ type: 'object', errorMessage: { type: 'must be an object' }, default: { items: 1 } }],
    [{ enum: [{ tpye: 1 }], const: { itmes: {} }, examples: [{ requried: [] }] }],
  ])('%j', (schema) => {
    expect(mistakeIn(schema)).toBeUndefined();
  });
});

test('a schema of many levels ends in a verdict', () => {
  const nested = JSON.parse(`${'{"items":'.repeat(2_000)}{}${'}'.repeat(2_000)}`) as unknown;
  expect(mistakeIn(nested)).toContain('s.json');
});
