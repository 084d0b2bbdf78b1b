import { readFile } from 'node:fs/promises';
import { getJson } from '../../network/client.ts';
import { type AzureCall, within } from '../../network/deadlines.ts';
import { load } from '../../process/lazy-load.ts';
import { guard, type Secret } from '../../secrets/secret.ts';
import { quote } from '../../secrets/untrusted.ts';
import { Failure } from '../../text/failure.ts';
import { propertyOf, stringIn } from '../../text/json.ts';
import { type Cloud, type CloudChoice, idTokenAudience } from '../clouds.ts';
import type { ErrorContext } from '../errors/error-context.ts';
import { azureCliToken } from './azure-cli.ts';
import { type EntraClient, entraClient } from './entra-client.ts';
import { readClaims } from './jwt.ts';
import type { IdTokenService, SignInMethodName, SignInSettings } from './settings.ts';

export interface SignInContext {
  readonly settings: SignInSettings;
  readonly cloudChoice: CloudChoice;
  /** The cloud may still be on its way: each method does what it can before it awaits it. */
  readonly cloud: Promise<Cloud>;
  /** Whether `auto` only tries whether the method works. */
  readonly probing?: boolean;
}

/** A token as `@azure/identity` gives it. It is not masked yet. */
interface RawToken {
  readonly token: string;
  readonly expiresOnTimestamp: number;
}

/** A sign-in method that is ready to be asked for tokens. */
export interface SignInMethod {
  readonly cloud: Cloud;
  /** @throws ServiceError, Failure */
  getToken(scope: string): Promise<RawToken>;
  /** What is known of the sign-in, for messages. */
  errorContext?(): Partial<ErrorContext>;
}

/**
 * One function per sign-in method. Each loads only the code that it needs, while its first requests are on their
 * way. It loads a file of `azure-identity/`, which re-exports one class of `@azure/identity`: an `import()` of the package
 * itself would also bundle the methods that need a person, such as the browser.
 */
export const SIGN_IN_METHODS: Readonly<
  Record<SignInMethodName, (context: SignInContext) => Promise<SignInMethod>>
> = {
  oidc: (context) => {
    if (context.settings.idTokenService === undefined) {
      throw new Failure(
        "login: oidc needs GitHub's ID-token service, which is not there. Add to the job: permissions: id-token: write (and contents: read). Workflows that pull requests from forks start get no ID token.",
      );
    }
    return federated(context, idToken(context.settings.idTokenService, idTokenAudience(context.cloudChoice)));
  },

  'workload-identity': (context) => {
    if (context.settings.federatedTokenFile === undefined) {
      throw new Failure(
        'login: workload-identity needs AZURE_FEDERATED_TOKEN_FILE, which is not set. On Kubernetes the workload identity webhook sets it: label the pod azure.workload.identity/use: "true".',
      );
    }
    return federated(context, federatedToken(context.settings.federatedTokenFile));
  },

  'client-secret': async (context) => {
    const [{ ClientSecretCredential }, cloud] = await Promise.all([
      load(() => import('./azure-identity/client-secret.ts')),
      context.cloud,
    ]);
    const { clientId = '', tenantId = '', clientSecret } = context.settings;
    const client = entraClient(cloud);
    const credential = new ClientSecretCredential(
      tenantId,
      clientId,
      clientSecret?.reveal() ?? '',
      client.options,
    );
    return entraMethod(cloud, client, (scope, abortSignal) => credential.getToken(scope, { abortSignal }));
  },

  'managed-identity': async (context) => {
    const [{ ManagedIdentityCredential }, cloud] = await Promise.all([
      load(() => import('./azure-identity/managed-identity.ts')),
      context.cloud,
    ]);
    const { clientId } = context.settings;
    const client = entraClient(cloud);
    const { probing = false } = context;
    const options = {
      ...client.options,
      ...(clientId === undefined ? {} : { clientId }),
      // The metadata service may fail while it warms up, so it is asked again, but not by a probe.
      retryOptions: { maxRetries: probing ? 0 : 3 },
    };
    const credential = onThisMachine(() => new ManagedIdentityCredential(options));
    return entraMethod(
      cloud,
      client,
      (scope, abortSignal) => credential.getToken(scope, { abortSignal }),
      probing ? 'managed identity probe' : 'sign-in',
    );
  },

  'azure-cli': async ({ settings, cloud }) =>
    entraMethod(await cloud, undefined, (scope) => azureCliToken(scope, settings.tenantId)),
};

/** Makes a credential that may refuse at once: on some platforms a managed identity takes no client ID. */
function onThisMachine<T>(create: () => T): T {
  try {
    return create();
  } catch (error) {
    throw new Failure(
      `This machine's managed identity cannot be used: ${quote((error as Error).message)}\nWhere the platform chooses the identity (Service Fabric, Cloud Shell), leave the input 'client-id' and AZURE_CLIENT_ID empty.`,
      { cause: error },
    );
  }
}

/** Signs in with a token of another issuer, such as GitHub, as the client's assertion. */
async function federated(context: SignInContext, presented: Promise<Secret>): Promise<SignInMethod> {
  // It is awaited below. Until then its failure must not count as an unhandled rejection.
  presented.catch(() => undefined);
  const [{ ClientAssertionCredential }, cloud] = await Promise.all([
    load(() => import('./azure-identity/client-assertion.ts')),
    context.cloud,
  ]);
  const { clientId = '', tenantId = '' } = context.settings;
  const client = entraClient(cloud);
  const assertion = await presented;
  const credential = new ClientAssertionCredential(
    tenantId,
    clientId,
    () => Promise.resolve(assertion.reveal()),
    client.options,
  );
  const { sub, iss, aud } = readClaims(assertion.reveal());
  return {
    ...entraMethod(cloud, client, (scope, abortSignal) => credential.getToken(scope, { abortSignal })),
    errorContext: () => ({ assertion: { subject: String(sub), issuer: String(iss), audience: String(aud) } }),
  };
}

async function idToken({ url, requestToken }: IdTokenService, audience: string): Promise<Secret> {
  const document = await getJson('ID token', `${url}&audience=${encodeURIComponent(audience)}`, {
    Authorization: `Bearer ${requestToken.reveal()}`,
  });
  const value = stringIn(propertyOf(document, 'value'));
  if (value === undefined) {
    throw new Failure("GitHub's ID-token service answered without a token. Run the job again.");
  }
  return guard(value, "GitHub's ID token");
}

async function federatedToken(path: string): Promise<Secret> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Failure(
      `AZURE_FEDERATED_TOKEN_FILE names '${path}', which cannot be read (${error.code ?? 'unknown error'}).\nCheck the path, and that the runner's user may read the file. In a container of its own, a job sees the file only if it is mounted there too.`,
      { cause: error },
    );
  });
  return guard(text.trim(), 'The federated token');
}

type GetToken = (scope: string, signal: AbortSignal) => Promise<RawToken | null>;

function entraMethod(
  cloud: Cloud,
  client: EntraClient | undefined,
  getToken: GetToken,
  call: AzureCall = 'sign-in',
): SignInMethod {
  return {
    cloud,
    async getToken(scope) {
      try {
        const token = await within(call, (signal) => getToken(scope, signal));
        if (token === null || token.token === '') throw new Failure('Entra answered without a token.');
        return token;
      } catch (error) {
        if (error instanceof Failure) throw error;
        throw client?.failure(call, error) ?? new Failure(azureCliFailure(error), { cause: error });
      }
    },
  };
}

function azureCliFailure(error: unknown): string {
  return `The Azure CLI gave no token: ${(error as Error).message}\nRun azure/login (or az login) in a step before this one, in the same job.`;
}
