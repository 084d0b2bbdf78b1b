import { excerpt } from '../../secrets/excerpt.ts';
import type { ContentExpectation, Mismatch } from '../plan/expectations.ts';
import { decoderFor, headerOf, type JudgedReply, limitOf, notDecoded, notKept } from './reply-body.ts';

/**
 * The first place where a body is not the golden file that is no JSON: as text line by line, as bytes one by one.
 * `got` is remote text.
 */
export function goldenContentMismatches(
  reply: JudgedReply,
  expected: ContentExpectation | undefined,
): readonly Mismatch[] {
  if (expected === undefined) return [];
  const { body, undecoded } = reply;
  const whole = { at: 'equals', wanted: `the content of ${expected.origin}` };
  if (body === undefined) return [{ ...whole, got: notKept(reply), ...limitOf(reply) }];
  if (undecoded !== undefined) return [{ ...whole, got: notDecoded(undecoded), ...limitOf(reply) }];
  // In another thread, a Buffer is a plain Uint8Array.
  const { buffer, byteOffset, length } = expected.bytes;
  const wanted = Buffer.from(buffer, byteOffset, length);
  if (expected.as === 'bytes') return byteMismatch(wanted, body);
  const decode = decoderFor(headerOf(reply, 'content-type'));
  return lineMismatch(linesOf(new TextDecoder().decode(wanted)), linesOf(decode.decode(body)));
}

/** Where a line ends is not content, nor whether the last one has an end. */
function linesOf(text: string): readonly string[] {
  return text.replace(/\r?\n$/, '').split(/\r?\n/);
}

function lineMismatch(wanted: readonly string[], got: readonly string[]): readonly Mismatch[] {
  const at = Array.from({ length: Math.max(wanted.length, got.length) }).findIndex(
    (_, index) => wanted[index] !== got[index],
  );
  if (at < 0) return [];
  const line = (lines: readonly string[]): string => {
    const text = lines[at];
    return text === undefined ? `no line, the last one is ${lines.length}` : excerpt(JSON.stringify(text));
  };
  return [{ at: `equals line ${at + 1}`, wanted: line(wanted), got: line(got) }];
}

function byteMismatch(wanted: Buffer, got: Buffer): readonly Mismatch[] {
  if (wanted.equals(got)) return [];
  const shorter = Math.min(wanted.length, got.length);
  let at = 0;
  while (at < shorter && wanted[at] === got[at]) at += 1;
  const byte = (bytes: Buffer): string => {
    const value = bytes[at];
    const place = value === undefined ? 'its end' : `0x${value.toString(16).padStart(2, '0')}`;
    return `${place}, of ${bytes.length} bytes`;
  };
  return [{ at: `equals byte ${at + 1}`, wanted: byte(wanted), got: byte(got) }];
}
