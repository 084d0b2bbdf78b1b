/**
 * How the host of the step names what its users see: its inputs, its machines, what to do there about an ID token.
 * Every message takes these words from here; what belongs to one host alone stands in `hosts/`.
 */
export interface Words {
  /** An input as its users write it: `'client-id'`, `'clientId'`, `--client-id`. */
  input(name: string): string;
  /** An input in a list or before a colon: `client-id`, `clientId`, `--client-id`. */
  label(name: string): string;
  /** Inputs to end or go on in a sentence: `the inputs 'client-id' and 'cloud'`, `--client-id and --cloud`. */
  theInputs(names: readonly string[], show?: (name: string) => string): string;
  /** An input with its value: `login: oidc`, `--login oidc`. */
  setting(name: string, value: string): string;
  /** What an input is called: `input`, `option`. */
  readonly inputNoun: string;
  /** What runs the step: `runner`, `agent`, `machine`. */
  readonly machine: string;
  /** A machine of one's own, with its article. */
  readonly ownMachine: string;
  /** A machine that the CI service has, without an article. */
  readonly hostedMachine: string;
  /** What the program is to its users: `action`, `task`, `program`. */
  readonly program: string;
  /** What starts anew when a person tries again: `the job`. */
  readonly job: string;
  /** Where relative paths start from: `relative paths start from the workspace`. */
  readonly pathsStart: string;
  /** Why a file may not be there, as a question after a blank; empty when nothing is likely. */
  readonly whyNoFiles: string;
  /** How to get a file of Git LFS, as a sentence. */
  readonly fetchLfs: string;
  /** Why a program may not find a file, to go on with in a sentence. */
  readonly missingScript: string;
  /** How to give the step an environment variable, as a sentence. */
  readonly giveVariable: string;
  /** Where an environment variable of the step is set: `the step's env`. */
  readonly environment: string;
  /** Where the step writes its temporary files: `the runner's temp folder`. */
  readonly tempFolder: string;
  /** What to do about an expression that nothing has replaced by a value, as sentences. */
  unreplaced(expression: string): string;
  /** Why an expression in a file is never replaced, to go on with in a sentence. */
  readonly unreplacedInFile: string;
  /** Why client and tenant may both be empty although they are named, as sentences. */
  whyIdentityIsEmpty(environment: Readonly<Record<string, string | undefined>>): string | undefined;
  readonly idToken: IdTokenWords;
  /** How `az` gets a session before the step, to go on with in a sentence. */
  readonly giveAzSession: string;
  /** Where a managed identity can be had, as sentences. */
  readonly managedIdentity: string;
}

/** What is to be said of the tokens with which the host vouches for its jobs. */
export interface IdTokenWords {
  /** `GitHub's ID-token service` */
  readonly service: string;
  /** `GitHub's ID token` */
  readonly token: string;
  /** That its service's address cannot be used, as sentences. */
  readonly brokenAddress: string;
  /** Why `auto` takes it, to go on with after a colon. */
  readonly isThere: string;
  /** That there is none although it was asked for, and what to do: sentences. */
  readonly isMissing: string;
  /** What a job needs to get one: `permissions: id-token: write`. */
  readonly need: string;
  /** {@link need}, on the job: `permissions: id-token: write on the job`. */
  readonly needOnJob: string;
  /** What the job lacks without one, in a list of what is missing. */
  readonly lacking: string;
  /** What to do when the service gives none, in lines. */
  readonly refused: readonly string[];
  /** Whose fault another answer of the service is, and what to do, as sentences. */
  readonly fault: string;
  /** Why a token that has just been given may be out of date, to go on with: `…: the clock is probably wrong.` */
  readonly age: string;
}

/** `a`, `a and b`, `a, b and c` */
export function enumerate(items: readonly string[]): string {
  return items.length > 1 ? `${items.slice(0, -1).join(', ')} and ${items.at(-1)}` : (items[0] ?? '');
}

/** The start of a sentence. */
export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Words that quote inputs: `'cloud'`, `the input 'cloud'`, `login: oidc`. */
export function quotedInputs(
  spell: (name: string) => string,
): Pick<Words, 'label' | 'input' | 'theInputs' | 'setting' | 'inputNoun'> {
  const input = (name: string): string => `'${spell(name)}'`;
  return {
    label: spell,
    input,
    theInputs: (names, show = input) =>
      `the input${names.length > 1 ? 's' : ''} ${enumerate(names.map(show))}`,
    setting: (name, value) => `${spell(name)}: ${value}`,
    inputNoun: 'input',
  };
}

/** What is said before a host has spoken, as in a thread of its own. */
const PLAIN: Words = {
  ...quotedInputs((name) => name),
  machine: 'machine',
  ownMachine: 'a machine of your own',
  hostedMachine: 'hosted machine',
  program: 'program',
  job: 'the step',
  pathsStart: 'relative paths start from the working folder',
  whyNoFiles: '',
  fetchLfs: 'Run git lfs pull.',
  missingScript: 'is the file there and its path right?',
  giveVariable: 'Set it for this program.',
  environment: 'the environment',
  tempFolder: 'the temp folder',
  unreplaced: () => 'Give the value itself.',
  unreplacedInFile: 'nothing does that in this file',
  whyIdentityIsEmpty: () => undefined,
  idToken: {
    service: 'The ID-token service',
    token: 'The ID token',
    brokenAddress: 'The address of the ID-token service cannot be used.',
    isThere: 'an ID token is there, and client and tenant are known',
    isMissing: 'There is no ID token.',
    need: 'an ID token',
    needOnJob: 'an ID token',
    lacking: 'an ID token',
    refused: [],
    fault: 'Try again later.',
    age: 'It is out of date, or the clock of this machine is wrong.',
  },
  giveAzSession: 'az login',
  managedIdentity: 'A managed identity is found on machines in Azure alone.',
};

/** The words of the host. Its entry says them before anything else is loaded, so that constants may hold them. */
export let words: Words = PLAIN;

export function speakAs(host: Words): void {
  words = host;
}
