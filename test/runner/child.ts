import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';

export interface ChildOptions {
  readonly executable: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly onStart?: (child: ChildProcess) => void;
}

export interface ChildExit {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
}

/** Runs a process to its end with a closed stdin. One that takes too long is killed. */
export function runChild(options: ChildOptions): Promise<ChildExit> {
  const { executable, args, cwd, env, timeoutMs } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(executable, args, { cwd, env, stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    // A child that is gone before its stdin is closed is no fault of the test.
    child.stdin.on('error', () => {});
    child.stdin.end();

    function finish(exitCode: number | null, signal: NodeJS.Signals | null, timedOut: boolean): void {
      clearTimeout(timer);
      resolve({ exitCode, signal, stdout: textOf(stdout), stderr: textOf(stderr), timedOut });
    }

    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      // A grandchild may hold the pipes open: do not wait for them.
      child.stdout.destroy();
      child.stderr.destroy();
      finish(null, 'SIGKILL', true);
    }, timeoutMs);
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(new Error(`Cannot run ${executable}`, { cause: error }));
    });
    child.once('close', (code, signal) => finish(code, signal, false));
    options.onStart?.(child);
  });
}

function textOf(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString('utf8');
}
