import { redact } from '../../secrets/secret.ts';

/** The types that `type` may name; `integer` is a number without a fraction. */
export const VALUE_TYPES = ['string', 'number', 'integer', 'boolean', 'null', 'array', 'object'] as const;
export type ValueType = (typeof VALUE_TYPES)[number];

/** What a value must be; every part that is there must hold. A literal in the file is `{ equals }`. */
export interface Condition {
  /** Compared as JSON; numbers exactly. */
  readonly equals?: unknown;
  readonly not?: Condition;
  readonly type?: ValueType;
  /** Both ends included. */
  readonly between?: readonly [number, number];
  readonly min?: number;
  readonly max?: number;
  /** A regular expression, found anywhere in a string. */
  readonly matches?: RegExp;
  readonly oneOf?: readonly unknown[];
  /** Of a string (in characters), an array, or an object (its keys). */
  readonly length?: Condition;
  /** `false`: there must be none. */
  readonly exists?: boolean;
}

/** Longest value that a message shows, in characters. */
const EXCERPT_LENGTH = 200;

/** Room for a secret that the cut would leave a piece of: what lies past the cut goes after redaction. */
const MARGIN = 8_192;

/** Alternatives of `one-of` that a message names. */
const NAMED_ALTERNATIVES = 10;

const TYPE_WORDS: Readonly<Record<ValueType, string>> = {
  string: 'a string',
  number: 'a number',
  integer: 'an integer',
  boolean: 'a boolean',
  null: 'null',
  array: 'an array',
  object: 'an object',
};

/** The type of a JSON value in words: `a number`, `null`, `an array`. */
export function typeWords(value: unknown): string {
  if (value === null) return TYPE_WORDS.null;
  if (Array.isArray(value)) return TYPE_WORDS.array;
  const type = typeof value;
  return Object.hasOwn(TYPE_WORDS, type) ? TYPE_WORDS[type as ValueType] : type;
}

/** What a condition asks for, in words: `between 11000 and 12000`, `not 3`, `a string and matching /^a/`. */
export function describe(condition: Condition): string {
  const parts: string[] = [];
  const { equals, not, type, between, min, max, matches, oneOf, length, exists } = condition;
  if (equals !== undefined) parts.push(render(equals));
  if (not !== undefined) parts.push(`not ${grouped(not)}`);
  if (type !== undefined) parts.push(TYPE_WORDS[type]);
  if (between !== undefined) parts.push(`between ${between[0]} and ${between[1]}`);
  if (min !== undefined) parts.push(`at least ${min}`);
  if (max !== undefined) parts.push(`at most ${max}`);
  if (matches !== undefined) parts.push(`matching ${excerpt(String(matches))}`);
  if (oneOf !== undefined) parts.push(alternatives(oneOf));
  if (length !== undefined) parts.push(`length ${grouped(length)}`);
  if (exists !== undefined) parts.push(exists ? 'any value' : 'none');
  return parts.length === 0 ? 'any value' : parts.join(' and ');
}

function grouped(condition: Condition): string {
  const words = describe(condition);
  return Object.keys(condition).length > 1 ? `(${words})` : words;
}

function alternatives(values: readonly unknown[]): string {
  const named = values.slice(0, NAMED_ALTERNATIVES).map((value) => render(value, 40));
  const more = values.length - named.length;
  return `one of ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** A JSON value as one short line of JSON. It takes no longer for a large or a deep value. */
export function render(value: unknown, maxLength = EXCERPT_LENGTH): string {
  const enough = maxLength + MARGIN;
  let text = '';
  const write = (part: unknown, depth: number): void => {
    if (typeof part === 'string') text += JSON.stringify(part.slice(0, enough));
    else if (typeof part !== 'object' || part === null) text += String(part);
    // The brackets alone fill the room.
    else if (depth > maxLength) text += '…';
    else {
      const [open, close] = Array.isArray(part) ? '[]' : '{}';
      text += open;
      let separator = '';
      for (const key of Array.isArray(part) ? part.keys() : Object.keys(part)) {
        if (text.length > enough) return;
        text += separator;
        separator = ',';
        if (typeof key === 'string') text += `${JSON.stringify(key.slice(0, enough))}:`;
        write(part[key as keyof object], depth + 1);
      }
      text += close;
    }
  };
  write(value, 0);
  return excerpt(text, maxLength);
}

/** The start of a text, with no piece of a secret at its cut end. */
export function excerpt(text: string, maxLength = EXCERPT_LENGTH): string {
  const safe = redact(text.slice(0, maxLength + MARGIN));
  return safe.length > maxLength ? `${safe.slice(0, maxLength)}…` : safe;
}

/** Whether a JSON value has more than so many values in it, at any depth. */
export function hasMoreParts(value: unknown, limit: number): boolean {
  const open: unknown[] = [value];
  let count = 0;
  while (open.length > 0) {
    const part = open.pop();
    if (typeof part !== 'object' || part === null) continue;
    const parts: readonly unknown[] = Array.isArray(part) ? part : Object.values(part);
    count += parts.length;
    if (count > limit) return true;
    for (const inner of parts) if (typeof inner === 'object') open.push(inner);
  }
  return false;
}
