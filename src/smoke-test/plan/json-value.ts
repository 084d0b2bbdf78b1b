import { excerpt, searchedLength } from '../../secrets/excerpt.ts';
import { spellingOf } from '../../text/exact-json.ts';

/** The types that `type` may name; `integer` is a number without a fraction. */
export const VALUE_TYPES = ['string', 'number', 'integer', 'boolean', 'null', 'array', 'object'] as const;
export type ValueType = (typeof VALUE_TYPES)[number];

/** Longest value that a message shows, in characters. */
const RENDERED_LENGTH = 200;

/** The names of the types as messages say them. */
export const TYPE_WORDS: Readonly<Record<ValueType, string>> = {
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

/** A JSON value as one short line of JSON. It takes no longer for a large or a deep value. */
export function shortJson(value: unknown, maxLength = RENDERED_LENGTH): string {
  const enough = searchedLength(maxLength);
  let text = '';
  const write = (part: unknown, depth: number): void => {
    if (typeof part === 'string') text += JSON.stringify(part.slice(0, enough));
    else if (typeof part !== 'object' || part === null) text += String(part);
    else if (spellingOf(part) !== undefined) text += spellingOf(part);
    // The brackets alone are longer than what is shown.
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
