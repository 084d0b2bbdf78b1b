import { mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { KEY } from '../support/azure.ts';
import { RUNNER_NODE_VERSION } from './node.ts';
import { runScript } from './script.ts';
import type { StepOptions, StepResult } from './step.ts';
import { runStep } from './step.ts';

const SECRET = KEY;
const results: StepResult[] = [];

async function run(source: string, options: Partial<StepOptions> = {}): Promise<StepResult> {
  const result = await runScript(source, options);
  results.push(result);
  return result;
}

afterAll(async () => {
  await Promise.all(results.map((result) => result.dispose()));
});

async function environmentOf(options: Partial<StepOptions> = {}): Promise<Record<string, string>> {
  const { stdout } = await run('out(JSON.stringify(process.env));', options);
  return JSON.parse(stdout) as Record<string, string>;
}

describe('a step', () => {
  test('runs on the Node of the runner, in the workspace, with its files', async () => {
    const result = await run(
      "import { readFileSync } from 'node:fs'; out(process.version); out(process.cwd()); out(readFileSync('a/b.txt'));",
      { files: { 'a/b.txt': 'hello' } },
    );
    expect(result.log).toBe(`v${RUNNER_NODE_VERSION}\n${result.workspace}\nhello`);
    expect(result).toMatchObject({ exitCode: 0, signal: null, conclusion: 'success', changedFiles: {} });
  });

  test('fails with its exit code, after its files are read', async () => {
    const result = await run("file('OUTPUT', 'verdict=failed\\n'); process.exitCode = 3;");
    expect(result).toMatchObject({ exitCode: 3, conclusion: 'failure', outputs: { verdict: 'failed' } });
  });

  test('sees nothing of the environment around it', async () => {
    process.env.AZURE_TENANT_ID = 'leaks-in';
    process.env.INPUT_KEY = 'leaks-in';
    process.env.HTTPS_PROXY = 'http://leaks-in';
    try {
      const environment = await environmentOf({ env: { AZURE_CLIENT_ID: 'given', CI: undefined } });
      expect(Object.values(environment)).not.toContain('leaks-in');
      expect(environment).not.toHaveProperty('HTTPS_PROXY');
      expect(environment).not.toHaveProperty('CI');
      expect(environment).toMatchObject({
        AZURE_CLIENT_ID: 'given',
        GITHUB_ACTIONS: 'true',
        GITHUB_REPOSITORY: 'octo/churn',
      });
    } finally {
      for (const name of ['AZURE_TENANT_ID', 'INPUT_KEY', 'HTTPS_PROXY']) delete process.env[name];
    }
  });

  test('gets its inputs, the defaults of action.yml, and a warning for an input of another name', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'action-'));
    const actionFile = join(directory, 'action.yml');
    const inputs =
      '{ max-latency: {}, samples: { default: 1.0 }, two words: { default: x }, key: { default: primary } }';
    await writeFile(actionFile, `inputs: ${inputs}\n`);
    const options = { inputs: { key: 'secondary', kee: 'x' }, actionFile };
    const result = await run('out(JSON.stringify(process.env));', options);
    await rm(directory, { recursive: true });
    expect(result.annotations[0]?.message).toBe(
      "Unexpected input(s) 'kee', valid inputs are ['max-latency', 'samples', 'two words', 'key']",
    );
    expect(JSON.parse(result.stdout)).toMatchObject({
      'INPUT_MAX-LATENCY': '',
      INPUT_SAMPLES: '1.0',
      INPUT_TWO_WORDS: 'x',
      INPUT_KEY: 'secondary',
      INPUT_KEE: 'x',
    });
  });

  test('that was never built is named', async () => {
    await expect(runStep({ inputs: {}, entry: 'no/such.js' })).rejects.toThrow(/no.such\.js to run: build/);
  });

  test('can be sent a signal', async () => {
    const result = await run(
      "process.on('SIGINT', () => process.exit(9)); out('up'); setInterval(() => {}, 1000);",
      {
        onStart: (child) => child.stdout?.once('data', () => child.kill('SIGINT')),
      },
    );
    expect(result.exitCode).toBe(process.platform === 'win32' ? null : 9);
  });

  test('that hangs is killed, and the error holds its masked log', async () => {
    const hung = run(`out('::add-mask::${SECRET}'); out('at ${SECRET}'); setInterval(() => {}, 1000);`, {
      timeoutMs: 1500,
    });
    await expect(hung).rejects.toThrow(/did not end within 1500 ms(.|\n)*at \*\*\*$/);
  });

  test('leaves its own workspace to be removed, and a given one alone', async () => {
    const workspace = await realpath(await mkdtemp(join(tmpdir(), 'given-')));
    const given = await run("writeFileSync('made.txt', 'x');", { workspace });
    await given.dispose();
    expect(await readFile(join(workspace, 'made.txt'), 'utf8')).toBe('x');
    expect(Object.keys(given.changedFiles)).toEqual(['workspace/made.txt']);
    await rm(workspace, { recursive: true });

    const own = await run('');
    await own.dispose();
    await expect(readdir(own.workspace)).rejects.toThrow('ENOENT');
  });
});

describe('the log', () => {
  test('is what a person sees', async () => {
    const result = await run(`
      out('before');
      out('::group::Sign in');
      out('::add-mask::${SECRET}');
      out('key ${SECRET}');
      out('::debug::hidden');
      out('::endgroup::');
      out('::error file=a.json,title=${SECRET}::bad %25 ${SECRET}%0Asecond');
      out('::warning::careful');
      out('oops ##[notice]by accident');
      out('::nope::x');
    `);
    expect(result.log.split('\n')).toEqual([
      'before',
      '▸ Sign in',
      'key ***',
      'Error: bad % ***',
      'second',
      'Warning: careful',
      'Notice: by accident',
      '::nope::x',
    ]);
    expect(result.debugLog).toContain('##[debug]hidden');
    expect(result.masks).toEqual([SECRET]);
    expect(result.annotations).toEqual([
      { level: 'error', message: 'bad % ***\nsecond', properties: { file: 'a.json', title: SECRET } },
      { level: 'warning', message: 'careful', properties: {} },
      { level: 'notice', message: 'by accident', properties: {} },
    ]);
  });

  test('shows debug lines, and the outputs that are set, with RUNNER_DEBUG', async () => {
    const result = await run("out('::debug::a%0Ab'); file('OUTPUT', 'x=1\\n');", {
      env: { RUNNER_DEBUG: '1' },
    });
    expect(result.log).toBe('##[debug]a\n##[debug]b\n##[debug]Set output x = 1');
  });

  test('keeps ten annotations of a level, cut at 4096 characters', async () => {
    const result = await run("for (let i = 0; i < 12; i++) out('::error::' + 'x'.repeat(5000));");
    expect(result.annotations.map(({ message }) => message.length)).toEqual(Array(10).fill(4096));
  });

  test('shows a secret whose mask was stopped', async () => {
    const result = await run(`
      out('::stop-commands::tok');
      out('::add-mask::${SECRET}');
      out('::tok::');
      out('::error::x');
    `);
    expect(result.log.split('\n')).toEqual([
      '::stop-commands::tok',
      `::add-mask::${SECRET}`,
      '::tok::',
      'Error: x',
    ]);
    expect(result.printedBeforeMask([SECRET])).toEqual([SECRET]);
  });

  test('refuses commands of the past, which fails the step', async () => {
    const result = await run("out('::set-env name=a::b'); out('::set-output name=c::d');");
    expect(result).toMatchObject({ conclusion: 'failure', failedCommands: ['::set-env name=a::b'] });
    expect(result).toMatchObject({ exportedEnv: {}, outputs: { c: 'd' } });
  });
});

describe('the order of masks and output', () => {
  test.each([
    ['a line before the mask', `out('${SECRET}'); out('::add-mask::${SECRET}');`],
    ['a debug line before the mask', `out('::debug::${SECRET}'); out('::add-mask::${SECRET}');`],
    [
      'stderr, though the mask was printed first',
      `out('::add-mask::${SECRET}'); console.error('${SECRET}');`,
    ],
    ['an uncaught error', `out('::add-mask::${SECRET}'); throw new Error('${SECRET}');`],
    ['a property, which nothing masks', `out('::add-mask::${SECRET}'); out('::error title=${SECRET}::x');`],
  ])('is broken by %s', async (_what, source) => {
    expect((await run(source)).printedBeforeMask(['another-secret', SECRET])).toEqual([SECRET]);
  });

  test('is kept by a mask first, by no output at all, and by a mask of the job', async () => {
    const masked = await run(`out('::add-mask::${SECRET}'); out('${SECRET}');`);
    expect(masked.printedBeforeMask([SECRET])).toEqual([]);
    expect((await run("out('fine');")).printedBeforeMask([SECRET])).toEqual([]);
    const ofJob = await run(`console.error('${SECRET}');`, { jobMasks: [SECRET] });
    expect(ofJob).toMatchObject({ log: '***', masks: [] });
    expect(ofJob.printedBeforeMask([SECRET])).toEqual([]);
  });

  test('is broken by one line of a secret of several lines', async () => {
    const pem = 'first-line-of-it\nsecond-line-of-it';
    expect((await run("out('second-line-of-it');")).printedBeforeMask([pem])).toEqual([pem]);
  });
});

describe('the files of the runner', () => {
  test('give outputs, state, variables, path and the masked summary', async () => {
    const result = await run(`
      out('::add-mask::${SECRET}');
      file('OUTPUT', 'credential<<E\\n${SECRET}\\nE\\nuri=https://x\\n');
      file('STATE', 's=1\\n');
      file('ENV', 'A=1\\nNODE_OPTIONS=--inspect\\n');
      file('PATH', '/opt/tool\\n');
      file('STEP_SUMMARY', '# Title\\r\\nkey ${SECRET}\\n');
    `);
    expect(result).toMatchObject({
      outputs: { credential: SECRET, uri: 'https://x' },
      outputsDroppedDownstream: ['credential'],
      state: { s: '1' },
      exportedEnv: { A: '1' },
      path: ['/opt/tool'],
      summary: '# Title\nkey ***',
      failedFileCommands: [],
      conclusion: 'success',
    });
    expect(result.exportedEnv).not.toHaveProperty('NODE_OPTIONS');
    expect(result.rawSummary).toContain(SECRET);
  });

  test('fail the step by a malformed line', async () => {
    const result = await run("file('OUTPUT', 'nonsense\\n');");
    expect(result).toMatchObject({ exitCode: 0, conclusion: 'failure', failedFileCommands: ['output'] });
    expect(result.log).toContain("Error: Invalid format 'nonsense'");
  });

  test('drop a summary that is too large', async () => {
    const result = await run("file('STEP_SUMMARY', 'x'.repeat(1048577));");
    expect(result).toMatchObject({ summary: '', failedFileCommands: ['summary'], conclusion: 'success' });
  });
});
