import { describe, expect, test } from 'vitest';
import { compileSchema } from '../../../../src/smoke-test/judge/json-schema.ts';
import { responseSchemaOf } from '../../../../src/smoke-test/openapi/response-schema.ts';
import { readExample } from '../../../../src/smoke-test/openapi/swagger-example.ts';

type Json = Record<string, unknown>;

const INPUT = { 'application/json': { example: [1] } };

/** A document whose one operation answers so. */
function answering(responses: Json, root: Json = {}, version: Json = { openapi: '3.0.3' }): Json {
  return {
    ...version,
    paths: { '/score': { post: { requestBody: { content: INPUT }, responses } } },
    ...root,
  };
}

function schemaOf(document: Json): unknown {
  const example = readExample(document, '/score');
  if (typeof example === 'string') throw new Error(example);
  return responseSchemaOf(document, example.operation);
}

function good(schema: Json): Json {
  return { 200: { description: 'good', content: { 'application/json': { schema } } } };
}

function mistakes(document: Json, answer: unknown): readonly string[] {
  const compiled = compileSchema(schemaOf(document), 'the document');
  if (typeof compiled === 'string') throw new Error(compiled);
  return compiled.validate(answer).map(({ at, wanted }) => `${at}: ${wanted}`);
}

describe('the schema of a good reply', () => {
  test.each(['200', '201', '2XX', '2xx', 'default'])('is that of the response %s', (name) => {
    const document = answering({
      [name]: { content: { 'application/json': { schema: { type: 'number' } } } },
    });
    expect(mistakes(document, 1)).toEqual([]);
    expect(mistakes(document, 'x')).toEqual(['schema: a number']);
  });

  test('is that of the response 200 first', () => {
    const response = (type: string) => ({ content: { 'application/json': { schema: { type } } } });
    const document = answering({
      default: response('object'),
      201: response('array'),
      200: response('number'),
    });
    expect(mistakes(document, 1)).toEqual([]);
  });

  test.each<[string, Json]>([
    ['no responses', {}],
    ['a bad one alone', { 500: { content: { 'application/json': { schema: { type: 'object' } } } } }],
    ['a response without content', { 200: { description: 'good' } }],
    ['an empty schema', good({})],
    ['no schema but true', { 200: { content: { 'application/json': { schema: true } } } }],
  ])('is undefined when the document has %s', (_what, responses) => {
    expect(schemaOf(answering(responses))).toBeUndefined();
  });

  test('may be in a response that is referred to', () => {
    const content = { 'application/json': { schema: { $ref: '#/components/schemas/Out' } } };
    const root = { components: { responses: { Ok: { content } }, schemas: { Out: { type: 'number' } } } };
    const document = answering({ 200: { $ref: '#/components/responses/Ok' } }, root);
    expect(mistakes(document, 1)).toEqual([]);
    expect(mistakes(document, 'x')).toEqual(['schema: a number']);
  });

  test('may refer to itself', () => {
    const node = {
      type: 'object',
      properties: { next: { $ref: '#/components/schemas/Node' }, value: { type: 'number' } },
    };
    const document = answering(good({ $ref: '#/components/schemas/Node' }), {
      components: { schemas: { Node: node } },
    });
    expect(mistakes(document, { value: 1, next: { value: 2, next: {} } })).toEqual([]);
    expect(mistakes(document, { next: { next: { value: 'x' } } })).toEqual([
      'schema /next/next/value: a number',
    ]);
  });

  test('is refused when it refers to another document, and nothing is fetched', () => {
    const schema = schemaOf(answering(good({ $ref: 'https://evil.example/x.json' })));
    expect(compileSchema(schema, 'The document')).toBe(
      'The document refers to "https://evil.example/x.json", which is not in it, and nothing is downloaded. Copy that schema under $defs and refer to it there.',
    );
  });
});

describe('the keywords that OpenAPI 2.0 and 3.0 have of their own', () => {
  test('allow null where they say so', () => {
    const document = answering(
      good({
        type: 'object',
        properties: { a: { type: 'number', nullable: true }, b: { type: 'number', nullable: false } },
      }),
    );
    expect(mistakes(document, { a: null, b: 1 })).toEqual([]);
    expect(mistakes(document, { a: 1, b: null })).toEqual(['schema /b: a number']);
  });

  test('mean nothing about null without a type', () => {
    const document = answering(good({ allOf: [{ type: 'number' }], nullable: true }));
    expect(mistakes(document, 1)).toEqual([]);
    expect(mistakes(document, 'x')).toEqual(['schema: a number']);
  });

  test('may be names of properties', () => {
    const properties = { nullable: { type: 'boolean' }, exclusiveMinimum: { type: 'number' } };
    const document = answering(good({ type: 'object', properties, additionalProperties: false }));
    expect(mistakes(document, { nullable: true, exclusiveMinimum: 1 })).toEqual([]);
    expect(mistakes(document, { nullable: 'x' })).toEqual(['schema /nullable: a boolean']);
  });

  test('also count in what a schema refers to', () => {
    const definitions = { Out: { type: 'array', items: { type: 'string', nullable: true } } };
    const document = {
      swagger: '2.0',
      paths: {
        '/score': {
          post: {
            parameters: [{ in: 'body', schema: { example: [1] } }],
            responses: { 200: { schema: { $ref: '#/definitions/Out' } } },
          },
        },
      },
      definitions,
    };
    expect(mistakes(document, ['a', null])).toEqual([]);
    expect(mistakes(document, [1])).toEqual(['schema /0: a string or null']);
  });
});

describe('limits', () => {
  test('of several media types, the schema is that of JSON', () => {
    const plain = { 'text/plain': { schema: { type: 'string' } } };
    const content = { ...plain, 'application/json': { schema: { type: 'number' } } };
    expect(mistakes(answering({ 200: { content } }), 'x')).toEqual(['schema: a number']);
    for (const type of ['application/problem+json', '*/*', 'application/json; charset=utf-8']) {
      expect(
        mistakes(answering({ 200: { content: { ...plain, [type]: content['application/json'] } } }), 'x'),
      ).toEqual(['schema: a number']);
    }
    expect(schemaOf(answering({ 200: { content: plain } }))).toBeUndefined();
  });

  test('a document of version 2.0 that produces text has no schema of JSON', () => {
    const responses = { 200: { schema: { type: 'string' } } };
    expect(schemaOf(answering(responses, { produces: ['text/plain'] }))).toBeUndefined();
    expect(mistakes(answering(responses, { produces: ['text/plain', 'application/json'] }), 1)).toEqual([
      'schema: a string',
    ]);
  });

  describe('a schema of OpenAPI 3.0 becomes JSON Schema', () => {
    test.each([
      [
        'in arrays',
        { anyOf: [{ type: 'string', nullable: true }, { type: 'number' }] },
        { anyOf: [{ type: ['string', 'null'] }, { type: 'number' }] },
      ],
      [
        'in arrays of arrays',
        { items: [[{ type: 'string', nullable: true }]] },
        { items: [[{ type: ['string', 'null'] }]] },
      ],
      [
        'but not in values',
        { const: { type: 'a', nullable: true }, enum: [{ type: 'a', nullable: true }] },
        { const: { type: 'a', nullable: true }, enum: [{ type: 'a', nullable: true }] },
      ],
      ['an exclusive limit', { minimum: 1, exclusiveMinimum: true }, { minimum: 1, exclusiveMinimum: 1 }],
      ['an inclusive limit', { maximum: 0, exclusiveMaximum: false }, { maximum: 0 }],
      ['an exclusive limit that is not a number', { minimum: '1', exclusiveMinimum: true }, { minimum: '1' }],
      ['an exclusive limit without a limit', { type: 'number', exclusiveMaximum: true }, { type: 'number' }],
      ['an exclusive limit that is a number', { exclusiveMinimum: 0 }, { exclusiveMinimum: 0 }],
    ])('%s', (_where, schema, expected) => {
      expect(schemaOf(answering(good(schema as Json)))).toStrictEqual({
        allOf: [expected],
        definitions: {},
        components: {},
      });
    });
  });
});

describe('what is inferred from one sample', () => {
  const number = { type: 'number' };

  test.each<[string, Json, Json]>([
    ['an integer is a number', { type: 'integer', format: 'int64' }, number],
    ['in a list of types too', { type: ['integer', 'null'] }, { type: ['number', 'null'] }],
    ['a format says nothing', { type: 'string', format: 'date-time' }, { type: 'string' }],
    [
      'a property named format stays',
      { properties: { format: { type: 'integer' } } },
      { properties: { format: number } },
    ],
    [
      'an object without properties is a placeholder',
      { type: 'array', items: { type: 'object' } },
      { type: 'array', items: {} },
    ],
    [
      'a part that its own example breaks',
      { type: 'array', items: { type: 'number', example: 'x' } },
      { type: 'array', items: {} },
    ],
    [
      'a part that one of its examples breaks',
      { items: { type: 'string', examples: ['x', 1] } },
      { items: {} },
    ],
    [
      'a part that its own example meets stays',
      { type: 'array', items: { type: 'integer', example: 1.5 } },
      { type: 'array', items: { type: 'number', example: 1.5 } },
    ],
    ['a number of values stays', { type: 'array', minItems: 2 }, { type: 'array', minItems: 2 }],
  ])('%s', (_what, schema, expected) => {
    expect(schemaOf(answering(good(schema)))).toMatchObject({ allOf: [expected] });
    expect((schemaOf(answering(good(schema))) as { allOf: Json[] }).allOf).toStrictEqual([expected]);
  });

  test.each<[string, Json]>([
    ['a placeholder', good({ type: 'object', description: 'x', format: 'y' })],
    ['a schema that its own example breaks', good({ type: 'array', items: number, example: [null] })],
    [
      'a schema that the example of the media type breaks',
      { 200: { content: { 'application/json': { schema: number, example: 'x' } } } },
    ],
    [
      'a schema that a named example breaks',
      { 200: { content: { 'application/json': { schema: number, examples: { a: { value: 'x' } } } } } },
    ],
    [
      'a schema that the example of version 2.0 breaks',
      { 200: { schema: number, examples: { 'application/json': 'x' } } },
    ],
  ])('%s promises nothing', (_what, responses) => {
    expect(schemaOf(answering(responses))).toBeUndefined();
  });

  test('a definition that is a placeholder promises nothing', () => {
    const root = { components: { schemas: { Out: { type: 'object' } } } };
    expect(schemaOf(answering(good({ $ref: '#/components/schemas/Out' }), root))).toBeUndefined();
  });
});
