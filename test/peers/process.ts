import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

/** Far more than any of the programs takes: it ends one that hangs, and decides nothing else. */
const LONGEST_MS = 10 * 60_000;

export interface ProgramOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** What it reads; where secrets go, since anyone can read a command line. */
  readonly stdin?: string;
}

export interface ProgramEnd {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end. @throws when it cannot be started */
export async function runProgram(
  program: string,
  args: readonly string[],
  { env, cwd, stdin = '' }: ProgramOptions = {},
): Promise<ProgramEnd> {
  const child = spawn(program, args, {
    env: env ?? process.env,
    ...(cwd === undefined ? {} : { cwd }),
    windowsHide: true,
    signal: AbortSignal.timeout(LONGEST_MS),
  });
  // One that ends before it has read everything is no fault.
  child.stdin.on('error', () => {});
  child.stdin.end(stdin);
  const [stdout, stderr, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { exitCode, stdout, stderr };
}
