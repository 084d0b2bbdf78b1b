import { describe, expect, test } from 'vitest';
import { contentTypeOf, readRequestBody } from '../../../../src/smoke-test/plan/request-body.ts';

describe('a file whose name holds what JSON starts with', () => {
  test.each(['rows[1].json', 'a{b}.json', 'the"best".json', ' [1]'])('is read: %s', (path) => {
    expect(readRequestBody(path, () => Buffer.from('{}'))).toEqual({
      body: Buffer.from('{}'),
      contentType: 'application/json',
      origin: path,
    });
  });
});

test.each(['[1]', '{"a": 1}', '"text"', '[', '{', '"'])(
  'no file is looked for when the text is %s',
  (text) => {
    const paths: string[] = [];
    readRequestBody(text, (path) => {
      paths.push(path);
      return Buffer.from('');
    });
    expect(paths).toEqual([]);
  },
);

describe('a file that cannot be read', () => {
  const failing = (error: Error) => (): never => {
    throw error;
  };

  test('without a code says that much', () => {
    expect(readRequestBody('rows.json', failing(new Error('odd')))).toBe(
      'The file cannot be read (unknown error).',
    );
  });

  test.each([
    ['EISDIR', 'The file cannot be read (EISDIR).'],
    ['ENOENT', 'There is no such file in the workspace (is actions/checkout missing?), and it is no JSON.'],
  ])('because of %s', (code, said) => {
    expect(readRequestBody('rows', failing(Object.assign(new Error('no'), { code })))).toBe(said);
  });

  test('is inline JSON when its name is', () => {
    expect(readRequestBody('42', failing(Object.assign(new Error('no'), { code: 'EACCES' })))).toEqual({
      body: Buffer.from('42'),
      contentType: 'application/json',
      origin: 'inline JSON',
    });
  });
});

test('inline JSON is sent as UTF-8', () => {
  expect(readRequestBody('"żó"', () => Buffer.from(''))).toMatchObject({
    body: Buffer.from([0x22, 0xc5, 0xbc, 0xc3, 0xb3, 0x22]),
  });
});

test.each([
  ['a.JSON', '{', 'application/json'],
  ['a.b.csv', '', 'text/csv'],
  ['csv', 'a,b', 'application/octet-stream'],
  ['.csv', 'a,b', 'application/octet-stream'],
  ['a.csv.gz', 'a,b', 'application/octet-stream'],
  ['folder.csv/rows', '"ż"', 'application/json'],
])('the type of %s is told by its last extension, or by its content', (path, content, type) => {
  expect(contentTypeOf(path, Buffer.from(content))).toBe(type);
});
