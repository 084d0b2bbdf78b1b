import { type Command, Option } from 'commander';
import { INPUTS, type InputDeclaration } from '../inputs/declarations.ts';
import { plainHelp } from '../inputs/help.ts';
import { words } from '../text/words.ts';

/** As `az ml` has them. */
const SHORT: Readonly<Record<string, string>> = { endpoint: '-e', workspace: '-w', 'resource-group': '-g' };

/** What the values of a command say, by the names of the inputs. */
export type GivenOptions = Readonly<Record<string, string>>;

type Group = InputDeclaration['group'];

/** Adds an option for every input of some groups. One that holds a secret is refused, whatever its value. */
export function addInputOptions(command: Command, groups: readonly Group[]): void {
  for (const [name, declaration] of Object.entries<InputDeclaration>(INPUTS)) {
    if (declaration.only !== undefined) continue;
    if (declaration.secret) command.addOption(refusedOption(command, name));
    else if (groups.includes(declaration.group))
      command.addOption(inputOption(name, declaration).helpGroup(`${declaration.group}:`));
  }
}

function inputOption(name: string, { help, off, default: value, environment }: InputDeclaration): Option {
  const short = SHORT[name] === undefined ? '' : `${SHORT[name]}, `;
  // The names of sign-in methods look like those of inputs.
  const text = name === 'login' ? plainHelp(help) : plainHelp(help, words.label);
  const notes = [
    ...(environment === undefined ? [] : [`env: ${environment}`]),
    ...(value === undefined || isSwitch(value) ? [] : [`default: ${value}`]),
  ];
  const noted = notes.length === 0 ? text : `${text} (${notes.join(', ')})`;
  if (value === 'true') return new Option(`--no-${name}`, off);
  return new Option(value === 'false' ? `${short}--${name}` : `${short}--${name} <value>`, noted);
}

/** Everybody on a machine sees the arguments of its programs. The value is not repeated. */
function refusedOption(command: Command, name: string): Option {
  return new Option(`--${name} [value]`)
    .hideHelp()
    .argParser(() =>
      command.error(
        `error: --${name} is not an option, because everyone on the machine sees the arguments of a program. Put the secret into the environment variable ${words.label(name)}. The one that was given here may have been seen: make a new one.`,
      ),
    );
}

function isSwitch(value: string | undefined): boolean {
  return value === 'true' || value === 'false';
}

/** What was given on the command line, as inputs have it. */
export function givenInputs(command: Command): GivenOptions {
  const given = Object.keys(INPUTS).flatMap((name) => {
    const key = name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
    if (command.getOptionValueSource(key) !== 'cli') return [];
    return [[name, String(command.getOptionValue(key))]];
  });
  return Object.fromEntries(given);
}
