import { promisify } from 'node:util';
import zlib from 'node:zlib';
import type { Reply } from './exchange.ts';
import { LONGEST_KEPT_BYTES } from './transport.ts';

type Decode = (body: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

// They work beside the event loop: requests that are timed meanwhile do not wait for them.
const gunzip = promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.gunzip);
const inflate = promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.inflate);
const inflateRaw = promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.inflateRaw);
/** Node 20, on which an agent may run the step, has none. */
const { zstdDecompress } = zlib as Partial<typeof zlib>;
const DECODERS: Readonly<Record<string, Decode>> = {
  gzip: gunzip,
  'x-gzip': gunzip,
  deflate: (body, options) => (hasZlibHeader(body) ? inflate(body, options) : inflateRaw(body, options)),
  br: promisify<Buffer, zlib.BrotliOptions, Buffer>(zlib.brotliDecompress),
  ...(zstdDecompress && { zstd: promisify<Buffer, zlib.ZstdOptions, Buffer>(zstdDecompress) }),
};

/** Servers call raw deflate `deflate` too, and every client reads it: RFC 9110, section 8.4.1.2. */
export function hasZlibHeader(body: Uint8Array): boolean {
  const [method = 0, flags = 0] = body;
  return (method & 0x0f) === 8 && ((method << 8) | flags) % 31 === 0;
}

/** More are not met; a server could make the step decode for ever. */
const MOST_CODINGS = 2;

/**
 * Undoes the content codings, the last one first. A body that cannot be decoded stays as it came, and one that is too
 * long when decoded is not kept: then the expectations about its content are not met, or cannot be judged.
 * @param codings as `codingsIn` reads them
 */
export async function decodeBody(
  body: Buffer | undefined,
  codings: readonly string[],
): Promise<Pick<Reply, 'body' | 'undecoded'>> {
  let decoded = body;
  for (const [index, coding] of codings.toReversed().entries()) {
    if (decoded === undefined) break;
    const decode = Object.hasOwn(DECODERS, coding) ? DECODERS[coding] : undefined;
    if (decode === undefined) return { body, undecoded: { coding, why: 'unknown' } };
    if (index === 0 && codings.length > MOST_CODINGS) return { body, undecoded: { coding, why: 'too many' } };
    try {
      decoded = await decode(decoded, { maxOutputLength: LONGEST_KEPT_BYTES });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ERR_BUFFER_TOO_LARGE') return { body: undefined, undecoded: undefined };
      return { body, undecoded: { coding, why: 'broken' } };
    }
  }
  return { body: decoded, undecoded: undefined };
}
