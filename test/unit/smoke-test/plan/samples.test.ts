import { describe, expect, test } from 'vitest';
import { readSmokeTestFile } from '../../../../src/smoke-test/plan/file/smoke-test-file.ts';
import { samplesOf } from '../../../../src/smoke-test/plan/plan.ts';

const defaults = { warmUpMs: 0, samples: 1, timeoutMs: 30_000, tolerance: { relative: 0, absolute: 0 } };

function read(head: string, lines: number, overrides = {}) {
  const text = `version: 1
${head}
cases:
  - { name: lines, request: { lines: rows.jsonl } }
  - { name: one, request: { json: 1 } }
`;
  return readSmokeTestFile('smoke.yml', {
    readFile: (path) => Buffer.from(path.endsWith('.yml') ? text : '1\n'.repeat(lines)),
    workspace: '/workspace',
    compileSchema: () => 'no schema',
    compilePath: () => 'no path',
    defaults,
    overrides,
  });
}

function counts(result: ReturnType<typeof read>): readonly number[] {
  if ('mistakes' in result) throw new Error(JSON.stringify(result.mistakes));
  return result.plan.cases.map((each) => samplesOf(result.plan, each));
}

test('without samples each line is sent once, and a case without lines once', () => {
  expect(counts(read('timeout: 1s', 7))).toEqual([7, 1]);
});

test('samples say it for every case, in the file or as an input', () => {
  expect(counts(read('samples: 3', 7))).toEqual([3, 3]);
  expect(counts(read('timeout: 1s', 7, { samples: 2 }))).toEqual([2, 2]);
});

describe('limits', () => {
  test.each([
    [100_000, []],
    [
      100_001,
      ['This file has 100001 lines, and a case sends 100000 at most. Say with samples how many of them.'],
    ],
  ])('of %i lines', (lines, mistakes) => {
    const result = read('timeout: 1s', lines);
    const told = 'mistakes' in result ? result.mistakes.map(({ message }) => message) : [];
    expect(told).toEqual(mistakes.map((mistake) => expect.stringContaining(mistake)));
  });
});
