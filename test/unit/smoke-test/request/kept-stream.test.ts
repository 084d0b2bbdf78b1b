import { once } from 'node:events';
import type { Transform } from 'node:stream';
import {
  constants,
  createBrotliCompress,
  createDeflate,
  createDeflateRaw,
  createGzip,
  createZstdCompress,
} from 'node:zlib';
import { expect, test } from 'vitest';
import { createStreamReader, type StreamSummary } from '../../../../src/smoke-test/request/event-stream.ts';
import { readKeptStream, type TimedChunk } from '../../../../src/smoke-test/request/kept-stream.ts';
import type { StreamForm } from '../../../../src/smoke-test/request/stream-form.ts';

function read(
  chunks: readonly TimedChunk[],
  codings: readonly string[],
  form: StreamForm = 'events',
): Promise<StreamSummary | undefined> {
  return readKeptStream(chunks, codings, (now) => createStreamReader(form, now));
}

const CODERS: Readonly<Record<string, () => Transform>> = {
  gzip: () => createGzip({ flush: constants.Z_SYNC_FLUSH }),
  'x-gzip': () => createGzip({ flush: constants.Z_SYNC_FLUSH }),
  deflate: () => createDeflate({ flush: constants.Z_SYNC_FLUSH }),
  br: () => createBrotliCompress({ flush: constants.BROTLI_OPERATION_FLUSH }),
  zstd: () => createZstdCompress({ flush: constants.ZSTD_e_flush }),
};

/** Compresses each text on its own; the first comes after 10 ms, each other 10 ms later. */
async function compressed(coder: Transform, ...texts: readonly string[]): Promise<readonly TimedChunk[]> {
  const pieces: Buffer[] = [];
  coder.on('data', (piece: Buffer) => pieces.push(piece));
  const chunks: TimedChunk[] = [];
  for (const text of texts) {
    await new Promise((resolve) => coder.write(text, resolve));
    chunks.push({ bytes: Buffer.concat(pieces.splice(0)), afterMs: (chunks.length + 1) * 10 });
  }
  coder.end();
  await once(coder, 'end');
  return [...chunks, { bytes: Buffer.concat(pieces), afterMs: (chunks.length + 1) * 10 }];
}

test.each(Object.entries(CODERS))(
  'events are read with the time of the chunk that completes them: %s',
  async (coding, create) => {
    const chunks = await compressed(create(), ': ping\n\n', 'data: a', '\n\n', 'data: [DONE]\n\n');
    expect(await read(chunks, [coding])).toMatchObject({
      events: 2,
      firstEventMs: 30,
      lastData: '[DONE]',
    });
  },
);

test('a stream in raw deflate is read', async () => {
  const chunks = await compressed(
    createDeflateRaw({ flush: constants.Z_SYNC_FLUSH }),
    'data: a\n\n',
    'data: b\n\n',
  );
  expect(await read(chunks, ['deflate'])).toMatchObject({ events: 2, firstEventMs: 10 });
});

test('JSON lines are read too, compressed or not', async () => {
  const lines = ['{"a":1}\n{"a"', ':2}\n', '{"a":3}'];
  const plain = lines.map((line, index) => ({ bytes: Buffer.from(line), afterMs: 10 * (index + 1) }));
  const gzipped = await compressed(createGzip({ flush: constants.Z_SYNC_FLUSH }), ...lines);
  for (const summary of [await read(plain, [], 'lines'), await read(gzipped, ['gzip'], 'lines')]) {
    expect(summary).toMatchObject({
      events: 3,
      firstEventMs: 10,
      lastData: '{"a":3}',
      longestGapMs: expect.any(Number),
    });
  }
  expect(await read(plain, [], 'lines')).toMatchObject({ longestGapMs: 10, spanMs: 20 });
});

test('chunks may be cut anywhere', async () => {
  const [whole] = await Promise.all([compressed(createGzip(), 'data: a\n\n'.repeat(1_000))]);
  const bytes = Buffer.concat(whole.map((chunk) => chunk.bytes));
  const chunks = Array.from(bytes, (_, index) => ({
    bytes: bytes.subarray(index, index + 1),
    afterMs: index,
  }));
  expect(await read(chunks, ['gzip'])).toMatchObject({ events: 1_000, lastData: 'a' });
});

test.each([[['constructor']], [['gzip', 'br']]])('other codings are not read: %j', async (codings) => {
  expect(await read([], codings)).toBeUndefined();
});

test('a damaged body is not read', async () => {
  const chunks = [{ bytes: Buffer.from('data: a\n\n'), afterMs: 1 }];
  expect(await read(chunks, ['gzip'])).toBeUndefined();
  const cut = (await compressed(createGzip(), 'data: a\n\n')).slice(0, 1);
  expect(await read(cut, ['gzip'])).toBeUndefined();
});
