import { styleText } from 'node:util';
import { writeToStderr } from '../process/own-stderr.ts';
import { announceMasksTo } from '../secrets/secret.ts';
import { defuse } from '../secrets/untrusted.ts';
import { createDotenvFile, type DotenvFile } from './dotenv-file.ts';
import type { AnnotationPlace, Ending, Host, Origin } from './host.ts';

export interface TerminalOptions {
  readonly input: Host['input'];
  /** Where the log goes: stdout belongs to the report with `--json`, and to the program with `run`. */
  readonly logTo: 'stdout' | 'stderr';
  /** Print the report for programs on stdout at the end. */
  readonly json: boolean;
  readonly verbose: boolean;
  /** Where to write the outputs that are no secret, as lines of `NAME=value`. */
  readonly dotenv: string | undefined;
}

/** Nothing is masked at a terminal: what is printed has been redacted, and no secret is an output. */
export function createTerminalHost({ input, logTo, json, verbose, dotenv }: TerminalOptions): Host {
  announceMasksTo(() => undefined);
  const stream = logTo === 'stdout' ? process.stdout : process.stderr;
  const isTerminal = stream.isTTY === true && !process.env.CI;
  const file = createDotenvFile(dotenv);
  let isProgressShown = false;
  const write = (text: string): void => {
    const erased = isProgressShown ? '\r\u001b[2K' : '';
    isProgressShown = false;
    if (logTo === 'stdout') process.stdout.write(`${erased}${text}`);
    else writeToStderr(`${erased}${text}`);
  };
  const colored = (color: 'red' | 'yellow' | 'dim', text: string): string =>
    styleText(color, text, { stream, validateStream: true });
  const print = (text: string): void => write(`${defuse(text)}\n`);
  const annotate =
    (symbol: string, word: string, color: 'red' | 'yellow') =>
    (message: string, { title, file }: AnnotationPlace = {}): void => {
      // The message of a mistake in a file begins with its place.
      const what = title === undefined || file !== undefined ? '' : `${title}: `;
      const [first = '', ...more] = defuse(message).split('\n');
      const mark = isTerminal ? symbol : `${word}:`;
      write(`${[colored(color, `${mark} ${what}${first}`), ...more].join('\n')}\n`);
    };
  const error = annotate('✗', 'error', 'red');
  return {
    input,
    info: print,
    debug: (text) => {
      if (verbose) write(`${colored('dim', defuse(text))}\n`);
    },
    warning: annotate('!', 'warning', 'yellow'),
    error,
    group(title, lines) {
      print(title);
      for (const line of lines) write(`${defuse(line).replace(/^/gm, '  ')}\n`);
    },
    progress(text) {
      if (!isTerminal) return print(text);
      write(
        colored(
          'dim',
          defuse(text)
            .replace(/\s+/g, ' ')
            .slice(0, (stream.columns ?? 80) - 1),
        ),
      );
      isProgressShown = true;
    },
    setOutput: file.add,
    tellsOutputs: dotenv !== undefined,
    writeSummary: () => undefined,
    report: (pieces) => {
      if (!json) return;
      for (const piece of pieces) process.stdout.write(piece);
    },
    origin: () => originIn(process.env),
    finish(ending) {
      if (isProgressShown) write('');
      return endWith(file, ending, error);
    },
  };
}

/** GitLab and Jenkins run the command line, too. */
function originIn({
  CI_JOB_URL,
  CI_PROJECT_URL,
  CI_COMMIT_SHA,
  BUILD_URL,
  GIT_COMMIT,
}: NodeJS.ProcessEnv): Origin {
  if (!CI_JOB_URL) return { runUrl: BUILD_URL, commit: GIT_COMMIT };
  return {
    runUrl: CI_JOB_URL,
    commit: CI_COMMIT_SHA,
    commitUrl: CI_PROJECT_URL && CI_COMMIT_SHA && `${CI_PROJECT_URL}/-/commit/${CI_COMMIT_SHA}`,
  };
}

/** Writes the file of --dotenv. @returns the exit code */
export function endWith(
  file: DotenvFile,
  { verdict, isMistake, signal }: Ending,
  tell: (message: string) => void,
): number {
  const unwritten = file.write();
  const isTold = isMistake && unwritten === file.mistake();
  if (unwritten !== undefined && !isTold) tell(unwritten);
  return unwritten === undefined || isMistake ? exitCodeOf(verdict, isMistake, signal) : EXIT_CODES.error;
}

/** 1: the model is to blame. 2: a mistake of the user's. 3: try again. 4: it could not be measured. */
const EXIT_CODES = { passed: 0, skipped: 0, failed: 1, inconclusive: 3, error: 4 } as const;
export const MISTAKE = 2;

/** As shells tell of a signal. */
const SIGNAL_CODES: Readonly<Partial<Record<NodeJS.Signals, number>>> = {
  SIGHUP: 129,
  SIGINT: 130,
  SIGQUIT: 131,
  SIGTERM: 143,
};

/** A signal that came after the verdict was told does not change it. */
function exitCodeOf(
  verdict: keyof typeof EXIT_CODES,
  isMistake: boolean,
  signal: NodeJS.Signals | undefined,
): number {
  if (verdict === 'error' && signal !== undefined) return SIGNAL_CODES[signal] ?? EXIT_CODES.error;
  return isMistake ? MISTAKE : EXIT_CODES[verdict];
}
