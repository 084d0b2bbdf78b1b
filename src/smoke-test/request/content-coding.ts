import { brotliDecompressSync, gunzipSync, inflateSync, zstdDecompressSync } from 'node:zlib';
import type { Reply } from './exchange.ts';
import { LONGEST_KEPT_BYTES } from './transport.ts';

const DECODERS: Readonly<Record<string, (body: Buffer, options: { maxOutputLength: number }) => Buffer>> = {
  gzip: gunzipSync,
  'x-gzip': gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
  zstd: zstdDecompressSync,
  identity: (body) => body,
};

/**
 * Undoes the content codings, the last one first. A body that cannot be decoded, or is too long when decoded, stays
 * as it came; then the expectations about its content are not met.
 * @param contentEncoding the header, such as `gzip` or `deflate, br`
 */
export function decodeBody(
  body: Buffer | undefined,
  contentEncoding: string | undefined,
): Pick<Reply, 'body' | 'undecoded'> {
  let decoded = body;
  for (const coding of (contentEncoding ?? '').split(',').reverse()) {
    const name = coding.trim().toLowerCase();
    if (decoded === undefined || name === '') continue;
    try {
      const decode = Object.hasOwn(DECODERS, name) ? DECODERS[name] : undefined;
      if (decode === undefined) return { body, undecoded: name };
      decoded = decode(decoded, { maxOutputLength: LONGEST_KEPT_BYTES });
    } catch {
      return { body, undecoded: name };
    }
  }
  return { body: decoded, undecoded: undefined };
}
