import { load } from '../../process/lazy-load.ts';
import { quote } from '../../secrets/untrusted.ts';
import { Failure } from '../../text/failure.ts';
import { words } from '../../text/words.ts';
import { azureCliSubscription, azureCliToken } from './azure-cli.ts';
import { entraClient } from './entra-client.ts';
import { oidc, workloadIdentity } from './federated.ts';
import type { SignInMethodName } from './settings.ts';
import { entraMethod, type SignInContext, type SignInMethod } from './sign-in-method.ts';
import { requireListener } from './this-machine.ts';

/**
 * One function per sign-in method. Each loads only the code that it needs, while its first requests are on their
 * way. It loads a file of `azure-identity/`, which re-exports one class of `@azure/identity`: an `import()` of the
 * package itself would also bundle the methods that need a person, such as the browser.
 */
export const SIGN_IN_METHODS: Readonly<
  Record<SignInMethodName, (context: SignInContext) => Promise<SignInMethod>>
> = {
  oidc,

  'workload-identity': workloadIdentity,

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
    ? `this machine's own managed identity (no ${words.label('client-id')} is given)`
    : `the managed identity with client ID '${clientId}'`;
}

/** Makes a credential that may refuse at once: on some platforms a managed identity takes no client ID. */
function onThisMachine<T>(create: () => T): T {
  try {
    return create();
  } catch (error) {
    throw new Failure(
      `This machine's managed identity cannot be used: ${quote((error as Error).message)}\nWhere the platform chooses the identity (Service Fabric, Cloud Shell), leave ${words.theInputs(['client-id'])} and AZURE_CLIENT_ID empty.`,
      { cause: error },
    );
  }
}
