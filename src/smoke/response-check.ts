import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { redact } from '../secret.ts';
import type { Mismatch } from './plan.ts';

export interface ResponseCheck {
  /** Text of the script, as a `run:` step has it. */
  readonly script: string;
  /** Comes on the script's stdin; undefined when the answer was too long to be kept. */
  readonly body: Buffer | undefined;
  /** The step's own environment; the script gets what {@link checkEnvironment} leaves of it. */
  readonly environment: NodeJS.ProcessEnv;
  readonly answered: AnsweredRequest;
  /** From the start of the shell to its end. */
  readonly timeoutMs: number;
}

/** What the script is told of the request. */
export interface AnsweredRequest {
  readonly scoringUri: string;
  /** The deployment that answered, remote text; undefined when it is not known. */
  readonly deployment: string | undefined;
  readonly statusCode: number;
  readonly latencyMs: number;
}

/** What was wrong. A script that is not there, or cannot be started, says nothing of the answer: `error`. */
export interface CheckFailure extends Mismatch {
  readonly verdict: 'failed' | 'error';
}

/** How much of a script's output a message shows: its end, in characters. */
const SHOWN_OUTPUT = 2_000;

/** Room for a secret that the cut would leave a piece of. */
const MARGIN = 8_192;

/** How long the output of a script that has ended is waited for, when something else holds it open. */
const DRAIN_MS = 1_000;

/**
 * What the runner gives an action but no `run:` step, what a step must not write while this one owns it (the
 * outputs, the environment and the path of later steps, the summary), and what signs in to Azure.
 */
const WITHHELD =
  /^(?:INPUT_.*|ACTIONS_.*|STATE_.*|GITHUB_(?:OUTPUT|ENV|STATE|PATH|STEP_SUMMARY)|(?:AZURE|ARM)_(?:CLIENT_SECRET|PASSWORD|CLIENT_CERTIFICATE_PASSWORD|CREDENTIALS|FEDERATED_TOKEN|OIDC_REQUEST_TOKEN|OIDC_TOKEN)|IDENTITY_HEADER|MSI_SECRET)$/;

/** What exit codes of a shell say: the script, or a program that it starts, cannot be run. */
const EXIT_CODES: Readonly<Record<number, string>> = {
  126: 'a command in it cannot be executed; is the file executable (chmod +x)?',
  127: 'a command in it was not found; is the file there (actions/checkout) and its path right?',
};

/**
 * Runs a script of the user's own on an answer, as a `run:` step would: `bash -eo pipefail`, on Windows `pwsh`.
 * A process that it leaves behind is ended with it.
 * @returns undefined when it exits with 0. Otherwise what went wrong; `got` ends with the end of its output, remote
 * text of up to 2,000 characters. Never throws.
 */
export async function runResponseCheck(check: ResponseCheck): Promise<CheckFailure | undefined> {
  const failure = (
    wanted: string,
    got: string,
    verdict: CheckFailure['verdict'] = 'failed',
  ): CheckFailure => ({
    at: 'response-check',
    wanted,
    got,
    verdict,
  });
  const { body, timeoutMs } = check;
  if (body === undefined) return failure('a body to check', 'an answer too long to be kept');
  try {
    const { end, output } = await runScript(check, body);
    if (end === 0) return undefined;
    const shown = output === '' ? ' and no output' : `: ${output}`;
    if (end === 'timeout')
      return failure(`an end within ${timeoutMs / 1_000} s`, `none; it was killed${shown}`);
    if (typeof end === 'string') return failure('exit code 0', `end by ${end}${shown}`);
    const advice = EXIT_CODES[end];
    const exit = `exit code ${end}${advice === undefined ? '' : ` (${advice})`}${shown}`;
    return failure('exit code 0', exit, advice === undefined ? 'failed' : 'error');
  } catch (error) {
    const { code, syscall, message } = error as NodeJS.ErrnoException;
    const missing = code === 'ENOENT' && syscall?.startsWith('spawn');
    const got = missing ? `${shellFor('').command} is not on PATH` : `it did not start: ${message}`;
    return failure('exit code 0', got, 'error');
  }
}

/** The environment of the script: without the step's inputs and outputs, and without credentials. */
export function checkEnvironment(
  environment: NodeJS.ProcessEnv,
  { scoringUri, deployment, statusCode, latencyMs }: AnsweredRequest,
): NodeJS.ProcessEnv {
  const kept = Object.entries(environment).filter(
    ([name, value]) => !WITHHELD.test(name.toUpperCase()) && value !== undefined && redact(value) === value,
  );
  return {
    ...Object.fromEntries(kept),
    AZUREML_SCORING_URI: scoringUri,
    AZUREML_DEPLOYMENT: (deployment ?? '').replaceAll('\0', ''),
    AZUREML_STATUS_CODE: `${statusCode}`,
    AZUREML_LATENCY_MS: `${Math.round(latencyMs)}`,
  };
}

interface ScriptEnd {
  /** The exit code, the signal that ended it, or that it was ended here. */
  readonly end: number | NodeJS.Signals | 'timeout';
  /** The end of what it wrote to stdout and stderr, in the order of arrival. */
  readonly output: string;
}

async function runScript(check: ResponseCheck, body: Buffer): Promise<ScriptEnd> {
  const folder = await mkdtemp(join(check.environment.RUNNER_TEMP || tmpdir(), 'response-check-'));
  try {
    const { command, file, args, text } = shellFor(join(folder, 'check'));
    await writeFile(file, text(check.script), { mode: 0o600 });
    const child = spawn(command, args, {
      env: checkEnvironment(check.environment, check.answered),
      // Its own process group: what it starts can be ended with it.
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    const { end, output } = await outcomeOf(child, body, check.timeoutMs);
    // The shell names the file in its messages, each time another one: the same failure has the same words.
    return { end, output: output.replaceAll(file, 'response-check') };
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
  }
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

function outcomeOf(child: ChildProcess, body: Buffer, timeoutMs: number): Promise<ScriptEnd> {
  const { promise, resolve, reject } = Promise.withResolvers<ScriptEnd>();
  let tail = Buffer.alloc(0);
  const keep = (chunk: Buffer): void => {
    tail = Buffer.concat([tail, chunk]).subarray(-(SHOWN_OUTPUT + MARGIN));
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  // A script need not read its input.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(body);

  let end: ScriptEnd['end'] | undefined;
  let drain: NodeJS.Timeout | undefined;
  const finish = (): void => {
    clearTimeout(timer);
    clearTimeout(drain);
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy();
    resolve({ end: end ?? 'timeout', output: shownPart(tail) });
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

function shownPart(tail: Buffer): string {
  const text = redact(tail.toString('utf8')).trim();
  return text.length > SHOWN_OUTPUT ? `…${text.slice(-SHOWN_OUTPUT)}` : text;
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
