import { beforeAll, expect, test } from 'vitest';
import { waiting } from '../../../support/models.ts';
import { runMistaken } from '../../../support/run-mistaken-file.ts';
import { runFile, SMOKE_TEST_FILE, serve, thresholdOf } from '../../../support/run-smoke-test-file.ts';
import { openScenario } from '../../../support/scenario.ts';

const scenario = await openScenario();

const file = (keys: string): string =>
  `version: 1\nsamples: 3\n${keys}cases:\n- { name: rows, request: { json: [1] } }\n`;
const COMPARED = file('thresholds: { baseline: { report: earlier.json, p50: 1.5x } }\n');

let earlier: string;
beforeAll(async () => {
  serve(scenario, 'blue', waiting(200));
  earlier = (await runFile(scenario, file(''))).reports.json;
});

test('a run that is as fast passes, and no other deployment is asked', async () => {
  serve(scenario, 'blue', waiting(0));
  const run = await runFile(scenario, COMPARED, { files: { 'tests/earlier.json': earlier } });

  expect(run.outputs.verdict).toBe('passed');
  expect(thresholdOf(run, 'baseline.p50')).toMatchObject({ unit: 'ratio', limit: 1.5, met: true });
  expect(run.report).not.toHaveProperty('baseline-deployment');
  expect(run.scored).toHaveLength(4);
});

test('a slower one fails, with ratio and interval', async () => {
  serve(scenario, 'blue', waiting(900));
  const run = await runFile(scenario, COMPARED, { files: { 'tests/earlier.json': earlier } });

  expect(run.outputs.verdict).toBe('failed');
  expect(run.error).toMatch(/^baseline\.p50 is [\d.]+×; the limit is 1\.5×\./);
  expect(thresholdOf(run, 'baseline.p50').interval).toHaveLength(2);
});

test.each([
  ['no report', '{}', 'This is not a report.json (version 1) of a smoke test.'],
  [
    'a report of other cases',
    () => earlier.replaceAll('"rows"', '"other"'),
    'The report has no good requests of any of these cases. Cases are matched by name.',
  ],
  [
    'a report of a run that failed',
    () => earlier.replace('"verdict": "passed"', '"verdict": "failed"'),
    'The run of this report did not pass, so it cannot be a baseline. Name the report of a run that passed.',
  ],
])('%s is a mistake', async (_, report, why) => {
  const { told } = await runMistaken(scenario, {
    [SMOKE_TEST_FILE]: COMPARED,
    'tests/earlier.json': typeof report === 'string' ? report : report(),
  });
  expect(told).toEqual([`3:35: report 'earlier.json': ${why}`]);
});

test('a report and a deployment exclude each other', async () => {
  const { told } = await runMistaken(scenario, {
    [SMOKE_TEST_FILE]: COMPARED.replace('p50', 'deployment: blue, p50'),
    'tests/earlier.json': earlier,
  });
  expect(told).toEqual(["3:49: 'deployment' and 'report' exclude each other. Keep one of them."]);
});
