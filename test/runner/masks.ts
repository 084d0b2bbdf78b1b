import { isBlank, trim } from './white-space.ts';

export interface Masker {
  /** Registers a value as `::add-mask::` does; `value` is already unescaped. A blank value is ignored. */
  add(value: string): void;
  /** `text` as the log shows it: hits that touch or overlap become one `***`. */
  mask(text: string): string;
}

const XML_ENTITIES: Readonly<Record<string, string>> = {
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '&': '&amp;',
};

const SHORT_JSON_ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

/** What the runner registers besides the value itself, one row a rule. */
const DERIVATIONS: readonly ((value: string) => string)[] = [
  (value) => base64From(value, 0),
  (value) => base64From(value, 1),
  (value) => base64From(value, 2),
  (value) => value.replaceAll('"', '\\"'),
  (value) => value.replaceAll("'", "''"),
  jsonEscape,
  percentEncode,
  (value) => value.replace(/[<>"'&]/g, (char) => XML_ENTITIES[char]!),
  unquote,
  beforeAmpersand,
  afterAmpersand,
];

export function createMasker(): Masker {
  const registered = new Set<string>();

  function register(value: string): void {
    registered.add(value);
    for (const derive of DERIVATIONS) {
      const derived = derive(value);
      if (derived !== '') registered.add(derived);
    }
  }

  return {
    add(value) {
      if (isBlank(value)) return;
      register(value);
      for (const piece of value.split(/[\r\n]/).map(trim)) {
        if (piece !== '') register(piece);
      }
    },
    mask: (text) => replaceRanges(text, findRanges(text, registered)),
  };
}

interface Range {
  readonly start: number;
  readonly end: number;
}

function findRanges(text: string, values: Iterable<string>): Range[] {
  const ranges: Range[] = [];
  for (const value of values) {
    // Steps by one, since a value may overlap itself.
    for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1)) {
      ranges.push({ start: at, end: at + value.length });
    }
  }
  return ranges.sort((a, b) => a.start - b.start);
}

function replaceRanges(text: string, ranges: readonly Range[]): string {
  let shown = '';
  let end = -1;
  for (const range of ranges) {
    if (range.start > end) {
      shown += `${text.slice(Math.max(end, 0), range.start)}***`;
    }
    end = Math.max(end, range.end);
  }
  return shown + text.slice(Math.max(end, 0));
}

function base64From(value: string, firstByte: number): string {
  const bytes = Buffer.from(value, 'utf8');
  return (bytes.length > firstByte ? bytes.subarray(firstByte) : bytes).toString('base64');
}

function jsonEscape(value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is escaped
  return value.replace(/["\\\u0000-\u001f\u0085\u2028\u2029]/g, (char) => {
    return SHORT_JSON_ESCAPES[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** What each byte becomes. */
const PERCENT_ENCODED: readonly string[] = Array.from({ length: 256 }, (_, byte) => {
  const char = String.fromCharCode(byte);
  return /[A-Za-z0-9\-._~]/.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
});

function percentEncode(value: string): string {
  let encoded = '';
  for (const byte of Buffer.from(value, 'utf8')) encoded += PERCENT_ENCODED[byte]!;
  return encoded;
}

function unquote(value: string): string {
  return value.length > 8 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : '';
}

// PowerShell prints `&` in a colour of its own, which cuts a secret in two around it.
function beforeAmpersand(value: string): string {
  const plus = value.indexOf('&+');
  const part = plus >= 0 ? value.slice(0, plus + 2) : value.slice(0, value.lastIndexOf('&') + 1);
  return part.length >= 6 ? part : '';
}

function afterAmpersand(value: string): string {
  if (!value.includes('&')) return '';
  const plus = value.indexOf('&+');
  // After `&+` the runner skips one more character, the one that carries the colour.
  const part = plus >= 0 ? value.slice(plus + 3) : value.slice(value.lastIndexOf('&') + 1);
  return part.length >= 6 ? part : '';
}
