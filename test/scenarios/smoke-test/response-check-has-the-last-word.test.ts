import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { json, wrongAnswer } from '../../local-azure/index.ts';
import { isGone } from '../../support/is-gone.ts';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const { azure, step } = await openScenario();
const INPUTS = { 'sample-request': SAMPLE };

const deploymentUnderTest = () => azure.endpoints.get('churn-key')!.deployments.get('blue')!;

const ON_WINDOWS = process.platform === 'win32';

/** The same script in the words of the shell that runs it. */
function script({ bash, pwsh }: Record<'bash' | 'pwsh', readonly string[]>): string {
  return `${(ON_WINDOWS ? pwsh : bash).join('\n')}\n`;
}

test('The script gets the answer on its stdin.', async () => {
  const inputs = {
    ...INPUTS,
    'response-check': script({
      bash: ['cat > answer.json', '[[ -s answer.json ]]'],
      pwsh: [
        '[IO.File]::WriteAllText("$PWD/answer.json", [Console]::In.ReadToEnd())',
        'if ((Get-Item answer.json).Length -eq 0) { exit 1 }',
      ],
    }),
  };
  const { outputs, changedFiles } = await step({ inputs });

  expect(outputs.verdict).toBe('passed');
  const answer = Buffer.from(changedFiles['workspace/answer.json'] ?? []).toString();
  expect(JSON.parse(answer)).toEqual([expect.closeTo(11055.977, 2), expect.closeTo(4503.08, 2)]);
});

test('A script that fails fails the test, and its output is shown.', async () => {
  const check = script({
    bash: ['echo "the first prediction is too low"', 'false | cat', 'echo never said'],
    pwsh: ["'the first prediction is too low'", 'exit 1', "'never said'"],
  });
  const { error, title, outputs, sent } = await step({ inputs: { ...INPUTS, 'response-check': check } });

  expect(title).toBe('Smoke test failed');
  expect(error).toContain('response-check failed (exit code 1). It printed: ');
  expect(error).toContain('the first prediction is too low');
  expect(error).not.toContain('never said');
  expect(outputs).toMatchObject({ verdict: 'failed', 'status-code': '200' });
  expect(outputs).toHaveProperty('latency-ms');
  expect(sent('logs').length).toBeGreaterThan(0);
});

test('The first error of a script ends it.', async () => {
  const check = script({
    bash: ['cat missing.json', 'echo never said'],
    pwsh: ['Get-Content missing.json', "'never said'"],
  });
  const { error, outputs } = await step({ inputs: { ...INPUTS, 'response-check': check } });

  expect(error).toContain('failed (exit code 1)');
  expect(error).toContain('missing.json');
  expect(error).not.toContain('never said');
  expect(outputs.verdict).toBe('failed');
});

// pwsh has no exit code of its own for it.
test.skipIf(ON_WINDOWS)('A script that is not found says nothing of the model.', async () => {
  const inputs = { ...INPUTS, 'response-check': './check-answer.sh' };
  const { error, title, outputs } = await step({ inputs });

  // No automation may roll back for it.
  expect(title).toBe('Smoke test could not be completed');
  expect(error).toContain('could not judge the answer (exit code 127');
  expect(error).toContain('was not found');
  expect(error).toContain('./check-answer.sh');
  expect(outputs).toMatchObject({ verdict: 'error', 'auth-mode': 'key', 'status-code': '200' });
  expect(outputs).toHaveProperty('credential');
});

test('Of what a script prints only the end is shown, and no command in it is obeyed.', async () => {
  const check = script({
    bash: ['(yes "::error::planted" || true) | head -c 10000000', 'echo the end', 'exit 3'],
    pwsh: ['[Console]::Out.Write("::error::planted`n" * 500000)', "'the end'", 'exit 3'],
  });
  const { error, annotations, log, outputs, summary } = await step({
    inputs: { ...INPUTS, 'response-check': check },
  });

  expect(annotations).toHaveLength(1);
  expect(error).toContain('exit code 3');
  expect(error).toContain('the end');
  expect(log.length).toBeLessThan(30_000);
  expect(summary.length).toBeLessThan(30_000);
  expect(outputs.verdict).toBe('failed');
});

test('A script that does not end is killed with its children.', async () => {
  const check = script({
    bash: ['sleep 300 &', 'echo $! > pids', 'echo $$ >> pids', 'echo started', 'wait'],
    pwsh: [
      '$child = Start-Process pwsh -NoNewWindow -PassThru -ArgumentList "-NoProfile -Command Start-Sleep 300"',
      'Set-Content pids "$($child.Id)`n$PID"',
      "'started'",
      'Start-Sleep 300',
    ],
  });
  // pwsh needs seconds for its start.
  const timeout = ON_WINDOWS ? '20s' : '3s';
  const { error, outputs, changedFiles } = await step({
    inputs: { ...INPUTS, 'response-check-timeout': timeout, 'response-check': check },
  });

  expect(error).toContain(
    `response-check did not end within ${timeout.replace('s', ' s')} (response-check-timeout) and was killed. It printed: started`,
  );
  expect(outputs.verdict).toBe('error');
  const pids = Buffer.from(changedFiles['workspace/pids'] ?? []).toString();
  expect(pids.trim().split(/\s+/)).toHaveLength(2);
  for (const pid of pids.trim().split(/\s+/)) expect(await isGone(Number(pid))).toBe(true);
});

// Bash alone: pwsh knows no SIGPIPE, and its parser has other words.
describe.skipIf(ON_WINDOWS)('A script that could not judge the answer says nothing of the model:', () => {
  const numbers = () => wrongAnswer(Array.from({ length: 400_000 }, (_, index) => index % 10));
  const checks = readFileSync(
    new URL('../../fixtures/reports/40-response-checks.txt', import.meta.url),
    'utf8',
  )
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.replace(/ +# .*$/, ''));
  // Not every machine has jq; the first one needs none.
  const [earlyReader = ''] = checks;

  test('its reader stops before the end of the answer', async () => {
    deploymentUnderTest().model = numbers();
    const { error, outputs } = await step({ inputs: { ...INPUTS, 'response-check': earlyReader } });

    expect(error).toContain('exit code 141');
    expect(error).toContain('AZUREML_RESPONSE_FILE');
    expect(outputs.verdict).toBe('error');
  });

  test('but it may read the answer from a file', async () => {
    deploymentUnderTest().model = numbers();
    const check = 'grep -q 1 "$AZUREML_RESPONSE_FILE"\ncmp - "$AZUREML_RESPONSE_FILE"\n';
    const { error, outputs } = await step({ inputs: { ...INPUTS, 'response-check': check } });

    expect(error).toBe('');
    expect(outputs.verdict).toBe('passed');
  });

  test.each([
    [
      'it breaks off',
      'echo begun\nif true; then',
      'has a mistake: the shell cannot read it. It printed: begun\n',
    ],
    ['a program in it is ended', "bash -c 'kill -KILL $$'", 'a program in it was ended by SIGKILL'],
    ['it is ended', 'kill -TERM $$', 'was ended by SIGTERM'],
  ])('%s', async (_, check, told) => {
    const { error, outputs } = await step({ inputs: { ...INPUTS, 'response-check': check } });

    expect(error).toContain(told);
    expect(outputs.verdict).toBe('error');
  });
});

describe.skipIf(ON_WINDOWS)('A script gets', () => {
  const FILE = (rate: number) => `version: 1
samples: 6
cases:
  - { name: first, request: { json: { data: [[1]] } } }
  - { name: second, request: { json: { data: [[2]] } } }
thresholds: { success-rate: ${rate} }
`;
  const file = (rate: number) => ({
    inputs: {
      'smoke-test': 'smoke.yml',
      'response-check': 'echo "$AZUREML_CASE $(cat)" >> seen\n',
    },
    files: { 'smoke.yml': FILE(rate) },
  });

  test('the first good answer of every case', async () => {
    let asked = 0;
    // The first measured request of each case is bad, and so is the answer to it.
    deploymentUnderTest().model = (request) =>
      ++asked === 3 || asked === 9
        ? { status: 500, headers: {}, body: 'bad' }
        : json(200, (JSON.parse(request.body.toString()) as { data: number[][] }).data[0]);
    const { outputs, changedFiles } = await step(file(0.5));

    expect(outputs.verdict).toBe('passed');
    expect(Buffer.from(changedFiles['workspace/seen'] ?? []).toString()).toBe('first [1]\nsecond [2]\n');
  });
});

test('The environment of a script tells of the request and of no secret.', async () => {
  const inputs = {
    ...INPUTS,
    deployment: 'green',
    'client-secret': azure.clientSecret,
    'response-check': script({
      bash: ['env -0 > environment'],
      pwsh: [
        '$lines = Get-ChildItem env: | ForEach-Object { "$($_.Name)=$($_.Value)" }',
        '[IO.File]::WriteAllText("$PWD/environment", ($lines -join "`0"))',
      ],
    }),
  };
  const { outputs, changedFiles } = await step({
    inputs,
    env: { AZURE_CLIENT_SECRET: azure.clientSecret, MY_MODEL: 'churn', COPY_OF_IT: azure.clientSecret },
  });

  expect(outputs.verdict).toBe('passed');
  const text = Buffer.from(changedFiles['workspace/environment'] ?? []).toString();
  const environment = Object.fromEntries(
    text.split('\0').map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  expect(environment).toMatchObject({
    AZUREML_SCORING_URI: outputs['scoring-uri'],
    AZUREML_DEPLOYMENT: 'green',
    AZUREML_STATUS_CODE: '200',
    AZUREML_LATENCY_MS: expect.stringMatching(/^\d+$/),
    MY_MODEL: 'churn',
  });
  expect(Object.keys(environment).filter((name) => /^(?:INPUT_|ACTIONS_)/.test(name))).toEqual([]);
  // That no file of the step's holds a secret is checked after every step.
  expect(environment).not.toHaveProperty('COPY_OF_IT');
});

test('The script is not asked about an answer that is bad already.', async () => {
  const check = script({ bash: ['touch asked'], pwsh: ['New-Item asked'] });
  const inputs = { ...INPUTS, deployment: 'broken', 'response-check': check };
  const { outputs, changedFiles } = await step({ inputs });

  expect(outputs.verdict).toBe('failed');
  expect(changedFiles).not.toHaveProperty('workspace/asked');
});

test('A script without a request has nothing to look at.', async () => {
  const { error } = await step({ inputs: { 'response-check': 'exit 0' } });

  expect(error).toContain('Nothing would be tested');
});
