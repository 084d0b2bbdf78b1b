import type { Command } from './commands.ts';
import { createCommandReader } from './commands.ts';
import type { Masker } from './masks.ts';
import { isBlank } from './white-space.ts';

type AnnotationLevel = 'error' | 'warning' | 'notice';

export interface Annotation {
  readonly level: AnnotationLevel;
  /** Masked, cut at 4096 characters. */
  readonly message: string;
  /** Not masked, as on GitHub. */
  readonly properties: Readonly<Record<string, string>>;
}

export interface Log {
  /** One line of the step's stdout or stderr. */
  line(line: string): void;
  /** What the runner itself says. */
  issue(level: AnnotationLevel, message: string): void;
  debug(message: string): void;
  readonly shown: readonly string[];
  readonly annotations: readonly Annotation[];
  readonly outputs: ReadonlyMap<string, string>;
  readonly state: ReadonlyMap<string, string>;
  /** In the order that the step registered them. */
  readonly masks: readonly string[];
  /** Lines of commands that the runner refuses, each of which fails the step. */
  readonly failedCommands: readonly string[];
}

const MESSAGE_LIMIT = 4096;
const ANNOTATIONS_PER_LEVEL = 10;
const TAGS: Readonly<Record<AnnotationLevel, string>> = {
  error: 'Error',
  warning: 'Warning',
  notice: 'Notice',
};
const SILENT_WHEN_ECHOING = new Set(['add-mask', 'debug', 'error', 'warning', 'notice']);

/** The log of one step as the runner writes it, line by line. */
export function createLog(masker: Masker, options: { readonly debug: boolean }): Log {
  const shown: string[] = [];
  const annotations: Annotation[] = [];
  const outputs = new Map<string, string>();
  const state = new Map<string, string>();
  const masks: string[] = [];
  const failedCommands: string[] = [];
  const reader = createCommandReader();
  let echo = options.debug;

  function show(text: string): void {
    shown.push(masker.mask(text));
  }

  function issue(level: AnnotationLevel, message: string, properties: Command['props'] = {}): void {
    if (message !== '') show(`${TAGS[level]}: ${message}`);
    if (annotations.filter((kept) => kept.level === level).length >= ANNOTATIONS_PER_LEVEL) return;
    annotations.push({ level, message: masker.mask(message).slice(0, MESSAGE_LIMIT), properties });
  }

  function debug(message: string): void {
    if (!options.debug) return;
    for (const line of message.split(/\r?\n/)) show(`##[debug]${line}`);
  }

  function refuse(line: string, why: string): void {
    failedCommands.push(line);
    issue('error', `Unable to process command '${line}' successfully.`);
    issue('error', why);
  }

  function addMask(value: string): void {
    if (isBlank(value)) {
      issue('warning', "Can't add secret mask for empty string in ##[add-mask] command.");
      return;
    }
    if (echo) show('::add-mask::***');
    masks.push(value);
    masker.add(value);
  }

  function keep(values: Map<string, string>, line: string, { cmd, props, data }: Command): void {
    const name = property(props, 'name');
    if (name === undefined) {
      refuse(line, `Required field 'name' is missing in ##[${cmd}] command.`);
      return;
    }
    issue('warning', `The \`${cmd}\` command is deprecated and will be disabled soon.`);
    values.set(name, data);
  }

  type Effect = (command: Command, line: string) => void;
  const refuseDisabled: Effect = ({ cmd }, line) => refuse(line, `The \`${cmd}\` command is disabled.`);
  /** Commands that are missing here, the end of a group and the problem matchers, show nothing. */
  const effects: Readonly<Record<string, Effect>> = {
    'add-mask': ({ data }) => addMask(data),
    'add-path': refuseDisabled,
    debug: ({ data }) => debug(data),
    echo: ({ data }, line) => setEcho(line, data),
    error: ({ data, props }) => issue('error', data, props),
    group: ({ data }) => show(`▸ ${data}`),
    notice: ({ data, props }) => issue('notice', data, props),
    'save-state': (command, line) => keep(state, line, command),
    'set-env': refuseDisabled,
    'set-output': (command, line) => keep(outputs, line, command),
    warning: ({ data, props }) => issue('warning', data, props),
  };

  function obey(line: string, name: string, command: Command): void {
    if (echo && !SILENT_WHEN_ECHOING.has(name)) show(line);
    effects[name]?.(command, line);
  }

  function setEcho(line: string, data: string): void {
    const value = data.trim().toLowerCase();
    if (value === 'on' || value === 'off') {
      echo = value === 'on';
    } else {
      refuse(
        line,
        `Invalid echo command value. Possible values can be: 'on', 'off'. Current value is: '${data}'.`,
      );
    }
  }

  return {
    line(line) {
      const read = reader.read(line);
      if (read.kind === 'command') obey(line, read.name, read.command);
      else if (read.kind === 'bad-stop-token') refuse(line, 'You cannot use this endToken.');
      else show(line);
    },
    issue,
    debug,
    shown,
    annotations,
    outputs,
    state,
    masks,
    failedCommands,
  };
}

function property(props: Command['props'], name: string): string | undefined {
  return Object.entries(props).find(([key]) => key.toLowerCase() === name)?.[1];
}
