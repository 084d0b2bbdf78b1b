import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { runChild } from './child.ts';
import { splitLines } from './commands.ts';
import type { ActionInputs } from './environment.ts';
import { readInputs, runnerEnvironment } from './environment.ts';
import { readPairs, readPath, summaryError } from './file-commands.ts';
import type { Annotation, Log } from './log.ts';
import { createLog } from './log.ts';
import type { Masker } from './masks.ts';
import { createMasker } from './masks.ts';
import { PROJECT_ROOT, pinnedNode } from './node.ts';
import { printedBeforeMask } from './order.ts';
import type { FileCommandPaths, Sandbox } from './sandbox.ts';
import { changedFiles, createSandbox, takeSnapshot, writeFiles } from './sandbox.ts';

export interface StepOptions {
  /** Kebab-case names. Inputs that action.yml declares get their defaults. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Besides the runner's own; `undefined` takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Written into the workspace before the step starts. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Default: a fresh directory, which dispose() removes. One that is given is read whole, and kept. */
  readonly workspace?: string;
  /** Relative to the project's root; default: dist/index.js. */
  readonly entry?: string;
  /** Relative to the project's root; default: action.yml. */
  readonly actionFile?: string;
  readonly execArgv?: readonly string[];
  /** Values that the job masked before the step, as it does those of the `secrets` context. */
  readonly jobMasks?: readonly string[];
  /** To send signals. */
  readonly onStart?: (child: ChildProcess) => void;
  /** Kills the step and throws; default: 60 s. */
  readonly timeoutMs?: number;
}

export interface StepResult {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** A step also fails by a command or a command file that the runner refuses. */
  readonly conclusion: 'success' | 'failure';
  /** Raw. */
  readonly stdout: string;
  /** Raw. */
  readonly stderr: string;
  /** What a person sees: stderr first, commands taken out, masks applied. Debug lines only with RUNNER_DEBUG=1. */
  readonly log: string;
  /** The same output as it would be shown with RUNNER_DEBUG=1. */
  readonly debugLog: string;
  readonly annotations: readonly Annotation[];
  readonly outputs: Readonly<Record<string, string>>;
  readonly state: Readonly<Record<string, string>>;
  readonly exportedEnv: Readonly<Record<string, string>>;
  readonly path: readonly string[];
  /** Outputs that a mask would change, which the runner drops when they become job outputs. */
  readonly outputsDroppedDownstream: readonly string[];
  /** Masked line by line; empty when it is too large. */
  readonly summary: string;
  readonly rawSummary: string;
  readonly rawFiles: Readonly<Record<keyof FileCommandPaths, string>>;
  readonly workspace: string;
  /** `workspace/report.json` → bytes, for what the step created or changed there, in `temp/` and in `home/`. */
  readonly changedFiles: Readonly<Record<string, Uint8Array>>;
  /** In the order that the step registered them. */
  readonly masks: readonly string[];
  /** Which of these stand in stdout before (or without) a mask that hides them, or anywhere in stderr. */
  readonly printedBeforeMask: (secrets: readonly string[]) => string[];
  /** `output`, `state`, `env` or `summary`. */
  readonly failedFileCommands: readonly string[];
  /** Lines of commands that the runner refused. */
  readonly failedCommands: readonly string[];
  dispose(): Promise<void>;
}

/** Runs the built action as the runner does. */
export async function runStep(options: StepOptions): Promise<StepResult> {
  const entry = fromRoot(options.entry ?? 'dist/index.js');
  if (!existsSync(entry)) throw new Error(`There is no ${entry} to run: build the action first.`);
  const inputs = readInputs(options.inputs, fromRoot(options.actionFile ?? 'action.yml'));
  const sandbox = await createSandbox(options.workspace);
  try {
    return await runIn(sandbox, inputs, { ...options, entry: await install(entry, sandbox, options) });
  } catch (error) {
    await sandbox.remove();
    throw error;
  }
}

/** The built action runs where it is alone, as on a runner: what it lacks is not found in the project. */
async function install(entry: string, { action }: Sandbox, options: StepOptions): Promise<string> {
  if (options.entry !== undefined) return entry;
  const dist = join(action, 'dist');
  await cp(dirname(entry), dist, { recursive: true });
  return join(dist, basename(entry));
}

async function runIn(
  sandbox: Sandbox,
  inputs: ActionInputs,
  options: StepOptions & { readonly entry: string },
): Promise<StepResult> {
  await writeFiles(sandbox.workspace, options.files ?? {});
  const before = await takeSnapshot(sandbox);
  const env = merge({ ...runnerEnvironment(sandbox), ...inputs.variables }, options.env ?? {});
  const timeoutMs = options.timeoutMs ?? 60_000;
  const exit = await runChild({
    executable: pinnedNode(),
    args: [...(options.execArgv ?? []), options.entry],
    cwd: sandbox.workspace,
    env,
    timeoutMs,
    ...(options.onStart === undefined ? {} : { onStart: options.onStart }),
  });

  const jobMasks = options.jobMasks ?? [];
  const rawFiles = await readRawFiles(sandbox.fileCommands);
  const transcript = { ...exit, rawFiles, jobMasks, inputs };
  const debug = env.RUNNER_DEBUG === '1';
  const shown = show(transcript, debug);
  const log = shown.log.shown.join('\n');
  if (exit.timedOut) {
    throw new Error(`The step did not end within ${timeoutMs} ms and was killed. Its log so far:\n${log}`);
  }

  const failedCommands = shown.log.failedCommands;
  const refused =
    shown.failedFileCommands.filter((name) => name !== 'summary').length + failedCommands.length;
  return {
    exitCode: exit.exitCode,
    signal: exit.signal,
    conclusion: exit.exitCode === 0 && refused === 0 ? 'success' : 'failure',
    stdout: exit.stdout,
    stderr: exit.stderr,
    log,
    debugLog: debug ? log : show(transcript, true).log.shown.join('\n'),
    annotations: shown.log.annotations,
    outputs: shown.outputs,
    state: shown.state,
    exportedEnv: shown.exportedEnv,
    path: readPath(rawFiles.path),
    outputsDroppedDownstream: Object.entries(shown.outputs)
      .filter(([, value]) => shown.masker.mask(value) !== value)
      .map(([name]) => name),
    summary: shown.summary,
    rawSummary: rawFiles.summary,
    rawFiles,
    workspace: sandbox.workspace,
    changedFiles: changedFiles(before, await takeSnapshot(sandbox)),
    masks: shown.log.masks,
    printedBeforeMask: (secrets) =>
      printedBeforeMask({ stdout: exit.stdout, stderr: exit.stderr, jobMasks }, secrets),
    failedFileCommands: shown.failedFileCommands,
    failedCommands,
    dispose: () => sandbox.remove(),
  };
}

interface Transcript {
  readonly stdout: string;
  readonly stderr: string;
  readonly rawFiles: StepResult['rawFiles'];
  readonly jobMasks: readonly string[];
  readonly inputs: ActionInputs;
}

interface Shown {
  readonly log: Log;
  readonly masker: Masker;
  readonly outputs: Record<string, string>;
  readonly state: Record<string, string>;
  readonly exportedEnv: Record<string, string>;
  readonly summary: string;
  readonly failedFileCommands: string[];
}

/** What GitHub shows and keeps of a step that has ended. */
function show(transcript: Transcript, debug: boolean): Shown {
  const { stdout, stderr, rawFiles, inputs } = transcript;
  const masker = createMasker();
  for (const mask of transcript.jobMasks) masker.add(mask);
  const log = createLog(masker, { debug });
  if (inputs.unexpected.length > 0) {
    const quoted = (names: readonly string[]) => names.map((name) => `'${name}'`).join(', ');
    log.issue(
      'warning',
      `Unexpected input(s) ${quoted(inputs.unexpected)}, valid inputs are [${quoted(inputs.declared)}]`,
    );
  }
  for (const line of [...splitLines(stderr), ...splitLines(stdout)]) log.line(line);

  const failedFileCommands: string[] = [];
  function pairsOf(file: 'output' | 'state' | 'env', describe: (name: string, value: string) => string) {
    const { pairs, error } = readPairs(rawFiles[file]);
    for (const [name, value] of Object.entries(pairs)) log.debug(describe(name, value));
    if (error !== undefined) {
      failedFileCommands.push(file);
      log.issue('error', `Unable to process file command '${file}' successfully.`);
      log.issue('error', error);
    }
    return pairs;
  }

  const exportedEnv = { ...pairsOf('env', (name, value) => `${name}='${value}'`) };
  if ('NODE_OPTIONS' in exportedEnv) {
    delete exportedEnv.NODE_OPTIONS;
    log.issue('error', "Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command.");
  }
  const tooLarge = summaryError(rawFiles.summary);
  if (tooLarge !== undefined) {
    failedFileCommands.push('summary');
    log.issue('error', tooLarge);
  }
  const state = pairsOf('state', (name, value) => `Save intra-action state ${name} = ${value}`);
  const outputs = pairsOf('output', (name, value) => `Set output ${name} = ${value}`);
  return {
    log,
    masker,
    outputs: { ...Object.fromEntries(log.outputs), ...outputs },
    state: { ...Object.fromEntries(log.state), ...state },
    exportedEnv,
    summary: tooLarge === undefined ? splitLines(rawFiles.summary).map(masker.mask).join('\n') : '',
    failedFileCommands,
  };
}

async function readRawFiles(paths: FileCommandPaths): Promise<StepResult['rawFiles']> {
  // A step may delete the files; to the runner they are empty then.
  const read = (path: string) => readFile(path, 'utf8').catch(() => '');
  return {
    output: await read(paths.output),
    state: await read(paths.state),
    env: await read(paths.env),
    summary: await read(paths.summary),
    path: await read(paths.path),
  };
}

function merge(
  base: Readonly<Record<string, string>>,
  changes: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const merged = { ...base, ...changes };
  return Object.fromEntries(
    Object.entries(merged).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function fromRoot(path: string): string {
  return resolve(PROJECT_ROOT, path);
}
