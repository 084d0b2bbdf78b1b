import { expect, test } from 'vitest';
import { type RequestBodyFile, readRequestBody } from '../../../../src/smoke-test/plan/request-body.ts';

const FILES: Readonly<Record<string, string | Uint8Array>> = {
  'rows.json': '{"rows": [1]}\n',
  'broken.json': '{"rows": ',
  'rows.jsonl': '{}\n{}\n',
  'rows.ndjson': '{}',
  'table.csv': 'a,b\n1,2\n',
  'words.txt': 'zażółć',
  'doc.xml': '<a/>',
  'photo.JPG': new Uint8Array([0xff, 0xd8, 0x00, 0x80]),
  'photo.jpeg': '',
  'image.png': '',
  'image.gif': '',
  'image.webp': '',
  'sound.wav': '',
  'sound.mp3': '',
  'paper.pdf': '',
  rows: '[1, 2]',
  'model.bin': new Uint8Array([0, 1, 0xfe, 0xff]),
  '123': 'a file whose name is JSON too',
  empty: '',
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
  ['empty', 'application/octet-stream'],
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

test.each(['{"a": 1', '[1, 2', '"text', "{'a': 1}"])('broken inline JSON is no file name: %s', (text) => {
  expect(readRequestBody(text, readFile)).toMatch(/^This is no JSON \(.+\)\.$/);
});

test('a file that is not there is missed', () => {
  expect(readRequestBody('rows.jsn', readFile)).toBe(
    'There is no such file in the workspace (is actions/checkout missing?), and it is no JSON.',
  );
});

test('a file that cannot be read says why', () => {
  const denied = (): never => {
    throw Object.assign(new Error('no'), { code: 'EACCES' });
  };
  expect(readRequestBody('rows.json', denied)).toBe('The file cannot be read (EACCES).');
});
