import { redact, redactLong } from '../secrets/secret.ts';

/** A longer line is not waited for: a program that writes none would fill the memory. */
const LONGEST_LINE_BYTES = 64 * 2 ** 20;

/** Up to here, a text is searched at once. */
const SHORT_BYTES = 2 ** 18;

const LINE_FEED = 0x0a;

export interface RedactedOutput {
  /** Takes what a program writes, as it comes. */
  feed(chunk: Buffer): void;
  /** Writes what is left of it, and waits until all is written. */
  end(): Promise<void>;
}

/** Hands on whole lines without the secrets in them; what holds none, byte for byte. */
export function createRedactedOutput(write: (chunk: Buffer | string) => void): RedactedOutput {
  let kept: Buffer[] = [];
  let keptBytes = 0;
  let written = Promise.resolve();
  let waiting = 0;
  const take = (): Buffer => {
    const taken = kept.length === 1 ? kept[0]! : Buffer.concat(kept);
    kept = [];
    keptBytes = 0;
    return taken;
  };
  const hand = (bytes: Buffer): void => {
    if (bytes.length === 0) return;
    if (waiting === 0 && bytes.length <= SHORT_BYTES)
      return void write(without(bytes, redact(bytes.toString('utf8'))));
    waiting += 1;
    // In pieces, so that signals are heard; what comes meanwhile waits for its turn.
    written = written.then(async () => {
      write(without(bytes, await redactLong(bytes.toString('utf8'))));
      waiting -= 1;
    });
  };
  return {
    feed(chunk) {
      const end = chunk.lastIndexOf(LINE_FEED) + 1;
      if (end > 0) {
        kept.push(chunk.subarray(0, end));
        hand(take());
      }
      if (end < chunk.length) {
        kept.push(chunk.subarray(end));
        keptBytes += chunk.length - end;
      }
      if (keptBytes > LONGEST_LINE_BYTES) hand(take());
    },
    end() {
      hand(take());
      return written;
    },
  };
}

function without(bytes: Buffer, redacted: string): Buffer | string {
  // What is no UTF-8 would not come back as it was.
  return bytes.toString('utf8') === redacted ? bytes : redacted;
}
