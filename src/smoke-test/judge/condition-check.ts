import { isObject } from '../../text/json.ts';
import { type Condition, describeCondition } from '../plan/condition.ts';
import type { Mismatch } from '../plan/expectations.ts';
import { shortJson, typeWords, type ValueType } from '../plan/json-value.ts';
import { isEqual } from './golden.ts';

/** Judges one expectation, which remote text can make endless; an error becomes its mismatch. */
export type Judge = (at: string, wanted: string, work: () => readonly Mismatch[]) => readonly Mismatch[];

type Parts = Required<Condition>;

/** One row for each part of a condition: whether a value meets it. A value of another type does not. */
const CHECKS: { readonly [Name in keyof Parts]: (value: unknown, part: Parts[Name]) => boolean } = {
  equals: (value, wanted) => isEqual(wanted, value),
  not: (value, condition) => !meets(value, condition),
  type: (value, type) => isOfType(value, type),
  between: (value, [low, high]) => typeof value === 'number' && value >= low && value <= high,
  min: (value, low) => typeof value === 'number' && value >= low,
  max: (value, high) => typeof value === 'number' && value <= high,
  matches: (value, pattern) => typeof value === 'string' && value.search(pattern) >= 0,
  oneOf: (value, values) => values.some((wanted) => isEqual(wanted, value)),
  length: (value, condition) => {
    const length = lengthOf(value);
    return length !== undefined && meets(length, condition);
  },
  exists: (_value, exists) => exists,
};

/** The type of value that a part of a condition applies to, where it does not apply to every value. */
const APPLIES_TO: Partial<Record<keyof Condition, string>> = {
  between: 'a number',
  min: 'a number',
  max: 'a number',
  matches: 'a string',
};

/**
 * Whether a value that is there meets every part of a condition.
 * Remote text can make its regular expression run without end: call it through `withinTime`.
 * @throws RangeError when a regular expression needs more memory than the matcher has
 */
export function meets(value: unknown, condition: Condition): boolean {
  return partsOf(condition).every((name) => meetsPart(value, condition, name));
}

/** Whether a condition is met when there is no value. */
export function wantsAbsence(condition: Condition): boolean {
  return condition.exists === false || condition.not?.exists === true;
}

/**
 * What a condition wanted and what it got instead, both as short strings; undefined when the value meets it.
 * @throws RangeError as {@link meets}
 */
export function mismatchOf(
  value: unknown,
  condition: Condition,
): { readonly wanted: string; readonly got: string } | undefined {
  const unmet = partsOf(condition).filter((name) => !meetsPart(value, condition, name));
  if (unmet.length === 0) return undefined;
  const notes = new Set(unmet.map((name) => noteOn(value, name)));
  return { wanted: describeCondition(condition), got: shortJson(value) + [...notes].join('') };
}

/** What {@link mismatchOf} finds, at its place. @throws RangeError as {@link meets} */
export function valueMismatches(at: string, value: unknown, condition: Condition): readonly Mismatch[] {
  const difference = mismatchOf(value, condition);
  return difference === undefined ? [] : [{ at, ...difference }];
}

/** Whether a part of a condition is about an empty text, not only met by one as `not: error` is. */
export function asksForEmpty({ equals, oneOf, length, matches }: Condition): boolean {
  return (
    equals === '' ||
    oneOf?.includes('') === true ||
    (length !== undefined && meets(0, length)) ||
    matches?.test('') === true
  );
}

/** The value of a header, which has no type of its own: digits are a number where the condition is on numbers. */
export function headerValue(text: string, condition: Condition): string | number {
  return /^-?\d+(?:\.\d+)?$/.test(text) && isOnNumbers(condition) ? Number(text) : text;
}

function isOnNumbers({ equals, not, type, between, min, max, oneOf }: Condition): boolean {
  return (
    [equals, min, max, ...(between ?? []), ...(oneOf ?? [])].some((part) => typeof part === 'number') ||
    type === 'number' ||
    type === 'integer' ||
    (not !== undefined && isOnNumbers(not))
  );
}

/** Why a part of a condition is not met, where the value does not show it. */
function noteOn(value: unknown, name: keyof Condition): string {
  if (name === 'length') {
    const length = lengthOf(value);
    return length === undefined ? ` (${typeWords(value)}, which has no length)` : ` (length ${length})`;
  }
  const type = APPLIES_TO[name];
  return type === undefined || type === typeWords(value) ? '' : ` (${typeWords(value)}, not ${type})`;
}

function partsOf(condition: Condition): readonly (keyof Condition)[] {
  return (Object.keys(CHECKS) as (keyof Condition)[]).filter((name) => condition[name] !== undefined);
}

function meetsPart<Name extends keyof Condition>(value: unknown, condition: Condition, name: Name): boolean {
  return CHECKS[name](value, condition[name] as Parts[Name]);
}

function isOfType(value: unknown, type: ValueType): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isObject(value);
    case 'integer':
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

/** Of a string in characters (code points), of an array, or of an object its keys. */
export function lengthOf(value: unknown): number | undefined {
  if (typeof value === 'string') return charactersOf(value);
  if (Array.isArray(value)) return value.length;
  return isObject(value) ? Object.keys(value).length : undefined;
}

function charactersOf(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}
