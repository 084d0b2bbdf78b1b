import { ServiceError } from '../../network/service-error.ts';
import { guard, type Secret } from '../../secrets/secret.ts';
import { quote } from '../../secrets/untrusted.ts';
import { Failure } from '../../text/failure.ts';
import type { Cloud } from '../clouds.ts';
import type { ErrorContext } from '../errors/error-context.ts';
import { objectIdOf, readClaims } from './jwt.ts';
import { SIGN_IN_METHODS, type SignInContext, type SignInMethod } from './methods.ts';
import type { SignInMethodName } from './settings.ts';

/** An Entra access token, masked. */
export interface AccessToken {
  readonly secret: Secret;
  readonly expiresOn: Date;
}

/** A signed-in identity in one cloud. */
export interface Azure {
  readonly cloud: Cloud;
  /**
   * An access token for one audience, e.g. `https://ml.azure.com`. A second call for it returns the same token.
   * @throws ServiceError, Failure
   */
  token(audience: string): Promise<AccessToken>;
  /** What is known about the identity, for messages. */
  errorContext(): Partial<ErrorContext>;
}

/** A sign-in method that `auto` may choose: whether what it needs is there, and how the log says so. */
interface Candidate {
  readonly method: SignInMethodName;
  readonly because: string;
  readonly fits: (context: SignInContext) => boolean;
  /** Set for a method of which only a token shows whether it works. */
  readonly tried?: true;
}

const hasApplication = ({ settings }: SignInContext): boolean =>
  settings.clientId !== undefined && settings.tenantId !== undefined;

/** The methods in the order in which `auto` considers them. */
const AUTO_ORDER: readonly Candidate[] = [
  {
    method: 'client-secret',
    because: 'a client secret is given',
    fits: (context) => context.settings.clientSecret !== undefined && hasApplication(context),
  },
  {
    method: 'oidc',
    because: "GitHub's ID-token service is there, and client and tenant are known",
    fits: (context) => context.settings.idTokenService !== undefined && hasApplication(context),
  },
  {
    method: 'workload-identity',
    because: 'AZURE_FEDERATED_TOKEN_FILE is set, and client and tenant are known',
    fits: (context) => context.settings.federatedTokenFile !== undefined && hasApplication(context),
  },
  { method: 'azure-cli', because: 'az has a session', fits: () => true, tried: true },
  { method: 'managed-identity', because: 'a managed identity answers', fits: () => true, tried: true },
];

/**
 * Chooses the sign-in method and prepares it. An access token is requested when it is first needed; what the method
 * needs for that, such as the ID token, is fetched now.
 * @param say tells the log which method is chosen, and why
 * @throws ServiceError, Failure
 */
export async function signIn(context: SignInContext, say: (line: string) => void): Promise<Azure> {
  const { choice } = context.settings;
  if (choice !== 'auto') {
    say(`Signing in with ${choice}.`);
    return session(context, choice, await SIGN_IN_METHODS[choice](context));
  }
  const failures: string[] = [];
  for (const { method, because, fits, tried } of AUTO_ORDER) {
    if (!fits(context)) continue;
    if (tried === undefined) {
      say(`Signing in with ${method}: ${because}.`);
      return session(context, method, await SIGN_IN_METHODS[method](context));
    }
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

function session(context: SignInContext, name: SignInMethodName, method: SignInMethod): Azure {
  const tokens = new Map<string, Promise<AccessToken>>();
  let objectId: string | undefined;
  const request = async (audience: string): Promise<AccessToken> => {
    const { token, expiresOnTimestamp } = await method.getToken(`${audience}/.default`);
    const secret = guard(token, 'The access token from Entra');
    objectId ??= objectIdOf(readClaims(token));
    return { secret, expiresOn: new Date(expiresOnTimestamp) };
  };
  return {
    cloud: method.cloud,
    token(audience) {
      const token = tokens.get(audience) ?? request(audience);
      tokens.set(audience, token);
      return token;
    },
    errorContext: () => ({
      signInMethod: name,
      ...defined({ clientId: context.settings.clientId, tenantId: context.settings.tenantId, objectId }),
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
    ...(settings.clientId === undefined ? ['client-id'] : []),
    ...(settings.tenantId === undefined ? ['tenant-id'] : []),
    ...(settings.idTokenService === undefined ? ["the job's permissions: id-token: write"] : []),
  ];
  return [
    'There is no way to sign in to Azure.',
    `- oidc (recommended) needs permissions: id-token: write on the job, client-id and tenant-id. Missing: ${lacking.join(', ') || 'nothing'}.`,
    '- client-secret needs client-id, tenant-id and client-secret.',
    '- workload-identity needs AZURE_FEDERATED_TOKEN_FILE, client-id and tenant-id.',
    '- azure-cli needs a session: a step with azure/login (or az login) before this one.',
    '- managed-identity needs a self-hosted runner in Azure with an identity assigned; client-id for a user-assigned one.',
    ...(failures.length > 0 ? ['Tried:', ...failures.map((failure) => `- ${failure}`)] : []),
  ].join('\n');
}
