import { Command, CommanderError, Option } from 'commander';
import type { Host } from '../hosts/host.ts';
import { InputError, type InputSource } from '../inputs/reader.ts';
import { runStep } from '../step.ts';
import { VERSION } from '../version.ts';
import { addInputOptions, type GivenOptions, givenInputs } from './options.ts';
import { readOptions, requireTest } from './read-inputs.ts';
import type { Emitted } from './run-program.ts';

/** What a command wants of the host that it runs on. */
export interface HostOptions {
  readonly input: Host['input'];
  readonly logTo: 'stdout' | 'stderr';
  readonly json: boolean;
  readonly verbose: boolean;
  readonly dotenv: string | undefined;
}

/** What the entry knows and the commands do not. */
export interface Surroundings {
  readonly createHost: (options: HostOptions) => Host;
  /** The CI systems that can be spoken to. */
  readonly hostNames: readonly string[];
  /** What is wrong with the path of --dotenv, for a person. */
  readonly mistakeInDotenv: (path: string | undefined) => string | undefined;
  /** Writes a line to stderr, or wherever a message of this program itself may stand. */
  readonly complain: (text: string) => void;
  readonly print: (text: string) => void;
  /** The exit code for a mistake of the user's. */
  readonly mistake: number;
}

interface OwnOptions {
  readonly json?: boolean;
  readonly verbose?: boolean;
  readonly dotenv?: string;
}

/** Runs the command that the arguments name. The process ends with it. */
export async function runCommandLine(args: readonly string[], surroundings: Surroundings): Promise<void> {
  const { complain, print, mistake, createHost } = surroundings;
  const told = toldToPrograms(args);
  const program = new Command('azureml-endpoint')
    .description(
      'Gets the credential of an Azure Machine Learning online endpoint, and proves with a smoke test that a deployment answers rightly and fast. It only reads from Azure.',
    )
    .version(VERSION, '--version', 'Print the version')
    .helpOption('--help', 'Show help')
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: print,
      writeErr: complain,
      outputError: (text, write) => (told === undefined ? write(text) : undefined),
    });
  addTest(program, surroundings);
  addValidate(program, surroundings);
  addRun(program, surroundings);
  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0 || told === undefined) {
      process.exitCode = error.exitCode === 0 ? 0 : mistake;
      return;
    }
    const { message } = error;
    const logTo = told.json ? 'stderr' : 'stdout';
    await runStep(createHost({ input: () => undefined, logTo, verbose: false, ...told }), async () => {
      throw new InputError([message.replace(/^error: /, '')], [], { endpoint: '', summary: false });
    });
  }
}

/**
 * What programs read of a test, as they do when its arguments are wrong: the report of an earlier test would say
 * something else, and none at all is taken for nothing.
 */
function toldToPrograms(args: readonly string[]): Pick<HostOptions, 'json' | 'dotenv'> | undefined {
  const [name] = args;
  if (name !== 'test') return undefined;
  const json = args.includes('--json');
  const at = args.findIndex((argument) => /^--dotenv(?:=|$)/.test(argument));
  const [, inline] = /^--dotenv=(.*)$/s.exec(args[at] ?? '') ?? [];
  const dotenv = at === -1 ? undefined : (inline ?? args[at + 1]);
  return json || dotenv !== undefined ? { json, dotenv } : undefined;
}

function addTest(program: Command, surroundings: Surroundings): void {
  const { createHost, mistakeInDotenv } = surroundings;
  const command = program
    .command('test')
    .summary('sign in, test an endpoint or any server, and report')
    .description(
      'Signs in, finds the endpoint, sends it the requests of the smoke test, and reports the result.',
    )
    .argument('[file]', 'smoke-test file')
    .exitOverride()
    .addHelpText(
      'after',
      `
Examples:
  azureml-endpoint test smoke-test.yml -e churn -w ws-churn -g rg-churn
  azureml-endpoint test smoke-test.yml --url http://localhost:5001/score

Exit codes: 0 passed, 1 failed, 2 mistaken usage, input or file, 3 inconclusive (try again), 4 error, 130 and 143 signals.`,
    );
  addInputOptions(command, ['Where', 'Sign in', 'Credential', 'Test', 'Report', 'Network']);
  addOwnOptions(command, surroundings);
  command.action(async (file: string | undefined, own: OwnOptions) => {
    const given = givenInputs(command);
    const inputs = file === undefined ? given : { ...given, 'smoke-test': file };
    const host = createHost({
      input: inputFrom(inputs),
      logTo: own.json ? 'stderr' : 'stdout',
      json: own.json === true,
      verbose: own.verbose === true,
      dotenv: own.dotenv,
    });
    if (file !== undefined && given['smoke-test'] !== undefined)
      host.warning('A smoke-test file is named twice: the one before the options counts.');
    await runStep(host, async (source) => {
      const mistake = mistakeInDotenv(own.dotenv);
      if (mistake !== undefined) throw new InputError([mistake], [], { endpoint: '', summary: false });
      return requireTest(await readOptions(source, host.info));
    });
  });
}

function addOwnOptions(command: Command, surroundings: Surroundings): void {
  command
    .option('--json', 'Print the report alone on stdout, and the log on stderr')
    .option('--dotenv <file>', 'Write the outputs that are not secret to a file, as lines of NAME=value')
    .option('--verbose', 'Print more, such as warnings of Node.js')
    .addOption(hostOption(surroundings));
}

function hostOption({ hostNames }: Surroundings): Option {
  return new Option('--host <name>', 'The CI system to speak to; detected unless given').choices([
    ...hostNames,
  ]);
}

function addValidate(program: Command, surroundings: Surroundings): void {
  const { print, mistake } = surroundings;
  program
    .command('validate')
    .summary('look for mistakes in smoke-test files, offline')
    .description(
      'Looks for mistakes in smoke-test files, without any network, and prints each with its line and column.',
    )
    .argument('<files...>', 'smoke-test files')
    .exitOverride()
    .addHelpText('after', '\nExample:\n  azureml-endpoint validate smoke-tests/*.yml')
    .addOption(hostOption(surroundings))
    .action(async (files: readonly string[]) => {
      const { validateFiles } = await import('./validate.ts');
      const count = validateFiles(files, (line) => print(`${line}\n`));
      process.exitCode = count === 0 ? 0 : mistake;
    });
}

function addRun(program: Command, surroundings: Surroundings): void {
  const { createHost, complain } = surroundings;
  const command = program
    .command('run')
    .summary('run a program with the credential in its environment')
    .description(
      'Gets the credential and runs a program that finds it in its environment: AZUREML_SCORING_URI, AZUREML_CREDENTIAL, AZUREML_AUTH_MODE, AZUREML_EXPIRES_ON and AZUREML_ENDPOINT. What the program prints is shown without the credential.',
    )
    .argument('<program...>', 'the program and its arguments, after --')
    .passThroughOptions(false)
    .exitOverride()
    .addHelpText(
      'after',
      '\nExample:\n  azureml-endpoint run -e churn -w ws-churn -g rg-churn -- python load_test.py --users 10',
    );
  addInputOptions(command, ['Where', 'Sign in', 'Credential', 'Network']);
  command.option('--verbose', 'Print more, such as warnings of Node.js').addOption(hostOption(surroundings));
  command.action(async (args: readonly string[], own: OwnOptions) => {
    const emitted = new Map<string, Emitted extends ReadonlyMap<string, infer Value> ? Value : never>();
    const host = createHost({
      input: inputFrom(givenInputs(command)),
      logTo: 'stderr',
      json: false,
      verbose: own.verbose === true,
      dotenv: undefined,
    });
    let code: number | undefined;
    let endpoint = '';
    const capturing: Host = {
      ...host,
      setOutput: (name, value) => void emitted.set(name, value),
      writeSummary: () => undefined,
      finish: (ending) => code ?? host.finish(ending),
    };
    await runStep(
      capturing,
      async (source: InputSource) => {
        const inputs = await readOptions(source, host.info);
        endpoint = inputs.server === undefined ? inputs.endpoint.name : inputs.server.name;
        return inputs;
      },
      async () => {
        const { runWithCredential } = await import('./run-program.ts');
        code = await runWithCredential(args, endpoint, emitted, (line) => complain(`${line}\n`));
      },
    );
  });
}

function inputFrom(given: GivenOptions): Host['input'] {
  return (name) => given[name];
}
