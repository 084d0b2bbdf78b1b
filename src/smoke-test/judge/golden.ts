import { spellingOf } from '../../text/exact-json.ts';
import type { Limits, Tolerance } from '../plan/expectations.ts';
import { shortJson } from '../plan/json-value.ts';
import { escapeName, normalizedPath } from './normalized-path.ts';

export interface Difference {
  /** A normalized JSONPath: see {@link normalizedPath}. */
  readonly path: string;
  readonly wanted: string;
  readonly got: string;
}

export interface Differences {
  /** In the order of the wanted value, no more than were asked for. */
  readonly listed: readonly Difference[];
  /** All of them. */
  readonly count: number;
}

const EXACT: Tolerance = { relative: 0, absolute: 0 };

/** A pair of containers on the way down, with the key that is being compared. */
interface Level {
  readonly wanted: object;
  readonly got: object;
  /** Keys of both, or undefined for arrays. */
  readonly keys: readonly string[] | undefined;
  readonly size: number;
  index: number;
}

/**
 * Compares two JSON values, best as `parseExactJson` reads them: arrays by length and position, objects by keys in any
 * order, numbers within the tolerance, so that 1 equals 1.0 and -0 equals 0. Depth does not limit it, and its memory
 * grows with depth only.
 * @param limit how many differences are described
 */
export function differences(
  wanted: unknown,
  got: unknown,
  tolerance: Tolerance = EXACT,
  limit = 10,
): Differences {
  const levels: Level[] = [];
  const listed: Difference[] = [];
  let count = 0;
  const differ = (wantedText: () => string, gotText: () => string): void => {
    count += 1;
    if (listed.length >= limit) return;
    listed.push({ path: pathOf(levels), wanted: wantedText(), got: gotText() });
  };
  const compare = (left: unknown, right: unknown): void => {
    if (isContainer(left) && isContainer(right) && Array.isArray(left) === Array.isArray(right)) {
      if (Array.isArray(left) && Array.isArray(right) && left.length !== right.length) {
        differ(
          () => `an array of ${left.length}`,
          () => `an array of ${right.length}`,
        );
      }
      levels.push(levelOf(left, right));
    } else if (!isSame(left, right, tolerance)) {
      differ(
        () => withTolerance(left, right, tolerance),
        () => shortJson(right),
      );
    }
  };

  compare(wanted, got);
  for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
    level.index += 1;
    if (level.index >= level.size) {
      levels.pop();
      continue;
    }
    const key = keyOf(level) as keyof object;
    if (!Object.hasOwn(level.got, key))
      differ(
        () => shortJson(level.wanted[key]),
        () => 'nothing',
      );
    else if (!Object.hasOwn(level.wanted, key))
      differ(
        () => 'nothing',
        () => shortJson(level.got[key]),
      );
    else compare(level.wanted[key], level.got[key]);
  }
  return { listed, count };
}

/** Whether two JSON values are the same; see {@link differences}. */
export function isEqual(left: unknown, right: unknown, tolerance: Tolerance = EXACT): boolean {
  return differences(left, right, tolerance, 0).count === 0;
}

function levelOf(wanted: object, got: object): Level {
  if (Array.isArray(wanted) && Array.isArray(got)) {
    return { wanted, got, keys: undefined, size: Math.min(wanted.length, got.length), index: -1 };
  }
  const extra = Object.keys(got).filter((key) => !Object.hasOwn(wanted, key));
  const keys = [...Object.keys(wanted), ...extra];
  return { wanted, got, keys, size: keys.length, index: -1 };
}

function keyOf(level: Level): string | number {
  return level.keys?.[level.index] ?? level.index;
}

/** A number, and how it was written. */
interface Numeral {
  readonly value: number;
  /** Written without fraction and exponent. */
  readonly isInteger: boolean;
  /** Of an integer that is too long to be kept exactly in `value`. */
  readonly digits: string | undefined;
  /** The number as it was written, when that is too large for `value`. */
  readonly spelling?: string | undefined;
}

function numeralOf(value: unknown): Numeral | undefined {
  if (typeof value === 'number') return { value, isInteger: Number.isInteger(value), digits: undefined };
  const spelling = spellingOf(value);
  if (spelling === undefined) return undefined;
  const number = Number(spelling);
  const isInteger = /^-?\d+$/.test(spelling);
  return {
    value: number,
    isInteger,
    digits: isInteger && !Number.isSafeInteger(number) ? spelling : undefined,
    spelling: Number.isFinite(number) ? undefined : spelling,
  };
}

function isSame(left: unknown, right: unknown, tolerance: Tolerance): boolean {
  const [a, b] = [numeralOf(left), numeralOf(right)];
  if (a === undefined || b === undefined) return left === right;
  const limits = limitsOf(a, b, tolerance);
  if (a.isInteger && b.isInteger && (a.digits ?? b.digits) !== undefined) return isSameInteger(a, b, limits);
  if (a.spelling !== undefined && b.spelling !== undefined) return plain(a.spelling) === plain(b.spelling);
  if (a.value === b.value) return true;
  // 1e400 is JSON and reads as Infinity, from which everything lies infinitely far.
  if (!Number.isFinite(a.value) || !Number.isFinite(b.value)) return false;
  const larger = Math.max(Math.abs(a.value), Math.abs(b.value));
  return Math.abs(a.value - b.value) <= Math.max(limits.absolute, limits.relative * larger);
}

/** One spelling for each number: its sign, its digits without zeros at either end, and the power of ten behind them. */
function plain(spelling: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([-+]?\d+))?$/i.exec(spelling) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const kept = digits.replace(/0+$/, '');
  return `${sign}${kept}e${BigInt(exponent) - BigInt(fraction.length) + BigInt(digits.length - kept.length)}`;
}

function limitsOf(a: Numeral, b: Numeral, tolerance: Tolerance): Limits {
  return a.isInteger && b.isInteger ? (tolerance.integers ?? tolerance) : tolerance;
}

/** The longest integers of which a difference is computed, in digits; the time for that grows with their square. */
const LONGEST_DIFFERENCE = 1_000;

/**
 * Compares integers that no number of JavaScript holds. Those are identifiers, of which a share means nothing: only an
 * absolute tolerance counts.
 */
function isSameInteger(a: Numeral, b: Numeral, { absolute }: Limits): boolean {
  if (a.digits === b.digits) return true;
  if (Math.max(a.digits?.length ?? 0, b.digits?.length ?? 0) > LONGEST_DIFFERENCE) return false;
  const difference = BigInt(a.digits ?? a.value) - BigInt(b.digits ?? b.value);
  return (difference < 0n ? -difference : difference) <= BigInt(Math.floor(absolute));
}

function withTolerance(wanted: unknown, got: unknown, tolerance: Tolerance): string {
  const [a, b] = [numeralOf(wanted), numeralOf(got)];
  if (a === undefined || b === undefined) return shortJson(wanted);
  const { relative, absolute } = limitsOf(a, b, tolerance);
  const limits = [
    ...(relative > 0 && a.digits === undefined ? [`${relative} relative`] : []),
    ...(absolute > 0 ? [`${absolute} absolute`] : []),
  ];
  return limits.length > 0 ? `${shortJson(wanted)} (tolerance ${limits.join(' or ')})` : shortJson(wanted);
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null && spellingOf(value) === undefined;
}

function pathOf(levels: readonly Level[]): string {
  return normalizedPath(stepsOf(levels));
}

function* stepsOf(levels: readonly Level[]): Generator<string | number> {
  for (const level of levels) {
    const key = keyOf(level);
    yield typeof key === 'string' ? escapeName(key) : key;
  }
}
