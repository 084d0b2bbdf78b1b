import { describe, expect, test } from 'vitest';
import type { Overrides } from '../../../../src/smoke-test/plan/file/smoke-test-file.ts';
import { type Plan, samplesOf } from '../../../../src/smoke-test/plan/plan.ts';
import { mistakesIn, planOf, sourcesFor } from '../../../support/smoke-test-file.ts';

const fileWith = (head: string): string => `version: 1
${head}
cases:
  - { name: lines, request: { lines: rows.jsonl } }
  - { name: one, request: { json: 1 } }
`;

/** The smoke-test file, with as many lines in the file that it names. */
function sources(head: string, lines: number, overrides: Overrides = {}) {
  return { ...sourcesFor(fileWith(head), { 'rows.jsonl': '1\n'.repeat(lines) }), overrides };
}

function counts(head: string, lines: number, overrides?: Overrides): readonly number[] {
  const plan: Plan = planOf(fileWith(head), sources(head, lines, overrides));
  return plan.cases.map((each) => samplesOf(plan, each));
}

test('without samples each line is sent once, and a case without lines once', () => {
  expect(counts('timeout: 1s', 7)).toEqual([7, 1]);
});

test('samples say it for every case, in the file or as an input', () => {
  expect(counts('samples: 3', 7)).toEqual([3, 3]);
  expect(counts('timeout: 1s', 7, { samples: 2 })).toEqual([2, 2]);
});

describe('limits', () => {
  test.each([
    [100_000, []],
    [
      100_001,
      [
        'This file has 100001 lines, but a case sends at most 100000. Set samples to how many of them to send.',
      ],
    ],
  ])('of %i lines', (lines, mistakes) => {
    const told = mistakesIn(fileWith('timeout: 1s'), sources('timeout: 1s', lines));
    expect(told).toEqual(mistakes.map((mistake) => expect.stringContaining(mistake)));
  });
});
