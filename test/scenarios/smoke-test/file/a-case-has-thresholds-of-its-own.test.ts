import { expect, test } from 'vitest';
import { json } from '../../../local-azure/index.ts';
import { byTurn, waiting } from '../../../support/models.ts';
import { runFile, serve, thresholdOf } from '../../../support/run-smoke-test-file.ts';
import { openScenario } from '../../../support/scenario.ts';

const scenario = await openScenario();

function file(ofCase: string, ...keys: readonly string[]): string {
  return `version: 1
samples: 4
${keys.map((key) => `${key}\n`).join('')}cases:
  - { name: golden set, request: { json: [1] }, thresholds: ${ofCase} }
  - { name: other, request: { json: [2] } }
`;
}

/** Fails every fourth request of the first case. */
const flaky = () =>
  byTurn((turn, { body }) => json(body.toString() === '[1]' && turn % 4 === 0 ? 500 : 200, [1]));

test('a case with its own success rate is not held to that of the run', async () => {
  serve(scenario, 'blue', flaky());
  const run = await runFile(scenario, file('{ success-rate: 0.5 }'));

  expect(run.outputs.verdict).toBe('passed');
  expect(thresholdOf(run, 'golden set / success-rate')).toMatchObject({ limit: 0.5, met: true });
  expect(thresholdOf(run, 'success-rate')).toMatchObject({ measured: 1, met: true });
  expect(run.log).toContain('Threshold golden set / success-rate: 75 % (≥ 50 %), met.');
  expect(run.summary).toContain('| golden set / success-rate | 75 % |');
  expect(run.reports.junit).toContain('<testcase name="golden set / success-rate"');
  expect(run.reports.junit).toContain('failures="0"');
});

test('it fails by its own', async () => {
  serve(scenario, 'blue', flaky());
  const run = await runFile(scenario, file('{ success-rate: 0.9 }'));

  expect(run.outputs.verdict).toBe('failed');
  expect(run.error).toContain('golden set / success-rate is 75 %; the limit is 90 %.');
  expect(thresholdOf(run, 'success-rate')).toMatchObject({ measured: 1, met: true });
  expect(run.reports.junit).toMatch(/<testcase name="golden set"[^>]*>\s*<failure/);
  expect(run.reports.junit).toMatch(/<testcase name="other"[^>]*\/>/);
});

test('a latency is that of its own requests', async () => {
  serve(scenario, 'blue', ({ body, ...request }) =>
    waiting(body.toString() === '[1]' ? 300 : 0)({ body, ...request }),
  );
  const run = await runFile(scenario, file('{ p95: 100ms, max: 20s }', 'thresholds: { p50: 20s }'));

  expect(run.outputs.verdict).toBe('failed');
  expect(run.error).toMatch(/golden set \/ p95 is \d+ ms; the limit is 100 ms\./);
  expect(thresholdOf(run, 'golden set / max')).toMatchObject({ met: true });
});

test('it can be advisory', async () => {
  serve(scenario, 'blue', waiting(300));
  const run = await runFile(scenario, file('{ p50: 100ms }', 'advisory: [golden set / p50]'));

  expect(run.outputs.verdict).toBe('passed');
  expect(thresholdOf(run, 'golden set / p50')).toMatchObject({ met: false, advisory: true });
});

test('a ratio is to the baseline of the run, in this case alone', async () => {
  serve(scenario, 'green', ({ body, ...request }) =>
    waiting(body.toString() === '[1]' ? 400 : 0)({ body, ...request }),
  );
  serve(scenario, 'blue', waiting(0));
  const keys = ['deployment: green', 'thresholds: { baseline: { deployment: blue, max: 10000x } }'];
  const run = await runFile(scenario, file('{ baseline: { p50: 1.5x } }', ...keys));

  expect(run.outputs.verdict).toBe('failed');
  expect(thresholdOf(run, 'golden set / baseline.p50')).toMatchObject({ unit: 'ratio', met: false });
  expect(thresholdOf(run, 'baseline.max')).toMatchObject({ limit: 10_000, met: true });
});
