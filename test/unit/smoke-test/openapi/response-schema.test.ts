import { describe, expect, test } from 'vitest';
import { compileSchema } from '../../../../src/smoke-test/judge/json-schema.ts';
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
  return example.responseSchema;
}

function good(schema: Json): Json {
  return { 200: { description: 'good', content: { 'application/json': { schema } } } };
}

function mistakes(document: Json, answer: unknown): readonly string[] {
  const compiled = compileSchema(schemaOf(document), 'the document');
  if (typeof compiled === 'string') throw new Error(compiled);
  return compiled.validate(answer).map(({ at, wanted }) => `${at}: ${wanted}`);
}

describe('the schema of a good answer', () => {
  test.each(['200', '201', '2XX', '2xx', 'default'])('is that of the response %s', (name) => {
    const document = answering({
      [name]: { content: { 'application/json': { schema: { type: 'number' } } } },
    });
    expect(mistakes(document, 1)).toEqual([]);
    expect(mistakes(document, 'x')).toEqual(['schema: a number']);
  });

  test('is that of 200 before all others', () => {
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
  ])('is none when the document has %s', (_what, responses) => {
    expect(schemaOf(answering(responses))).toBeUndefined();
  });

  test('is found behind a reference to the response', () => {
    const content = { 'application/json': { schema: { $ref: '#/components/schemas/Out' } } };
    const root = { components: { responses: { Ok: { content } }, schemas: { Out: { type: 'integer' } } } };
    const document = answering({ 200: { $ref: '#/components/responses/Ok' } }, root);
    expect(mistakes(document, 1)).toEqual([]);
    expect(mistakes(document, 1.5)).toEqual(['schema: an integer']);
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

  test('that leads out of the document is refused, and nothing is fetched', () => {
    const schema = schemaOf(answering(good({ $ref: 'https://evil.example/x.json' })));
    expect(compileSchema(schema, 'The document')).toBe(
      'The document refers to "https://evil.example/x.json", which is not in it, and nothing is fetched. Copy that schema under $defs and refer to it there.',
    );
  });
});

describe('the keywords that OpenAPI 2.0 and 3.0 write in their own way', () => {
  test('null is allowed where it is said to be', () => {
    const document = answering(
      good({
        type: 'object',
        properties: { a: { type: 'number', nullable: true }, b: { type: 'number', nullable: false } },
      }),
    );
    expect(mistakes(document, { a: null, b: 1 })).toEqual([]);
    expect(mistakes(document, { a: 1, b: null })).toEqual(['schema /b: a number']);
  });

  test('null says nothing where no type is named', () => {
    const document = answering(good({ allOf: [{ type: 'number' }], nullable: true }));
    expect(mistakes(document, 1)).toEqual([]);
    expect(mistakes(document, 'x')).toEqual(['schema: a number']);
  });

  test('but a property may have the name of such a keyword', () => {
    const properties = { nullable: { type: 'boolean' }, exclusiveMinimum: { type: 'number' } };
    const document = answering(good({ type: 'object', properties, additionalProperties: false }));
    expect(mistakes(document, { nullable: true, exclusiveMinimum: 1 })).toEqual([]);
    expect(mistakes(document, { nullable: 'x' })).toEqual(['schema /nullable: a boolean']);
  });

  test.each([
    [{ minimum: 1, exclusiveMinimum: true }, 1.5, 1, 'more than 1'],
    [{ minimum: 1, exclusiveMinimum: false }, 1, 0.5, 'at least 1'],
    [{ maximum: 9, exclusiveMaximum: true }, 8.5, 9, 'less than 9'],
    [{ maximum: 9, exclusiveMaximum: false }, 9, 9.5, 'at most 9'],
    [{ exclusiveMinimum: 1 }, 1.5, 1, 'more than 1'],
  ])('limits that exclude themselves: %j', (limits, right, wrong, words) => {
    const document = answering(good({ type: 'number', ...limits }));
    expect(mistakes(document, right)).toEqual([]);
    expect(mistakes(document, wrong)).toEqual([`schema: ${words}`]);
  });

  test('an excluding limit without its number limits nothing', () => {
    expect(mistakes(answering(good({ type: 'number', exclusiveMinimum: true })), -1)).toEqual([]);
  });

  test('in what a schema refers to as well', () => {
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

  test('but not in examples and allowed values, which are data', () => {
    const data = { nullable: true, type: 'string', exclusiveMinimum: true, minimum: 1 };
    const document = answering(good({ enum: [data], example: data }));
    expect(mistakes(document, data)).toEqual([]);
  });
});
