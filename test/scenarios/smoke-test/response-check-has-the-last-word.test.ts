import { expect, it } from 'vitest';
import { isGone } from '../../support/is-gone.ts';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const { azure, step } = await openScenario();
const INPUTS = { 'sample-request': SAMPLE };

/** On Windows the check is run by pwsh, which knows nothing of these scripts' words. */
const inBash = it.skipIf(process.platform === 'win32');

inBash('and gets the answer on its stdin', async () => {
  const inputs = { ...INPUTS, 'response-check': 'cat > answer.json\n[[ -s answer.json ]]\n' };
  const { outputs, changedFiles } = await step({ inputs });

  expect(outputs.verdict).toBe('passed');
  const answer = Buffer.from(changedFiles['workspace/answer.json'] ?? []).toString();
  expect(JSON.parse(answer)).toEqual([expect.closeTo(11055.977, 2), expect.closeTo(4503.08, 2)]);
});

inBash('and fails the test with its output', async () => {
  const script = 'echo "the first prediction is too low"\nfalse | cat\necho never said\n';
  const { error, title, outputs, sent } = await step({ inputs: { ...INPUTS, 'response-check': script } });

  expect(title).toBe('Smoke test failed');
  expect(error).toContain('response-check wanted exit code 0, got exit code 1');
  expect(error).toContain('the first prediction is too low');
  expect(error).not.toContain('never said');
  expect(outputs).toMatchObject({ verdict: 'failed', 'status-code': '200' });
  expect(outputs).toHaveProperty('latency-ms');
  expect(sent('logs').length).toBeGreaterThan(0);
});

inBash('and says when it is not found', async () => {
  const inputs = { ...INPUTS, 'response-check': './check-answer.sh' };
  const { error, title, outputs } = await step({ inputs });

  // It says nothing of the model: no automation may roll back for it.
  expect(title).toBe('Smoke test could not be done');
  expect(error).toContain('got exit code 127');
  expect(error).toContain('was not found');
  expect(error).toContain('./check-answer.sh');
  expect(outputs).toMatchObject({ verdict: 'error', 'auth-mode': 'key', 'status-code': '200' });
  expect(outputs).toHaveProperty('credential');
});

inBash('and shows only the end of what it prints', async () => {
  const script = '(yes "::error::planted" || true) | head -c 10000000\necho the end\nexit 3\n';
  const { error, annotations, log, outputs, summary } = await step({
    inputs: { ...INPUTS, 'response-check': script },
  });

  expect(annotations).toHaveLength(1);
  expect(error).toContain('got exit code 3');
  expect(error).toContain('the end');
  expect(log.length).toBeLessThan(30_000);
  expect(summary.length).toBeLessThan(30_000);
  expect(outputs.verdict).toBe('failed');
});

inBash('and is killed with its children when it does not end', async () => {
  const script = 'sleep 300 &\necho $! > pids\necho $$ >> pids\necho started\nwait\n';
  const inputs = { ...INPUTS, timeout: '3s', 'response-check': script };
  const { error, outputs, changedFiles } = await step({ inputs });

  expect(error).toContain('response-check wanted an end within 3 s, got none; it was killed: started');
  expect(outputs.verdict).toBe('failed');
  const pids = Buffer.from(changedFiles['workspace/pids'] ?? []).toString();
  expect(pids.trim().split('\n')).toHaveLength(2);
  for (const pid of pids.trim().split('\n')) expect(await isGone(Number(pid))).toBe(true);
});

inBash('and gets an environment that tells of the request and of no secret', async () => {
  const inputs = {
    ...INPUTS,
    deployment: 'green',
    'client-secret': azure.clientSecret,
    'response-check': 'env -0 > environment',
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

it('and is not asked about an answer that is bad already', async () => {
  const inputs = { ...INPUTS, deployment: 'broken', 'response-check': 'touch asked' };
  const { outputs, changedFiles } = await step({ inputs });

  expect(outputs.verdict).toBe('failed');
  expect(changedFiles).not.toHaveProperty('workspace/asked');
});

it('and needs something to look at', async () => {
  const { error } = await step({ inputs: { 'response-check': 'true' } });

  expect(error).toContain('Nothing would be tested');
});
