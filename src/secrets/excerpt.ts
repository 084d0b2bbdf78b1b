import { SHORTEST_PIECE } from './search.ts';
import { redact } from './secret.ts';

/** How far beyond the cut a secret is looked for: one that reaches over the cut is hidden whole. */
const MARGIN = 8_192;

/** Where the text that was searched is itself cut, a piece of a secret that is too short to be found may stand. */
const UNSURE = SHORTEST_PIECE - 1;

/** Longest text that a message shows, in characters. */
const EXCERPT_LENGTH = 200;

/** How many characters of a text are looked at to show its first `maxLength`: no more need be built. */
export function searchedLength(maxLength: number): number {
  return maxLength + MARGIN;
}

/**
 * The start of a text, with no piece of a secret at its cut end. It takes no longer for a very long text.
 * @param clean hides the secrets, and whatever else must not be shown
 */
export function startOf(
  text: string,
  maxLength: number,
  clean: (part: string) => string = redact,
): { readonly start: string; readonly isCut: boolean } {
  const searched = text.slice(0, searchedLength(maxLength));
  const safe = clean(searched);
  const isWhole = searched.length === text.length;
  if (text.length <= maxLength || (isWhole && safe.length <= maxLength)) return { start: safe, isCut: false };
  const sure = isWhole ? safe.length : Math.max(0, safe.length - UNSURE);
  return { start: safe.slice(0, Math.min(maxLength, sure)), isCut: true };
}

/** The start of a text for a message, with `…` where it is cut, and no piece of a secret there. */
export function excerpt(text: string, maxLength = EXCERPT_LENGTH): string {
  const { start, isCut } = startOf(text, maxLength);
  return isCut ? `${start}…` : start;
}

/** Keeps the end of a text that arrives in chunks. */
export interface Tail {
  add(chunk: Buffer): void;
  /** Its last characters without white space around them, with `…` and no piece of a secret where it is cut. */
  text(): string;
}

/** @param maxLength most characters that are shown */
export function createTail(maxLength: number): Tail {
  let kept = Buffer.alloc(0);
  let isCut = false;
  return {
    add(chunk) {
      const all = Buffer.concat([kept, chunk]);
      kept = all.subarray(-searchedLength(maxLength));
      isCut ||= kept.length < all.length;
    },
    text() {
      const safe = redact(kept.toString('utf8'));
      const sure = (isCut ? safe.slice(UNSURE) : safe).trim();
      return isCut || sure.length > maxLength ? `…${sure.slice(-maxLength)}` : sure;
    },
  };
}
