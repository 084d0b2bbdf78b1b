import { existsSync, statSync } from 'node:fs';
import { EOL } from 'node:os';
import { announceMasksTo, Secret } from '../secrets/secret.ts';
import { defuse } from '../secrets/untrusted.ts';
import type { AnnotationPlace, Host } from './host.ts';
import { type CommandProperties, issueCommand, issueFileCommand, prepareKeyValueMessage } from './toolkit.ts';

/** GitHub cuts a message here. */
const LONGEST_MESSAGE = 4_096;

/** GitHub drops a longer summary whole. */
const LONGEST_SUMMARY_BYTES = 1_048_576;

/** GitHub Actions: workflow commands on stdout, and the files that GITHUB_OUTPUT and its like name. */
export function createGitHubHost(): Host {
  announceMasksTo((masks) => {
    for (const mask of masks) issueCommand('add-mask', {}, mask);
  });
  const annotate =
    (level: 'warning' | 'error') =>
    (message: string, place: AnnotationPlace = {}): void => {
      issueCommand(level, propertiesOf(place), shorten(defuse(message)));
    };
  return {
    info: print,
    debug: (text) => issueCommand('debug', {}, defuse(text)),
    warning: annotate('warning'),
    error: annotate('error'),
    group(title, lines) {
      issueCommand('group', {}, defuse(title).replace(/\s+/g, ' '));
      for (const line of lines) print(line);
      issueCommand('endgroup', {}, '');
    },
    setOutput(name, value) {
      const text = value instanceof Secret ? value.reveal() : value;
      issueFileCommand('OUTPUT', prepareKeyValueMessage(name, text));
    },
    writeSummary(markdown) {
      // A summary that has no file, or does not fit into it, is left out: it is not worth failing a deployment.
      const path = process.env.GITHUB_STEP_SUMMARY ?? '';
      if (!existsSync(path)) return;
      try {
        const { size } = statSync(path);
        if (size + Buffer.byteLength(`${markdown}${EOL}`) > LONGEST_SUMMARY_BYTES) return;
        issueFileCommand('STEP_SUMMARY', markdown);
      } catch (error) {
        print(
          `The job summary cannot be written (${(error as NodeJS.ErrnoException).code ?? 'unknown error'}).`,
        );
      }
    },
  };
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
