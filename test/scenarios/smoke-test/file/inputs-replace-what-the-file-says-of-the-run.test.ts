import { describe, expect, test } from 'vitest';
import { wrongAnswer } from '../../../local-azure/index.ts';
import { runFile, SMOKE_TEST_FILE, serve } from '../../../support/run-smoke-test-file.ts';
import { openScenario, SAMPLE } from '../../../support/scenario.ts';

const scenario = await openScenario();
const FILE = `version: 1
deployment: blue
samples: 3
warm-up: 5s
cases:
  - name: rows
    request: { json: { data: [[1, 2]] } }
`;

test('one file tests the deployment that the input names, as often as it says', async () => {
  serve(scenario, 'blue', wrongAnswer('of blue'));
  const { report, outputs, log, scored } = await runFile(scenario, FILE, {
    inputs: { deployment: 'green', samples: '2', timeout: '20s' },
  });

  expect(outputs).toMatchObject({ verdict: 'passed', deployment: 'green' });
  expect(report).toMatchObject({ deployment: 'green', samples: 2 });
  expect(new Set(scored.map(({ headers }) => headers['azureml-model-deployment']))).toEqual(
    new Set(['green']),
  );
  expect(log).toContain(
    `deployment: green is taken from the input and not from ${SMOKE_TEST_FILE}, which has blue.`,
  );
  expect(log).toContain(`samples: 2 is taken from the input and not from ${SMOKE_TEST_FILE}, which has 3.`);
  expect(log).toContain(
    `timeout: 20s is taken from the input and not from ${SMOKE_TEST_FILE}, which does not set it.`,
  );
  expect(log).not.toContain('warm-up: ');
});

test('without such inputs the file decides', async () => {
  const { report, log } = await runFile(scenario, FILE);

  expect(report).toMatchObject({ deployment: 'blue', samples: 3 });
  expect(log).not.toContain('is taken from the input');
});

test('the limits of the file are held against the timeout that the input gives', async () => {
  const { error, problems } = await scenario
    .step({
      inputs: { 'smoke-test': SMOKE_TEST_FILE, timeout: '1s' },
      files: { [SMOKE_TEST_FILE]: `${FILE}thresholds: { p95: 2s }\n` },
    })
    .then((seen) => ({ error: seen.error, problems: seen.log }));

  expect(`${error}\n${problems}`).toContain(
    'This is longer than the timeout, which ends a request after 1 s.',
  );
});

test('an input that describes a request is a mistake beside a file', async () => {
  const { error, sent } = await scenario.step({
    inputs: { 'smoke-test': SMOKE_TEST_FILE, 'sample-request': '[1]', 'max-latency': '1s' },
    files: { [SMOKE_TEST_FILE]: FILE },
  });

  expect(error).toContain(
    "sample-request '[1]': A smoke-test file describes the requests and their answers itself. Write it there, as 'request', or leave smoke-test out.",
  );
  expect(error).toContain("max-latency '1s': A smoke-test file describes");
  expect(sent('scoring')).toEqual([]);
});

describe('working-directory', () => {
  const files = {
    'models/churn/sample.json': '{"data": [[1, 2]]}',
    'models/churn/answer.schema.json': '{"type": "array"}',
    'models/churn/smoke.yml': FILE.replace('{ json: { data: [[1, 2]] } }', '{ body: sample.json }'),
  };

  test('relative paths of inputs start from it', async () => {
    const { outputs, changedFiles, sent } = await scenario.step({
      inputs: {
        'working-directory': 'models/churn',
        'sample-request': 'sample.json',
        'response-schema': 'answer.schema.json',
        'report-directory': 'reports',
        'response-check': 'pwd > place; [[ -e sample.json ]]',
      },
      files,
    });

    expect(outputs.verdict).toBe('passed');
    expect(sent('scoring')).toHaveLength(1);
    expect(Object.keys(changedFiles)).toContain('workspace/models/churn/reports/report.json');
    expect(Object.keys(changedFiles)).toContain('workspace/models/churn/place');
  });

  test('so does the smoke-test file, beside which its own files lie', async () => {
    const { outputs } = await scenario.step({
      inputs: { 'working-directory': 'models/churn', 'smoke-test': 'smoke.yml', deployment: 'green' },
      files,
    });

    expect(outputs).toMatchObject({ verdict: 'passed', deployment: 'green' });
  });

  test.each([
    [
      'models/chrun',
      'There is no such directory (relative paths start from the workspace). Is actions/checkout missing?',
    ],
    ['models/churn/sample.json', 'This is not a directory.'],
    ['..', 'This leads out of the workspace.'],
  ])('%s is a mistake', async (directory, why) => {
    const { error, sent } = await scenario.step({
      inputs: { 'working-directory': directory, 'sample-request': SAMPLE },
      files,
    });

    expect(error).toContain(`working-directory '${directory}': ${why}`);
    expect(sent('scoring')).toEqual([]);
  });
});
