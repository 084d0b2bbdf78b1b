import { existsSync, statSync } from 'node:fs';
import { EOL } from 'node:os';
import { isOutputClosed } from '../process/closed-output.ts';
import { announceMasksTo, Secret } from '../secrets/secret.ts';
import { defuse, quote } from '../secrets/untrusted.ts';
import { Failure } from '../text/failure.ts';
import type { AnnotationPlace, Host, Origin } from './host.ts';
import { type CommandProperties, issueCommand, issueFileCommand, prepareKeyValueMessage } from './toolkit.ts';

/** GitHub cuts a message here. */
const LONGEST_MESSAGE = 4_096;

/** GitHub drops a longer summary whole. */
const LONGEST_SUMMARY_BYTES = 1_048_576;

/** GitHub Actions: workflow commands on stdout, and the files that GITHUB_OUTPUT and its like name. */
export function createGitHubHost(): Host {
  announceMasksTo((masks) => {
    // A token has a hundred masks: they are one write, not a system call each. It is made before this returns.
    process.stdout.cork();
    for (const mask of masks) issueCommand('add-mask', {}, mask);
    process.stdout.uncork();
  });
  const annotate =
    (level: 'warning' | 'error') =>
    (message: string, place: AnnotationPlace = {}): void => {
      issueCommand(level, propertiesOf(place), shorten(defuse(message)));
    };
  let outputsFail = false;
  return {
    input: (name) => process.env[`INPUT_${name.toUpperCase()}`],
    info: print,
    debug: (text) => issueCommand('debug', {}, defuse(text)),
    warning: annotate('warning'),
    error: annotate('error'),
    group(title, lines) {
      issueCommand('group', {}, defuse(title).replace(/\s+/g, ' '));
      for (const line of lines) print(line);
      issueCommand('endgroup', {}, '');
    },
    progress: print,
    setOutput(name, value) {
      // It was said already, and no later output would be written either.
      if (outputsFail) return;
      // Nobody reads the masks any more, so what needs one is not emitted.
      if (value instanceof Secret && isOutputClosed()) return;
      const text = value instanceof Secret ? value.reveal() : value;
      const message = prepareKeyValueMessage(name, text);
      try {
        requireFile(process.env.GITHUB_OUTPUT ?? '');
        issueFileCommand('OUTPUT', message);
      } catch (error) {
        outputsFail = true;
        throw new Failure(unwritableOutputs(error));
      }
    },
    writeSummary(markdown) {
      // A summary that is left out is not worth failing a deployment, but worth a line of the log.
      const path = process.env.GITHUB_STEP_SUMMARY ?? '';
      if (!existsSync(path)) return;
      try {
        requireFile(path);
        const bytes = statSync(path).size + Buffer.byteLength(`${markdown}${EOL}`);
        if (bytes <= LONGEST_SUMMARY_BYTES) issueFileCommand('STEP_SUMMARY', markdown);
        else print(tooLongSummary(bytes));
      } catch (error) {
        print(`The job summary was left out: '${quote(path)}' cannot be written: ${reasonOf(error)}.`);
      }
    },
    origin: () => originIn(process.env),
    finish: ({ verdict }) => (verdict === 'passed' || verdict === 'skipped' ? 0 : 1),
  };
}

function originIn(environment: NodeJS.ProcessEnv): Origin {
  const {
    GITHUB_SERVER_URL: server,
    GITHUB_REPOSITORY: repository,
    GITHUB_RUN_ID: run,
    GITHUB_SHA: commit,
  } = environment;
  if (!server || !repository) return { commit };
  return {
    runUrl: run && `${server}/${repository}/actions/runs/${run}`,
    commit,
    commitUrl: commit && `${server}/${repository}/commit/${commit}`,
  };
}

/** Opening a pipe would wait for its reader for ever. What else cannot be written to says so itself. */
function requireFile(path: string): void {
  if (existsSync(path) && statSync(path).isFIFO())
    throw Object.assign(new Error('a pipe'), { code: 'EPIPE' });
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space is left',
  EISDIR: 'it is a directory',
  EPIPE: 'it is a pipe',
};

function reasonOf(error: unknown): string {
  const { code = '' } = error as NodeJS.ErrnoException;
  return REASONS[code] ?? (code || 'unknown error');
}

/** @param bytes of the whole summary of the step, with what is there already */
function tooLongSummary(bytes: number): string {
  const [whole, limit] = [bytes, LONGEST_SUMMARY_BYTES].map((each) => each.toLocaleString('en-US'));
  return `The job summary was left out: with it, the summary of this step would have ${whole} bytes, and GitHub shows at most ${limit}. The log has what it would say.`;
}

/** Why outputs cannot be written, with the file and what to do. */
function unwritableOutputs(error: unknown): string {
  const path = process.env.GITHUB_OUTPUT ?? '';
  if (path === '') {
    return 'The outputs cannot be written: the environment variable GITHUB_OUTPUT, which names their file, is not set. Does an earlier command of the job unset it?';
  }
  const why = existsSync(path) ? reasonOf(error) : 'there is no such file';
  return `The outputs cannot be written to '${quote(path)}', the file that GITHUB_OUTPUT names: ${why}. The user of the step must be able to write to the runner's temporary folder.`;
}

function print(text: string): void {
  process.stdout.write(`${defuse(text)}\n`);
}

function propertiesOf({ title, file, startLine, startColumn }: AnnotationPlace): CommandProperties {
  const properties = { title, file, line: startLine, col: startColumn };
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined));
}

function shorten(message: string): string {
  return message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE - 1)}…` : message;
}
