/** The shortest piece of a secret that is hidden. */
export const SHORTEST_PIECE = 12;
/** Every piece holds one whole gram of those taken at multiples of this length. */
const GRAM = 6;
/** A gram that repeats without end (a value of one repeated character) is found by its first places. */
const MOST_PLACES = 64;
const HIDDEN = '***';

/** What nobody sees: white space, controls, zero-width and other ignorable characters. */
const UNSEEN = /[\s\p{Cc}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]+/gu;

/** The same, lone surrogates, ANSI sequences and what quotes quotation marks; the content of an OSC string stays. */
const UNSEEN_AND_ANSI =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|\u001b[ -/]*[0-~]|[\s\\\p{Cc}\p{Cs}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]+/gu;

/** A character as programs escape it, once or several times: `\u001b`, `\\n`, `%0A`, `%E2%80%8B`, `&#113;`. */
const ESCAPE =
  /(?<!\\)\\+(?:u([\da-f]{4})|x([\da-f]{2})|[ux]\{([\da-f]{1,6})\}|([0-3][0-7]{2})|([abefnrtv]))|%(?:25)*[\da-f]{2}(?:%(?:25)*[89ab][\da-f])*|&(?:amp;)*#(?:x([\da-f]{1,6})|(\d{1,7}));/gi;

/** ANSI sequences and quoted quotation marks begin with them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const ESCAPE_START = /[\u001b\u009b\\]/;

/** What stands between the bytes of a text in hex: `71:38`, `71-38`, `0x71, 0x38`. */
const HEX_SEPARATOR = /(?<=[\da-f]{2})[^\da-z]{1,4}(?:0x)?(?=[\da-f]{2})/gi;
const HEX = /^[\da-f]+$/i;

/** A piece of a secret in such hex: other texts, dates among them, need no search for it. */
const HEX_PIECE = new RegExp(
  `(?:[\\da-f]{2}[^\\da-z]{1,4}(?:0x)?){${SHORTEST_PIECE / 2 - 1}}[\\da-f]{2}`,
  'i',
);

/** Where in which encoded secret a gram stands. */
interface Place {
  readonly secret: string;
  readonly at: number;
}

type Span = [start: number, end: number];

/** A text as it is read, and where each of its characters starts and ends in the text as it stands. */
interface Reading {
  readonly text: string;
  /** Without them every character stands for itself. */
  readonly origin?: { readonly starts: Uint32Array; readonly ends: Uint32Array };
}

interface Redactor {
  add(encoded: readonly string[]): void;
  redact(text: string): string;
}

interface Search {
  add(encoded: readonly string[]): void;
  find(text: string): readonly Span[];
}

/**
 * Hides the texts that it is given and pieces of at least 12 characters of them, also with what nobody sees
 * (a line break, say, as it is or escaped) anywhere inside, with any character escaped, and in hex with
 * separators.
 */
export function createRedactor(): Redactor {
  // A secret may itself hold what reads as an escape: what one search takes out, the other keeps.
  const plain = createSearch((reading) => rewrite(reading, UNSEEN));
  const unescaped = (reading: Reading) => rewrite(rewrite(reading, ESCAPE, decode), UNSEEN_AND_ANSI);
  // Twice: what nobody sees may stand inside an escape.
  const escaped = createSearch((reading) => unescaped(unescaped(reading)));
  const hex = createSearch((reading) => rewrite(reading, HEX_SEPARATOR));
  return {
    add(encoded) {
      plain.add(encoded);
      escaped.add(encoded);
      hex.add(encoded.filter((each) => HEX.test(each)));
    },
    redact(text) {
      return hide(text, [
        ...plain.find(text),
        // Preparing these takes as long as the rest of a step's redaction: most texts need neither.
        ...(ESCAPE_START.test(text) || text.search(ESCAPE) !== -1 ? escaped.find(text) : []),
        ...(HEX_PIECE.test(text) ? hex.find(text) : []),
      ]);
    },
  };
}

/** Finds secrets in a text, both read in the same way. */
export function createSearch(read: (reading: Reading) => Reading): Search {
  const pending: string[] = [];
  const known = new Set<string>();
  const grams = new Map<string, Place[]>();

  /** Grams are taken only when a text must be searched: most steps print little. */
  function index(): void {
    for (const encoded of pending.splice(0)) {
      const secret = read({ text: encoded }).text;
      if (known.has(secret)) continue;
      known.add(secret);
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
    find(whole) {
      index();
      if (grams.size === 0) return [];
      const { text, origin } = read({ text: whole });
      const spans: Span[] = [];
      for (let at = 0; at + GRAM <= text.length; at++) {
        const places = grams.get(text.slice(at, at + GRAM));
        if (places === undefined) continue;
        for (const place of places) {
          const [from, to] = matchAround(text, at, place);
          // A secret shorter than a piece is hidden when it is whole.
          if (to - from < Math.min(SHORTEST_PIECE, place.secret.length)) continue;
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
 * The stretch of the text around `at` that equals the secret around the gram's place. It reaches to the
 * next gram on each side and no further, for that one is found by itself: time grows with the text alone.
 */
function matchAround(text: string, at: number, { secret, at: place }: Place): Span {
  let before = 0;
  while (before < Math.min(GRAM, at, place) && text[at - before - 1] === secret[place - before - 1]) {
    before++;
  }
  let after = GRAM;
  const most = Math.min(2 * GRAM, text.length - at, secret.length - place);
  while (after < most && text[at + after] === secret[place + after]) after++;
  return [at - before, at + after];
}

/** The reading with each match of the pattern, which is global, replaced by a text that is no longer. */
function rewrite(
  reading: Reading,
  pattern: RegExp,
  replacement: (match: RegExpExecArray) => string = () => '',
): Reading {
  const { text, origin } = reading;
  if (text.search(pattern) === -1) return reading;
  const starts = new Uint32Array(text.length);
  const ends = new Uint32Array(text.length);
  const parts: string[] = [];
  let length = 0;
  let at = 0;
  const keep = (end: number): void => {
    parts.push(text.slice(at, end));
    for (; at < end; at++, length++) {
      starts[length] = origin?.starts[at] ?? at;
      ends[length] = origin?.ends[at] ?? at + 1;
    }
  };
  for (const match of text.matchAll(pattern)) {
    keep(match.index);
    const part = replacement(match);
    const end = at + match[0].length;
    parts.push(part);
    // Each character of the replacement stands for the whole match.
    starts.fill(origin?.starts[at] ?? at, length, length + part.length);
    ends.fill(origin?.ends[end - 1] ?? end, length, length + part.length);
    length += part.length;
    at = end;
  }
  keep(text.length);
  return { text: parts.join(''), origin: { starts, ends } };
}

/** The character that an escape stands for; which white space `\n` or `\t` is does not matter. */
function decode([escaped, u, x, braced, octal, letter, hexEntity, decimalEntity]: RegExpExecArray): string {
  if (escaped.startsWith('%')) {
    return Buffer.from(escaped.replace(/%(?:25)*(?=[\da-f]{2})/gi, ''), 'hex').toString('utf8');
  }
  if (letter !== undefined) return letter.toLowerCase() === 'e' ? '\u001b' : ' ';
  const hex = u ?? x ?? braced ?? hexEntity;
  const code =
    hex !== undefined
      ? Number.parseInt(hex, 16)
      : octal !== undefined
        ? Number.parseInt(octal, 8)
        : Number(decimalEntity);
  return code > 0x10_ff_ff ? escaped : String.fromCodePoint(code);
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
