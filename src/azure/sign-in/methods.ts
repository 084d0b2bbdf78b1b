import { readFile } from 'node:fs/promises';
import { getJson } from '../../network/client.ts';
import { within } from '../../network/deadlines.ts';
import { load } from '../../process/lazy-load.ts';
import { guard, type Secret } from '../../secrets/secret.ts';
import { quote } from '../../secrets/untrusted.ts';
import { Failure } from '../../text/failure.ts';
import { numberIn, propertyOf, stringIn } from '../../text/json.ts';
import { type Cloud, type CloudChoice, idTokenAudience } from '../clouds.ts';
import type { ErrorContext } from '../errors/error-context.ts';
import { azureCliSubscription, azureCliToken, withheldFromAz } from './azure-cli.ts';
import { type EntraClient, entraClient } from './entra-client.ts';
import { readClaims } from './jwt.ts';
import type { IdTokenService, SignInMethodName, SignInSettings } from './settings.ts';
import { requireListener } from './this-machine.ts';

export interface SignInContext {
  readonly settings: SignInSettings;
  readonly cloudChoice: CloudChoice;
  /** The cloud may still be on its way: each method does what it can before it awaits it. */
  readonly cloud: Promise<Cloud>;
  /** Whether `auto` only tries whether the method works. */
  readonly probing?: boolean;
  /** Writes one line of the log. */
  readonly say: (line: string) => void;
}

/** A token as `@azure/identity` gives it. It is not masked yet. */
interface RawToken {
  readonly token: string;
  readonly expiresOnTimestamp: number;
}

/** A sign-in method that is ready to be asked for tokens. */
export interface SignInMethod {
  readonly cloud: Cloud;
  /** Whether one is enough for the whole step: it keeps nothing, or keeps it for the life of the process. */
  readonly lasting?: true;
  /** @throws ServiceError, Failure */
  getToken(scope: string): Promise<RawToken>;
  /** The subscription that belongs to the sign-in. @throws Failure */
  subscriptionId?(): Promise<string | undefined>;
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
    const { idTokenService } = context.settings;
    return federated(context, () => idToken(idTokenService, idTokenAudience(context.cloudChoice)));
  },

  'workload-identity': (context) => {
    if (context.settings.federatedTokenFile === undefined) {
      throw new Failure(
        'login: workload-identity needs AZURE_FEDERATED_TOKEN_FILE, which is not set. On Kubernetes the workload identity webhook sets it: label the pod azure.workload.identity/use: "true".',
      );
    }
    const { federatedTokenFile } = context.settings;
    return federated(context, () => federatedToken(federatedTokenFile));
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
    const client = entraClient(cloud, async (address) => {
      if (context.probing) await requireListener(address);
      context.say(`Asking ${quote(address.host, 200)} for a token of ${identityCalled(clientId)}.`);
    });
    const options = {
      ...client.options,
      ...(clientId === undefined ? {} : { clientId }),
      // The metadata service may fail while it warms up, so it is asked again.
      retryOptions: { maxRetries: 3 },
    };
    const credential = onThisMachine(() => new ManagedIdentityCredential(options));
    const method = entraMethod(cloud, client, (scope, abortSignal) =>
      credential.getToken(scope, { abortSignal }),
    );
    return { ...method, lasting: true };
  },

  'azure-cli': async ({ settings, cloud }) => {
    let subscriptionId: string | undefined;
    const method = entraMethod(await cloud, undefined, async (scope) => {
      const token = await azureCliToken(scope, settings.tenantId);
      ({ subscriptionId } = token);
      return token;
    });
    return {
      ...method,
      lasting: true,
      subscriptionId: async () => subscriptionId ?? (await azureCliSubscription()),
    };
  },
};

function identityCalled(clientId: string | undefined): string {
  return clientId === undefined
    ? "this machine's own managed identity (no client-id is given)"
    : `the managed identity with client ID '${clientId}'`;
}

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

/** A token of another issuer, such as GitHub, is not presented when it expires within this time. */
const ASSERTION_LEFT_MS = 60_000;

/**
 * Signs in with a token of another issuer, such as GitHub, as the client's assertion.
 * @param fetchAssertion is called again when the last one is about to expire: GitHub's live for five minutes
 */
async function federated(
  context: SignInContext,
  fetchAssertion: () => Promise<Secret>,
): Promise<SignInMethod> {
  const first = fetchAssertion();
  // It is awaited below. Until then its failure must not count as an unhandled rejection.
  first.catch(() => undefined);
  const [{ ClientAssertionCredential }, cloud] = await Promise.all([
    load(() => import('./azure-identity/client-assertion.ts')),
    context.cloud,
  ]);
  const { clientId = '', tenantId = '' } = context.settings;
  let failure: unknown;
  const client = entraClient(cloud);
  let assertion = await first;
  const present = async (): Promise<string> => {
    try {
      if (expiresSoon(assertion)) assertion = await fetchAssertion();
      return assertion.reveal();
    } catch (error) {
      failure = error;
      throw error;
    }
  };
  const credential = new ClientAssertionCredential(tenantId, clientId, present, client.options);
  const method = entraMethod(cloud, client, (scope, abortSignal) =>
    credential.getToken(scope, { abortSignal }),
  );
  return {
    ...method,
    async getToken(scope) {
      failure = undefined;
      try {
        return await method.getToken(scope);
      } catch (error) {
        throw failure ?? error;
      }
    },
    errorContext() {
      const { sub, iss, aud } = readClaims(assertion.reveal());
      return { assertion: { subject: String(sub), issuer: String(iss), audience: String(aud) } };
    },
  };
}

/** Whether an assertion should not be presented any more; of one that does not say, it is not known. */
function expiresSoon(assertion: Secret): boolean {
  const expiresOnSeconds = numberIn(readClaims(assertion.reveal()).exp);
  return expiresOnSeconds !== undefined && expiresOnSeconds * 1_000 - Date.now() < ASSERTION_LEFT_MS;
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

function entraMethod(cloud: Cloud, client: EntraClient | undefined, getToken: GetToken): SignInMethod {
  return {
    cloud,
    async getToken(scope) {
      try {
        const token = await within('sign-in', (signal) => getToken(scope, signal));
        if (token === null || token.token === '') throw new Failure('Entra answered without a token.');
        return token;
      } catch (error) {
        if (error instanceof Failure) throw error;
        throw client?.failure('sign-in', error) ?? new Failure(azureCliFailure(error), { cause: error });
      }
    },
  };
}

function azureCliFailure(error: unknown): string {
  return [
    `The Azure CLI gave no token: ${(error as Error).message}`,
    'Run azure/login (or az login) in a step before this one, in the same job.',
    ...withheldFromAz(process.env),
  ].join('\n');
}
