import { constants } from 'node:os';
import { NotOnPathError } from '../../process/child-processes.ts';
import { runScript } from '../../process/shell-script.ts';
import { temporaryFolder } from '../../process/temporary-folder.ts';
import { redact } from '../../secrets/secret.ts';
import { words } from '../../text/words.ts';

export interface ResponseCheck {
  /** Text of the script, as a `run:` step has it. */
  readonly script: string;
  /** Comes on the script's stdin; undefined when the answer was too long to be kept. */
  readonly body: Buffer | undefined;
  /** The step's own environment; the script gets what is left of it for any program. */
  readonly environment: NodeJS.ProcessEnv;
  readonly answered: AnsweredRequest;
  /** From the start of the shell to its end. */
  readonly timeoutMs: number;
  /** Undefined: where the step runs. */
  readonly workingFolder?: string | undefined;
}

/** What the script is told of the request. */
export interface AnsweredRequest {
  readonly caseName: string;
  readonly scoringUri: string;
  /** The deployment that answered, remote text; undefined when it is not known. */
  readonly deployment: string | undefined;
  readonly statusCode: number;
  readonly latencyMs: number;
}

/** What was wrong. A script that could not be run to its own end says nothing of the answer: `error`. */
export interface CheckFailure {
  readonly verdict: 'failed' | 'error';
  /** Goes on after the name of the input, for a person. */
  readonly told: string;
}

/** What exit codes of a shell say: the script, or a program that it starts, cannot be run. */
const EXIT_CODES: Readonly<Record<number, string>> = {
  126: 'a command in it cannot be executed; is the file executable (chmod +x)?',
  127: `a command in it was not found; ${words.missingScript}`,
};

/** With `pipefail`, 141 also comes of a reader that has found what it looks for and stops before its input ends. */
const READER_STOPPED =
  'SIGPIPE: a reader such as grep -q or head stopped before the end of its input; read the file in $AZUREML_RESPONSE_FILE instead of stdin, or let the reader read on: grep … >/dev/null';

/** What an exit code says about the script itself; undefined when it is the script's verdict. */
function meaningOf(exitCode: number): string | undefined {
  const signal = Object.entries(constants.signals).find(([, number]) => number === exitCode - 128)?.[0];
  if (signal === 'SIGPIPE') return READER_STOPPED;
  return signal === undefined ? EXIT_CODES[exitCode] : `a program in it was ended by ${signal}`;
}

/**
 * Runs a script of the user's own on an answer, as a `run:` step would: `bash -eo pipefail`, on Windows `pwsh`.
 * A process that it leaves behind is ended with it.
 * @returns undefined when it exits with 0. Otherwise what went wrong; `told` ends with the end of its output, remote
 * text of up to 2,000 characters. Never throws.
 */
export async function runResponseCheck(check: ResponseCheck): Promise<CheckFailure | undefined> {
  const unjudged = (told: string): CheckFailure => ({ verdict: 'error', told });
  const { script, body, environment, timeoutMs } = check;
  if (body === undefined) return unjudged('was not run, because the answer is too long to be kept.');
  try {
    const { end, output } = await runScript({
      script,
      input: body,
      inputVariable: 'AZUREML_RESPONSE_FILE',
      environment: checkEnvironment(environment, check.answered),
      folder: temporaryFolder(environment),
      name: 'response-check',
      timeoutMs,
      workingFolder: check.workingFolder,
    });
    if (end === 0) return undefined;
    const printed = output === '' ? ' It printed nothing.' : ` It printed: ${output}`;
    if (end === 'timeout')
      return unjudged(
        `did not end within ${timeoutMs / 1_000} s (${words.label('response-check-timeout')}) and was killed.${printed}`,
      );
    if (end === 'unreadable') return unjudged(`has a mistake: the shell cannot read it.${printed}`);
    if (typeof end === 'string') return unjudged(`was ended by ${end}.${printed}`);
    const meaning = meaningOf(end);
    return meaning === undefined
      ? { verdict: 'failed', told: `failed (exit code ${end}).${printed}` }
      : unjudged(`could not judge the answer (exit code ${end}: ${meaning}).${printed}`);
  } catch (error) {
    const { message, code, syscall } = error as NodeJS.ErrnoException;
    const isFolder = syscall === 'mkdtemp' || syscall === 'open' || syscall === 'write';
    const why = isFolder ? `${words.tempFolder} cannot be written to (${code})` : message;
    return unjudged(
      error instanceof NotOnPathError ? `could not run: ${message}.` : `did not start: ${why}.`,
    );
  }
}

/** The environment of the script: the step's, from which {@link runScript} takes secrets, with what was answered. */
export function checkEnvironment(
  environment: NodeJS.ProcessEnv,
  { caseName, scoringUri, deployment, statusCode, latencyMs }: AnsweredRequest,
): NodeJS.ProcessEnv {
  return {
    ...environment,
    AZUREML_CASE: caseName.replaceAll('\0', ''),
    AZUREML_SCORING_URI: scoringUri,
    // What the answer calls itself is remote text.
    AZUREML_DEPLOYMENT: redact(deployment ?? '').replaceAll('\0', ''),
    AZUREML_STATUS_CODE: `${statusCode}`,
    AZUREML_LATENCY_MS: `${Math.round(latencyMs)}`,
  };
}
