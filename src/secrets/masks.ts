/** Longest value, in bytes, that is masked as a list of numbers: no program prints a whole token like that. */
const LONGEST_AS_NUMBERS = 256;

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
  return encodings(pieces).filter((mask) => mask.trim().length >= MINIMUM_LENGTH && !/[\r\n]/.test(mask));
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
    // As a list of numbers, with and without a space behind each comma.
    ...(bytes.length <= LONGEST_AS_NUMBERS ? [bytes.join(','), bytes.join(', ')] : []),
    ...percentEncodings(piece),
    ...escapes(piece),
  ];
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
