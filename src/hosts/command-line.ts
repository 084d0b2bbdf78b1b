import { writeToStderr } from '../process/own-stderr.ts';
import { defuse } from '../secrets/untrusted.ts';
import type { Words } from '../text/words.ts';
import { commandLineWords, SECRET_VARIABLES, TERMINAL_WORDS } from './command-line-words.ts';
import { createDotenvFile } from './dotenv-file.ts';
import type { Host } from './host.ts';
import { createTerminalHost, endWith, MISTAKE, type TerminalOptions } from './terminal.ts';

const HOSTS = ['github', 'azure-pipelines', 'terminal'] as const;
type HostName = (typeof HOSTS)[number];

export interface CommandLineHost {
  readonly words: Words;
  readonly mistake: number;
  readonly hostNames: readonly string[];
  createHost(options: TerminalOptions): Host;
  mistakeInDotenv(path: string | undefined): string | undefined;
  print(text: string): void;
  complain(text: string): void;
}

/**
 * What the command line speaks to. A mask command goes only to a CI system that obeys it: any other would print the
 * secret in it. The environment decides, which the CI system sets, or `--host`; no file does.
 */
export async function commandLineHost(
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<CommandLineHost> {
  const name = hostIn(args) ?? hostOf(environment);
  const common = {
    mistake: MISTAKE,
    hostNames: HOSTS,
    mistakeInDotenv: (path: string | undefined) => createDotenvFile(path).mistake(),
    print: (text: string): void => void process.stdout.write(text),
    complain: (text: string): void => void writeToStderr(`${defuse(text.trimEnd())}\n`),
  };
  if (name === 'terminal')
    return {
      ...common,
      words: TERMINAL_WORDS,
      createHost: (options) => createTerminalHost(forSecrets(options)),
    };
  const [words, create] = await ofCiSystem(name);
  return {
    ...common,
    words: commandLineWords(words),
    // Agents and runners take what is on stderr for commands, or show it before any mask.
    complain: (text) => void process.stdout.write(`${defuse(text.trimEnd())}\n`),
    createHost: (options) => onCiSystem(create, forSecrets(options)),
  };
}

/** Speaks the commands of the CI system, and does what the options of the command line say. */
function onCiSystem(create: () => Host, { input, json, dotenv }: TerminalOptions): Host {
  const print = process.stdout.write.bind(process.stdout);
  // Both systems obey commands on either stream, and stdout belongs to the report.
  if (json) process.stdout.write = writeToStderr as typeof process.stdout.write;
  const host = create();
  const file = createDotenvFile(dotenv);
  return {
    ...host,
    input,
    setOutput(name, value) {
      host.setOutput(name, value);
      file.add(name, value);
    },
    ...(json
      ? {
          report: (pieces) => {
            for (const piece of pieces) print(piece);
          },
        }
      : {}),
    finish: (ending) => endWith(file, ending, host.error),
  };
}

async function ofCiSystem(name: Exclude<HostName, 'terminal'>): Promise<readonly [Words, () => Host]> {
  if (name === 'github') {
    const [{ GITHUB_WORDS }, { createGitHubHost }] = await Promise.all([
      import('./github-words.ts'),
      import('./github.ts'),
    ]);
    return [GITHUB_WORDS, createGitHubHost];
  }
  const [{ AZURE_PIPELINES_WORDS }, { createAzurePipelinesHost }] = await Promise.all([
    import('./azure-pipelines-words.ts'),
    import('./azure-pipelines.ts'),
  ]);
  return [AZURE_PIPELINES_WORDS, createAzurePipelinesHost];
}

/** The secrets that a variable holds and no option may. */
function forSecrets(options: TerminalOptions): TerminalOptions {
  const { input } = options;
  return {
    ...options,
    input: (name) => (name === 'creds' && !input('url') ? process.env[SECRET_VARIABLES.creds!] : input(name)),
  };
}

/** Read before the options are known: the words of the help depend on it. */
function hostIn(args: readonly string[]): HostName | undefined {
  const end = args.indexOf('--');
  const own = end === -1 ? args : args.slice(0, end);
  const index = own.findIndex((argument) => argument === '--host' || argument.startsWith('--host='));
  if (index === -1) return undefined;
  const value = own[index]!.startsWith('--host=') ? own[index]!.slice('--host='.length) : own[index + 1];
  return HOSTS.find((each) => each === value);
}

function hostOf({ GITHUB_ACTIONS, TF_BUILD }: NodeJS.ProcessEnv): HostName {
  if (GITHUB_ACTIONS === 'true') return 'github';
  return TF_BUILD === 'True' ? 'azure-pipelines' : 'terminal';
}
