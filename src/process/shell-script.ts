import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTail } from '../secrets/excerpt.ts';
import { type ProgramEnd, runProgram } from './child-processes.ts';

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

export interface ScriptEnd {
  readonly end: ProgramEnd;
  /** The end of what it wrote to stdout and stderr, in the order of arrival. */
  readonly output: string;
}

/**
 * Runs a script as the runner runs a `run:` step of its default shell: `bash`, on Windows `pwsh`. A process that it
 * leaves behind is ended with it.
 * @throws NotOnPathError, and the system's error when it cannot be started
 */
export async function runScript(run: ScriptRun): Promise<ScriptEnd> {
  const folder = await mkdtemp(join(run.folder, `${run.name}-`));
  try {
    const { command, file, args, text } = shellFor(join(folder, 'script'));
    await writeFile(file, text(run.script), { mode: 0o600 });
    const output = createTail(SHOWN_OUTPUT);
    const end = await runProgram({
      command,
      args,
      environment: run.environment,
      input: run.input,
      timeoutMs: run.timeoutMs,
      hear: output.add,
    });
    // The shell names the file in its messages, each time another one: the same failure has the same words.
    return { end, output: output.text().replaceAll(file, run.name) };
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
