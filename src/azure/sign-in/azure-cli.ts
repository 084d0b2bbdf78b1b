import { NotOnPathError, runProgram } from '../../process/child-processes.ts';
import { isObject, parseJson } from '../../text/json.ts';

/** `az` is a Python program of hundreds of files, and asks Entra before it answers. */
const TIMEOUT_MS = 45_000;

const NOT_INSTALLED =
  "Azure CLI could not be found. Please visit https://aka.ms/azure-cli for installation instructions and then, once installed, authenticate to your Azure account using 'az login'.";
const NO_SESSION =
  "Please run 'az login' from a command prompt to authenticate before using this credential.";

/**
 * A token of the session that `az login` left on this machine. It asks and explains as `AzureCliCredential` of
 * @azure/identity does, which starts `az` by itself, and leaves it and its children running when the step is cancelled.
 * @throws an error whose message says what `az` said
 */
export async function azureCliToken(
  scope: string,
  tenantId: string | undefined,
): Promise<{ readonly token: string; readonly expiresOnTimestamp: number }> {
  const resource = scope.replace(/\/\.default$/, '');
  const written: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] };
  const end = await runProgram({
    command: 'az',
    args: [
      ...['account', 'get-access-token', '--output', 'json', '--resource', resource],
      ...(tenantId === undefined ? [] : ['--tenant', tenantId]),
    ],
    // No file of the workspace is taken for a part of az.
    folder: process.platform === 'win32' ? (process.env.SystemRoot ?? 'C:\\Windows') : '/',
    environment: process.env,
    input: Buffer.alloc(0),
    timeoutMs: TIMEOUT_MS,
    hear: (chunk, from) => {
      written[from].push(chunk);
    },
  }).catch((error: Error) => {
    throw error instanceof NotOnPathError ? new Error(NOT_INSTALLED, { cause: error }) : error;
  });
  const stdout = Buffer.concat(written.stdout).toString('utf8');
  const stderr = Buffer.concat(written.stderr).toString('utf8').trim();
  if (/az:.*not found|^'az' is not recognized/.test(stderr)) throw new Error(NOT_INSTALLED);
  // With a scope, the words of az say what to log in to.
  if (stderr.includes('az login') && !stderr.includes('az login --scope')) throw new Error(NO_SESSION);
  const answer = parseJson(stdout);
  if (isObject(answer) && typeof answer.accessToken === 'string') {
    const expiresOnTimestamp = expiryOf(answer);
    if (Number.isFinite(expiresOnTimestamp)) return { token: answer.accessToken, expiresOnTimestamp };
  }
  if (end === 'timeout') throw new Error(`az did not end within ${TIMEOUT_MS / 1_000} s`);
  throw new Error(stderr || 'its answer holds no access token with the time at which it expires');
}

/** Seconds since 1970 in `expires_on`; an az before 2.54 has only `expiresOn`, a local time. */
function expiryOf(answer: Readonly<Record<string, unknown>>): number {
  const seconds = Number.parseInt(String(answer.expires_on), 10);
  return Number.isNaN(seconds) ? new Date(String(answer.expiresOn)).getTime() : seconds * 1_000;
}
