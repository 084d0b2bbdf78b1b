import { BYTES_MARK, MINIMUM_LENGTH } from './masks.ts';
import { createSearch, type Reading, type Search, SHORTEST_PIECE, type Span } from './search.ts';
import { UNSEEN_CHARACTERS } from './unseen.ts';

const HIDDEN = '***';

/** White space, controls and other characters that a reader does not see. A longer run would overflow the matcher. */
const UNSEEN = new RegExp(`[\\s\\p{Cc}${UNSEEN_CHARACTERS}]{1,1024}`, 'gu');

/** The same, and lone surrogates, ANSI sequences and backslashes. The content of an OSC string stays. */
const UNSEEN_AND_ANSI = new RegExp(
  String.raw`(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|\u001b[ -/]*[0-~]|[\s\\\p{Cc}\p{Cs}${UNSEEN_CHARACTERS}]{1,1024}`,
  'gu',
);

/** A character as programs escape it, once or several times: `\u001b`, `\\n`, `%0A`, `%E2%80%8B`, `&#113;`. */
const ESCAPE =
  /(?<!\\)\\+(?:u([\da-f]{4})|x([\da-f]{2})|[ux]\{([\da-f]{1,6})\}|([0-3][0-7]{2})|([abefnrtv]))|%(?:25)*[\da-f]{2}(?:%(?:25)*[89ab][\da-f])*|&(?:amp;)*#(?:x([\da-f]{1,6})|(\d{1,7}));/gi;

/** The characters with which ANSI sequences and backslash escapes begin. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const ESCAPE_START = /[\u001b\u009b\\]/;

/** Separators between bytes in hex: `71:38`, `71-38`, `0x71, 0x38`. */
const HEX_SEPARATOR = /(?<=[\da-f]{2})[^\da-z]{1,64}(?:0x)?(?=[\da-f]{2})/gi;
const HEX = /^[\da-f]+$/i;

/** As many bytes in separated hex as the shortest piece has; a text without them, a date say, is not searched for hex. */
const HEX_PIECE = new RegExp(
  `(?:[\\da-f]{2}[^\\da-z]{1,64}(?:0x)?){${SHORTEST_PIECE / 2 - 1}}[\\da-f]{2}`,
  'i',
);

/** What separates two numbers, or a number that may be a byte: `107, 101`, `107.0;101.0`, `{107 101}`. */
const NUMBER = /(?<=\d)[^\da-z]{1,64}(?=\d)|(?<![\da-z])0*(\d{1,3})(?:\.0+)?(?![\da-z])/gi;

/** The position before each number, as lists are written that are objects: `"0":107`, `[0] => 107`, `\"0\":107`. */
const POSITION = /(?<![\da-z])\d{1,6}[\\"'\]]{0,10}\s{0,8}(?::|=>?)\s{0,8}(?=\d)/gi;

/** As many numbers as the shortest secret has characters, close together, with escapes before and between them. */
const NUMBERS_PIECE = new RegExp(`(?:\\d{1,5}\\D{1,64}){${MINIMUM_LENGTH - 1}}\\d`);

interface Redactor {
  add(encoded: readonly string[]): void;
  /** @param around what comes before the text and after it, and is not returned: a secret may begin or end there */
  redact(text: string, around?: { readonly before: string; readonly after: string }): string;
  /** The same for a text of any length, in pieces. @param pause waits between two of them */
  redactLong(text: string, pause: () => Promise<void>): Promise<string>;
}

/** A piece takes some 100 ms at most. */
const PIECE = 256 * 1024;

/** How far the search in a piece goes beyond each of its ends: a piece of a secret may stand on both sides of one. */
const OVERLAP = 8_192;

/**
 * Hides the strings that it is given, and pieces of them of at least 12 characters. It finds them also with characters
 * inside that a reader does not see (a line break, say, as it is or escaped), with any character escaped, in hex with
 * separators, and as a list of its bytes in decimal numbers.
 */
export function createRedactor(): Redactor {
  // A secret may itself hold what looks like an escape, so texts are searched both as written and unescaped.
  const asWritten = createSearch((reading) => rewrite(reading, UNSEEN));
  const unescapeOnce = (reading: Reading) => rewrite(rewrite(reading, ESCAPE, decode), UNSEEN_AND_ANSI);
  // Twice: such characters may stand inside an escape.
  const unescaped = createSearch((reading) => unescapeOnce(unescapeOnce(reading)));
  const hex = createSearch((reading) => rewrite(reading, HEX_SEPARATOR));
  const bytesIn = (reading: Reading) => rewrite(reading, NUMBER, byteOf);
  const numbers = createSearch(bytesIn, bytesOfList);
  // What separates numbers may be escaped, and may look like the start of an escape: `107%101`.
  const escapedNumbers = createSearch((reading) => bytesIn(rewrite(reading, ESCAPE, decode)), bytesOfList);
  const numbered = createSearch(
    (reading) => bytesIn(rewrite(rewrite(reading, ESCAPE, decode), POSITION)),
    bytesOfList,
  );
  const numberSearches = (text: string): readonly Search[] =>
    NUMBERS_PIECE.test(text)
      ? [
          numbers,
          ...(text.search(ESCAPE) === -1 ? [] : [escapedNumbers]),
          ...(text.search(POSITION) === -1 ? [] : [numbered]),
        ]
      : [];
  const find = (text: string): readonly Span[] => [
    ...asWritten.find(text),
    // These take as long as the rest of a step's redaction, and most texts need neither.
    ...(ESCAPE_START.test(text) || text.search(ESCAPE) !== -1 ? unescaped.find(text) : []),
    ...(HEX_PIECE.test(text) ? hex.find(text) : []),
    ...numberSearches(text).flatMap((search) => search.find(text)),
  ];
  return {
    add(encoded) {
      const texts = encoded.filter((each) => !each.startsWith(BYTES_MARK));
      const lists = encoded.filter((each) => each.startsWith(BYTES_MARK)).map((each) => each.slice(1));
      asWritten.add(texts);
      unescaped.add(texts);
      hex.add(texts.filter((each) => HEX.test(each)));
      for (const search of [numbers, escapedNumbers, numbered]) search.add(lists);
    },
    redact(text, around) {
      if (around === undefined) return hide(text, find(text));
      const start = around.before.length;
      const spans = find(around.before + text + around.after).flatMap(([from, to]): Span[] => {
        const within: Span = [Math.max(0, from - start), Math.min(text.length, to - start)];
        return within[0] < within[1] ? [within] : [];
      });
      return hide(text, spans);
    },
    async redactLong(text, pause) {
      const spans: Span[] = [];
      for (let at = 0; at < text.length; at += PIECE) {
        const start = Math.max(0, at - OVERLAP);
        const found = find(text.slice(start, at + PIECE + OVERLAP));
        for (const [from, to] of found) spans.push([start + from, start + to]);
        await pause();
      }
      return hide(text, spans);
    },
  };
}

/** The reading with each match of the global pattern replaced by a string that is not longer than the match. */
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

/** The character that an escape stands for. Every escaped white space is a space: all of it is removed later. */
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

/** What each search for numbers makes of a secret's own list of bytes, without looking for numbers in it. */
function bytesOfList({ text }: Reading): Reading {
  return { text: Buffer.from(text.split(' ').map(Number)).toString('latin1') };
}

/** The character that stands for a byte; nothing for a separator of two. */
function byteOf([number, digits]: RegExpExecArray): string {
  if (digits === undefined) return '';
  return Number(digits) > 0xff ? number : String.fromCharCode(Number(digits));
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
