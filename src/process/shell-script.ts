import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTail } from '../secrets/excerpt.ts';
import { type ProgramEnd, runProgram } from './child-processes.ts';

export interface ScriptRun {
  /** Its text, as a `run:` step has it. */
  readonly script: string;
  /** Comes on its stdin, and is in a file beside it. */
  readonly input: Buffer;
  /** The variable in which the script finds the path of that file. */
  readonly inputVariable: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Where its file is put, in a folder of its own, for as long as it runs. */
  readonly folder: string;
  /** Where it runs; undefined: where the step does. */
  readonly workingFolder?: string | undefined;
  /** What its output calls it, in the place of the file. */
  readonly name: string;
  /** From the start of the shell to its end. */
  readonly timeoutMs: number;
}

/** A file that only its owner can read, and that was not there before: no link leads elsewhere. */
const NEW_FILE = { mode: 0o600, flag: 'wx' } as const;

/** The exit code of bash when there is a mistake in the text of a script. */
const UNREADABLE = 2;

const UNHEARD = { input: Buffer.alloc(0), hear: () => undefined } as const;

/** How much of a script's output a message shows: its end, in characters. */
const SHOWN_OUTPUT = 2_000;

export interface ScriptEnd {
  /** `unreadable`: the shell finds a mistake in the script's text. It may have run the commands before that. */
  readonly end: ProgramEnd | 'unreadable';
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
    const { command, file, args, readArgs, text } = shellFor(join(folder, 'script'));
    await writeFile(file, text(run.script), NEW_FILE);
    const inputFile = join(folder, 'input');
    await writeFile(inputFile, run.input, NEW_FILE);
    const output = createTail(SHOWN_OUTPUT);
    const { timeoutMs, workingFolder } = run;
    const environment = { ...run.environment, [run.inputVariable]: inputFile };
    const place = workingFolder === undefined ? {} : { folder: workingFolder };
    const shell = { command, environment, timeoutMs, ...place };
    const end = await runProgram({ ...shell, args, input: run.input, hear: output.add });
    const failed = typeof end === 'number' && end !== 0;
    const unreadable = failed && (await runProgram({ ...shell, args: readArgs, ...UNHEARD })) === UNREADABLE;
    // The shell names the file in its messages, each time another one: the same failure has the same words.
    return { end: unreadable ? 'unreadable' : end, output: output.text().replaceAll(file, run.name) };
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
  }
}

/** How the runner starts a `run:` step of its default shell. */
function shellFor(path: string): {
  readonly command: string;
  readonly file: string;
  readonly args: readonly string[];
  /** With these it only reads the script, and exits with {@link UNREADABLE} when it cannot. */
  readonly readArgs: readonly string[];
  readonly text: (script: string) => string;
} {
  if (process.platform === 'win32') {
    const file = `${path}.ps1`;
    const quoted = `'${file.replaceAll("'", "''")}'`;
    const exit = 'if ((Test-Path -LiteralPath variable:\\LASTEXITCODE)) { exit $LASTEXITCODE }';
    return {
      command: 'pwsh',
      file,
      args: ['-NoLogo', '-NoProfile', '-NonInteractive', '-Command', `. ${quoted}`],
      readArgs: [
        '-NoLogo',
        '-NoProfile',
        '-NonInteractive',
        '-Command',
        `$mistakes = $null; [void][Management.Automation.Language.Parser]::ParseFile(${quoted}, [ref]$null, [ref]$mistakes); exit $(if ($mistakes.Count -gt 0) { ${UNREADABLE} } else { 0 })`,
      ],
      text: (script) => `$ErrorActionPreference = 'stop'\r\n${script}\r\n${exit}`,
    };
  }
  const file = `${path}.sh`;
  return {
    command: 'bash',
    file,
    args: ['--noprofile', '--norc', '-eo', 'pipefail', file],
    readArgs: ['--noprofile', '--norc', '-n', file],
    text: (script) => script,
  };
}
