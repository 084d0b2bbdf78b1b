import { codeOf, createFileReader, FileRefusal } from '../../process/guarded-files.ts';
import { load } from '../../process/lazy-load.ts';
import { guard, type Secret } from '../../secrets/secret.ts';
import { shownValue } from '../../secrets/shown-value.ts';
import { Failure } from '../../text/failure.ts';
import { numberIn } from '../../text/json.ts';
import { words } from '../../text/words.ts';
import { idTokenAudience } from '../clouds.ts';
import { entraClient } from './entra-client.ts';
import { idToken } from './id-token.ts';
import { readClaims } from './jwt.ts';
import { entraMethod, type SignInContext, type SignInMethod } from './sign-in-method.ts';

/** Signs in with an ID token of the CI system. @throws Failure when there is none */
export function oidc(context: SignInContext): Promise<SignInMethod> {
  const { idTokens } = context.settings;
  if (idTokens === undefined) {
    throw new Failure(words.idToken.isMissing);
  }
  return federated(context, () => idToken(idTokens, idTokenAudience(context.cloudChoice)));
}

/** Signs in with the token in a file, as Kubernetes has it. @throws Failure when no file is named */
export function workloadIdentity(context: SignInContext): Promise<SignInMethod> {
  if (context.settings.federatedTokenFile === undefined) {
    throw new Failure(
      `${words.setting('login', 'workload-identity')} needs AZURE_FEDERATED_TOKEN_FILE, which is not set. On Kubernetes the workload identity webhook sets it: label the pod azure.workload.identity/use: "true".`,
    );
  }
  const { federatedTokenFile } = context.settings;
  return federated(context, async () => federatedToken(federatedTokenFile));
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

/** @throws Failure when it is no file, or cannot be read */
function federatedToken(path: string): Secret {
  let text: string;
  try {
    text = createFileReader(process.cwd())(path).toString('utf8');
  } catch (error) {
    const what =
      error instanceof FileRefusal ? 'which is not read' : `which cannot be read (${codeOf(error)})`;
    const why = error instanceof FileRefusal ? `${error.message} ` : '';
    throw new Failure(
      `AZURE_FEDERATED_TOKEN_FILE names ${shownValue(path)}, ${what}.\n${why}Check the path, and that the user of the ${words.machine} may read the file. In a container of its own, a job sees the file only if it is mounted there too.`,
      { cause: error },
    );
  }
  return guard(text.trim(), 'The federated token');
}
