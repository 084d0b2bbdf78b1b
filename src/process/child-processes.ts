import { AsyncLocalStorage } from 'node:async_hooks';
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { subscribe } from 'node:diagnostics_channel';
import { readdirSync, readFileSync } from 'node:fs';
import { load } from './lazy-load.ts';
import { programEnvironment } from './program-environment.ts';

// Every program that the step starts is started here, through @actions/exec. What that lacks is added to the
// child process that it creates: a time limit, input, output as it comes, and the end of all that the program
// has started. The one exception is directory-probe.ts: it asks a directory that may never answer, and nobody waits
// for its end.

export interface Program {
  /** A name, looked up on PATH; on Windows with the extensions of PATHEXT. */
  readonly command: string;
  readonly args: readonly string[];
  /** Where it runs; without one, where the step does. */
  readonly folder?: string;
  /** It finds what {@link programEnvironment} leaves of this. */
  readonly environment: NodeJS.ProcessEnv;
  /** What it finds besides, secrets among it: what a user has asked to be handed on. */
  readonly handedOn?: Readonly<Record<string, string>>;
  /**
   * Comes on its stdin; it need not read it. `inherit`: it has the step's own stdin, and belongs to the terminal that
   * the step was started from.
   */
  readonly input: Buffer | 'inherit';
  /** From its start to its end; undefined: however long it takes. */
  readonly timeoutMs: number | undefined;
  /** Gets what it writes, in the order of arrival. */
  readonly hear: (chunk: Buffer, from: 'stdout' | 'stderr') => void;
}

/** The exit code, the signal that ended it, or that it was ended here. */
export type ProgramEnd = number | NodeJS.Signals | 'timeout';

/** No folder of PATH has a program of this name that may be executed. */
export class NotOnPathError extends Error {
  override name = 'NotOnPathError';
}

/** How long the output of a program that has ended is waited for, when something else holds it open. */
const DRAIN_MS = 1_000;

const WINDOWS = process.platform === 'win32';

const running = new Set<ChildProcess>();

/** Gets the child process of one call of @actions/exec before its program starts. */
const creating = new AsyncLocalStorage<(child: ChildProcess) => void>();
let subscribed = false;

/**
 * Runs a program, with all that it starts, to its end.
 * @throws NotOnPathError, and the system's error when it cannot be started
 */
export async function runProgram(program: Program): Promise<ProgramEnd> {
  const { exec } = await load(() => import('@actions/exec'));
  if (!subscribed) {
    subscribed = true;
    subscribe('child_process', (message) => {
      creating.getStore()?.((message as { readonly process: ChildProcess }).process);
    });
  }
  let child: ChildProcess | undefined;
  let failure: Error | undefined;
  let timer: NodeJS.Timeout | undefined;
  let timedOut = false;
  const prepare = (created: ChildProcess): void => {
    child = created;
    created.once('error', (error) => {
      failure = error;
    });
    created.once('exit', () => {
      clearTimeout(timer);
      running.delete(created);
      endTree(created);
    });
    onceSpawned(created, program.input === 'inherit', () => {
      running.add(created);
      takeStreams(created, program);
      if (program.timeoutMs === undefined) return;
      timer = setTimeout(() => {
        timedOut = true;
        endTree(created);
      }, program.timeoutMs);
    });
  };
  try {
    // Silent, it prints neither the command nor the output. The exit code is null when a signal ended the program.
    const options = {
      ...(program.folder === undefined ? {} : { cwd: program.folder }),
      env: { ...programEnvironment(program.environment), ...program.handedOn } as Record<string, string>,
      silent: true,
      ignoreReturnCode: true,
      delay: DRAIN_MS,
    };
    const code: number | null = await creating.run(prepare, () =>
      exec(program.command, [...program.args], options),
    );
    return timedOut ? 'timeout' : (child?.signalCode ?? code ?? 1);
  } catch (error) {
    if (child === undefined) throw new NotOnPathError(`${program.command} is not on PATH`, { cause: error });
    throw failure ?? error;
  } finally {
    clearTimeout(timer);
    for (const stream of child?.stdio ?? []) stream?.destroy();
  }
}

/** Changes how one child process is spawned, which @actions/exec has no options for. */
function onceSpawned(child: ChildProcess, isAttached: boolean, spawned: () => void): void {
  // Node calls this method on the object that it has just created and announced.
  const spawning = child as unknown as { spawn(options: SpawnOptions): void };
  const spawn = spawning.spawn.bind(child);
  spawning.spawn = (options) => {
    try {
      // Its own process group: what loses its parent can still be ended with it. Only that of a terminal may read there.
      const own = { ...options, detached: !WINDOWS && !isAttached, windowsHide: true };
      spawn(isAttached ? { ...own, stdio: ['inherit', 'pipe', 'pipe'] } : own);
    } catch (error) {
      // @actions/exec would wait for ever for a program whose start throws, as with too large an environment.
      process.nextTick(() => child.emit('error', error as Error));
      return;
    }
    if (child.pid !== undefined) spawned();
  };
}

function takeStreams(child: ChildProcess, { input, hear }: Program): void {
  const { stdin, stdout, stderr } = child;
  stdout?.on('data', (chunk: Buffer) => hear(chunk, 'stdout'));
  stderr?.on('data', (chunk: Buffer) => hear(chunk, 'stderr'));
  // @actions/exec would join each line's pieces over and over: 64 MiB without a line break take it 30 seconds.
  Object.assign(child, { stdout: null, stderr: null });
  // A program that ends before it has read its input closes the pipe.
  stdin?.on('error', () => undefined);
  if (input !== 'inherit') stdin?.end(input);
}

/** Sends a signal to every program that is running; what they have started is theirs to end. */
export function signalChildren(signal: NodeJS.Signals): void {
  for (const child of running) child.kill(signal);
}

/** Ends every program that is running, with all that it has started. */
export function endChildren(): void {
  for (const child of running) endTree(child);
}

/** Ends a process and all that it has started. When the process itself has ended, what it left behind. */
function endTree(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined) return;
  const ended = child.exitCode !== null || child.signalCode !== null;
  if (WINDOWS) {
    // Its number may be another process's by now, and nothing tells what it left behind.
    if (!ended) taskkill(child, pid);
    return;
  }
  // What has left the group is found below its parent for as long as that one lives.
  const descendants = ended ? [] : descendantsOf(pid, parentsOfAll());
  // The group first: a shell whose program is ended before it would go on with its script.
  for (const each of [-pid, ...descendants]) {
    try {
      process.kill(each, 'SIGKILL');
    } catch {
      // It has ended.
    }
  }
}

function taskkill(child: ChildProcess, pid: number): void {
  try {
    runNow('taskkill', ['/pid', `${pid}`, '/T', '/F']);
  } catch {
    child.kill('SIGKILL');
  }
}

function descendantsOf(pid: number, parents: ReadonlyMap<number, number>): readonly number[] {
  const children = [...parents].filter(([, parent]) => parent === pid).map(([child]) => child);
  return children.flatMap((child) => [child, ...descendantsOf(child, parents)]);
}

/** Process → its parent; empty where the system does not tell. */
function parentsOfAll(): ReadonlyMap<number, number> {
  try {
    return new Map(process.platform === 'linux' ? fromProc() : fromPs());
  } catch {
    return new Map();
  }
}

function fromProc(): readonly (readonly [number, number])[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    try {
      // The name in parentheses may hold any character; state and parent follow it.
      const [, parent] = /.*\) \S (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, 'latin1')) ?? [];
      return parent === undefined ? [] : [[Number(pid), Number(parent)]];
    } catch {
      return [];
    }
  });
}

function fromPs(): readonly (readonly [number, number])[] {
  const table = runNow('ps', ['-A', '-o', 'pid=,ppid=']);
  return [...table.matchAll(/(\d+)\s+(\d+)/g)].map(([, pid, parent]) => [Number(pid), Number(parent)]);
}

/** A step that is cancelled ends at once: nothing can be waited for. Most steps never load this module of Node. */
function runNow(command: string, args: readonly string[]): string {
  const { execFileSync } = process.getBuiltinModule('node:child_process');
  const env = programEnvironment(process.env);
  return execFileSync(command, args, {
    encoding: 'utf8',
    stdio: 'pipe',
    timeout: 2_000,
    windowsHide: true,
    env,
  });
}
