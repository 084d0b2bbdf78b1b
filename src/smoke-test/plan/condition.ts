import { excerpt } from '../../secrets/excerpt.ts';
import { shortJson, TYPE_WORDS, type ValueType } from './json-value.ts';

/** What a value must be; it must meet every part that is given. A literal in the file is `{ equals }`. */
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
  /** `false`: there must be no value. */
  readonly exists?: boolean;
}

/** Alternatives of `one-of` that a message names. */
const NAMED_ALTERNATIVES = 10;

/** What a condition asks for, in words: `between 11000 and 12000`, `not 3`, `a string and matching /^a/`. */
export function describeCondition(condition: Condition): string {
  const parts: string[] = [];
  const { equals, not, type, between, min, max, matches, oneOf, length, exists } = condition;
  if (equals !== undefined) parts.push(shortJson(equals));
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
  const words = describeCondition(condition);
  return Object.keys(condition).length > 1 ? `(${words})` : words;
}

function alternatives(values: readonly unknown[]): string {
  const named = values.slice(0, NAMED_ALTERNATIVES).map((value) => shortJson(value, 40));
  const more = values.length - named.length;
  return `one of ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
