/** The shortest piece of a secret that is hidden. */
export const SHORTEST_PIECE = 12;

/**
 * Every sixth six-character chunk of a secret is indexed. Any twelve-character piece of the secret holds one of them
 * whole, so looking up each six-character window of a text finds all candidates.
 */
const CHUNK = SHORTEST_PIECE / 2;

/** A chunk that is in many places (a secret of one repeated character) is indexed at its first places only. */
const MOST_OCCURRENCES = 64;

/** Where in which encoded secret a chunk stands. */
interface Occurrence {
  readonly secret: string;
  readonly at: number;
}

/** A part of a text, from its first character to the one behind its last. */
export type Span = [start: number, end: number];

/** A text in the form in which it is searched, and where each of its characters starts and ends in the original. */
export interface Reading {
  readonly text: string;
  /** Undefined when the text is the original. */
  readonly origin?: { readonly starts: Uint32Array; readonly ends: Uint32Array };
}

export interface Search {
  add(encoded: readonly string[]): void;
  find(text: string): readonly Span[];
}

/** Finds secrets in a text; `read` brings a text into the form that is searched, and `readSecret` a secret. */
export function createSearch(read: (reading: Reading) => Reading, readSecret = read): Search {
  const pending: string[] = [];
  const indexed = new Set<string>();
  const occurrences = new Map<string, Occurrence[]>();

  /** Secrets are indexed only when a text is searched: most steps print little. */
  function index(): void {
    for (const encoded of pending.splice(0)) {
      const secret = readSecret({ text: encoded }).text;
      if (indexed.has(secret)) continue;
      indexed.add(secret);
      for (let at = 0; at + CHUNK <= secret.length; at += CHUNK) {
        const chunk = secret.slice(at, at + CHUNK);
        const known = occurrences.get(chunk);
        if (known === undefined) occurrences.set(chunk, [{ secret, at }]);
        else if (known.length < MOST_OCCURRENCES) known.push({ secret, at });
      }
    }
  }

  return {
    add(encoded) {
      pending.push(...encoded);
    },
    find(whole) {
      index();
      if (occurrences.size === 0) return [];
      const { text, origin } = read({ text: whole });
      const spans: Span[] = [];
      for (let at = 0; at + CHUNK <= text.length; at++) {
        const candidates = occurrences.get(text.slice(at, at + CHUNK));
        if (candidates === undefined) continue;
        for (const occurrence of candidates) {
          const [from, to] = matchAround(text, at, occurrence);
          // A secret that is shorter than the shortest piece is hidden only when it is whole.
          if (to - from < Math.min(SHORTEST_PIECE, occurrence.secret.length)) continue;
          const last = spans.at(-1);
          if (last === undefined || from >= last[1]) spans.push([from, to]);
          else {
            last[0] = Math.min(last[0], from);
            last[1] = Math.max(last[1], to);
          }
        }
      }
      return spans.map(([from, to]) => [origin?.starts[from] ?? from, origin?.ends[to - 1] ?? to]);
    },
  };
}

/**
 * The part of the text around `at` that equals the secret around the chunk. It reaches over the next chunk on each
 * side and no further, since that one is found by itself: so the time does not grow with the length of the secret.
 */
function matchAround(text: string, at: number, { secret, at: inSecret }: Occurrence): Span {
  let before = 0;
  while (before < Math.min(CHUNK, at, inSecret) && text[at - before - 1] === secret[inSecret - before - 1]) {
    before++;
  }
  let after = CHUNK;
  const most = Math.min(2 * CHUNK, text.length - at, secret.length - inSecret);
  while (after < most && text[at + after] === secret[inSecret + after]) after++;
  return [at - before, at + after];
}
