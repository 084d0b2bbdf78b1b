import { NotOnPathError, runProgram } from '../../process/child-processes.ts';
import { isWithheld } from '../../process/program-environment.ts';
import { GUID } from '../../text/guid.ts';
import { isObject, objectIn, parseJson, stringIn } from '../../text/json.ts';
import { words } from '../../text/words.ts';
import { readClaims } from './jwt.ts';

/** `az` is a Python program of hundreds of files, and asks Entra before it answers. */
const TIMEOUT_MS = 45_000;

const NOT_INSTALLED =
  "Azure CLI could not be found. Please visit https://aka.ms/azure-cli for installation instructions and then, once installed, authenticate to your Azure account using 'az login'.";
const NO_SESSION =
  "Please run 'az login' from a command prompt to authenticate before using this credential.";

/** How az refuses `--tenant` in the session of a managed identity or of Cloud Shell, which has one tenant only. */
const NO_TENANT_TAKEN = /Tenant shouldn't be specified for/i;

export interface AzureCliToken {
  readonly token: string;
  readonly expiresOnTimestamp: number;
  /** The subscription that the session uses; az does not tell it with the token of a tenant that is named. */
  readonly subscriptionId: string | undefined;
}

/**
 * A token of the session that `az login` left on this machine. It asks and explains as `AzureCliCredential` of
 * @azure/identity does, which starts `az` by itself, and leaves it and its children running when the step is cancelled.
 * @throws an error whose message says what `az` said
 */
export async function azureCliToken(scope: string, tenantId: string | undefined): Promise<AzureCliToken> {
  const resource = scope.replace(/\/\.default$/, '');
  const args = ['account', 'get-access-token', '--output', 'json', '--resource', resource];
  if (tenantId === undefined) return tokenIn(await runAz(args));
  const answer = await runAz([...args, '--tenant', tenantId]);
  if (!NO_TENANT_TAKEN.test(answer.stderr)) return tokenIn(answer);
  const ofSession = tokenIn(await runAz(args));
  requireTenant(ofSession.token, tenantId);
  return ofSession;
}

/** The subscription that the session uses; undefined when it has none. */
export async function azureCliSubscription(): Promise<string | undefined> {
  const { document } = await runAz(['account', 'show', '--output', 'json']);
  const { id, tenantId } = objectIn(document);
  return subscriptionIn(id, tenantId);
}

interface AzAnswer {
  /** What it wrote to stdout, when that is JSON. */
  readonly document: unknown;
  readonly stderr: string;
  readonly timedOut: boolean;
}

async function runAz(args: readonly string[]): Promise<AzAnswer> {
  const written: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] };
  const end = await runProgram({
    command: 'az',
    args,
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
  const document = parseJson(Buffer.concat(written.stdout).toString('utf8'));
  const stderr = Buffer.concat(written.stderr).toString('utf8').trim();
  return { document, stderr, timedOut: end === 'timeout' };
}

function tokenIn({ document, stderr, timedOut }: AzAnswer): AzureCliToken {
  if (/az:.*not found|^'az' is not recognized/.test(stderr)) throw new Error(NOT_INSTALLED);
  // With a scope, the words of az say what to log in to.
  if (stderr.includes('az login') && !stderr.includes('az login --scope')) throw new Error(NO_SESSION);
  if (isObject(document) && typeof document.accessToken === 'string') {
    const expiresOnTimestamp = expiryOf(document);
    const subscriptionId = subscriptionIn(document.subscription, document.tenant);
    if (Number.isFinite(expiresOnTimestamp))
      return { token: document.accessToken, expiresOnTimestamp, subscriptionId };
  }
  if (timedOut) throw new Error(`az did not finish within ${TIMEOUT_MS / 1_000} s`);
  throw new Error(stderr || 'its answer contains no access token with an expiry time');
}

/** Without this check, a token of another tenant would be refused later by Resource Manager, in less clear words. */
function requireTenant(token: string, tenantId: string): void {
  const ofSession = stringIn(readClaims(token).tid) ?? '';
  if (!GUID.test(ofSession) || !GUID.test(tenantId)) return;
  if (ofSession.toLowerCase() === tenantId.toLowerCase()) return;
  throw new Error(
    `its session is for tenant '${ofSession}', and ${words.theInputs(['tenant-id'])} (or AZURE_TENANT_ID) has '${tenantId}'`,
  );
}

/** An account without a subscription has its tenant's ID in the place of the subscription's. */
function subscriptionIn(id: unknown, tenantId: unknown): string | undefined {
  const subscription = stringIn(id) ?? '';
  return GUID.test(subscription) && subscription !== tenantId ? subscription : undefined;
}

/** Seconds since 1970 in `expires_on`; an az before 2.54 has only `expiresOn`, a local time. */
function expiryOf(answer: Readonly<Record<string, unknown>>): number {
  const seconds = Number.parseInt(String(answer.expires_on), 10);
  return Number.isNaN(seconds) ? new Date(String(answer.expiresOn)).getTime() : seconds * 1_000;
}

const OF_MANAGED_IDENTITIES = ['IDENTITY_HEADER', 'MSI_SECRET'];
const OF_PROXIES = /^(?:https?|all)_proxy$/i;

/** What az was not given, as no program is, although its session may need it: lines for a message. */
export function withheldFromAz(environment: NodeJS.ProcessEnv): readonly string[] {
  const names = Object.entries(environment).flatMap(([name, value]) =>
    value && isWithheld(name, value) ? [name] : [],
  );
  const identity = names.filter((name) => OF_MANAGED_IDENTITIES.includes(name));
  const proxies = names.filter((name) => OF_PROXIES.test(name));
  return [
    ...(identity.length === 0
      ? []
      : [
          `az was not given ${identity.join(', ')}, because no program that this step starts gets them. For the managed identity of this machine use ${words.setting('login', 'managed-identity')}.`,
        ]),
    ...(proxies.length === 0
      ? []
      : [
          `az was not given ${proxies.join(', ')}, whose address holds a password. Behind that proxy use another way to sign in, such as ${words.setting('login', 'oidc')}.`,
        ]),
  ];
}
