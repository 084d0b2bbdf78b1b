import { describe, expect, test } from 'vitest';
import { compileSchema } from '../../../../src/smoke-test/judge/json-schema.ts';
import { responseSchemaOf } from '../../../../src/smoke-test/openapi/response-schema.ts';
import { readExample, type SwaggerExample } from '../../../../src/smoke-test/openapi/swagger-example.ts';
import { swaggerDocument } from '../../../local-azure/swagger-documents.ts';

type Json = Record<string, unknown>;

const INPUT = {
  type: 'object',
  properties: { data: { type: 'array', items: { type: 'object' } } },
  example: { data: [{ age: 42 }] },
};
const OUTPUT = { type: 'array', items: { type: 'number' }, example: [11842.7] };

function exampleIn(document: unknown, path = '/score'): SwaggerExample {
  const example = readExample(document, path);
  if (typeof example === 'string') throw new Error(example);
  return example;
}

/** How many mistakes the answer has by the document's own response schema. */
function mistakesOf(document: unknown, answer: unknown): readonly string[] {
  const schema = compileSchema(
    responseSchemaOf(document as Json, exampleIn(document).operation),
    "the endpoint's OpenAPI document",
  );
  if (typeof schema === 'string') throw new Error(schema);
  return schema.validate(answer).map(({ at, wanted }) => `${at}: ${wanted}`);
}

/** A document of version 2.0 whose one operation takes and gives these. */
function version2(input: Json, output: Json = OUTPUT, definitions: Json = {}): Json {
  return {
    swagger: '2.0',
    paths: {
      '/score': {
        post: {
          parameters: [{ name: 'payload', in: 'body', schema: input }],
          responses: { 200: { description: 'good', schema: output } },
        },
      },
    },
    definitions,
  };
}

/** A document of version 3 whose operations by path take bodies of this content. */
function version3(content: Json, paths: readonly string[] = ['/score'], method = 'post'): Json {
  const operation = { requestBody: { content }, responses: {} };
  return {
    openapi: '3.1.0',
    paths: Object.fromEntries(paths.map((path) => [path, { [method]: operation }])),
  };
}

describe('the document of the inference server for a decorated script', () => {
  test.each(['2', '3', '3.1'] as const)('gives its example in version %s', (version) => {
    const document = swaggerDocument(version, { input: INPUT, output: OUTPUT });
    const { body, method } = exampleIn(document);
    expect([body, method]).toEqual([{ data: [{ age: 42 }] }, 'POST']);
    expect(mistakesOf(document, [1, 2.5])).toEqual([]);
    expect(mistakesOf(document, [1, 'two'])).toEqual(['schema /1: a number']);
  });

  test('gives an example that is assembled from those of the properties', () => {
    const input = {
      type: 'object',
      properties: {
        data: { type: 'array', items: { type: 'number' }, example: [1, 2] },
        method: { type: 'string', default: 'predict' },
        options: { type: 'object', properties: { top: { type: 'integer', examples: [5] } } },
      },
    };
    const { body } = exampleIn(swaggerDocument('3.1', { input, output: OUTPUT }));
    expect(body).toEqual({ data: [1, 2], method: 'predict', options: { top: 5 } });
  });
});

describe('an example is found', () => {
  test.each<[string, Json]>([
    ['of the media type', { 'application/json': { example: { a: 1 }, schema: { example: { a: 2 } } } }],
    [
      'by a name',
      { 'application/json': { examples: { one: { value: { a: 1 } }, two: { value: { a: 2 } } } } },
    ],
    ['of the schema', { 'application/json': { schema: { example: { a: 1 } } } }],
    [
      'in the list that version 3.1 has',
      { 'application/json': { schema: { examples: [{ a: 1 }, { a: 2 }] } } },
    ],
    ['as the default', { 'application/json': { schema: { default: { a: 1 } } } }],
    ['of the only media type', { 'application/vnd.churn+json': { example: { a: 1 } } }],
    ['of JSON first', { 'text/csv': { example: 'a\n1' }, 'application/json': { example: { a: 1 } } }],
  ])('%s', (_where, content) => {
    expect(exampleIn(version3(content)).body).toEqual({ a: 1 });
  });

  test('in the extension x-examples of version 2.0', () => {
    const document = version2({});
    const { post } = (document.paths as Record<string, { post: { parameters: Json[] } }>)['/score']!;
    post.parameters[0]!['x-examples'] = { 'application/json': { a: 1 } };
    expect(exampleIn(document).body).toEqual({ a: 1 });
  });

  test.each([0, false])('even if it is %j', (example) => {
    const content = { 'application/json': { example } };
    expect(exampleIn(version3(content)).body).toEqual(example);
  });

  test('behind references, whose names are encoded as JSON Pointers', () => {
    const document = version2({ $ref: '#/definitions/In~1put%20~0' }, OUTPUT, {
      'In/put ~': { $ref: '#/definitions/Other' },
      Other: { example: [1] },
    });
    expect(exampleIn(document).body).toEqual([1]);
  });

  test.each(['PUT', 'PATCH'])('of an operation that is a %s', (method) => {
    const content = { 'application/json': { example: [1] } };
    expect(exampleIn(version3(content, ['/score'], method.toLowerCase())).method).toBe(method);
  });
});

describe('the operation', () => {
  const content = { 'application/json': { example: [1] } };

  test.each(['/score', '/api/v1/service/churn/score'])('is the one at the end of the path %s', (path) => {
    const document = version3(content, ['/other', '/score']);
    expect(exampleIn(document, path).body).toEqual([1]);
  });

  test('is the only one, whatever its path', () => {
    expect(exampleIn(version3(content, ['/invocations'])).body).toEqual([1]);
  });

  test('is not chosen among several others', () => {
    expect(readExample(version3(content, ['/invocations', '/v1/chat']), '/score')).toBe(
      'It describes no operation for /score. It describes: POST /invocations, POST /v1/chat.',
    );
  });

  test('is not one whose method has no body', () => {
    expect(readExample({ openapi: '3.0.1', paths: { '/score': { get: {} } } }, '/score')).toBe(
      'It describes no operation for /score. It describes: none that takes a body.',
    );
  });

  test('is missing from a list of at most ten, which gives no command to the runner', () => {
    const paths = Array.from({ length: 12 }, (_, index) => `/${index}\n::error::x`);
    const told = String(readExample(version3(content, paths), '/score'));
    expect(told.match(/POST/g)).toHaveLength(10);
    expect(told).not.toMatch(/\n/);
  });
});

const HINT =
  "Decorate the scoring script's run() with inference-schema's input_schema, or give a request of your own as 'sample-request'.";

describe('a document without an example is described', () => {
  test.each<[string, unknown, string]>([
    [
      'the empty example of an undecorated script',
      version2({ type: 'object', example: {} }),
      ', which takes a value of type object',
    ],
    [
      'a schema with properties',
      version2({ type: 'object', properties: { data: {}, method: {} } }),
      ', which takes an object with data, method',
    ],
    ['a schema with a type', version2({ type: 'array' }), ', which takes a value of type array'],
    ['nothing at all', version2({}), ''],
    [
      'a reference that goes round in circles',
      version2({ $ref: '#/definitions/A' }, OUTPUT, {
        A: { $ref: '#/definitions/B' },
        B: { $ref: '#/definitions/A' },
      }),
      '',
    ],
    ['a broken escape in a reference', version2({ $ref: '#/definitions/%E0%A4%A' }), ''],
  ])('%s', (_what, document, takes) => {
    expect(readExample(document, '/score')).toBe(
      `It has no example request for POST /score${takes}. ${HINT}`,
    );
  });

  test('when a wide tree contains itself', () => {
    const node = { $ref: '#/definitions/Node' };
    const properties = Object.fromEntries('abcdefgh'.split('').map((name) => [name, node]));
    const document = version2(node, OUTPUT, { Node: { type: 'object', properties } });
    expect(readExample(document, '/score')).toContain('It has no example request for POST /score');
  });

  test('when a few lines describe an endless example', () => {
    const definitions = Object.fromEntries(
      Array.from({ length: 30 }, (_, index) => {
        const next = { $ref: `#/definitions/L${index + 1}` };
        return [`L${index}`, { type: 'object', properties: { a: next, b: next } }];
      }),
    );
    const document = version2({ $ref: '#/definitions/L0' }, OUTPUT, {
      ...definitions,
      L30: { example: 'ha' },
    });
    expect(readExample(document, '/score')).toContain('It has no example request for POST /score');
  });
});

describe('limits', () => {
  /** A document of version 3.0 with one operation, and what stands beside it. */
  function documentOf(operation: object, more: object = {}): object {
    return { openapi: '3.0.1', paths: { '/score': { post: operation } }, ...more };
  }

  function bodyOf(schema: unknown, more: object = {}): object {
    return documentOf({ requestBody: { content: { 'application/json': { schema } } } }, more);
  }

  function read(document: unknown): SwaggerExample {
    const found = readExample(document, '/score');
    if (typeof found === 'string') throw new Error(found);
    return found;
  }

  test.each<[unknown, string]>([
    [null, '.'],
    [[], '.'],
    ['openapi: 3.0.0', '.'],
    [{ openapi: 3.1 }, '.'],
    [{ openapi: ['3.0.1'] }, '.'],
    [{ swagger: 2 }, '.'],
    [{ swagger: '1.2' }, ', but of version 1.2.'],
    [{ openapi: '2.1' }, ', but of version 2.1.'],
    [{ openapi: '3.2.0' }, ', but of version 3.2.0.'],
    [{ openapi: '13.0' }, ', but of version 13.0.'],
    [{ openapi: '' }, ', but of version .'],
    [{ openapi: '\n::error::x' }, ', but of version : :error::x.'],
  ])('%j is not a document of a known version', (document, end) => {
    expect(readExample(document, '/score')).toBe(
      `It is not an OpenAPI document of version 2.0, 3.0 or 3.1${end}`,
    );
  });

  test('the body is the parameter whose place is the body', () => {
    const parameters = [
      { in: 'query', name: 'verbose', schema: { example: true } },
      { in: 'header', name: 'x', schema: { example: 'y' } },
      { in: 'body', name: 'data', schema: { example: { data: [1] } } },
    ];
    const document = { swagger: '2.0', paths: { '/score': { post: { parameters } } } };
    expect(read(document).body).toEqual({ data: [1] });
  });

  describe('of several media types, the example', () => {
    const content = {
      'text/plain': { example: 'text' },
      'application/json': { example: [1] },
      'text/csv': { example: '1,2' },
    };

    test('is that of the first without JSON', () => {
      const { 'application/json': _, ...others } = content;
      expect(read(documentOf({ requestBody: { content: others } })).body).toBe('text');
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
      '#/constructor/prototype',
      'https://evil.example/x.json',
      '',
    ])('that leads elsewhere or nowhere gives no example: %j', ($ref) => {
      expect(readExample(bodyOf({ $ref }, more), '/score')).toMatch(
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

    test('to another reference is followed up to 32 times', () => {
      expect(read(chain(32)).body).toBe('found');
      expect(readExample(chain(33), '/score')).toMatch(/^It has no example request for POST \/score\./);
    });
  });

  test.each([
    [1, 'a0'],
    [10, 'a0, a1, a2, a3, a4, a5, a6, a7, a8, a9'],
    [11, 'a0, a1, a2, a3, a4, a5, a6, a7, a8, a9'],
  ])('of %i properties of the body at most ten are named', (count, names) => {
    const properties = Object.fromEntries(Array.from({ length: count }, (_, at) => [`a${at}`, {}]));
    expect(readExample(bodyOf({ properties }), '/score')).toBe(
      `It has no example request for POST /score, which takes an object with ${names}. Decorate the scoring script's run() with inference-schema's input_schema, or give a request of your own as 'sample-request'.`,
    );
  });
});
