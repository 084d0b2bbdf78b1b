import { describe, expect, test } from 'vitest';
import { json, type Model } from '../../../local-azure/index.ts';
import { runMistaken } from '../../../support/run-mistaken-file.ts';
import { runFile, SMOKE_TEST_FILE, serve } from '../../../support/run-smoke-test-file.ts';
import { openScenario } from '../../../support/scenario.ts';

const scenario = await openScenario();

/** Twice the number that it is sent. */
const doubling: Model = ({ body }) => json(200, JSON.parse(body.toString()) * 2);

const FILE = `version: 1
cases:
  - name: golden set
    request: { lines: golden.jsonl, at: "$.input" }
    expect: { equals: { at: "$.expected", absolute: 0.001 } }
`;
const line = (input: string, expected: string): string => `{"input": ${input}, "expected": ${expected}}`;
const files = (...lines: readonly string[]) => ({ 'tests/golden.jsonl': `${lines.join('\n')}\n` });

test('each line is sent once, as it is written, and its answer is held against the same line', async () => {
  serve(scenario, 'blue', doubling);
  const { outputs, report, scored } = await runFile(scenario, FILE, {
    files: files(line('1.0', '2'), '', line('2.50', '5.0004'), line('3e0', '6')),
  });

  expect(outputs.verdict).toBe('passed');
  // The first request warms up.
  expect(scored.map(({ body }) => body)).toEqual(['1.0', '1.0', '2.50', '3e0']);
  expect(report.measurements.map((each) => each.line)).toEqual([1, 3, 4]);
  expect(report.cases[0]).toMatchObject({ measured: 3, passed: 3 });
});

test('the lines that fail are named, ten of them, and how many more', async () => {
  serve(scenario, 'blue', doubling);
  const lines = Array.from({ length: 20 }, (_, index) => line(`${index}`, `${index < 5 ? 2 * index : -1}`));
  const { outputs, error, report, summary } = await runFile(scenario, FILE, { files: files(...lines) });

  expect(outputs.verdict).toBe('failed');
  expect(error).toContain('The answers to these lines are wrong:');
  for (const number of [6, 10, 15])
    expect(error).toContain(
      `- tests/golden.jsonl:${number}: equals $: expected -1 (tolerance 0.001 absolute), received ${2 * (number - 1)}`,
    );
  expect(error).not.toContain('golden.jsonl:16');
  expect(error).toContain('- and 5 more');
  expect(error).toContain('15 of 20 requests failed');
  expect(summary).toContain('5/20');
  const failed = report.measurements.filter(({ outcome }) => outcome === 'failed');
  expect(failed.map((each) => each.line)).toEqual(Array.from({ length: 15 }, (_, index) => 6 + index));
});

test('with samples the lines are sent in turn', async () => {
  serve(scenario, 'blue', doubling);
  const { outputs, scored } = await runFile(
    scenario,
    FILE.replace('cases', 'samples: 5\nconcurrency: 2\ncases'),
    {
      files: files(line('1', '2'), line('2', '4')),
    },
  );

  expect(outputs.verdict).toBe('passed');
  expect(scored.map(({ body }) => body).toSorted()).toEqual(['1', '1', '1', '1', '2', '2']);
});

test('the golden answers may stand in another file with as many lines', async () => {
  serve(scenario, 'blue', doubling);
  const text = FILE.replace('at: "$.expected"', 'at: "$", lines: expected.jsonl');
  const given = files(line('1', '0'), line('2', '0'));
  const passes = await runFile(scenario, text, { files: { ...given, 'tests/expected.jsonl': '2\n4\n' } });
  const fails = await runFile(scenario, text, { files: { ...given, 'tests/expected.jsonl': '2\n5\n' } });

  expect(passes.outputs.verdict).toBe('passed');
  expect(fails.error).toContain(
    '- tests/golden.jsonl:2: equals $: expected 5 (tolerance 0.001 absolute), received 4',
  );
  expect(fails.outputs.verdict).toBe('failed');
});

describe('a mistake, before anything is sent', () => {
  test.each([
    [
      'a line that is no JSON',
      [line('1', '2'), 'input: 2'],
      "4:41: at '$.input': Each line needs one value there. tests/golden.jsonl:2: this line is not JSON.",
    ],
    [
      'a line without the value',
      [line('1', '2'), '{"input": 2}'],
      "5:29: at '$.expected': Each line needs one value there. tests/golden.jsonl:2: there is no value.",
    ],
    [
      'an empty file',
      [''],
      "4:23: lines 'golden.jsonl': Every line of this file is blank. Each line is one request body.",
    ],
  ])('%s', async (_, lines, mistake) => {
    const { told } = await runMistaken(scenario, { [SMOKE_TEST_FILE]: FILE, ...files(...lines) });
    expect(told.join('\n')).toContain(mistake);
  });

  test('at without lines', async () => {
    const { told } = await runMistaken(scenario, {
      [SMOKE_TEST_FILE]: FILE.replace('lines: golden.jsonl, at', 'json: 1, at'),
    });
    expect(told).toEqual([
      "4:29: at '$.input': This names a value of each line of a file, but the request has no 'lines'. Add them.",
      "5:29: at '$.expected': This names a value of each line that is sent, but the request sends no lines. Give it 'lines'.",
    ]);
  });
});

test('three thousand lines are sent once each', async () => {
  serve(scenario, 'blue', doubling);
  const lines = Array.from({ length: 3_000 }, (_, index) => line(`${index % 7}`, `${2 * (index % 7)}`));
  const { outputs, report } = await runFile(scenario, FILE.replace('cases', 'concurrency: 32\ncases'), {
    files: files(...lines),
  });

  expect(outputs.verdict).toBe('passed');
  expect(report.cases[0]).toMatchObject({ measured: 3_000, passed: 3_000 });
});
