/** The shortest piece of a secret that is hidden. */
const PIECE = 12;
/** Every piece holds one whole gram of those taken at multiples of this length. */
const GRAM = 6;
/** White space, and how JSON, Python and percent-encoding write it: a secret may be broken up by it. */
const SPACE = /\s+|\\[nrt]|%0[9ad]/gi;
const HIDDEN = '***';

/** Where in which encoded secret a gram stands. */
interface Place {
  readonly secret: string;
  readonly at: number;
}

interface Redactor {
  add(encoded: readonly string[]): void;
  redact(text: string): string;
}

/**
 * Hides the texts that it is given and pieces of at least 12 characters of them, also with white space
 * (a line break, say) anywhere inside.
 */
export function createRedactor(): Redactor {
  const pending: string[] = [];
  const grams = new Map<string, Place[]>();

  /** Grams are taken only when a text must be searched: most steps print little. */
  function index(): void {
    for (const encoded of pending.splice(0)) {
      const secret = encoded.replace(SPACE, '');
      for (let at = 0; at + GRAM <= secret.length; at += GRAM) {
        const gram = secret.slice(at, at + GRAM);
        const places = grams.get(gram);
        if (places === undefined) grams.set(gram, [{ secret, at }]);
        // A gram that repeats without end (a value of one repeated character) is found by its first places.
        else if (places.length < 64) places.push({ secret, at });
      }
    }
  }

  return {
    add(encoded) {
      pending.push(...encoded);
    },
    redact(text) {
      index();
      if (grams.size === 0) return text;
      const { compact, origin } = withoutSpace(text);
      const spans: [start: number, end: number][] = [];
      for (let at = 0; at + GRAM <= compact.length; at++) {
        const places = grams.get(compact.slice(at, at + GRAM));
        if (places === undefined) continue;
        for (const place of places) {
          const span = matchAround(compact, at, place);
          // A secret shorter than a piece is hidden when it is whole.
          if (span[1] - span[0] >= Math.min(PIECE, place.secret.length)) spans.push(span);
        }
      }
      return hide(text, spans, origin);
    },
  };
}

/** The longest stretch of the text around `at` that equals the secret around the gram's place. */
function matchAround(text: string, at: number, { secret, at: place }: Place): [number, number] {
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

function withoutSpace(text: string): { compact: string; origin: readonly number[] | undefined } {
  const origin: number[] = [];
  let compact = '';
  let at = 0;
  const keep = (end: number): void => {
    for (; at < end; at++) origin.push(at);
  };
  for (const space of text.matchAll(SPACE)) {
    compact += text.slice(at, space.index);
    keep(space.index);
    at += space[0].length;
  }
  if (at === 0) return { compact: text, origin: undefined };
  compact += text.slice(at);
  keep(text.length);
  return { compact, origin };
}

function hide(
  text: string,
  spans: readonly (readonly [number, number])[],
  origin: readonly number[] | undefined,
): string {
  if (spans.length === 0) return text;
  let result = '';
  let shown = 0;
  for (const [from, to] of [...spans].sort((a, b) => a[0] - b[0])) {
    const start = origin?.[from] ?? from;
    const end = (origin?.[to - 1] ?? to - 1) + 1;
    if (end <= shown) continue;
    // Touching spans become one mark, as in the runner.
    if (start > shown || result === '') result += text.slice(shown, start) + HIDDEN;
    shown = end;
  }
  return result + text.slice(shown);
}
