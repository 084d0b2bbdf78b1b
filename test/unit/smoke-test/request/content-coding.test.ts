import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { decodeBody } from '../../../../src/smoke-test/request/content-coding.ts';

const TEXT = Buffer.from('{"data": [1, 2, 3]}');

test.each([
  [['gzip'], gzipSync(TEXT)],
  [['deflate'], deflateSync(TEXT)],
  [['deflate'], deflateRawSync(TEXT)],
  [['br'], brotliCompressSync(TEXT)],
  [['x-gzip'], gzipSync(TEXT)],
  [['zstd'], zstdCompressSync(TEXT)],
  [['deflate', 'br'], brotliCompressSync(deflateSync(TEXT))],
  [[], TEXT],
])('a body with the content codings %j is decoded', async (codings, body) => {
  expect(await decodeBody(body, codings)).toEqual({ body: TEXT, undecoded: undefined });
});

test.each([
  ['with an unknown coding', ['zstd2'], 'unknown', TEXT],
  ['that is not of its coding', ['gzip'], 'broken', TEXT],
  ['that is cut short', ['gzip'], 'broken', gzipSync(TEXT).subarray(0, 20)],
  ['whose coding is the name of a property of every object', ['constructor'], 'unknown', TEXT],
  ['of which only one of two codings can be undone', ['constructor', 'gzip'], 'unknown', gzipSync(TEXT)],
  ['in more than two codings', ['gzip', 'gzip', 'gzip'], 'too many', gzipSync(gzipSync(gzipSync(TEXT)))],
] as const)('a body %s stays as it came, and its coding is named', async (_what, codings, why, body) => {
  expect(await decodeBody(body, codings)).toEqual({
    body,
    undecoded: { coding: codings[0], why },
  });
});

test('a body that is longer than 16 MiB when decoded is not kept', async () => {
  const body = gzipSync(Buffer.alloc(17 * 1024 * 1024));
  expect(await decodeBody(body, ['gzip'])).toEqual({ body: undefined, undecoded: undefined });
});

test('a body that was not kept is not decoded', async () => {
  expect(await decodeBody(undefined, ['gzip'])).toEqual({ body: undefined, undecoded: undefined });
});
