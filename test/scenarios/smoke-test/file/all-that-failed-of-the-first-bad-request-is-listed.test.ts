import { expect, test } from 'vitest';
import { json } from '../../../local-azure/index.ts';
import { byTurn, obedientModel } from '../../../support/models.ts';
import { runFile, serve } from '../../../support/run-smoke-test-file.ts';
import { openScenario } from '../../../support/scenario.ts';

const scenario = await openScenario();

test('each mismatch has place, wanted and got, and the error counts the requests that failed the same way', async () => {
  // The warm-up is turn 1: requests 2, 3 and 5 are wrong, and 4 is an error.
  serve(
    scenario,
    'blue',
    byTurn((turn) =>
      turn === 5
        ? json(500, { message: 'out of memory' })
        : json(200, [3, 4, 6].includes(turn) ? { score: -0.2, label: null } : { score: 0.2, label: 'cat' }),
    ),
  );
  const { outputs, error, title, log, report, summary, reports } = await runFile(
    scenario,
    `version: 1
samples: 6
cases:
  - name: one row
    request: { json: { data: [[1]] } }
    expect:
      deployment: blue
      content-type: application/json
      headers: { x-model-version: { exists: false } }
      json: { $.score: { between: [0, 1] }, $.label: { type: string } }
      text: { matches: cat }
`,
  );

  expect(outputs.verdict).toBe('failed');
  expect(title).toBe('Smoke test failed');
  // Each on a line of its own.
  expect(error.split('\n')).toEqual([
    "Case 'one row', request 2: Endpoint 'churn-key' answered 200, but the answer is not as expected:",
    '- json $.score: expected between 0 and 1, received -0.2',
    '- json $.label: expected a string, received null',
    '- text: expected matching /cat/u, received "{\\"score\\":-0.2,\\"label\\":null}"',
    '4 of 6 requests failed, 3 of them the same way.',
  ]);
  expect(report.cases[0]?.failure).toMatchObject({
    request: 2,
    mismatches: [
      { at: 'json $.score', wanted: 'between 0 and 1', got: '-0.2' },
      { at: 'json $.label', wanted: 'a string', got: 'null' },
      { at: 'text', wanted: 'matching /cat/u', got: '"{\\"score\\":-0.2,\\"label\\":null}"' },
    ],
    'same-way': 3,
    failed: 4,
    measured: 6,
  });
  expect(report.measurements.map(({ outcome }) => outcome)).toEqual([
    'passed',
    'failed',
    'failed',
    'failed',
    'failed',
    'passed',
  ]);
  for (const shown of [reports.html, reports.junit]) {
    expect(shown).toContain('3 of 6 requests failed the same way; 4 failed in all');
    expect(shown).toContain('expected between 0 and 1, received -0.2');
  }
  // Said once: what the annotation tells whole stands in the log with it.
  expect(log.match(/Case 'one row', request 2/g)).toHaveLength(1);
  expect(summary).toContain(
    "**one row**, request 2: Endpoint 'churn-key' answered 200, but the answer is not as expected&#58;<br>3 of 6 requests failed the same way; 4 failed in all.\n",
  );
  expect(summary).toContain('| json &#36;.score | between 0 and 1 | &#45;0.2 |');
});

test('each case that failed is listed, however many there are', async () => {
  serve(scenario, 'blue', obedientModel);
  const names = ['first', 'second', 'third', 'fourth', 'fifth'];
  const cases = names.map(
    (name, index) =>
      `  - { name: ${name}, request: { json: { answer: ${index} } }, expect: { json: { $: { min: 10 } } } }`,
  );
  const { log, report, summary, reports } = await runFile(
    scenario,
    ['version: 1', 'cases:', ...cases, ''].join('\n'),
  );

  expect(report.cases.every(({ failure }) => failure?.mismatches.length === 1)).toBe(true);
  for (const [index, name] of names.entries()) {
    expect(reports.junit).toMatch(new RegExp(`name="${name}"[^>]*>\\s*<failure `));
    expect(summary).toContain(`**${name}**`);
    expect(log).toContain(`Case '${name}', request 1`);
    expect(log).toContain(`- json $: expected at least 10, received ${index}`);
  }
});
