import { isAbsolute, join, resolve } from 'node:path';
import type { IdTokenSource } from '../azure/sign-in/settings.ts';
import type { UnusableProxy } from '../network/proxy-environment.ts';
import { mistakeInDirectory, type ReadFile } from '../process/guarded-files.ts';
import { mayBeSecret, shownValue } from '../secrets/shown-value.ts';
import { quote, visible } from '../secrets/untrusted.ts';
import type { FileMistake } from '../smoke-test/plan/file/mistakes.ts';
import { likelyMeant } from '../text/did-you-mean.ts';
import { parseDuration } from '../text/format.ts';
import { words } from '../text/words.ts';
import { INPUTS, type InputName } from './declarations.ts';
import { unreplacedIn } from './unreplaced.ts';

/** Where inputs, and the files that they name, are read from. */
export interface InputSource {
  /** An input as it was given, white space included; empty or undefined when it was not. */
  readonly input: (name: string) => string | undefined;
  /** What stands in for an input that neither its user nor a variable of the environment says. */
  readonly fallback?: (name: string) => string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly readFile: ReadFile;
  /** Where the host gets ID tokens from, when it knows. */
  readonly idTokens?: IdTokenSource | undefined;
  /** What is wrong already. */
  readonly mistakes?: readonly string[];
  /** Absolute path of the workspace. */
  readonly workspace: string;
  /** Proxy variables that were taken out of the environment because nothing can read them. */
  readonly unusableProxies?: readonly UnusableProxy[];
}

/** What the summary needs when inputs are wrong. */
export interface MistakenStep {
  /** The endpoint's name; where there is none, the input as it was given. */
  readonly endpoint: string;
  readonly summary: boolean;
}

/** Everything wrong with the inputs and the smoke-test file, all at once. */
export class InputError extends Error {
  override name = 'InputError';
  readonly mistakes: readonly string[];
  readonly fileMistakes: readonly FileMistake[];
  readonly step: MistakenStep;
  constructor(mistakes: readonly string[], fileMistakes: readonly FileMistake[], step: MistakenStep) {
    super(messageOf(mistakes, fileMistakes));
    this.mistakes = mistakes;
    this.fileMistakes = fileMistakes;
    this.step = step;
  }
}

function messageOf(mistakes: readonly string[], { length }: readonly FileMistake[]): string {
  const [only] = mistakes;
  if (mistakes.length === 0)
    return `The smoke-test file has ${length === 1 ? '1 mistake' : `${length} mistakes`}.`;
  if (mistakes.length === 1) return `1 ${words.inputNoun} is wrong: ${only}`;
  return `${mistakes.length} ${words.inputNoun}s are wrong:\n${mistakes.map((mistake) => `- ${mistake}`).join('\n')}`;
}

export interface InputReader {
  readonly mistakes: string[];
  /** Mistakes in the smoke-test file. */
  readonly fileMistakes: FileMistake[];
  /** The input, its environment variable, or its default, trimmed; empty when there is none. */
  text(name: InputName): string;
  /** The input alone, without its environment variable or default. */
  given(name: InputName): string;
  /** What the input says when nobody says anything: some hosts send the default as if it were given. */
  unsaid(name: InputName): string;
  /** Whether the input is given and holds white space only. */
  isBlank(name: InputName): boolean;
  /** The input as a path: a relative one starts from the working directory. Empty when there is none. */
  path(name: InputName): string;
  mistake(name: InputName, value: string, why: string): void;
  /** A value for a message: one that may be a secret is not shown. */
  shown(value: string): string;
  mayBeSecret(value: string): boolean;
  /** Whether the input has a mistake already: one is enough to correct. */
  isMistaken(name: InputName): boolean;
  oneOf<T extends string>(name: InputName, choices: readonly T[]): T;
  boolean(name: InputName): boolean;
  duration(name: InputName, leastMs: number): number;
  /** A whole number without sign. */
  count(name: InputName, least: number, most: number): number;
}

export function createReader({
  environment,
  input,
  fallback: standIn,
  mistakes: known = [],
}: InputSource): InputReader {
  const mistakes: string[] = [...known];
  const mistaken = new Set<InputName>();
  /** Inputs whose value is not the user's, so that nothing else can be said of it. */
  const unreplaced = new Set<InputName>();
  const read = (name: InputName, variable?: string): string => {
    const value = ((variable === undefined ? input(name) : environment[variable]) ?? '').trim();
    const expression = unreplacedIn(name, value);
    if (expression === undefined) return value;
    const { secret = false } = INPUTS[name];
    const what = secret ? 'the expression' : expression === value ? 'this' : quote(expression, 100);
    const from = variable === undefined ? '' : ` in ${variable}`;
    const why = `Nothing replaced ${what}${from} by a value. ${words.unreplaced(expression)}`;
    mistake(name, secret ? '' : value, why);
    unreplaced.add(name);
    return secret ? '' : value;
  };
  const secrets = secretsIn({ environment, input });
  const shown = (value: string): string => shownValue(value, secrets);
  const given = (name: InputName): string => read(name);
  const text = (name: InputName): string => {
    const declaration = INPUTS[name];
    const inEnvironment = () =>
      declaration.environment === undefined ? '' : read(name, declaration.environment);
    return given(name) || inEnvironment() || (standIn?.(name) ?? declaration.default ?? '');
  };
  const mistake = (name: InputName, value: string, why: string): void => {
    if (unreplaced.has(name)) return;
    mistaken.add(name);
    const label = words.label(name);
    const unseen = visible(value) === value.replaceAll('\r', '') ? '' : ' It contains invisible characters.';
    mistakes.push(value === '' ? `${label}: ${why}` : `${label} ${shown(value)}: ${why}${unseen}`);
  };
  return {
    mistakes,
    fileMistakes: [],
    text,
    given,
    unsaid: (name) => INPUTS[name].default ?? '',
    path: (name) => inDirectory(text('working-directory'), text(name)),
    isBlank: (name) => given(name) === '' && (input(name) ?? '') !== '',
    mistake,
    shown,
    mayBeSecret: (value) => mayBeSecret(value, secrets),
    isMistaken: (name) => mistaken.has(name),
    oneOf<T extends string>(name: InputName, choices: readonly T[]): T {
      const value = text(name);
      const chosen = choices.find((choice) => choice.toLowerCase() === value.toLowerCase());
      if (chosen === undefined) {
        const meant = likelyMeant(value, choices);
        const question = meant === undefined ? '' : ` Did you mean ${meant}?`;
        mistake(name, value, `Choose one of ${choices.join(', ')}.${question}`);
      }
      return chosen ?? (choices[0] as T);
    },
    boolean(name) {
      const value = text(name);
      if (!/^(?:true|false)$/i.test(value)) mistake(name, value, 'Write true or false.');
      return value.toLowerCase() === 'true';
    },
    duration(name, leastMs) {
      const value = text(name);
      const ms = parseDuration(value);
      if (ms === undefined)
        mistake(name, value, 'Write a duration with its unit, such as 800ms, 30s, 2m or 1h30m; 24d at most.');
      else if (ms < leastMs) mistake(name, value, `Write ${leastMs}ms or more.`);
      return ms ?? leastMs;
    },
    count(name, least, most) {
      const value = text(name);
      const count = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
      const fits = count >= least && count <= most;
      if (!fits) mistake(name, value, `Write a whole number from ${least} to ${most}.`);
      return fits ? count : least;
    },
  };
}

/** What is given as a secret. It may stand in another input too, where no mask would hide it. */
function secretsIn({ environment, input }: Pick<InputSource, 'environment' | 'input'>): readonly string[] {
  return (Object.keys(INPUTS) as InputName[]).flatMap((name) => {
    const { secret = false, environment: variable } = INPUTS[name];
    const values = secret ? [input(name), ...(variable === undefined ? [] : [environment[variable]])] : [];
    return values.map((each) => (each ?? '').trim());
  });
}

/** @param directory absolute, or relative to the workspace, as the path then is, too */
export function inDirectory(directory: string, path: string): string {
  return path === '' || directory === '' || isAbsolute(path) ? path : join(directory, path);
}

/** What is wrong with a working directory, as a sentence. @param directory absolute, or relative to the workspace */
export function mistakeInWorkingDirectory(directory: string, workspace: string): string | undefined {
  return mistakeInDirectory(resolve(workspace, directory), isAbsolute(directory) ? undefined : workspace);
}

/** Where reports go; needed for a step whose inputs are wrong, too. */
export function reportDirectoryIn(source: InputSource): string | undefined {
  const reader = createReader(source);
  const directory = reader.text('working-directory');
  // One that is a mistake must not be made, only to hold the report that says so.
  const isUsable = directory === '' || mistakeInWorkingDirectory(directory, source.workspace) === undefined;
  return (isUsable ? reader.path('report-directory') : reader.text('report-directory')) || undefined;
}
