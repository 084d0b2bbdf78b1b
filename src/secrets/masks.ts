/** Longest value, in bytes, that is masked as a list of numbers, and as dumps show it: no program prints a token so. */
const LONGEST_DUMPED = 256;

/** Bytes in a row of `base64` (76 columns), of base64 in PEM (64 columns) and of `xxd -p` (60 columns). */
const BASE64_ROWS = [57, 48];
const HEX_ROW = 30;

/** Bytes in a row of `xxd`, `hexdump -C`, `od` and `Format-Hex`. */
const DUMP_ROW = 16;

/** The shortest row, in bytes, that is masked: fewer in hex may be any number. In base64 they have 8 characters. */
const SHORTEST_ROW = 6;

/**
 * What the form begins with that lists a value's bytes as numbers. Other forms are looked for as they are; a value with
 * this noncharacter in it fits into no header, so that none is taken for such a list.
 */
export const BYTES_MARK = '\uffff';

/** A shorter mask would hide unrelated text: the runner replaces every occurrence, in words too. */
export const MINIMUM_LENGTH = 8;

/**
 * Lines of a secret of several lines that public text has too, such as a word or a bracket: they are not masked. More
 * than twelve letters are hardly a word. A value of one line is always masked: a passphrase may be a word.
 */
const COMMON = /^(?:-+(?:BEGIN|END) [A-Z0-9 ]+-+|(.)\1*|[A-Za-z][a-z]{0,11}:? ?[{[(]?)$/;

/**
 * The strings that the CI system must hide so that neither the value nor one of its usual encodings shows.
 * None is short, none spans lines (the runner would register each line as it is, however short), and none is public
 * text.
 */
export function masksOf(value: string): readonly string[] {
  const pieces = [value, ...linesOf(value), ...jwtParts(value)];
  const all = [...encodings(pieces), ...pieces.flatMap(numbersOf), ...rowsOf(value), ...dumpOf(value)];
  return [...new Set(all)].filter((mask) => mask.trim().length >= MINIMUM_LENGTH && !/[\r\n]/.test(mask));
}

/** What a redactor looks for: the value and its lines in each encoding, reversed, in other case and normal forms. */
export function formsOf(value: string): readonly string[] {
  return [
    ...encodings([value, ...linesOf(value)]),
    ...base64Cores(value).flatMap(base64Cores),
    ...escapes([...value].reverse().join('')),
    value.toLowerCase(),
    value.toUpperCase(),
    value.normalize('NFC'),
    value.normalize('NFD'),
    `${BYTES_MARK}${Buffer.from(value, 'utf8').join(' ')}`,
  ];
}

/**
 * Each piece plain and in the encodings that programs print: base64 and base64url at each alignment inside
 * a longer text, hex, percent-encoding, JSON (once and twice), XML.
 */
function encodings(pieces: readonly string[]): readonly string[] {
  const trimmed = pieces.flatMap((piece) => [piece, piece.trim()]);
  const long = [...new Set(trimmed)].filter((piece) => piece.length >= MINIMUM_LENGTH);
  return [...new Set(long.flatMap(encode))];
}

/** The lines of a value of several. */
function linesOf(value: string): readonly string[] {
  const lines = value.split(/\r\n|[\r\n]/);
  return lines.length === 1 ? [] : lines.filter((line) => !COMMON.test(line.trim()));
}

/** A JWT's payload and signature; its header is the same in every token, and not secret. */
function jwtParts(value: string): readonly string[] {
  const parts = /^eyJ[\w-]*\.([\w-]+)\.([\w-]*)$/.exec(value.trim());
  return parts === null ? [] : [parts[1] ?? '', parts[2] ?? ''];
}

function encode(piece: string): readonly string[] {
  const bytes = Buffer.from(piece, 'utf8');
  const hex = bytes.toString('hex');
  return [
    piece,
    ...base64Cores(piece),
    hex,
    hex.toUpperCase(),
    ...percentEncodings(piece),
    ...escapes(piece),
  ];
}

/** As lists of decimal numbers: of JSON and Node.js, of Python and Java, of Go. */
function numbersOf(piece: string): readonly string[] {
  const bytes = Buffer.from(piece, 'utf8');
  if (piece.length < MINIMUM_LENGTH || bytes.length > LONGEST_DUMPED) return [];
  return [',', ', ', ' '].map((separator) => bytes.join(separator));
}

/** The rows into which programs break base64 and hex by themselves. */
function rowsOf(value: string): readonly string[] {
  return [
    ...BASE64_ROWS.flatMap((size) => split(value, size).map((row) => base64Core(row, 0))),
    ...split(value, HEX_ROW).map((row) => row.toString('hex')),
  ];
}

/** The rows of `xxd`, `hexdump -C`, and `od -t x1` or `Format-Hex`: their text, and their bytes. */
function dumpOf(value: string): readonly string[] {
  // A row of several lines, or of a token, may be public text: the start of a key file, or a header.
  const isPlain = linesOf(value).length === 0 && jwtParts(value).length === 0;
  if (!isPlain || Buffer.byteLength(value) > LONGEST_DUMPED) return [];
  return split(value, DUMP_ROW).flatMap((row) => {
    const pairs = [...row].map((byte) => byte.toString(16).padStart(2, '0'));
    const halves = [pairs.slice(0, DUMP_ROW / 2), pairs.slice(DUMP_ROW / 2)];
    return [
      row.toString('latin1'),
      row.toString('hex').replace(/.{4}(?=.)/g, '$& '),
      halves.map((half) => half.join(' ')).join('  '),
      pairs.join(' '),
      pairs.join(' ').toUpperCase(),
    ].map((mask) => mask.trimEnd());
  });
}

/** The bytes of a value in rows of a size, without a last row that is too short to be masked. */
function split(value: string, size: number): readonly Buffer[] {
  if (value.trim().length < MINIMUM_LENGTH) return [];
  const bytes = Buffer.from(value, 'utf8');
  const count = Math.ceil(bytes.length / size);
  const rows = Array.from({ length: count }, (_, at) => bytes.subarray(at * size, (at + 1) * size));
  return rows.filter((row) => row.length >= SHORTEST_ROW);
}

/** The text as it is, and as languages quote it. */
function escapes(piece: string): readonly string[] {
  const json = jsonEscape(piece);
  return [
    piece,
    json,
    jsonEscape(json),
    jsonEscape(jsonEscape(json)),
    asciiJson(piece),
    unicodeEscape(piece, (code) => code.toUpperCase()),
    unicodeEscape(piece, (code) => code),
    xmlEscape(piece, '&apos;', '&quot;'),
    xmlEscape(piece, '&#39;', '&quot;'),
    xmlEscape(piece, '&#39;', '&#34;'),
    xmlEscape(piece, '&#x27;', '&quot;'),
    piece.replaceAll("'", "''"),
  ];
}

/** Base64 and base64url at each alignment. */
function base64Cores(text: string): readonly string[] {
  const bytes = Buffer.from(text, 'utf8');
  const cores = [0, 1, 2].map((offset) => base64Core(bytes, offset));
  return [...cores, ...cores.map((core) => core.replaceAll('+', '-').replaceAll('/', '_'))];
}

/**
 * The characters of base64 that the bytes alone decide when `offset` (0, 1 or 2) bytes of a group of
 * three stand before them; what comes before and after decides the characters left out.
 */
function base64Core(bytes: Buffer, offset: number): string {
  const encoded = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString('base64')
    .replace(/=+$/, '');
  const first = Math.ceil((offset * 8) / 6);
  const last = Math.floor(((offset + bytes.length) * 8) / 6);
  return encoded.slice(first, last);
}

function percentEncodings(piece: string): readonly string[] {
  // A lone surrogate has no percent-encoding; its replacement character is what programs print.
  const loose = encodeURIComponent(piece.toWellFormed());
  const strict = loose.replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  const strictest = strict.replaceAll('~', '%7E');
  // Forms encode all but `*`, Python's quote all but `/`.
  const form = strictest.replaceAll('%2A', '*');
  const all = [
    loose,
    strict,
    strictest,
    strict.replaceAll('%2F', '/'),
    ...[loose, strict, strictest, form].map((text) => text.replaceAll('%20', '+')),
  ];
  return [...all, ...all.map((text) => text.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()))];
}

function jsonEscape(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** As Python's json.dumps writes it. */
function asciiJson(text: string): string {
  return jsonEscape(text).replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** As serializers that are careful about HTML write JSON: `+` as `\u002B`. */
function unicodeEscape(text: string, hexCase: (code: string) => string): string {
  return jsonEscape(text).replace(
    /\\"|[&'+<>`]|[\u0080-\uffff]/g,
    (character) => `\\u${hexCase((character.at(-1) ?? '').charCodeAt(0).toString(16).padStart(4, '0'))}`,
  );
}

function xmlEscape(text: string, apostrophe: string, quotation: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', quotation)
    .replaceAll("'", apostrophe);
}
