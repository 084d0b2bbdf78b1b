import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { announceMasksTo, guard } from '../../../../src/secrets/secret.ts';
import {
  checkEnvironment,
  type ResponseCheck,
  runResponseCheck,
} from '../../../../src/smoke-test/judge/response-check.ts';

const answered = {
  scoringUri: 'https://churn.westeurope.inference.ml.azure.com/score',
  deployment: 'green',
  statusCode: 200,
  latencyMs: 12.6,
};

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'response-check-test-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

function check(script: string, given: Partial<ResponseCheck> = {}) {
  return runResponseCheck({
    script,
    body: Buffer.from('[11500]'),
    environment: { PATH: process.env.PATH, RUNNER_TEMP: folder },
    answered,
    timeoutMs: 60_000,
    ...given,
  });
}

/** A program of this name, first on the returned PATH. */
function program(name: string, text: string, mode = 0o755): string {
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, name), `#!/bin/bash\n${text}\n`, { mode });
  return `${bin}${delimiter}${process.env.PATH}`;
}

describe('the environment of a script', () => {
  const environment = (variables: NodeJS.ProcessEnv, deployment: string | undefined = 'green') =>
    checkEnvironment(variables, { ...answered, deployment });

  test.each([
    'MY_INPUT_NAME',
    'MYACTIONS_X',
    'MY_STATE_X',
    'GITHUB_OUTPUT_2',
    'MY_GITHUB_ENV',
    'GITHUB_WORKSPACE',
    'AZURE_CLIENT_SECRET_NAME',
    'MY_ARM_CLIENT_SECRET',
    'IDENTITY_HEADER_2',
    'MSI_SECRETS',
    'INPUT',
  ])('keeps %s, which only looks like what is withheld', (name) => {
    expect(environment({ [name]: 'x' })).toHaveProperty(name, 'x');
  });

  test.each(['INPUT_', 'input_a', 'ACTIONS_X', 'STATE_', 'GITHUB_OUTPUT', 'Msi_Secret', 'ARM_OIDC_TOKEN'])(
    'withholds %s',
    (name) => {
      expect(environment({ [name]: 'x' })).not.toHaveProperty(name);
    },
  );

  test('names no deployment that is a secret', () => {
    announceMasksTo(() => undefined);
    const secret = guard('q8K3hYt0Zr7WvN2dXbLpE5sMfC1uJgRa', 'The key').reveal();
    const { AZUREML_DEPLOYMENT } = checkEnvironment({}, { ...answered, deployment: `x ${secret}` });
    expect(AZUREML_DEPLOYMENT).toBe('x ***');
  });

  test.each([
    ['a\0b\0', 'ab'],
    [undefined, ''],
    ['', ''],
  ])('names the deployment %j as %j', (deployment, name) => {
    expect(checkEnvironment({}, { ...answered, deployment })).toEqual({
      AZUREML_SCORING_URI: answered.scoringUri,
      AZUREML_DEPLOYMENT: name,
      AZUREML_STATUS_CODE: '200',
      AZUREML_LATENCY_MS: '13',
    });
  });
});

describe.skipIf(process.platform === 'win32')('a script that does not start', () => {
  test('because the shell may not be executed says so', async () => {
    program('bash', '', 0o644);
    const environment = { PATH: join(folder, 'bin'), RUNNER_TEMP: folder };
    expect(await check('exit 0', { environment })).toEqual({
      at: 'response-check',
      wanted: 'exit code 0',
      got: 'it did not start: spawn bash EACCES',
      verdict: 'error',
    });
  });

  test('because there is no such folder says so', async () => {
    const environment = { PATH: process.env.PATH, RUNNER_TEMP: join(folder, 'nowhere') };
    expect((await check('exit 0', { environment }))?.got).toMatch(/^it did not start: ENOENT: /);
  });
});

describe.skipIf(process.platform === 'win32')('the output of a script', () => {
  test.each([
    [1_999, 'x'.repeat(1_999)],
    [2_000, 'x'.repeat(2_000)],
    [2_001, `…${'x'.repeat(2_000)}`],
  ])('of %i characters is shown up to its last 2,000', async (length, shown) => {
    expect((await check(`printf x%.0s {1..${length}}; exit 4`))?.got).toBe(`exit code 4: ${shown}`);
  });
});

describe.skipIf(process.platform === 'win32')('on Windows, with a shell that tells how it was called', () => {
  const TELL = [
    `printf '%s\\n' "$@"`,
    `file="\${5#. \\'}"; file="\${file%\\'}"; file="\${file//\\'\\'/\\'}"`,
    'echo ---; cat "$file"; exit 3',
  ].join('\n');

  beforeEach(() => {
    const platform = Object.getOwnPropertyDescriptor(process, 'platform') as PropertyDescriptor;
    Object.defineProperty(process, 'platform', { ...platform, value: 'win32' });
    return () => {
      Object.defineProperty(process, 'platform', platform);
    };
  });

  test('pwsh runs the script as a step of the runner would', async () => {
    const environment = { PATH: program('pwsh', TELL), RUNNER_TEMP: folder };
    expect(await check('Write-Output 1', { environment })).toEqual({
      at: 'response-check',
      wanted: 'exit code 0',
      verdict: 'failed',
      got: [
        'exit code 3: -NoLogo',
        '-NoProfile',
        '-NonInteractive',
        '-Command',
        ". 'response-check'",
        '---',
        "$ErrorActionPreference = 'stop'\r",
        'Write-Output 1\r',
        'if ((Test-Path -LiteralPath variable:\\LASTEXITCODE)) { exit $LASTEXITCODE }',
      ].join('\n'),
    });
  });

  test('the path of the script may hold an apostrophe', async () => {
    const odd = join(folder, "it's");
    mkdirSync(odd);
    const environment = { PATH: program('pwsh', TELL), RUNNER_TEMP: odd };
    const got = (await check('Write-Output 1', { environment }))?.got;
    expect(got).toMatch(/\n\. '\/.*\/it''s\/response-check-\w+\/script\.ps1'\n---\n/);
    expect(got).toContain('Write-Output 1\r\n');
  });

  test('pwsh that is not there is missed', async () => {
    const environment = { PATH: folder, RUNNER_TEMP: folder };
    expect((await check('exit 0', { environment }))?.got).toBe('pwsh is not on PATH');
  });

  test.each([
    ['ends the script with all that it started', 'kill -9 "$2"'],
    ['is not there to do it: the script itself is ended', 'exit 1'],
  ])('taskkill %s', async (_what, text) => {
    const calls = join(folder, 'calls');
    vi.stubEnv('PATH', program('taskkill', `echo "$@" >> '${calls}'\n${text}`));
    const environment = { PATH: program('pwsh', 'exec sleep 600'), RUNNER_TEMP: folder };
    expect(await check('', { environment, timeoutMs: 100 })).toEqual({
      at: 'response-check',
      wanted: 'an end within 0.1 s',
      got: 'none; it was killed and no output',
      verdict: 'failed',
    });
    expect(readFileSync(calls, 'utf8')).toMatch(/^\/pid \d+ \/T \/F\n$/);
  });

  test('and nothing that has ended by itself is ended, whose number another may have', async () => {
    const calls = join(folder, 'calls');
    vi.stubEnv('PATH', program('taskkill', `echo "$@" >> '${calls}'`));
    const kill = vi.spyOn(process, 'kill');
    const environment = { PATH: program('pwsh', 'exit 0'), RUNNER_TEMP: folder };
    expect(await check('', { environment })).toBeUndefined();
    expect(kill).not.toHaveBeenCalled();
    expect(existsSync(calls)).toBe(false);
  });
});
