import { describe, expect, test } from 'vitest';
import { openCommandLine, readDotenv } from '../../support/command-line.ts';
import { SAMPLE } from '../../support/scenario.ts';

const { azure, there, command } = await openCommandLine();
const KEY = ['test', '-e', 'churn-key', ...there];
const WRONG = `version: 1
warm-up: 0s
cases: [{ name: a, request: { json: { data: [[1]] } }, expect: { json: { "$[0]": { between: [8000, 9000] } } } }]
`;

describe('the exit code', () => {
  test('is 0 when all is well', async () => {
    const { exitCode, stdout, stderr } = await command([...KEY, '--sample-request', SAMPLE]);

    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toContain("Endpoint 'churn-key' in ");
    expect(stdout).toContain('Smoke test passed');
  });

  test('is 1 when the model answers wrongly', async () => {
    const { exitCode, stdout } = await command([...KEY, 'smoke-test.yml'], {
      files: { 'smoke-test.yml': WRONG },
    });

    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^error: /m);
  });

  test('is 2 for a mistake, and nothing is sent', async () => {
    const { exitCode, stdout, exchanges } = await command([
      ...KEY,
      '--samples',
      'many',
      '--sample-request',
      SAMPLE,
    ]);

    expect(exitCode).toBe(2);
    expect(stdout).toContain("--samples 'many': Write a whole number");
    expect(exchanges).toEqual([]);
  });

  test('is 2 when nothing is asked of the endpoint', async () => {
    const { exitCode, stdout, exchanges } = await command(KEY);

    expect(exitCode).toBe(2);
    expect(stdout).toContain('Nothing would be tested: name a smoke-test file, or give --sample-request');
    expect(exchanges).toEqual([]);
  });

  test('is 3 when there was no usable answer', async () => {
    azure.endpoints.get('churn-key')!.deployments.get('blue')!.model = () => ({ refusal: 'model_not_ready' });
    const { exitCode, stdout } = await command([...KEY, '--sample-request', SAMPLE, '--warm-up', '0s']);

    expect(exitCode).toBe(3);
    expect(stdout).toContain('inconclusive');
  });

  test('is 4 when it could not be measured', async () => {
    const { exitCode, stdout } = await command([...KEY, '--sample-request', SAMPLE], {
      env: { AZURE_CLIENT_SECRET: 'wrong-secret-of-nobody' },
    });

    expect(exitCode).toBe(4);
    expect(stdout).toContain('AZURE_CLIENT_SECRET must hold');
  });

  test.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('of a command that %s ends is %i', async (signal, code) => {
    azure.endpoints.get('churn-key')!.deployments.get('blue')!.model = () => ({ refusal: 'model_not_ready' });
    const { exitCode } = await command([...KEY, '--sample-request', SAMPLE, '--warm-up', '5m'], {
      onStart: (child) =>
        child.stdout?.on('data', (chunk: Buffer) => {
          if (chunk.includes('Credential:')) child.kill(signal);
        }),
    });

    expect(exitCode).toBe(code);
  });
});

test('the report alone is on stdout with --json, the log on stderr', async () => {
  const { exitCode, stdout, stderr } = await command([...KEY, '--sample-request', SAMPLE, '--json']);

  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ version: 1, verdict: 'passed' });
  expect(stderr).toContain('Smoke test passed');
});

test('a mistake has a report, too', async () => {
  const { exitCode, stdout, stderr } = await command([
    ...KEY,
    '--samples',
    '0',
    '--sample-request',
    SAMPLE,
    '--json',
  ]);

  expect(exitCode).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({ verdict: 'error' });
  expect(stderr).toContain('--samples');
});

test('--dotenv writes what is no secret', async () => {
  const { files } = await command([...KEY, '--sample-request', SAMPLE, '--dotenv', 'gate.env']);
  const values = readDotenv(files['workspace/gate.env']);

  expect(values).toMatchObject({
    AZUREML_VERDICT: 'passed',
    AZUREML_AUTH_MODE: 'key',
    AZUREML_STATUS_CODE: '200',
  });
  expect(values.AZUREML_SCORING_URI).toMatch(/^https:/);
  expect(values).not.toHaveProperty('AZUREML_CREDENTIAL');
});

test.each([
  ['a directory', 'gate.env/x', { 'gate.env/x/y': '' }],
  ['a directory', '/proc', {}],
  ['not a regular file', '/dev/null', {}],
])('--dotenv of %s is a mistake before anything is sent', async (what, path, files) => {
  const seen = await command([...KEY, '--sample-request', SAMPLE, '--dotenv', path], { files });
  expect(seen.exitCode).toBe(2);
  expect(seen.stdout).toContain(`'${path}' (--dotenv) is ${what}.`);
  expect(seen.exchanges).toEqual([]);
});

test('a file of answers is left behind only where --dotenv tells its path', async () => {
  const none = await command([...KEY, '--sample-request', SAMPLE]);
  expect(Object.keys(none.files)).toEqual([]);
  const { files } = await command([...KEY, '--sample-request', SAMPLE, '--dotenv', 'gate.env']);
  expect(Object.keys(files).filter((path) => path.endsWith('response.json'))).toHaveLength(1);
});

test.each([
  ['GITHUB_ACTIONS', 'true', /^::add-mask::/],
  ['TF_BUILD', 'True', /^##vso\[task\.setsecret\]/],
])('with %s, --json has stdout for itself, and --dotenv is written', async (name, value, masks) => {
  const args = [...KEY, '--sample-request', SAMPLE, '--json', '--no-output-credential'];
  const seen = await command([...args, '--dotenv', 'gate.env'], {
    env: { [name]: value, GITHUB_OUTPUT: 'output' },
    files: { output: '' },
    masks,
  });
  expect(JSON.parse(seen.stdout)).toMatchObject({ verdict: 'passed' });
  expect(seen.stderr.split('\n').some((line) => masks.test(line))).toBe(true);
  expect(readDotenv(seen.files['workspace/gate.env'])).toMatchObject({ AZUREML_VERDICT: 'passed' });
});

test('--report-directory writes the reports', async () => {
  const { files } = await command([...KEY, '--sample-request', SAMPLE, '--report-directory', 'out']);

  expect(Object.keys(files)).toEqual(
    expect.arrayContaining([
      'workspace/out/report.json',
      'workspace/out/junit.xml',
      'workspace/out/report.html',
    ]),
  );
});

test('a reader that goes changes no exit code', async () => {
  const { exitCode } = await command([...KEY, '--sample-request', SAMPLE], {
    onStart: (child) => child.stdout?.destroy(),
  });

  expect(exitCode).toBe(0);
});

test('a terminal gets symbols and a rewritten line, a file plain words', async () => {
  const { stdout } = await command([...KEY, 'smoke-test.yml'], {
    files: { 'smoke-test.yml': WRONG },
    terminal: true,
  });

  expect(stdout).toContain('✗ ');
  expect(stdout).toContain('\u001b[31m');
});

test('an unknown CI system is a mistake', async () => {
  const { exitCode, stderr } = await command([...KEY, '--sample-request', SAMPLE, '--host', 'gitlab']);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('Allowed choices are github, azure-pipelines, terminal.');
});

test('mistaken arguments leave nothing of an earlier test to programs', async () => {
  const args = ['test', '-e', 'churn-key', '--json', '--dotenv', 'gate.env', '--nope'];
  const { exitCode, stdout, stderr, files } = await command(args, {
    files: { 'gate.env': 'AZUREML_VERDICT=passed\n' },
  });
  expect(exitCode).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({
    verdict: 'error',
    message: expect.stringContaining("'--nope'"),
  });
  expect(stderr).toContain("unknown option '--nope'");
  expect(readDotenv(files['workspace/gate.env'])).toMatchObject({ AZUREML_VERDICT: 'error' });
});
