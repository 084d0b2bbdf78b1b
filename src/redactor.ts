/** The shortest piece of a secret that is hidden. */
const PIECE = 12;
/** Every piece holds one whole gram of those taken at multiples of this length. */
const GRAM = 6;
/** A gram that repeats without end (a value of one repeated character) is found by its first places. */
const MOST_PLACES = 64;
const HIDDEN = '***';

const WHITE_SPACE = /\s+/g;
/** White space, and how JSON, Python and percent-encoding write it. */
const ESCAPED_SPACE = /\s+|\\[nrt]|%0[9ad]/gi;

/** Where in which encoded secret a gram stands. */
interface Place {
  readonly secret: string;
  readonly at: number;
}

type Span = readonly [start: number, end: number];

interface Redactor {
  add(encoded: readonly string[]): void;
  redact(text: string): string;
}

/**
 * Hides the texts that it is given and pieces of at least 12 characters of them, also with white space
 * (a line break, say, as it is or escaped) anywhere inside.
 */
export function createRedactor(): Redactor {
  // A secret may itself hold what reads as an escaped line end: what one search takes out, the other keeps.
  const plain = createSearch(WHITE_SPACE);
  const escaped = createSearch(ESCAPED_SPACE);
  return {
    add(encoded) {
      plain.add(encoded);
      escaped.add(encoded);
    },
    redact(text) {
      const broken = /\\[nrt]|%0[9ad]/i.test(text);
      return hide(text, [...plain.find(text), ...(broken ? escaped.find(text) : [])]);
    },
  };
}

/** Finds secrets that are broken up by what `space` matches. */
function createSearch(space: RegExp): {
  add(encoded: readonly string[]): void;
  find(text: string): readonly Span[];
} {
  const pending: string[] = [];
  const grams = new Map<string, Place[]>();

  /** Grams are taken only when a text must be searched: most steps print little. */
  function index(): void {
    for (const encoded of pending.splice(0)) {
      const secret = encoded.replace(space, '');
      for (let at = 0; at + GRAM <= secret.length; at += GRAM) {
        const gram = secret.slice(at, at + GRAM);
        const places = grams.get(gram);
        if (places === undefined) grams.set(gram, [{ secret, at }]);
        else if (places.length < MOST_PLACES) places.push({ secret, at });
      }
    }
  }

  return {
    add(encoded) {
      pending.push(...encoded);
    },
    find(text) {
      index();
      if (grams.size === 0) return [];
      const { compact, origin } = withoutSpace(text, space);
      const spans: Span[] = [];
      for (let at = 0; at + GRAM <= compact.length; at++) {
        const places = grams.get(compact.slice(at, at + GRAM));
        if (places === undefined) continue;
        for (const place of places) {
          const [from, to] = matchAround(compact, at, place);
          // A secret shorter than a piece is hidden when it is whole.
          if (to - from < Math.min(PIECE, place.secret.length)) continue;
          spans.push([origin?.[from] ?? from, (origin?.[to - 1] ?? to - 1) + 1]);
        }
      }
      return spans;
    },
  };
}

/** The longest stretch of the text around `at` that equals the secret around the gram's place. */
function matchAround(text: string, at: number, { secret, at: place }: Place): Span {
  let before = 0;
  while (before < at && before < place && text[at - before - 1] === secret[place - before - 1]) before++;
  let after = GRAM;
  while (
    at + after < text.length &&
    place + after < secret.length &&
    text[at + after] === secret[place + after]
  ) {
    after++;
  }
  return [at - before, at + after];
}

/** The text without space, and for each of its characters where it stands in the text. */
function withoutSpace(
  text: string,
  space: RegExp,
): { compact: string; origin: readonly number[] | undefined } {
  const origin: number[] = [];
  let compact = '';
  let at = 0;
  const keep = (end: number): void => {
    compact += text.slice(at, end);
    for (; at < end; at++) origin.push(at);
  };
  for (const { index, 0: found } of text.matchAll(space)) {
    keep(index);
    at += found.length;
  }
  if (at === 0) return { compact: text, origin: undefined };
  keep(text.length);
  return { compact, origin };
}

/** Touching and overlapping spans become one mark, as in the runner. */
function hide(text: string, spans: readonly Span[]): string {
  let result = '';
  let shown = 0;
  for (const [start, end] of [...spans].sort((a, b) => a[0] - b[0])) {
    if (end <= shown) continue;
    if (start > shown || result === '') result += text.slice(shown, start) + HIDDEN;
    shown = end;
  }
  return result + text.slice(shown);
}
