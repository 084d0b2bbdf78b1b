import { beforeAll, expect, test } from 'vitest';
import { type Order, obedientModel } from './models.ts';
import { type FileRun, type Mismatch, mismatchesOf, runFile, serve } from './run-smoke-test-file.ts';
import type { Scenario, StepRequest } from './scenario.ts';

/** An answer with an expectation that it meets, and one that it does not. */
export interface Row {
  /** In the schema; what follows a colon tells rows of one key apart. */
  readonly key: string;
  readonly answer: Order;
  /** In YAML. */
  readonly met: string;
  readonly unmet: string;
  readonly mismatches: readonly Mismatch[];
}

export function row(
  key: string,
  answer: Order,
  [met, unmet]: readonly [string, string],
  ...mismatches: readonly (readonly [at: string, wanted: string, got: string | RegExp])[]
): Row {
  return {
    key,
    answer,
    met,
    unmet,
    mismatches: mismatches.map(([at, wanted, got]) => ({
      at,
      wanted,
      got: typeof got === 'string' ? got : expect.stringMatching(got),
    })),
  };
}

/** The cases of a table as one smoke-test file. */
function fileOf(rows: readonly Row[], side: 'met' | 'unmet', keys: readonly string[]): string {
  return [
    'version: 1',
    ...keys,
    'cases:',
    ...rows.flatMap(({ key, answer, [side]: expectation }) => [
      `  - name: "${key}"`,
      `    request: { json: ${JSON.stringify(answer)} }`,
      `    expect: ${expectation}`,
    ]),
    '',
  ].join('\n');
}

/** Runs a table twice, once with what is met and once with what is not, and looks at each row. */
export function testRows(
  scenario: Scenario,
  rows: readonly Row[],
  keys: readonly string[],
  request: StepRequest = {},
): void {
  let good: FileRun;
  let bad: FileRun;
  beforeAll(async () => {
    for (const endpoint of ['churn-key', 'churn-k8s']) serve(scenario, 'blue', obedientModel, endpoint);
    good = await runFile(scenario, fileOf(rows, 'met', []), request);
    bad = await runFile(scenario, fileOf(rows, 'unmet', []), request);
  });

  test('has a row for each of its keys', () => {
    const tested = new Set(rows.map(({ key }) => key.split(':')[0]));
    expect(keys.filter((key) => !tested.has(key))).toEqual([]);
  });

  test('passes when all of them are met', () => {
    expect(good.error).toBe('');
    expect(good.outputs.verdict).toBe('passed');
    expect(good.annotations).toEqual([]);
  });

  test('fails when none of them is met', () => {
    expect(bad.outputs.verdict).toBe('failed');
    expect(bad.report.cases.map(({ passed }) => passed)).toEqual(rows.map(() => 0));
  });

  test.each(rows)('$key: met', ({ key }) => {
    expect(mismatchesOf(good, key)).toBeUndefined();
  });

  test.each(rows)('$key: not met', ({ key, mismatches }) => {
    expect(mismatchesOf(bad, key)).toEqual(mismatches);
  });
}
