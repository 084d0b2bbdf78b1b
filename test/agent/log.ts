import { type Command, linesOf, parseCommand, propertyOf } from './commands.ts';
import { createMasker, type Masker } from './masks.ts';

export type Result = 'Succeeded' | 'SucceededWithIssues' | 'Failed' | 'Canceled' | 'Skipped';

export interface Issue {
  readonly type: 'error' | 'warning';
  readonly message: string;
}

export interface OutputVariable {
  readonly value: string;
  readonly isSecret: boolean;
  readonly isOutput: boolean;
}

/** What an agent makes of the output of a task. */
export interface TaskLog {
  /** Masked lines, commands left out. */
  readonly shown: readonly string[];
  readonly issues: readonly Issue[];
  readonly variables: Readonly<Record<string, OutputVariable>>;
  readonly masker: Masker;
  /** What `task.complete` said, the worst of several; undefined: nothing. */
  readonly completed: Result | undefined;
  /** Paths of `task.uploadsummary`, in turn. */
  readonly summaries: readonly string[];
  /** Lines that the agent could not make sense of, or refused. */
  readonly refused: readonly string[];
}

const WORST: readonly Result[] = ['Succeeded', 'SucceededWithIssues', 'Skipped', 'Canceled', 'Failed'];

/** The agent keeps no more of each kind. */
const MOST_ISSUES = 10;

/**
 * Reads stderr first, then stdout, as the agent hands them over, and obeys commands on both.
 * @param settable the variables that task.json lets the task set, in whatever case
 * @param jobSecrets what is masked before the task starts
 */
export function readTaskLog(
  streams: { readonly stdout: string; readonly stderr: string },
  settable: readonly string[],
  jobSecrets: readonly string[],
): TaskLog {
  const masker = createMasker();
  for (const secret of jobSecrets) masker.add(secret);
  const log = {
    shown: [] as string[],
    issues: [] as Issue[],
    variables: {} as Record<string, OutputVariable>,
    masker,
    completed: undefined as Result | undefined,
    summaries: [] as string[],
    refused: [] as string[],
  };
  const show = (text: string): void => void log.shown.push(masker.mask(text));
  const refuse = (line: string): void => {
    log.refused.push(line);
    // It is shown, and a warning repeats it.
    show(line);
    show(`Unable to process command '${line}' successfully.`);
  };
  /** Whether the command was obeyed. */
  const obey = (command: Command): boolean => {
    const of = (name: string): string => propertyOf(command, name) ?? '';
    switch (`${command.area}.${command.event}`.toLowerCase()) {
      case 'task.setsecret':
        masker.add(command.data);
        return true;
      case 'task.setvariable': {
        const name = of('variable');
        const isSecret = of('issecret').toLowerCase() === 'true';
        if (!settable.some((each) => each.toLowerCase() === name.toLowerCase())) return false;
        if (isSecret && /[\r\n]/.test(command.data)) return false;
        if (isSecret) masker.add(command.data);
        log.variables[name] = {
          value: command.data,
          isSecret,
          isOutput: of('isoutput').toLowerCase() === 'true',
        };
        return true;
      }
      case 'task.logissue': {
        const type = of('type').toLowerCase();
        if (type !== 'error' && type !== 'warning') return false;
        const message = masker.mask(command.data);
        if (log.issues.filter((each) => each.type === type).length < MOST_ISSUES)
          log.issues.push({ type, message });
        show(`##[${type}]${command.data}`);
        return true;
      }
      case 'task.complete': {
        const result = WORST.find((each) => each.toLowerCase() === of('result').toLowerCase());
        if (result === undefined) return false;
        const last = log.completed ?? 'Succeeded';
        log.completed = WORST.indexOf(result) > WORST.indexOf(last) ? result : last;
        return true;
      }
      case 'task.uploadsummary':
        log.summaries.push(command.data);
        return true;
      case 'task.debug':
        show(`##[debug]${command.data}`);
        return true;
      case 'task.setprogress':
        return true;
      default:
        return false;
    }
  };
  for (const line of [...linesOf(streams.stderr), ...linesOf(streams.stdout)]) {
    const command = parseCommand(line);
    const isRefused = command === undefined ? /##vso/i.test(line) : !obey(command);
    if (isRefused) refuse(line);
    else if (command === undefined) show(line);
  }
  return log;
}

/** The result of the task: what it said, or the exit code if that is worse. */
export function resultOf({ completed }: Pick<TaskLog, 'completed'>, exitCode: number | null): Result {
  if (exitCode !== 0) return 'Failed';
  return completed ?? 'Succeeded';
}
