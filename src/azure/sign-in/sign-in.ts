import { ServiceError } from '../../network/service-error.ts';
import { guard, type Secret } from '../../secrets/secret.ts';
import { quote } from '../../secrets/untrusted.ts';
import { Failure } from '../../text/failure.ts';
import { words } from '../../text/words.ts';
import type { Cloud } from '../clouds.ts';
import type { ErrorContext } from '../errors/error-context.ts';
import { objectIdOf, readClaims } from './jwt.ts';
import { SIGN_IN_METHODS } from './methods.ts';
import type { SignInMethodName, SignInSettings } from './settings.ts';
import type { SignInContext, SignInMethod } from './sign-in-method.ts';

/** A token that expires within this time is asked for anew. */
export const RENEWAL_MS = 5 * 60_000;

/** An Entra access token, masked. */
export interface AccessToken {
  readonly secret: Secret;
  readonly expiresOn: Date;
}

/** A signed-in identity in one cloud. */
export interface Azure {
  readonly cloud: Cloud;
  /**
   * An access token for one audience, e.g. `https://ml.azure.com`. Further calls return the same token until it expires
   * within `leastMs`; then it is asked for anew.
   * @throws ServiceError, Failure
   */
  token(audience: string, leastMs?: number): Promise<AccessToken>;
  /** The subscription that belongs to the sign-in: that of az's session. @throws ServiceError, Failure */
  subscriptionId(): Promise<string | undefined>;
  /** What is known about the identity, for messages. */
  errorContext(): Partial<ErrorContext>;
}

/** A sign-in method that `auto` may choose: whether what it needs is there, and how the log says so. */
interface Candidate {
  readonly method: SignInMethodName;
  readonly because: string;
  readonly fits: (settings: SignInSettings) => boolean;
  /** Set for a method of which only a token shows whether it works. */
  readonly tried?: true;
}

const hasApplication = ({ clientId, tenantId }: SignInSettings): boolean =>
  clientId !== undefined && tenantId !== undefined;

/** The methods in the order in which `auto` considers them. */
const AUTO_ORDER: readonly Candidate[] = [
  {
    method: 'client-secret',
    because: 'a client secret is given',
    fits: (settings) => settings.clientSecret !== undefined && hasApplication(settings),
  },
  {
    method: 'oidc',
    because: words.idToken.isThere,
    fits: (settings) =>
      settings.idTokens !== undefined && settings.idTokens.kind !== 'given' && hasApplication(settings),
  },
  {
    method: 'oidc',
    because: 'ARM_OIDC_TOKEN is set, and client and tenant are known',
    fits: (settings) => settings.idTokens?.kind === 'given' && hasApplication(settings),
  },
  {
    method: 'workload-identity',
    because: 'AZURE_FEDERATED_TOKEN_FILE is set, and client and tenant are known',
    fits: (settings) => settings.federatedTokenFile !== undefined && hasApplication(settings),
  },
  { method: 'azure-cli', because: 'az has a session', fits: () => true, tried: true },
  { method: 'managed-identity', because: 'a managed identity answers', fits: () => true, tried: true },
];

/** The method that `auto` takes without trying it, when what it needs is there. */
function certainMethod(settings: SignInSettings): Candidate | undefined {
  return AUTO_ORDER.find(({ tried, fits }) => !tried && fits(settings));
}

/** Whether the sign-in may turn out to be az's session, which knows a subscription. */
export function mayUseAzureCli(settings: SignInSettings): boolean {
  const { choice } = settings;
  return choice === 'azure-cli' || (choice === 'auto' && certainMethod(settings) === undefined);
}

/**
 * Chooses the sign-in method and prepares it. An access token is requested when it is first needed; what the method
 * needs for that, such as the ID token, is fetched now.
 * @throws ServiceError, Failure
 */
export async function signIn(context: SignInContext): Promise<Azure> {
  const { settings, say } = context;
  const { choice } = settings;
  if (choice !== 'auto') {
    say(`Signing in with ${choice}.`);
    return session(context, choice, await SIGN_IN_METHODS[choice](context));
  }
  const certain = certainMethod(settings);
  if (certain !== undefined) {
    say(`Signing in with ${certain.method}: ${certain.because}.`);
    return session(context, certain.method, await SIGN_IN_METHODS[certain.method](context));
  }
  // What is wrong with the cloud concerns every method.
  await context.cloud;
  const failures: string[] = [];
  for (const { method, because } of AUTO_ORDER.filter(({ tried }) => tried)) {
    try {
      const azure = session(context, method, await SIGN_IN_METHODS[method]({ ...context, probing: true }));
      await azure.token(azure.cloud.resourceManager);
      say(`Signed in with ${method}: ${because}.`);
      return azure;
    } catch (error) {
      if (!isOfThisMethod(error)) throw error;
      failures.push(`${method}: ${quote(innermost(error), 200)}`);
    }
  }
  throw new Failure(nothingFits(context, failures));
}

/** Whether another method may still work. Other errors, such as those of finding the cloud, concern all methods. */
function isOfThisMethod(error: unknown): boolean {
  if (error instanceof ServiceError)
    return error.call === 'sign-in' || error.call === 'managed identity probe';
  return error instanceof Failure;
}

/** A token that is there or on its way. */
interface Ask {
  readonly token: Promise<AccessToken>;
  /** How long the token is still good; for ever while it is on its way. */
  readonly leftMs: () => number;
}

function session(context: SignInContext, name: SignInMethodName, first: SignInMethod): Azure {
  const { settings } = context;
  const asks = new Map<string, Ask>();
  let method = first;
  let hasFailed = false;
  let objectId: string | undefined;

  const request = async (audience: string, anew: boolean): Promise<AccessToken> => {
    // The library keeps tokens, and failures too. A method that is made anew has neither.
    if ((anew || hasFailed) && !method.lasting) method = await SIGN_IN_METHODS[name](context);
    hasFailed = false;
    const { token, expiresOnTimestamp } = await method.getToken(`${audience}/.default`);
    const secret = guard(token, 'The access token from Entra');
    objectId ??= objectIdOf(readClaims(token));
    return { secret, expiresOn: new Date(expiresOnTimestamp) };
  };
  const ask = (audience: string, last: Ask | undefined): Ask => {
    let expiresOn = Number.POSITIVE_INFINITY;
    const token = request(audience, last !== undefined).then(
      (received) => {
        expiresOn = received.expiresOn.getTime();
        return received;
      },
      (error: unknown) => {
        // A failure is not kept, and takes away no token that is still good.
        hasFailed = true;
        asks.delete(audience);
        if (last === undefined || last.leftMs() <= 0) throw error;
        asks.set(audience, last);
        return last.token;
      },
    );
    return { token, leftMs: () => expiresOn - Date.now() };
  };
  const token = (audience: string, leastMs = RENEWAL_MS): Promise<AccessToken> => {
    const last = asks.get(audience);
    if (last !== undefined && last.leftMs() >= leastMs) return last.token;
    const next = ask(audience, last);
    asks.set(audience, next);
    return next.token;
  };
  return {
    cloud: method.cloud,
    token,
    async subscriptionId() {
      await token(method.cloud.resourceManager);
      return method.subscriptionId?.();
    },
    errorContext: () => ({
      signInMethod: name,
      ...defined({ clientId: settings.clientId, tenantId: settings.tenantId, objectId }),
      ...(settings.choice === 'auto' && name === 'client-secret' && settings.idTokens !== undefined
        ? { couldUseOidc: true }
        : {}),
      ...method.errorContext?.(),
    }),
  };
}

function defined<T extends object>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}

function innermost(error: unknown): string {
  const { response, cause } = error as Partial<ServiceError>;
  if (response !== undefined) return `HTTP ${response.status} ${response.body}`;
  const { message } = (cause ?? error) as Error;
  return message;
}

function nothingFits({ settings }: SignInContext, failures: readonly string[]): string {
  const lacking = [
    ...(settings.clientId === undefined ? [words.label('client-id')] : []),
    ...(settings.tenantId === undefined ? [words.label('tenant-id')] : []),
    ...(settings.idTokens === undefined ? [words.idToken.lacking] : []),
  ];
  return [
    'There is no way to sign in to Azure.',
    `- oidc (recommended) needs ${words.idToken.needOnJob}, ${words.label('client-id')} and ${words.label('tenant-id')}. Missing: ${lacking.join(', ') || 'nothing'}.`,
    `- client-secret needs ${words.label('client-id')}, ${words.label('tenant-id')} and ${words.label('client-secret')}.`,
    `- workload-identity needs AZURE_FEDERATED_TOKEN_FILE, ${words.label('client-id')} and ${words.label('tenant-id')}.`,
    `- azure-cli needs a session: ${words.giveAzSession}.`,
    `- managed-identity needs ${words.ownMachine} in Azure with an identity assigned; ${words.label('client-id')} for a user-assigned one.`,
    ...(settings.lacksSubscription
      ? [`All but azure-cli also need ${words.label('subscription-id')}, which is empty.`]
      : []),
    ...(settings.whyEmpty === undefined ? [] : [settings.whyEmpty]),
    ...(failures.length > 0 ? ['Tried:', ...failures.map((failure) => `- ${failure}`)] : []),
  ].join('\n');
}
