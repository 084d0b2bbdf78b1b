import { describe, expect, test } from 'vitest';
import {
  contentTypeOf,
  type RequestBodyFile,
  readRequestBody,
} from '../../../../src/smoke-test/plan/request-body.ts';

const FILES: Readonly<Record<string, string | Uint8Array>> = {
  'rows.json': '{"rows": [1]}\n',
  'broken.json': '{"rows": ',
  'rows.jsonl': '{}\n{}\n',
  'rows.ndjson': '{}',
  'table.csv': 'a,b\n1,2\n',
  'words.txt': 'zażółć',
  'doc.xml': '<a/>',
  'photo.JPG': new Uint8Array([0xff, 0xd8, 0x00, 0x80]),
  'photo.jpeg': 'x',
  'image.png': 'x',
  'image.gif': 'x',
  'image.webp': 'x',
  'sound.wav': 'x',
  'sound.mp3': 'x',
  'paper.pdf': 'x',
  rows: '[1, 2]',
  'model.bin': new Uint8Array([0, 1, 0xfe, 0xff]),
  '123': 'a file whose name is JSON too',
  letter: 'x',
};

function readFile(path: string): Buffer {
  const content = FILES[path];
  if (content === undefined) throw Object.assign(new Error(`no ${path}`), { code: 'ENOENT' });
  return Buffer.from(content as string);
}

function sample(text: string): RequestBodyFile {
  const read = readRequestBody(text, readFile);
  if (typeof read === 'string') throw new Error(read);
  return read;
}

test.each([
  ['rows.json', 'application/json'],
  ['broken.json', 'application/json'],
  ['rows.jsonl', 'application/jsonl'],
  ['rows.ndjson', 'application/x-ndjson'],
  ['table.csv', 'text/csv'],
  ['words.txt', 'text/plain; charset=utf-8'],
  ['doc.xml', 'application/xml'],
  ['photo.JPG', 'image/jpeg'],
  ['photo.jpeg', 'image/jpeg'],
  ['image.png', 'image/png'],
  ['image.gif', 'image/gif'],
  ['image.webp', 'image/webp'],
  ['sound.wav', 'audio/wav'],
  ['sound.mp3', 'audio/mpeg'],
  ['paper.pdf', 'application/pdf'],
  ['rows', 'application/json'],
  ['model.bin', 'application/octet-stream'],
  ['letter', 'application/octet-stream'],
])('a file is sent byte for byte, as what it is: %s', (path, contentType) => {
  expect(sample(path)).toEqual({
    body: Buffer.from(FILES[path] as string),
    contentType,
    origin: path,
  });
});

test.each(['{"a": [1, 2]}', '[[1.50, 2]]', '"text"', 'true', '42', 'null', '[]'])(
  'inline JSON is sent as it is written: %s',
  (text) => {
    expect(sample(text)).toEqual({
      body: Buffer.from(text),
      contentType: 'application/json',
      origin: 'inline JSON',
    });
  },
);

test('a file wins over JSON of the same text', () => {
  expect(sample('123').body.toString()).toBe('a file whose name is JSON too');
});

test.each(['{"a": 1', '[1, 2', '"text', "{'a': 1}"])(
  'broken inline JSON is not taken for a file name: %s',
  (text) => {
    expect(readRequestBody(text, readFile)).toMatch(/^This is not JSON \(.+\)\.$/);
  },
);

describe('limits', () => {
  describe('a file whose name holds what JSON starts with', () => {
    test.each(['rows[1].json', 'a{b}.json', 'the"best".json', ' [1]'])('is read: %s', (path) => {
      expect(readRequestBody(path, () => Buffer.from('{}'))).toEqual({
        body: Buffer.from('{}'),
        contentType: 'application/json',
        origin: path,
      });
    });
  });

  test.each(['[1]', '{"a": 1}', '"text"', '[', '{', '"'])('no file is read when the text is %s', (text) => {
    const paths: string[] = [];
    readRequestBody(text, (path) => {
      paths.push(path);
      return Buffer.from('');
    });
    expect(paths).toEqual([]);
  });

  describe('a file that cannot be read', () => {
    const failing = (error: Error) => (): never => {
      throw error;
    };

    test('without a code says that the error is unknown', () => {
      expect(readRequestBody('rows.json', failing(new Error('odd')))).toBe(
        'The file cannot be read (unknown error).',
      );
    });

    test.each([
      ['EISDIR', 'The file cannot be read (EISDIR).'],
      [
        'ENOENT',
        'There is no such file (relative paths start from the workspace). Is actions/checkout missing?',
      ],
    ])('because of %s says so', (code, said) => {
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
});
