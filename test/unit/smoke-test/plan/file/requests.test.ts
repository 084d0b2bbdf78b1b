import { describe, expect, test } from 'vitest';
import { buildForm } from '../../../../../src/smoke-test/plan/file/multipart.ts';
import type { RequestBody } from '../../../../../src/smoke-test/plan/plan.ts';
import {
  firstCase,
  mistakesIn,
  sourcesFor,
  textsOf,
  withRequest,
} from '../../../../support/smoke-test-file.ts';

function bodiesOf(body: RequestBody): readonly string[] {
  return body.kind === 'bytes' ? textsOf(body.bodies) : [];
}

describe('what is sent', () => {
  test('is exactly one thing', () => {
    expect(mistakesIn(withRequest('{ path: /a }'))).toEqual([
      '4:12: Write one of body, json, text, lines, multipart, or swagger, or method: GET with none of them.',
    ]);
    expect(mistakesIn(withRequest('{ json: 1, text: a, swagger: true }'))).toEqual([
      "4:23: 'text' and 'json' exclude each other. Keep one of them.",
      "4:32: 'swagger' and 'json' exclude each other. Keep one of them.",
    ]);
  });

  test('is nothing with GET', () => {
    expect(mistakesIn(withRequest('{ method: GET, text: a }'))).toEqual([
      "4:33: text 'a': A GET request has no body: leave this out, or choose another method.",
    ]);
  });

  test('is the bytes that were read, uncopied', () => {
    const text = withRequest('{ body: big.bin }');
    const big = Buffer.alloc(64 * 1024 * 1024);
    const sources = sourcesFor(text);
    const { request } = firstCase(text, {
      ...sources,
      readFile: (path) => (path.endsWith('big.bin') ? big : sources.readFile(path)),
    });
    expect(request.body.kind === 'bytes' && request.body.bodies.at(0) === big).toBe(true);
  });

  test('is read once for all cases', () => {
    const text = `${withRequest('{ body: cat.png }')}- { name: b, request: { body: ./cat.png } }\n`;
    const sources = sourcesFor(text);
    const read: string[] = [];
    firstCase(text, {
      ...sources,
      readFile: (path) => {
        read.push(path);
        return sources.readFile(path);
      },
    });
    expect(read.filter((path) => path.endsWith('cat.png'))).toHaveLength(1);
  });
});

describe('lines', () => {
  const read = (content: string, name = 'a.txt') => {
    const text = withRequest(`{ lines: ${name} }`);
    return firstCase(text, sourcesFor(text, { [name]: content })).request;
  };

  test('are bodies in turn, without line breaks, blank lines and a byte order mark', () => {
    expect(bodiesOf(read('\uFEFFa\r\n\r\n \t\nb c\n\nd').body)).toEqual(['a', 'b c', 'd']);
  });

  test.each([
    ['a.jsonl', 'application/json'],
    ['a.ndjson', 'application/json'],
    ['a.csv', 'text/csv'],
    ['a.txt', 'text/plain; charset=utf-8'],
    ['a.unknown', 'application/json'],
  ])('of %s are %s', (name, contentType) => {
    expect(read('[1]\n', name).contentType).toBe(contentType);
  });

  test('must be there', () => {
    const text = withRequest('{ lines: empty.txt }');
    expect(mistakesIn(text, sourcesFor(text, { 'empty.txt': '\n \r\n' }))).toEqual([
      "4:21: lines 'empty.txt': Every line of this file is blank. Each line is one request body.",
    ]);
  });
});

describe('a form', () => {
  test('has its fields in order, files with name and type', () => {
    const { request } = firstCase(
      withRequest('{ multipart: { image: cat.png, question: { text: "What is\\nthis?" } } }'),
    );
    const boundary = request.contentType?.split('boundary=')[1] ?? '';
    const body = request.body.kind === 'bytes' ? request.body.bodies.at(0)!.toString('latin1') : '';
    expect(boundary).toMatch(/^[\w-]{20,70}$/);
    expect(body.replaceAll(boundary, 'B')).toBe(
      [
        '--B',
        'Content-Disposition: form-data; name="image"; filename="cat.png"',
        'Content-Type: image/png',
        '',
        '\x89PNG',
        '--B',
        'Content-Disposition: form-data; name="question"',
        '',
        'What is\nthis?',
        '--B--',
        '',
      ].join('\r\n'),
    );
  });

  test('is what a parser of forms reads', async () => {
    const { body, contentType } = buildForm([
      { name: 'a "b"', content: Buffer.from('1') },
      { name: 'ü', content: Buffer.from([0, 13, 10, 255]), fileName: 'x "y".png', contentType: 'image/png' },
    ]);
    const form = await new Response(new Uint8Array(body), {
      headers: { 'content-type': contentType },
    }).formData();
    const file = form.get('ü') as File;
    expect(form.get('a "b"')).toBe('1');
    expect([file.name, file.type]).toEqual(['x "y".png', 'image/png']);
    expect(Buffer.from(await file.arrayBuffer())).toEqual(Buffer.from([0, 13, 10, 255]));
  });

  test('escapes quotes and line breaks in names, so that no name adds a header', () => {
    const { body } = buildForm([{ name: 'a"\r\nX: 1', content: Buffer.from('') }]);
    expect(body.toString()).toContain('form-data; name="a%22%0D%0AX: 1"\r\n');
  });

  test('has another boundary each time', () => {
    expect(buildForm([]).contentType).not.toBe(buildForm([]).contentType);
  });

  test('reports a missing file, and a content type of its own', () => {
    expect(
      mistakesIn(withRequest('{ multipart: { a: nope.png, b: [] }, headers: { Content-Type: a/b } }')),
    ).toEqual([
      "4:30: a 'nope.png': There is no such file (tests/nope.png).",
      '4:43: b: Write the path of a file, { text: … } or { env: … }.',
      "4:74: Content-Type 'a/b': A multipart body names its own content type, with its boundary. Leave it out.",
    ]);
  });
});

describe('headers', () => {
  test.each([
    'Authorization',
    'azureml-model-deployment',
    'HOST',
    'content-length',
    'x-ms-client-request-id',
    'transfer-encoding',
    'Connection',
  ])('%s is the step’s own', (name) => {
    expect(mistakesIn(withRequest(`{ json: 1, headers: { ${name}: x } }`))).toEqual([
      `4:34: '${name}': The step sets this header itself. Leave it out.`,
    ]);
  });

  test('have names and values that HTTP allows', () => {
    expect(
      mistakesIn(withRequest('{ json: 1, headers: { "a b": x, c: "d\\ne", f: "→", x-a: 1, X-A: 2 } }')),
    ).toEqual([
      '4:34: This is not a header name. Use letters, digits and dashes.',
      "4:47: c 'd e': The value of a header has no line breaks, control or other special characters.",
      "4:58: f '→': The value of a header has no line breaks, control or other special characters.",
      "4:68: x-a '1': Write text; a number or true needs quotes.",
      "4:71: 'X-A' is there twice; upper and lower case are the same. Keep one of them.",
      "4:76: X-A '2': Write text; a number or true needs quotes.",
    ]);
  });

  test('name the content type once, in any case', () => {
    const { request } = firstCase(
      withRequest('{ body: request.json, headers: { content-TYPE: application/x-custom, Accept: a/b } }'),
    );
    expect(request.contentType).toBe('application/x-custom');
    expect(request.headers).toEqual({ Accept: 'a/b' });
  });

  test.each([
    ['a.json', 'application/json'],
    ['a.CSV', 'text/csv'],
    ['a.png', 'image/png'],
    ['a.bin', 'application/octet-stream'],
  ])('or %s names it: %s', (name, contentType) => {
    const text = withRequest(`{ body: ${name} }`);
    expect(firstCase(text, sourcesFor(text, { [name]: 'x' })).request.contentType).toBe(contentType);
  });
});

describe('a path', () => {
  test.each([
    '/',
    '/v1/models',
    '/score?a=..&b=//x',
    '/a..b/...',
    '/a//b',
    '/%20',
    'v1/models',
    'score',
    'models/churn:predict',
  ])('%s is sent', (path) => {
    expect(firstCase(withRequest(`{ json: 1, path: "${path}" }`)).request.path).toBe(path);
  });

  test.each([
    'mailto:a',
    '../score',
    'a/../../b',
    './score',
    '//example.com/score',
    'https://example.com/score',
    '/../score',
    '/a/..',
    '/a/%2e%2E/b',
    '/./a',
    '/.//example.com',
    '/\\\\example.com',
    '/\\t/example.com',
    '/a b',
    '/a#b',
    '',
  ])('%s is not', (path) => {
    const mistakes = mistakesIn(withRequest(`{ json: 1, path: "${path}" }`));
    expect(mistakes).toHaveLength(1);
    expect(mistakes[0]).toMatch(/^4:29: path '.*': (?:Write a path|A path has no)/);
  });
});
