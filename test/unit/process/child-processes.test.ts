import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  endChildren,
  NotOnPathError,
  type Program,
  type ProgramEnd,
  runProgram,
} from '../../../src/process/child-processes.ts';
import { isGone } from '../../support/is-gone.ts';

const FOR_EVER = 'setInterval(() => {}, 1000); process.stdout.write("up");';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'child-processes-test-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

interface Run {
  readonly end: Promise<ProgramEnd>;
  /** What it wrote last, once it wrote something. */
  readonly heard: Promise<string>;
}

function run(command: string, args: readonly string[], given: Partial<Program> = {}): Run {
  const heard = Promise.withResolvers<string>();
  const end = runProgram({
    command,
    args,
    environment: process.env,
    input: Buffer.alloc(0),
    timeoutMs: 60_000,
    hear: (chunk) => heard.resolve(String(chunk)),
    ...given,
  });
  return { end, heard: heard.promise };
}

/** A script of Node's. */
function node(script: string, given: Partial<Program> = {}): Run {
  return run(process.execPath, ['-e', script], given);
}

/** A program on PATH. */
function install(name: string, text: string): void {
  writeFileSync(join(folder, name), text);
  chmodSync(join(folder, name), 0o755);
  vi.stubEnv('PATH', `${folder}:/usr/bin:/bin`);
}

describe('a program', () => {
  test('gets its arguments, its folder, its environment and its input, and says what it wrote where', async () => {
    const pieces: [string, string][] = [];
    const script = `
      const input = require('node:fs').readFileSync(0, 'utf8');
      console.log(JSON.stringify([process.argv.slice(1), process.env.WORD, input]));
      require('node:fs').writeFileSync('here', '');
      console.error('done');`;
    const end = await runProgram({
      command: process.execPath,
      args: ['-e', script, '--', 'a b', '"', '$HOME'],
      folder,
      environment: { ...process.env, WORD: 'ö' },
      input: Buffer.from('line\nno end'),
      timeoutMs: 60_000,
      hear: (chunk, from) => pieces.push([from, String(chunk)]),
    });

    expect(end).toBe(0);
    const of = (stream: string) => pieces.filter(([from]) => from === stream).map(([, text]) => text);
    expect(JSON.parse(of('stdout').join(''))).toEqual([['a b', '"', '$HOME'], 'ö', 'line\nno end']);
    expect(of('stderr').join('')).toBe('done\n');
    expect(readFileSync(join(folder, 'here'), 'utf8')).toBe('');
  });

  test('prints nothing itself', async () => {
    const written = [process.stdout, process.stderr].map((stream) => vi.spyOn(stream, 'write'));
    await node('console.log(1); console.error(2)').end;
    const calls = written.flatMap(({ mock }) => mock.calls);
    vi.restoreAllMocks();

    expect(calls).toEqual([]);
  });

  test('ends with its exit code', async () => {
    expect(await node('process.exitCode = 7').end).toBe(7);
  });

  test.skipIf(process.platform === 'win32')('ends with the signal that ended it', async () => {
    expect(await node('process.kill(process.pid, "SIGTERM"); setTimeout(() => {}, 9000)').end).toBe(
      'SIGTERM',
    );
  });

  test('that is on no folder of PATH is missed by name', async () => {
    const { end } = run('no-such-program', []);
    await expect(end).rejects.toThrow(new NotOnPathError('no-such-program is not on PATH'));
  });

  test.skipIf(process.platform === 'win32')(
    'that may not be executed is missed like one that is not there',
    async () => {
      install('program', '');
      chmodSync(join(folder, 'program'), 0o644);
      await expect(run('program', []).end).rejects.toThrow(NotOnPathError);
    },
  );

  test.skipIf(process.platform === 'win32')(
    'that cannot be started fails with the error of the system',
    async () => {
      install('program', `#!${folder}/no-interpreter\n`);
      await expect(run('program', []).end).rejects.toThrow(`spawn ${folder}/program ENOENT`);
    },
  );

  test.runIf(process.platform === 'linux')('whose environment is too large fails, too', async () => {
    const { end } = node('', { environment: { LONG: 'x'.repeat(1024 * 1024) } });
    await expect(end).rejects.toThrow('spawn E2BIG');
  });

  test('that never ends is ended at its limit', async () => {
    expect(await node(FOR_EVER, { timeoutMs: 200 }).end).toBe('timeout');
  });
});

describe('limits', () => {
  test('a line of 64 MiB is heard as fast as it comes', async () => {
    let bytes = 0;
    const script = 'for (let i = 0; i < 64; i++) require("node:fs").writeSync(1, "x".repeat(2 ** 20))';
    const started = performance.now();
    await node(script, {
      hear: (chunk) => {
        bytes += chunk.length;
      },
    }).end;

    expect(bytes).toBe(64 * 2 ** 20);
    // It was 30 seconds when the pieces of a line were joined over and over.
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  test('programs that run at the same time are not mixed up', async () => {
    const runs = [3, 4, 5].map((code) => node(`console.log(${code}); process.exitCode = ${code}`));

    expect(await Promise.all(runs.map(({ end }) => end))).toEqual([3, 4, 5]);
    expect(await Promise.all(runs.map(({ heard }) => heard))).toEqual(['3\n', '4\n', '5\n']);
  });
});

describe('when a step is cancelled', () => {
  test('every program that it has started is ended', async () => {
    const runs = [node(FOR_EVER), node(FOR_EVER)];
    await Promise.all(runs.map(({ heard }) => heard));
    endChildren();
    const killed = process.platform === 'win32' ? 1 : 'SIGKILL';

    expect(await Promise.all(runs.map(({ end }) => end))).toEqual([killed, killed]);
  });

  test.skipIf(process.platform === 'win32').each([
    ['in its group', 'sleep 300'],
    ['in a group of its own', 'set -m; sleep 300'],
  ])('what a program has started ends with it: %s', async (_where, sleep) => {
    // Two generations below it.
    const { end, heard } = run('bash', ['-c', `bash -c '${sleep} & echo $!; wait' & wait`]);
    const pid = Number(await heard);
    endChildren();

    expect(await end).toBe('SIGKILL');
    expect(await isGone(pid)).toBe(true);
  });

  test('one that has ended by itself, or never started, is no trouble', async () => {
    await node('').end;
    await run('no-such-program', []).end.catch(() => undefined);

    expect(endChildren).not.toThrow();
  });

  test('it may happen twice', async () => {
    const { end, heard } = node(FOR_EVER);
    await heard;
    endChildren();
    expect(endChildren).not.toThrow();

    expect(await end).not.toBe(0);
  });
});
