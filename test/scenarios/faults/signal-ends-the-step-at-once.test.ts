import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { goodModel, json, type Model, NOT_READY } from '../../local-azure/index.ts';
import { isGone } from '../../support/is-gone.ts';
import { beforeAction } from '../../support/preloaded-modules.ts';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const { azure, step } = await openScenario();
const INPUTS = { 'sample-request': SAMPLE };

/** Options of Node: a real signal comes when the step has sent its `count`th request to a path. */
function signalled(signal: NodeJS.Signals, path: string, count = 1): readonly string[] {
  return beforeAction(`
    import { subscribe } from 'node:diagnostics_channel';
    let seen = 0;
    subscribe('http.client.request.start', ({ request }) => {
      if (!request.path.includes(${JSON.stringify(path)}) || ++seen !== ${count}) return;
      request.once('finish', () => setTimeout(() => process.kill(process.pid, '${signal}'), 50));
    });`);
}

/** The same, when a file appears; a relative path is one of the workspace. */
function signalledBy(signal: NodeJS.Signals, file: string): readonly string[] {
  return beforeAction(`
    import { existsSync } from 'node:fs';
    const watch = setInterval(() => {
      if (!existsSync(${JSON.stringify(file)})) return;
      clearInterval(watch);
      process.kill(process.pid, '${signal}');
    }, 10);`);
}

// Windows has no such signals: the runner ends the process there.
const onUnix = describe.skipIf(process.platform === 'win32');

onUnix.each(['SIGINT', 'SIGTERM'] as const)('%s', (signal) => {
  const message = `The step was cancelled (${signal}) before it had a verdict.`;

  // What a step that hangs would wait for is much longer than a test may take.
  test.each([
    ['metadata', '/metadata/endpoints'],
    ['sign-in', '/oauth2/v2.0/token'],
    ['endpoint', '/onlineEndpoints/churn-key'],
    ['keys', '/listKeys'],
  ] as const)('while %s hangs', async (leg, path) => {
    azure.setFault(leg, { kind: 'hang' });
    const { error, outputs, sent } = await step({ inputs: INPUTS, execArgv: signalled(signal, path) });

    expect(error).toBe(message);
    expect(outputs.verdict).toBe('error');
    expect(outputs).not.toHaveProperty('credential');
    expect(sent(leg)).toHaveLength(1);
  });

  test('in the warm-up', async () => {
    blue(() => NOT_READY);
    const { error, outputs } = await step({
      inputs: { ...INPUTS, 'warm-up': '50s' },
      execArgv: signalled(signal, '/score', 2),
    });

    expect(error).toBe(message);
    expect(outputs).toMatchObject({ verdict: 'error', 'auth-mode': 'key' });
    // It was emitted before, and stays so.
    expect(outputs).toHaveProperty('credential');
  });

  test('while the model is measured', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'asked-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const marker = join(folder, 'for-the-fourth-time');
    let asked = 0;
    blue(async (request) => {
      if (++asked <= 3) return goodModel(request);
      await writeFile(marker, '');
      return never(request.signal);
    });
    const { error, outputs, sent } = await step({
      inputs: { ...INPUTS, samples: '20' },
      execArgv: signalledBy(signal, marker),
    });

    expect(error).toBe(message);
    expect(outputs.verdict).toBe('error');
    expect(outputs).not.toHaveProperty('status-code');
    expect(sent('scoring')).toHaveLength(4);
  });

  test('while the logs of a bad deployment are fetched, the verdict stands', async () => {
    blue(() => json(500, { message: 'no' }));
    azure.setFault('logs', { kind: 'hang' });
    const { error, outputs } = await step({ inputs: INPUTS, execArgv: signalled(signal, '/getLogs') });

    expect(error).not.toContain(message);
    expect(outputs.verdict).toBe('failed');
  });

  test('while an answer is judged without end', async () => {
    blue(() => json(200, [`${'a'.repeat(60)}!`]));
    const file = `version: 1
cases: [{ name: rows, request: { json: 1 }, expect: { text: { matches: '(a+)+c' } } }]
`;
    const { error, outputs } = await step({
      inputs: { 'smoke-test': 'smoke.yml' },
      files: { 'smoke.yml': file },
      execArgv: signalled(signal, '/score'),
    });

    // Judging it to its end would give another message.
    expect(error).toBe(message);
    expect(outputs.verdict).toBe('error');
  });

  test('while response-check waits for a child of its own', async () => {
    const script = 'sleep 300 &\necho $! > pids\necho $$ >> pids\ntouch started\nwait\n';
    const { error, outputs, changedFiles } = await step({
      inputs: { ...INPUTS, 'response-check': script },
      execArgv: signalledBy(signal, 'started'),
    });

    expect(error).toBe(message);
    expect(outputs.verdict).toBe('error');
    const pids = Buffer.from(changedFiles['workspace/pids'] ?? [])
      .toString()
      .trim()
      .split('\n');
    expect(pids).toHaveLength(2);
    for (const pid of pids) expect(await isGone(Number(pid))).toBe(true);
  });

  test('while az waits for a child of its own', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'az-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const started = join(folder, 'started');
    const script = `#!/bin/bash\nsleep 300 &\necho $! $$ > '${folder}/pids'\ntouch '${started}'\nwait\n`;
    await writeFile(join(folder, 'az'), script, { mode: 0o755 });
    const { error, outputs } = await step({
      inputs: { login: 'azure-cli' },
      env: { PATH: `${folder}${delimiter}${process.env.PATH}` },
      execArgv: signalledBy(signal, started),
    });

    expect(error).toBe(message);
    expect(outputs.verdict).toBe('error');
    const pids = (await readFile(join(folder, 'pids'), 'utf8')).trim().split(' ');
    expect(pids).toHaveLength(2);
    for (const pid of pids) expect(await isGone(Number(pid))).toBe(true);
  });
});

// A terminal or the job's shell that goes away, and a supervisor that asks for a core dump.
onUnix.each(['SIGHUP', 'SIGQUIT'] as const)('%s', (signal) => {
  test('in the warm-up, the step ends with its verdict and its report', async () => {
    blue(() => NOT_READY);
    const { error, outputs, changedFiles } = await step({
      inputs: { ...INPUTS, 'warm-up': '50s', 'report-directory': 'reports' },
      execArgv: signalled(signal, '/score', 2),
    });

    expect(error).toBe(`The step was cancelled (${signal}) before it had a verdict.`);
    expect(outputs.verdict).toBe('error');
    expect(Object.keys(changedFiles)).toContain('workspace/reports/report.json');
  });

  test('while response-check runs, the script ends with the step', async () => {
    const { error, changedFiles } = await step({
      inputs: { ...INPUTS, 'response-check': 'echo $$ > pid\ntouch started\nsleep 300\n' },
      execArgv: signalledBy(signal, 'started'),
    });

    expect(error).toContain(signal);
    expect(await isGone(Number(Buffer.from(changedFiles['workspace/pid'] ?? []).toString()))).toBe(true);
  });
});

function blue(model: Model): void {
  azure.endpoints.get('churn-key')!.deployments.get('blue')!.model = model;
}

async function never(signal: AbortSignal) {
  await sleep(300_000, undefined, { signal, ref: false });
  return json(200, []);
}

onUnix('SIGUSR1', () => {
  test('lets no debugger in', async () => {
    const { outputs, stderr } = await step({ inputs: INPUTS, execArgv: signalled('SIGUSR1', '/score') });

    expect(outputs.verdict).toBe('passed');
    expect(stderr).toBe('');
  });
});

onUnix('SIGTERM', () => {
  test('is heard while a long answer is searched for secrets', async () => {
    const body = `"${'%41'.repeat(5_000_000)}"`;
    azure.endpoints.get('churn-key')!.deployments.get('blue')!.model = () => ({
      status: 200,
      headers: { 'Content-Type': 'application/json' },
      body,
    });
    const began = `
      import { syncBuiltinESMExports } from 'node:module';
      import promises from 'node:fs/promises';
      const own = promises.mkdtemp;
      promises.mkdtemp = (prefix, ...rest) => {
        if (prefix.includes('azureml-endpoint-')) setTimeout(() => process.kill(process.pid, 'SIGTERM'), 300);
        return own(prefix, ...rest);
      };
      syncBuiltinESMExports();`;
    const { outputs, error } = await step({ inputs: INPUTS, execArgv: beforeAction(began) });

    expect(outputs.verdict).toBe('error');
    expect(error).toContain('The step was cancelled (SIGTERM) before it had a verdict.');
  });
});
