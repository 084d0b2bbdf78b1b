import { describe, expect, test } from 'vitest';
import type { Case, Plan } from '../../src/smoke-test/plan/plan.ts';
import { mistakesIn, planOf } from './smoke-test-file.ts';

export const DURATION = 'Write a duration with its unit, such as 800ms, 30s, 2m or 1h30m.';
export const QUOTES = 'Write text; a number or true needs quotes.';

/** A key with a right and a wrong value. */
export interface Row {
  /** In the schema; what follows a colon tells rows of one key apart. */
  readonly key: string;
  readonly right: string;
  /** What the right text becomes in the plan. */
  readonly means: (plan: Plan, first: Case) => unknown;
  readonly meaning: unknown;
  readonly wrong: string;
  readonly mistake: string;
}

export function row(
  key: string,
  [right, means, meaning]: readonly [string, Row['means'], unknown],
  [wrong, mistake]: readonly [string, string],
): Row {
  return { key, right, means, meaning, wrong, mistake };
}

/** Tests each row, and that every key of the schema has one. */
export function testKeys(title: string, rows: readonly Row[], keys: readonly string[]): void {
  describe(title, () => {
    test('has each of its keys tested', () => {
      const tested = new Set(rows.map(({ key }) => key.split(':')[0]));
      expect(keys.filter((key) => !tested.has(key))).toEqual([]);
    });

    test.each(rows)('$key: the right value is in the plan', ({ right, means, meaning }) => {
      const plan = planOf(right);
      expect(means(plan, plan.cases[0]!)).toEqual(meaning);
    });

    test.each(rows)('$key: the wrong value is reported with its place', ({ wrong, mistake }) => {
      expect(mistakesIn(wrong).join('\n')).toBe(mistake);
    });
  });
}

/** The keys of a mapping in the schema, below a name of their own. */
export function keysOf(properties: object, below = ''): readonly string[] {
  return Object.keys(properties).map((key) => `${below}${key}`);
}
