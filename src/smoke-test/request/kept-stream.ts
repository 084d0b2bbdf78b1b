import type { Transform } from 'node:stream';
import zlib from 'node:zlib';
import { hasZlibHeader } from './content-coding.ts';
import type { StreamReader, StreamSummary } from './event-stream.ts';

/** Some bytes of a body, and when they came. */
export interface TimedChunk {
  readonly bytes: Buffer;
  /** Milliseconds since the request was sent. */
  readonly afterMs: number;
}

const DECODERS: Readonly<Record<string, (start: Uint8Array) => Transform>> = {
  gzip: () => zlib.createGunzip(),
  'x-gzip': () => zlib.createGunzip(),
  deflate: (start) => (hasZlibHeader(start) ? zlib.createInflate() : zlib.createInflateRaw()),
  br: () => zlib.createBrotliDecompress(),
  // Node 20, on which an agent may run the step, has none.
  ...('createZstdDecompress' in zlib && { zstd: () => zlib.createZstdDecompress() }),
};

/**
 * Reads the events of a body that was kept, each with the time of the chunk that completed it: a server may compress a
 * stream and still send each event at once.
 * @param codings as `codingsIn` reads them; none: the body is read as it is
 * @param createReader makes a reader on the clock that it is given
 * @returns undefined when there is more than one coding or it is not known, or when the body is damaged
 */
export async function readKeptStream(
  chunks: readonly TimedChunk[],
  codings: readonly string[],
  createReader: (now: () => number) => StreamReader,
): Promise<StreamSummary | undefined> {
  let now = 0;
  const reader = createReader(() => now);
  if (codings.length === 0) {
    for (const { bytes, afterMs } of chunks) {
      now = afterMs;
      reader.feed(bytes);
    }
    return reader.summary();
  }
  const [name = ''] = codings;
  const create = codings.length === 1 && Object.hasOwn(DECODERS, name) ? DECODERS[name] : undefined;
  if (create === undefined) return undefined;
  const decoder = create(Buffer.concat(chunks.slice(0, 2).map(({ bytes }) => bytes)));
  try {
    for (const { bytes, afterMs } of chunks) {
      now = afterMs;
      await written(decoder, bytes, reader.feed);
    }
    await written(decoder, undefined, reader.feed);
    return reader.summary();
  } catch {
    return undefined;
  } finally {
    decoder.destroy();
  }
}

/** Writes one chunk, or the end, and hands over everything that is decoded of it. */
function written(
  decoder: Transform,
  chunk: Buffer | undefined,
  take: (decoded: Uint8Array) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error?: Error | null): void => {
      decoder.off('data', take);
      decoder.off('error', settle);
      decoder.off('end', settle);
      if (error) reject(error);
      else resolve();
    };
    decoder.on('data', take);
    decoder.once('error', settle);
    if (chunk === undefined) decoder.once('end', () => settle()).end();
    else decoder.write(chunk, settle);
  });
}
