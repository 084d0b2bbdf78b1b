import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isOutputClosed } from '../process/closed-output.ts';
import { temporaryFolder } from '../process/temporary-folder.ts';
import { announceMasksTo, Secret } from '../secrets/secret.ts';
import { defuse } from '../secrets/untrusted.ts';
import { camelCase } from './azure-pipelines-words.ts';
import type { AnnotationPlace, Host, Origin } from './host.ts';
import { TaskCommand } from './task-commands.ts';

/** The agent cuts nothing, but a message of a dump helps nobody. */
const LONGEST_MESSAGE = 4_096;

type Properties = Readonly<Record<string, string>>;

/** Azure Pipelines: logging commands on stdout. The agent obeys them on stderr, too, before any mask. */
export function createAzurePipelinesHost(): Host {
  announceMasksTo((masks) => {
    process.stdout.cork();
    // One with a line break would be refused, and shown by that.
    for (const mask of masks) if (!/[\r\n]/.test(mask)) issue('task.setsecret', {}, mask);
    process.stdout.uncork();
  });
  const annotate =
    (type: 'warning' | 'error') =>
    (message: string, { title, file, startLine, startColumn }: AnnotationPlace = {}): void => {
      const place = [file, startLine, startColumn].filter((part) => part !== undefined).join(':');
      // A property for the place would make a message of a compiler of it, and no mask hides a property.
      const named = title === undefined || place !== '' ? message : `${title}: ${message}`;
      issue('task.logissue', { type }, shorten(defuse(named)));
    };
  return {
    input: (name) => process.env[`INPUT_${camelCase(name).toUpperCase()}`],
    info: print,
    debug: (text) => {
      for (const line of defuse(text).split('\n')) issue('task.debug', {}, line);
    },
    warning: annotate('warning'),
    error: annotate('error'),
    group(title, lines) {
      process.stdout.write(`##[group]${defuse(title).replace(/\s+/g, ' ')}\n`);
      for (const line of lines) print(line);
      process.stdout.write('##[endgroup]\n');
    },
    progress: print,
    setOutput(name, value) {
      // Nobody reads the masks any more, so what needs one is not emitted.
      if (value instanceof Secret && isOutputClosed()) return;
      const text = value instanceof Secret ? value.reveal() : value;
      const isSecret = value instanceof Secret;
      // Of several lines it would be refused, and shown by that. No credential of Azure's has any.
      if (isSecret && /[\r\n]/.test(text)) return;
      issue(
        'task.setvariable',
        { variable: camelCase(name), isOutput: 'true', ...(isSecret ? { issecret: 'true' } : {}) },
        text,
      );
    },
    writeSummary(markdown) {
      const folder = join(temporaryFolder(process.env), `azureml-endpoint-summary-${process.pid}`);
      try {
        mkdirSync(folder, { recursive: true });
        const path = join(folder, 'Azure ML endpoint.md');
        writeFileSync(path, withoutDiagrams(markdown), { mode: 0o600 });
        // The agent reads the file after the task has ended, and masks nothing in it: all of it is redacted.
        issue('task.uploadsummary', {}, path);
      } catch (error) {
        const { code = 'unknown error' } = error as NodeJS.ErrnoException;
        print(`The summary was left out: the agent's temp folder cannot be written to (${code}).`);
      }
    },
    origin: () => originIn(process.env),
    /** Another exit code than 0 means a broken task to the agent, which would add an error of its own. */
    finish({ verdict }) {
      const isGood = verdict === 'passed' || verdict === 'skipped';
      issue('task.complete', { result: isGood ? 'Succeeded' : 'Failed' }, '');
      return 0;
    },
  };
}

function originIn({
  SYSTEM_COLLECTIONURI: collection,
  SYSTEM_TEAMPROJECT: project,
  BUILD_BUILDID: build,
  BUILD_SOURCEVERSION: commit,
}: NodeJS.ProcessEnv): Origin {
  if (!collection || !project || !build) return { commit };
  const runUrl = `${collection.replace(/\/$/, '')}/${encodeURIComponent(project)}/_build/results?buildId=${build}`;
  return { runUrl, commit };
}

/** A summary of Azure DevOps draws none: the table below each says the same. */
function withoutDiagrams(markdown: string): string {
  return markdown.replace(/^```mermaid\n[\s\S]*?\n```\n+/gm, '');
}

function issue(command: string, properties: Properties, message: string): void {
  process.stdout.write(`${new TaskCommand(command, { ...properties }, message)}\n`);
}

function print(text: string): void {
  process.stdout.write(`${defuse(text)}\n`);
}

function shorten(message: string): string {
  return message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE - 1)}…` : message;
}
