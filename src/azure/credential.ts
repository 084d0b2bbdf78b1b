import { HEADER_VALUE } from '../network/header-value.ts';
import type { Secret } from '../secrets/secret.ts';
import { quote } from '../secrets/untrusted.ts';
import { Failure } from '../text/failure.ts';
import { formatDuration, isoSeconds } from '../text/format.ts';
import { words } from '../text/words.ts';
import { CHECK_CLOUD_AND_PROXY } from './errors/advice.ts';
import type { Endpoint, KeyName, Unread } from './resource-manager/answers.ts';
import type { Workspace } from './resource-manager/calls.ts';
import { type Azure, RENEWAL_MS } from './sign-in/sign-in.ts';

export type Credential =
  | { readonly mode: 'key'; readonly secret: Secret; readonly which: KeyName }
  | {
      readonly mode: 'aml_token' | 'aad_token';
      readonly secret: Secret;
      /** Undefined when Azure did not say. */
      readonly expiresOn: Date | undefined;
      readonly refreshAfter: Date | undefined;
    };

export type AuthMode = Credential['mode'];

/** By Azure's names of the modes in lower case and without underscores, since Azure writes them in several ways. */
const MODES: Readonly<Record<string, AuthMode>> = {
  key: 'key',
  amltoken: 'aml_token',
  aadtoken: 'aad_token',
};

/**
 * The mode that the endpoint says it has. It decides which credential is requested. Trying each would not do: a
 * request for keys or a token succeeds on endpoints of other modes too, with nothing or with the wrong credential.
 * @throws Failure when this version does not know the mode
 */
export function authModeOf({ address, authMode }: Endpoint): AuthMode {
  const name = authMode.toLowerCase().replaceAll('_', '');
  const mode = Object.hasOwn(MODES, name) ? MODES[name] : undefined;
  if (mode !== undefined) return mode;
  throw new Failure(
    `Endpoint '${address.name}' has the auth mode '${quote(authMode, 60)}', which this version of the ${words.program} does not know. It knows Key, AMLToken and AADToken. Is there a newer version of the ${words.program}?`,
  );
}

/**
 * @param key which of the two keys to use; the other one is masked, too
 * @param leastMs an Entra token that expires sooner is asked for anew
 * @throws ServiceError, Failure when Azure sends no credential, or one that no request can carry
 */
export async function resolveCredential(
  azure: Azure,
  workspace: Workspace,
  endpoint: Endpoint,
  key: KeyName,
  leastMs = RENEWAL_MS,
): Promise<Credential> {
  const credential = await askForCredential(azure, workspace, endpoint, key, leastMs);
  if (HEADER_VALUE.test(credential.secret.reveal())) return credential;
  const what = credential.mode === 'key' ? `The ${credential.which} key` : 'The token';
  throw new Failure(
    `${what} of endpoint '${endpoint.address.name}' holds characters that no HTTP header can carry, so no request can be sent with it. The value is not shown. Regenerate it in the studio, from letters, digits and punctuation of ASCII.`,
  );
}

async function askForCredential(
  azure: Azure,
  workspace: Workspace,
  endpoint: Endpoint,
  key: KeyName,
  leastMs: number,
): Promise<Credential> {
  const mode = authModeOf(endpoint);
  switch (mode) {
    case 'key': {
      const keys = await workspace.keys();
      const secret = keys[key];
      if (secret === undefined) throw missing(endpoint, `no ${key} key`, `${key}Key`, keys.unread?.[key]);
      return { mode, secret, which: key };
    }
    case 'aml_token': {
      const { secret, unread, expiresOnSeconds, refreshAfterSeconds } = await workspace.token();
      if (secret === undefined) throw missing(endpoint, 'no token', 'accessToken', unread);
      return { mode, secret, expiresOn: date(expiresOnSeconds), refreshAfter: date(refreshAfterSeconds) };
    }
    case 'aad_token': {
      const { secret, expiresOn } = await azure.token(azure.cloud.dataPlaneAudience, leastMs);
      return { mode, secret, expiresOn, refreshAfter: undefined };
    }
  }
}

/**
 * The credential at any time of the step: the one that it began with, or one that was asked for anew.
 * @param leastMs a token that expires sooner is asked for anew; five minutes unless it is more
 * @throws ServiceError, Failure when a token that has expired cannot be replaced
 */
export type CurrentCredential = (leastMs?: number) => Promise<Credential>;

/** @param resolve asks for the credential anew */
export function keepCurrent(
  first: Credential,
  resolve: (leastMs: number) => Promise<Credential>,
): CurrentCredential {
  let current = first;
  let asking: Promise<void> | undefined;
  const renew = async (leastMs: number): Promise<void> => {
    try {
      current = await resolve(leastMs);
    } catch (error) {
      // One that is still good is used until a later attempt succeeds.
      if (leftMs(current) <= 0) throw error;
    } finally {
      asking = undefined;
    }
  };
  return async (leastMs = 0) => {
    const wantedMs = Math.max(leastMs, RENEWAL_MS);
    if (leftMs(current) < wantedMs) {
      asking ??= renew(wantedMs);
      await asking;
    }
    return current;
  };
}

/** How long a credential is still good; for ever when it does not expire, or Azure did not say when. */
function leftMs(credential: Credential): number {
  const expiresOn = credential.mode === 'key' ? undefined : credential.expiresOn;
  return expiresOn === undefined ? Number.POSITIVE_INFINITY : expiresOn.getTime() - Date.now();
}

/**
 * @param minimumValidityMs how long the credential must still be good
 * @throws Failure when it expires sooner, or Azure does not say when
 */
export function requireValidity(credential: Credential, minimumValidityMs: number, now: Date): void {
  if (credential.mode === 'key') return;
  const { expiresOn } = credential;
  if (minimumValidityMs === 0) {
    if (expiresOn === undefined || expiresOn > now) return;
    throw new Failure(
      `Azure sent a token that expired at ${isoSeconds(expiresOn)}. Is the clock of this ${words.machine} right? It says ${isoSeconds(now)}.`,
    );
  }
  const wanted = `${words.label('minimum-validity')} asks for ${formatDuration(minimumValidityMs)}, until ${isoSeconds(new Date(now.getTime() + minimumValidityMs))}`;
  if (expiresOn === undefined) {
    throw new Failure(`Azure did not say when the token expires, and ${wanted}.`);
  }
  const leftMs = expiresOn.getTime() - now.getTime();
  if (leftMs >= minimumValidityMs) return;
  const when =
    leftMs > 0
      ? `expires at ${isoSeconds(expiresOn)}, in ${formatDuration(leftMs)}`
      : `expired at ${isoSeconds(expiresOn)}`;
  throw new Failure(
    `The token ${when}, but ${wanted}. Ask for less, or fetch the credential again right before it is used.`,
  );
}

/** The year 5138. What is said to be later is not in seconds. */
const LATEST_SECONDS = 1e11;

/** The time of Azure's Unix seconds; undefined for 0, which means that Azure does not say, and for impossible times. */
function date(seconds: number): Date | undefined {
  return seconds > 0 && seconds < LATEST_SECONDS ? new Date(seconds * 1_000) : undefined;
}

/** @param unread the kind of what came in the field, when that is not a string */
function missing(
  { address, authMode }: Endpoint,
  what: string,
  field: string,
  unread: Unread | undefined,
): Failure {
  if (unread !== undefined) {
    return new Failure(
      `Resource Manager returned ${unread} as '${field}' of endpoint '${address.name}', where a string was expected. The value is not shown, because it may be the credential.\n${CHECK_CLOUD_AND_PROXY}`,
    );
  }
  return new Failure(
    `Azure answered with ${what} for endpoint '${address.name}', whose auth mode is '${quote(authMode, 60)}'. Was its auth mode changed a moment ago? Look at it in the studio, and regenerate the credential there if this persists.`,
  );
}
