import { isUtf8 } from 'node:buffer';
import { redactPart } from './secret.ts';

/** How much is redacted at once; of a longer line, as much as that when it has come. */
const MOST_BYTES = 256 * 1_024;

/** How much around a piece is looked at with it: a secret may be broken over lines, and stand where one is cut. */
const AROUND_BYTES = 1_024;

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** What a program writes to one stream, line by line and without secrets. */
export interface RedactedLines {
  /** Takes what comes. @returns whether something is ready that {@link flush} would write */
  push(chunk: Buffer): boolean;
  /** Writes the lines that have come whole. */
  flush(): void;
  /** Writes the rest, which need not end as a line does. */
  end(): void;
}

/**
 * Redacts a stream by whole lines: no secret is missed because it came in two pieces. Bytes in which there is nothing
 * to hide pass as they are, whatever their encoding. A line that only goes back to its start ends there, too: programs
 * write their progress so.
 */
export function createRedactedLines(write: (bytes: Buffer) => void): RedactedLines {
  let chunks: Buffer[] = [];
  let length = 0;
  /** Whether a line ends in the chunks. */
  let hasLine = false;
  let before = Buffer.alloc(0);
  const emit = (bytes: Buffer, after: Buffer): void => {
    write(redacted(bytes, before, after.subarray(0, AROUND_BYTES)));
    before = Buffer.concat([before, bytes.subarray(-AROUND_BYTES)]).subarray(-AROUND_BYTES);
  };
  const take = (size: (pending: Buffer) => number): void => {
    const pending = Buffer.concat(chunks, length);
    const end = size(pending);
    const rest = pending.subarray(end);
    chunks = rest.length > 0 ? [rest] : [];
    length = rest.length;
    hasLine = false;
    for (let at = 0; at < end; ) {
      // Lines stay together as far as they go: a secret may be broken over them.
      const next = end - at <= MOST_BYTES ? end : at + cutBefore(pending.subarray(at, at + MOST_BYTES));
      emit(pending.subarray(at, next), pending.subarray(next));
      at = next;
    }
  };
  return {
    push(chunk) {
      chunks.push(chunk);
      length += chunk.length;
      hasLine ||= chunk.includes(LINE_FEED) || chunk.includes(CARRIAGE_RETURN);
      if (length >= MOST_BYTES) take(cutBefore);
      return hasLine;
    },
    flush: () => take(endOfLines),
    end: () => take((pending) => pending.length),
  };
}

/** Where the last whole line ends; 0 when there is none. */
function endOfLines(bytes: Buffer): number {
  return Math.max(bytes.lastIndexOf(LINE_FEED), bytes.lastIndexOf(CARRIAGE_RETURN)) + 1;
}

/** Where to cut what is too long to be redacted at once. */
function cutBefore(bytes: Buffer): number {
  return endOfLines(bytes) || bytes.length - AROUND_BYTES;
}

function redacted(bytes: Buffer, before: Buffer, after: Buffer): Buffer {
  // Other encodings are read byte by byte: the letters and digits of a secret are the same in nearly all of them.
  const encoding = isUtf8(bytes) ? 'utf8' : 'latin1';
  const text = bytes.toString(encoding);
  const safe = redactPart(text, { before: before.toString(encoding), after: after.toString(encoding) });
  return safe === text ? bytes : Buffer.from(safe, encoding);
}
