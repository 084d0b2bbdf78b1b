import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { announceMasksTo, guard } from '../../../../src/secrets/secret.ts';
import {
  checkEnvironment,
  type ResponseCheck,
  runResponseCheck,
} from '../../../../src/smoke-test/judge/response-check.ts';
import { KEY } from '../../../support/azure.ts';
import { isGone } from '../../../support/is-gone.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'response-check-test-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

const answered = {
  caseName: 'two rows',
  scoringUri: 'https://churn.westeurope.inference.ml.azure.com/score',
  deployment: 'green',
  statusCode: 200,
  latencyMs: 12.6,
};

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

function failed(told: unknown, verdict = 'failed') {
  return { verdict, told };
}

describe.skipIf(process.platform === 'win32')('a script', () => {
  test('passes by exit code 0 and gets the body on stdin', async () => {
    expect(await check('test "$(cat)" = "[11500]"')).toBeUndefined();
  });

  test('fails by another exit code, with its output', async () => {
    expect(await check('cat; echo "is wrong" >&2; exit 3')).toEqual(
      failed('failed (exit code 3). It printed: [11500]is wrong'),
    );
    expect(await check('exit 1')).toEqual(failed('failed (exit code 1). It printed nothing.'));
  });

  test('ends at the first command that fails, also in a pipe', async () => {
    expect(await check('false\necho unreached')).toEqual(failed('failed (exit code 1). It printed nothing.'));
    expect(await check('false | cat\necho unreached')).toEqual(
      failed('failed (exit code 1). It printed nothing.'),
    );
  });

  test('is told of the request', async () => {
    expect(
      await check(
        'echo "$AZUREML_SCORING_URI $AZUREML_DEPLOYMENT $AZUREML_STATUS_CODE $AZUREML_LATENCY_MS"; exit 1',
      ),
    ).toEqual(failed(`failed (exit code 1). It printed: ${answered.scoringUri} green 200 13`));
  });

  test('is a file that only its owner can read, and that is gone afterwards', async () => {
    expect(await check('stat -c %a "$0" "$(dirname "$0")"; exit 1')).toEqual(
      failed('failed (exit code 1). It printed: 600\n700'),
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  test('may name a file', async () => {
    const file = join(folder, 'check.sh');
    writeFileSync(file, '#!/bin/sh\ngrep -q 11500\n');
    expect(await check(file)).toEqual(
      failed(
        'could not judge the answer (exit code 126: a command in it cannot be executed; is the file executable (chmod +x)?). It printed: ' +
          `response-check: line 1: ${file}: Permission denied`,
        'error',
      ),
    );
    chmodSync(file, 0o700);
    expect(await check(file)).toBeUndefined();
    expect(await check(`${folder}/other.sh`)).toEqual(
      failed(
        expect.stringMatching(
          /^could not judge the answer \(exit code 127: a command in it was not found; .*\)\. It printed: .*No such file or directory$/,
        ),
        'error',
      ),
    );
  });

  test('need not read its input, however long that is', async () => {
    const body = Buffer.alloc(16 * 1024 * 1024, 'x');
    expect(await check('exit 0', { body })).toBeUndefined();
    expect(await check('exec <&-; exit 2', { body })).toEqual(
      failed('failed (exit code 2). It printed nothing.'),
    );
  });

  test('may copy a long input to its output, of which the end is shown', async () => {
    const body = Buffer.from(`${'x'.repeat(16 * 1024 * 1024)}the end`);
    const mismatch = await check('cat; cat </dev/null >&2; exit 1', { body });
    expect(mismatch?.told).toMatch(/^failed \(exit code 1\)\. It printed: …x+the end$/);
    expect(mismatch?.told.length).toBeLessThan(4_200);
  });

  test('that never ends is killed with all that it started', async () => {
    const pids = join(folder, 'pids');
    const script = `sleep 1000 & echo $! >${pids}; (trap '' TERM INT; echo $BASHPID >>${pids}; echo started; sleep 1000)`;
    // However slow the machine is: the script has started all when it says so.
    for (let timeoutMs = 500; ; timeoutMs *= 2) {
      const mismatch = await check(script, { timeoutMs });
      const killed = `did not end within ${timeoutMs / 1_000} s (response-check-timeout) and was killed.`;
      expect(mismatch?.told).toContain(killed);
      if (mismatch?.told === `${killed} It printed: started`) break;
    }
    const started = readFileSync(pids, 'utf8').trim().split('\n').map(Number);
    expect(started).toHaveLength(2);
    for (const pid of started) expect(await isGone(pid)).toBe(true);
    expect(readdirSync(folder)).toEqual(['pids']);
  });

  test('that leaves a process behind ends all the same, and that process with it', async () => {
    const file = join(folder, 'pid');
    expect(await check(`sleep 1000 & echo $! >${file}`)).toBeUndefined();
    expect(await isGone(Number(readFileSync(file, 'utf8')))).toBe(true);
  });

  test('that a process outside of its group outlives ends all the same', async () => {
    const file = join(folder, 'pid');
    // Its output stays open.
    expect(await check(`setsid sleep 1000 & echo $! >${file}; echo output; exit 4`)).toEqual(
      failed('failed (exit code 4). It printed: output'),
    );
    try {
      process.kill(Number(readFileSync(file, 'utf8')), 'SIGKILL');
    } catch {
      // It did not outlive it.
    }
  });

  test('that is ended by a signal says so', async () => {
    expect(await check('kill -SEGV $$')).toEqual(
      failed('was ended by SIGSEGV. It printed nothing.', 'error'),
    );
  });

  test.each([
    ['if true', 'response-check: line 2: syntax error: '],
    ['echo begun\ncat <(', 'begun\nresponse-check: '],
  ])('that is cut off says nothing of the answer: %j', async (script, printed) => {
    const told = `has a mistake: the shell cannot read it. It printed: ${printed.slice(0, 7)}`;
    expect(await check(script)).toEqual(failed(expect.stringContaining(told), 'error'));
  });

  test.each([
    ['exit 2', 'failed (exit code 2). It printed nothing.', 'failed'],
    ['rm "$0"; exit 1', 'failed (exit code 1). It printed nothing.', 'failed'],
    ['exit 128', 'failed (exit code 128). It printed nothing.', 'failed'],
    ['exit 255', 'failed (exit code 255). It printed nothing.', 'failed'],
    [
      'exit 137',
      'could not judge the answer (exit code 137: a program in it was ended by SIGKILL). It printed nothing.',
      'error',
    ],
    [
      "bash -c 'kill -SEGV $$'",
      expect.stringMatching(/^could not judge the answer \(exit code 139: a program in it .* SIGSEGV\)/),
      'error',
    ],
    ['yes | head -n 1 >/dev/null', expect.stringContaining('$AZUREML_RESPONSE_FILE'), 'error'],
  ])('that ends so: %s', async (script, told, verdict) => {
    expect(await check(script)).toEqual(failed(told, verdict));
  });

  test('finds the answer in a file, too, which is gone afterwards', async () => {
    expect(
      await check('cmp - "$AZUREML_RESPONSE_FILE"; stat -c %a "$AZUREML_RESPONSE_FILE"; exit 1'),
    ).toEqual(failed('failed (exit code 1). It printed: 600'));
    expect(readdirSync(folder)).toEqual([]);
  });

  test('without a shell says so', async () => {
    vi.stubEnv('PATH', folder);
    expect(await check('exit 0')).toEqual(failed('could not run: bash is not on PATH.', 'error'));
  });

  test('whose shell cannot be started says so', async () => {
    const shell = join(folder, 'bash');
    writeFileSync(shell, `#!${folder}/no-interpreter\n`, { mode: 0o755 });
    vi.stubEnv('PATH', folder);
    expect(await check('exit 0')).toEqual(failed(`did not start: spawn ${shell} ENOENT.`, 'error'));
  });

  test('without a folder for it says so', async () => {
    const environment = { PATH: process.env.PATH, RUNNER_TEMP: join(folder, 'missing') };
    expect(await check('exit 0', { environment })).toEqual(
      failed("did not start: the runner's temp folder cannot be written to (ENOENT).", 'error'),
    );
  });

  test('in a folder with blanks and quotes runs', async () => {
    const temp = join(folder, `a 'b' "c" $d`);
    mkdirSync(temp);
    expect(
      await check('exit 0', { environment: { PATH: process.env.PATH, RUNNER_TEMP: temp } }),
    ).toBeUndefined();
  });
});

test('an answer that was not kept is not judged', async () => {
  expect(await check('exit 0', { body: undefined })).toEqual(
    failed('was not run, because the answer is too long to be kept.', 'error'),
  );
});

describe('the environment of a script', () => {
  test('has what a run step has, and what the request was', () => {
    const environment = {
      PATH: '/bin',
      HOME: '/root',
      GITHUB_WORKSPACE: '/w',
      AZURE_CLIENT_ID: 'id',
    };
    expect(checkEnvironment(environment, { ...answered, deployment: undefined })).toEqual({
      PATH: '/bin',
      HOME: '/root',
      GITHUB_WORKSPACE: '/w',
      AZURE_CLIENT_ID: 'id',
      AZUREML_CASE: 'two rows',
      AZUREML_SCORING_URI: answered.scoringUri,
      AZUREML_DEPLOYMENT: '',
      AZUREML_STATUS_CODE: '200',
      AZUREML_LATENCY_MS: '13',
    });
  });
});

describe('limits', () => {
  test('a deployment whose name holds a secret is not named', () => {
    announceMasksTo(() => undefined);
    const secret = guard(KEY, 'The key').reveal();
    const { AZUREML_DEPLOYMENT } = checkEnvironment({}, { ...answered, deployment: `x ${secret}` });
    expect(AZUREML_DEPLOYMENT).toBe('x ***');
  });

  test.each([
    ['a\0b\0', 'ab'],
    ['', ''],
  ])('the deployment %j is named %j', (deployment, name) => {
    expect(checkEnvironment({}, { ...answered, deployment })).toHaveProperty('AZUREML_DEPLOYMENT', name);
  });

  test.skipIf(process.platform === 'win32').each([
    [1_999, 'x'.repeat(1_999)],
    [2_000, 'x'.repeat(2_000)],
    [2_001, `…${'x'.repeat(2_000)}`],
  ])('output of %i characters is shown up to its last 2,000', async (length, shown) => {
    expect((await check(`printf x%.0s {1..${length}}; exit 4`))?.told).toBe(
      `failed (exit code 4). It printed: ${shown}`,
    );
  });
});
