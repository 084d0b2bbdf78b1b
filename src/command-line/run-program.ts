import { NotOnPathError, runProgram, signalChildren } from '../process/child-processes.ts';
import { writeToStderr } from '../process/own-stderr.ts';
import { createRedactedLines, type RedactedLines } from '../secrets/redacted-lines.ts';
import { Secret } from '../secrets/secret.ts';

/** What the credential step has emitted, by the names of the outputs. */
export type Emitted = ReadonlyMap<string, string | Secret>;

/** As shells tell of a program that is not there. */
const NOT_FOUND = 127;
const TOGETHER_MS = 20;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

/** The variable in which the program finds an output. */
const VARIABLES: Readonly<Record<string, string>> = {
  AZUREML_SCORING_URI: 'scoring-uri',
  AZUREML_CREDENTIAL: 'credential',
  AZUREML_AUTH_MODE: 'auth-mode',
  AZUREML_EXPIRES_ON: 'expires-on',
};

/**
 * Runs a program with the credential in its environment. What it prints goes on line by line, without secrets.
 * @param say is told why it cannot be started
 * @returns the exit code to end with: the program's
 */
export async function runWithCredential(
  [command = '', ...args]: readonly string[],
  endpoint: string,
  emitted: Emitted,
  say: (line: string) => void,
): Promise<number> {
  const stdout = together(createRedactedLines((bytes) => void process.stdout.write(bytes)));
  const stderr = together(createRedactedLines((bytes) => void writeToStderr(bytes)));
  // A terminal sends its signals to the program, too.
  const passOn = (signal: NodeJS.Signals): void => {
    if (signal !== 'SIGINT' || !process.stdin.isTTY) signalChildren(signal);
  };
  for (const signal of SIGNALS) process.on(signal, passOn);
  try {
    const end = await runProgram({
      command,
      args,
      environment: process.env,
      handedOn: variablesOf(endpoint, emitted),
      input: 'inherit',
      timeoutMs: undefined,
      hear: (chunk, from) => (from === 'stdout' ? stdout : stderr).take(chunk),
    });
    if (typeof end === 'number') return end;
    return 128 + (process.getBuiltinModule('node:os').constants.signals[end as NodeJS.Signals] ?? 0);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    say(
      error instanceof NotOnPathError || code === 'ENOENT'
        ? `There is no program '${command}' on PATH.`
        : `'${command}' could not be started: ${code ?? message}.`,
    );
    return error instanceof NotOnPathError || code === 'ENOENT' ? NOT_FOUND : NOT_FOUND - 1;
  } finally {
    for (const signal of SIGNALS) process.off(signal, passOn);
    stdout.end();
    stderr.end();
  }
}

/** Whole lines wait for more: what comes at once is searched at once, which costs less and finds more. */
function together(lines: RedactedLines): { take(chunk: Buffer): void; end(): void } {
  let timer: NodeJS.Timeout | undefined;
  return {
    take(chunk) {
      if (!lines.push(chunk)) return;
      timer ??= setTimeout(() => {
        timer = undefined;
        lines.flush();
      }, TOGETHER_MS);
    },
    end() {
      clearTimeout(timer);
      lines.end();
    },
  };
}

function variablesOf(endpoint: string, emitted: Emitted): Record<string, string> {
  const variables = Object.entries(VARIABLES).map(([variable, output]) => {
    const value = emitted.get(output) ?? '';
    return [variable, value instanceof Secret ? value.reveal() : value] as const;
  });
  return { ...Object.fromEntries(variables), AZUREML_ENDPOINT: endpoint };
}
