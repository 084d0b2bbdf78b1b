import type { UnusableProxy } from '../network/proxy-environment.ts';
import { quote } from '../secrets/untrusted.ts';
import type { FileMistake } from '../smoke-test/plan/file/mistakes.ts';
import { parseDuration } from '../text/format.ts';

/** What an input means when it is empty: a default, or an environment variable that is asked first. */
export interface InputDeclaration {
  readonly default?: string;
  readonly environment?: string;
  readonly required?: true;
  /** action.yml does not name the default: the runner would send it as if the user had written it. */
  readonly unsent?: true;
}

/** Every input that the action knows; action.yml and the README's table say the same. */
export const INPUTS = {
  endpoint: { required: true },
  workspace: {},
  'resource-group': {},
  'subscription-id': { environment: 'AZURE_SUBSCRIPTION_ID' },
  login: { default: 'auto' },
  'client-id': { environment: 'AZURE_CLIENT_ID' },
  'tenant-id': { environment: 'AZURE_TENANT_ID' },
  'client-secret': { environment: 'AZURE_CLIENT_SECRET' },
  cloud: { default: 'AzureCloud', environment: 'ARM_CLOUD_METADATA_URL' },
  key: { default: 'primary' },
  'minimum-validity': { default: '0s' },
  'output-credential': { default: 'true' },
  'sample-request': {},
  deployment: {},
  samples: { default: '1', unsent: true },
  'warm-up': { default: '2m', unsent: true },
  timeout: { default: '30s', unsent: true },
  'max-latency': {},
  'response-schema': {},
  'expected-response': {},
  tolerance: { default: '1e-6', unsent: true },
  'response-check': {},
  'smoke-test': {},
  'logs-on-failure': { default: '100' },
  'report-directory': {},
  'show-response': { default: 'false' },
  'allow-insecure-http': { default: 'false' },
  'ca-certificate': {},
  summary: { default: 'true' },
} as const satisfies Readonly<Record<string, InputDeclaration>>;

export type InputName = keyof typeof INPUTS;

/** The world that inputs come from. */
export interface InputSource {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** @throws a system error with a `code` when the file cannot be read */
  readonly readFile: (path: string) => Buffer;
  /** Absolute path of the workspace. */
  readonly workspace: string;
  /** Proxy variables that were taken out of the environment because nothing can read them. */
  readonly unusableProxies?: readonly UnusableProxy[];
}

/** What the summary of a step needs whose inputs are wrong. */
export interface MistakenStep {
  /** Its name; what was given, where that is no name. */
  readonly endpoint: string;
  readonly summary: boolean;
}

/** Everything wrong with the inputs and the smoke-test file, all at once. */
export class InputError extends Error {
  override name = 'InputError';
  readonly mistakes: readonly string[];
  readonly fileMistakes: readonly FileMistake[];
  readonly step: MistakenStep;
  constructor(
    mistakes: readonly string[],
    fileMistakes: readonly FileMistake[] = [],
    step: MistakenStep = { endpoint: '', summary: true },
  ) {
    super(messageOf(mistakes, fileMistakes));
    this.mistakes = mistakes;
    this.fileMistakes = fileMistakes;
    this.step = step;
  }
}

function messageOf(mistakes: readonly string[], { length }: readonly FileMistake[]): string {
  const [only] = mistakes;
  if (mistakes.length === 0)
    return `The smoke-test file needs ${length === 1 ? 'a correction' : `${length} corrections`}.`;
  if (mistakes.length === 1) return `An input needs a correction. ${only}`;
  return `${mistakes.length} inputs need a correction:\n${mistakes.map((mistake) => `- ${mistake}`).join('\n')}`;
}

export interface InputReader {
  readonly mistakes: string[];
  /** In the smoke-test file. */
  readonly fileMistakes: FileMistake[];
  /** The input, its environment variable, or its default, trimmed; empty when there is none. */
  text(name: InputName): string;
  /** The input alone, without its environment variable or default. */
  given(name: InputName): string;
  mistake(name: InputName, value: string, why: string): void;
  oneOf<T extends string>(name: InputName, choices: readonly T[]): T;
  boolean(name: InputName): boolean;
  duration(name: InputName, leastMs: number): number;
  /** A whole number without sign. */
  count(name: InputName, least: number, most: number): number;
}

export function createReader({ environment }: InputSource): InputReader {
  const mistakes: string[] = [];
  const given = (name: InputName): string => (environment[`INPUT_${name.toUpperCase()}`] ?? '').trim();
  const text = (name: InputName): string => {
    const declaration: InputDeclaration = INPUTS[name];
    const fallback =
      declaration.environment === undefined ? '' : (environment[declaration.environment] ?? '');
    return given(name) || fallback.trim() || (declaration.default ?? '');
  };
  const mistake = (name: InputName, value: string, why: string): void => {
    mistakes.push(value === '' ? `${name}: ${why}` : `${name} '${quote(value, 100)}': ${why}`);
  };
  return {
    mistakes,
    fileMistakes: [],
    text,
    given,
    mistake,
    oneOf<T extends string>(name: InputName, choices: readonly T[]): T {
      const value = text(name);
      const chosen = choices.find((choice) => choice.toLowerCase() === value.toLowerCase());
      if (chosen === undefined) mistake(name, value, `Choose one of ${choices.join(', ')}.`);
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
      else if (ms < leastMs) mistake(name, value, `At least ${leastMs}ms.`);
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

/** A system error's code, e.g. `ENOENT`. */
export function codeOf(error: unknown): string {
  return String((error as NodeJS.ErrnoException).code ?? 'unknown error');
}
