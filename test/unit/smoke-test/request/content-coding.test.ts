import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { decodeBody } from '../../../../src/smoke-test/request/content-coding.ts';

const TEXT = Buffer.from('{"data": [1, 2, 3]}');

test.each([
  ['gzip', gzipSync(TEXT)],
  ['deflate', deflateSync(TEXT)],
  ['br', brotliCompressSync(TEXT)],
  [' GZIP ', gzipSync(TEXT)],
  ['x-gzip', gzipSync(TEXT)],
  ['zstd', zstdCompressSync(TEXT)],
  ['gzip, identity', gzipSync(TEXT)],
  ['deflate, br', brotliCompressSync(deflateSync(TEXT))],
  ['', TEXT],
  [undefined, TEXT],
])('a body with the content coding %j is decoded', (encoding, body) => {
  expect(decodeBody(body, encoding)).toEqual({ body: TEXT, undecoded: undefined });
});

test.each([
  ['with an unknown coding', 'zstd2', TEXT],
  ['that is not of its coding', 'gzip', TEXT],
  ['that is cut short', 'gzip', gzipSync(TEXT).subarray(0, 20)],
  ['that is longer than 16 MiB when decoded', 'gzip', gzipSync(Buffer.alloc(17 * 1024 * 1024))],
  ['whose coding is the name of a property of every object', 'constructor', TEXT],
  ['of which only one of two codings can be undone', 'constructor, gzip', gzipSync(TEXT)],
])('a body %s stays as it came, and its coding is named', (_what, encoding, body) => {
  expect(decodeBody(body, encoding)).toEqual({ body, undecoded: encoding.split(',')[0] });
});

test('a body that was not kept is not decoded', () => {
  expect(decodeBody(undefined, 'gzip')).toEqual({ body: undefined, undecoded: undefined });
});
