import { describe, expect, test } from 'vitest';
import { readSwagger, type SwaggerExample } from '../../../../src/smoke-test/openapi/openapi-example.ts';

/** A document of version 3.0 with one operation, and what stands beside it. */
function documentOf(operation: object, more: object = {}): object {
  return { openapi: '3.0.1', paths: { '/score': { post: operation } }, ...more };
}

function bodyOf(schema: unknown, more: object = {}): object {
  return documentOf({ requestBody: { content: { 'application/json': { schema } } } }, more);
}

function read(document: unknown): SwaggerExample {
  const found = readSwagger(document, '/score');
  if (typeof found === 'string') throw new Error(found);
  return found;
}

/** The response schema that an operation's `responses['200']` gives. */
function responseSchema(response: object): unknown {
  const requestBody = { content: { 'application/json': { example: 1 } } };
  return read(documentOf({ requestBody, responses: { 200: response } })).responseSchema;
}

/** A response schema whose one part is as given. */
function only(schema: unknown): unknown {
  return { allOf: [schema], definitions: {}, components: {} };
}

test.each([3, 3.1, 2, ['3.0.1'], null])('a version is text: %j is none', (openapi) => {
  expect(readSwagger({ openapi, paths: {} }, '/score')).toBe(
    'It is no OpenAPI document of version 2.0, 3.0 or 3.1.',
  );
});

test.each(['1.2', '2.1', '3.2.0', '4.0', '13.0', ''])(
  'version %j is none of those that are read',
  (openapi) => {
    expect(readSwagger({ openapi, paths: {} }, '/score')).toBe(
      `It is no OpenAPI document of version 2.0, 3.0 or 3.1, but of version ${openapi}.`,
    );
  },
);

test('the body is the parameter that is in the body', () => {
  const parameters = [
    { in: 'query', name: 'verbose', schema: { example: true } },
    { in: 'header', name: 'x', schema: { example: 'y' } },
    { in: 'body', name: 'data', schema: { example: { data: [1] } } },
  ];
  const document = { swagger: '2.0', paths: { '/score': { post: { parameters } } } };
  expect(read(document).body).toEqual({ data: [1] });
});

describe('among several media types JSON is read', () => {
  const content = {
    'text/plain': { example: 'text', schema: { type: 'string' } },
    'application/json': { example: [1], schema: { type: 'array' } },
    'text/csv': { example: '1,2', schema: { type: 'number' } },
  };

  test('of a request', () => {
    expect(read(documentOf({ requestBody: { content } })).body).toEqual([1]);
  });

  test('of a response', () => {
    expect(responseSchema({ content })).toEqual(only({ type: 'array' }));
  });

  test('and without it the first', () => {
    const { 'application/json': _, ...others } = content;
    expect(read(documentOf({ requestBody: { content: others } })).body).toBe('text');
    expect(responseSchema({ content: others })).toEqual(only({ type: 'string' }));
  });
});

describe('a reference', () => {
  const more = { definitions: { A: { example: 'found' } } };

  test('is followed inside the document', () => {
    expect(read(bodyOf({ $ref: '#/definitions/A' }, more)).body).toBe('found');
  });

  test.each([
    './definitions/A',
    '/#definitions/A',
    'definitions/A',
    '#definitions/A',
    'a.json#/definitions/A',
    '#/definitions/B',
    '#/definitions/A/B/C',
    '#/nowhere/at/all',
    '#/openapi/0',
    '#/definitions/constructor',
    '',
  ])('that leads elsewhere or nowhere gives no example: %j', ($ref) => {
    expect(readSwagger(bodyOf({ $ref }, more), '/score')).toMatch(
      /^It has no example request for POST \/score\./,
    );
  });

  /** So many references, one after the other. */
  const chain = (length: number) => {
    const links = Array.from({ length }, (_, at) => [
      `d${at}`,
      at === length - 1 ? { example: 'found' } : { $ref: `#/definitions/d${at + 1}` },
    ]);
    return bodyOf({ $ref: '#/definitions/d0' }, { definitions: Object.fromEntries(links) });
  };

  test('to another is followed 32 times', () => {
    expect(read(chain(32)).body).toBe('found');
    expect(readSwagger(chain(33), '/score')).toMatch(/^It has no example request for POST \/score\./);
  });
});

test.each([
  [1, 'a0'],
  [10, 'a0, a1, a2, a3, a4, a5, a6, a7, a8, a9'],
  [11, 'a0, a1, a2, a3, a4, a5, a6, a7, a8, a9'],
])('of %i properties of the body ten are named', (count, names) => {
  const properties = Object.fromEntries(Array.from({ length: count }, (_, at) => [`a${at}`, {}]));
  expect(readSwagger(bodyOf({ properties }), '/score')).toBe(
    `It has no example request for POST /score, which takes an object with ${names}. Decorate the scoring script's run() with inference-schema's input_schema, or give a sample-request of your own.`,
  );
});

describe('a response schema is made a modern one', () => {
  test.each([
    [
      'in lists',
      { anyOf: [{ type: 'string', nullable: true }, { type: 'number' }] },
      { anyOf: [{ type: ['string', 'null'] }, { type: 'number' }] },
    ],
    [
      'in lists of lists',
      { items: [[{ type: 'string', nullable: true }]] },
      { items: [[{ type: ['string', 'null'] }]] },
    ],
    [
      'not in what is data',
      { const: { type: 'a', nullable: true }, enum: [{ type: 'a', nullable: true }] },
      { const: { type: 'a', nullable: true }, enum: [{ type: 'a', nullable: true }] },
    ],
    ['an excluding limit', { minimum: 1, exclusiveMinimum: true }, { minimum: 1, exclusiveMinimum: 1 }],
    ['an including limit', { maximum: 0, exclusiveMaximum: false }, { maximum: 0 }],
    ['an excluding limit that is no number', { minimum: '1', exclusiveMinimum: true }, { minimum: '1' }],
    ['an excluding limit without one', { type: 'number', exclusiveMaximum: true }, { type: 'number' }],
    ['a limit of its own', { exclusiveMinimum: 0 }, { exclusiveMinimum: 0 }],
  ])('%s', (_where, schema, expected) => {
    expect(responseSchema({ schema })).toStrictEqual(only(expected));
  });
});
