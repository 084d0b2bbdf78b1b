import { shortJson } from '../plan/json-value.ts';
import { escapeName, normalizedPath } from './normalized-path.ts';

/** How far two numbers may lie apart. */
export interface Tolerance {
  /** At most this share of the larger one … */
  readonly relative: number;
  /** … or at most this. */
  readonly absolute: number;
}

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
 * Compares two JSON values: arrays by length and position, objects by keys in any order, numbers within the
 * tolerance, so that 1 equals 1.0 and -0 equals 0. Depth does not limit it, and its memory grows with depth only.
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

function isSame(left: unknown, right: unknown, { relative, absolute }: Tolerance): boolean {
  if (typeof left !== 'number' || typeof right !== 'number') return left === right;
  if (left === right) return true;
  // 1e400 is JSON and reads as Infinity, from which everything lies infinitely far.
  if (!Number.isFinite(left) || !Number.isFinite(right)) return false;
  return Math.abs(left - right) <= Math.max(absolute, relative * Math.max(Math.abs(left), Math.abs(right)));
}

function withTolerance(wanted: unknown, got: unknown, { relative, absolute }: Tolerance): string {
  const limits = [
    ...(relative > 0 ? [`${relative} relative`] : []),
    ...(absolute > 0 ? [`${absolute} absolute`] : []),
  ];
  const numbers = typeof wanted === 'number' && typeof got === 'number';
  return numbers && limits.length > 0 ? `${wanted} (tolerance ${limits.join(' or ')})` : shortJson(wanted);
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
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
