import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTail } from '../secrets/excerpt.ts';

export interface ScriptRun {
  /** Its text, as a `run:` step has it. */
  readonly script: string;
  /** Comes on its stdin. */
  readonly input: Buffer;
  readonly environment: NodeJS.ProcessEnv;
  /** Where its file is put, in a folder of its own, for as long as it runs. */
  readonly folder: string;
  /** What its output calls it, in the place of the file. */
  readonly name: string;
  /** From the start of the shell to its end. */
  readonly timeoutMs: number;
}

/** How much of a script's output a message shows: its end, in characters. */
const SHOWN_OUTPUT = 2_000;

/** How long the output of a script that has ended is waited for, when something else holds it open. */
const DRAIN_MS = 1_000;

export interface ScriptEnd {
  /** The exit code, the signal that ended it, or that it was ended here. */
  readonly end: number | NodeJS.Signals | 'timeout';
  /** The end of what it wrote to stdout and stderr, in the order of arrival. */
  readonly output: string;
}

/**
 * Runs a script as the runner runs a `run:` step of its default shell. A process that it leaves behind is ended with it.
 * @throws a system error when it cannot be started
 */
export async function runScript(run: ScriptRun): Promise<ScriptEnd> {
  const folder = await mkdtemp(join(run.folder, `${run.name}-`));
  try {
    const { command, file, args, text } = shellFor(join(folder, 'script'));
    await writeFile(file, text(run.script), { mode: 0o600 });
    const child = spawn(command, args, {
      env: run.environment,
      // Its own process group: what it starts can be ended with it.
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    const { end, output } = await outcomeOf(child, run.input, run.timeoutMs);
    // The shell names the file in its messages, each time another one: the same failure has the same words.
    return { end, output: output.replaceAll(file, run.name) };
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
  }
}

/** `bash`, on Windows `pwsh`. */
export function shellName(): string {
  return shellFor('').command;
}

/** How the runner starts a `run:` step of its default shell. */
function shellFor(path: string): {
  readonly command: string;
  readonly file: string;
  readonly args: readonly string[];
  readonly text: (script: string) => string;
} {
  if (process.platform === 'win32') {
    const file = `${path}.ps1`;
    const exit = 'if ((Test-Path -LiteralPath variable:\\LASTEXITCODE)) { exit $LASTEXITCODE }';
    return {
      command: 'pwsh',
      file,
      args: ['-NoLogo', '-NoProfile', '-NonInteractive', '-Command', `. '${file.replaceAll("'", "''")}'`],
      text: (script) => `$ErrorActionPreference = 'stop'\r\n${script}\r\n${exit}`,
    };
  }
  const file = `${path}.sh`;
  return {
    command: 'bash',
    file,
    args: ['--noprofile', '--norc', '-eo', 'pipefail', file],
    text: (script) => script,
  };
}

function outcomeOf(child: ChildProcess, input: Buffer, timeoutMs: number): Promise<ScriptEnd> {
  const { promise, resolve, reject } = Promise.withResolvers<ScriptEnd>();
  const output = createTail(SHOWN_OUTPUT);
  child.stdout?.on('data', output.add);
  child.stderr?.on('data', output.add);
  // A script need not read its input.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(input);

  let end: ScriptEnd['end'] | undefined;
  let drain: NodeJS.Timeout | undefined;
  const finish = (): void => {
    clearTimeout(timer);
    clearTimeout(drain);
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy();
    resolve({ end: end ?? 'timeout', output: output.text() });
  };
  const timer = setTimeout(() => {
    end = 'timeout';
    killTree(child);
  }, timeoutMs);
  child.on('error', (error) => {
    clearTimeout(timer);
    reject(error);
  });
  child.on('exit', (code, signal) => {
    clearTimeout(timer);
    end ??= signal ?? code ?? 1;
    // Its group is still its own; on Windows its id may be another process's by now.
    if (process.platform !== 'win32') killTree(child);
    // A process that left the group may hold the output open for ever.
    drain = setTimeout(finish, DRAIN_MS);
  });
  child.on('close', finish);
  return promise;
}

/** Ends a process and all that it started. Those that are gone already are no error. */
function killTree(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined) return;
  if (process.platform === 'win32') {
    execFile('taskkill', ['/pid', `${pid}`, '/T', '/F'], (error) => {
      if (error !== null) child.kill('SIGKILL');
    });
    return;
  }
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // No process of the group is left.
  }
}
