import type { Call } from '../../network/deadlines.ts';
import { ServiceError } from '../../network/service-error.ts';
import { UnmaskableError } from '../../secrets/secret.ts';
import { quote } from '../../secrets/untrusted.ts';
import { Failure } from '../../text/failure.ts';
import { words } from '../../text/words.ts';
import { explainEntra } from './entra.ts';
import type { ErrorContext } from './error-context.ts';
import { explainNetwork } from './network.ts';
import { explainProxy, isOfProxy } from './proxy.ts';
import {
  answered,
  asksManagedIdentity,
  type Lines,
  type Refusal,
  readRefusal,
  whoWasAsked,
} from './refusal.ts';
import { explainResourceManager } from './resource-manager.ts';
import { explainIdToken, explainManagedIdentity, explainMetadata } from './sign-in.ts';

const EXPLAINERS: Readonly<Record<Call, (refusal: Refusal) => Lines>> = {
  metadata: explainMetadata,
  'ID token': explainIdToken,
  'sign-in': explainSignIn,
  'managed identity probe': explainManagedIdentity,
  endpoint: explainResourceManager,
  endpoints: explainResourceManager,
  keys: explainResourceManager,
  token: explainResourceManager,
  deployments: explainResourceManager,
  logs: explainResourceManager,
  scoring: explainScoring,
};

/**
 * The message that a person reads: what failed, with which value, and what to do.
 * It has several lines, of which the first says what failed. Remote text in it is made harmless.
 */
export function explain(error: unknown, context: ErrorContext): string {
  if (error instanceof Failure || error instanceof UnmaskableError) return error.message;
  if (error instanceof ServiceError)
    return explainServiceError(error, throughProxy(error, context)).join('\n');
  return [
    `Unexpected error: ${quote(messageOf(error)) || 'it has no message'}`,
    `This is a bug in this ${words.program}. Please open an issue in its repository with this message and the step's log.`,
  ].join('\n');
}

/** The context with the proxy of the failed call itself, when that is known. */
function throughProxy({ proxyHost }: ServiceError, context: ErrorContext): ErrorContext {
  return proxyHost === undefined ? context : { ...context, proxyHost };
}

function explainServiceError(error: ServiceError, context: ErrorContext): Lines {
  const { response } = error;
  // A response that is not JSON came from something on the way, whatever its status says.
  if (response === undefined || isSyntaxError(error.cause)) return explainNetwork(error, context);
  const refusal = readRefusal(error, response, context);
  if (response.status >= 300 && response.status < 400) return redirected(refusal);
  return isOfProxy(refusal) ? explainProxy(refusal) : EXPLAINERS[error.call](refusal);
}

function explainSignIn(refusal: Refusal): Lines {
  return asksManagedIdentity(refusal.call, refusal.context)
    ? explainManagedIdentity(refusal)
    : explainEntra(refusal);
}

/** The smoke test judges most replies itself; this explains one that it could not judge. */
function explainScoring(refusal: Refusal): Lines {
  return [answered(refusal)];
}

function redirected(refusal: Refusal): Lines {
  const { response } = refusal;
  const location = quote(response.headers.location ?? '', 200);
  return [
    `${whoWasAsked(refusal)} answered with a redirect: HTTP ${response.status}${location === '' ? '' : `, to '${location}'`}.`,
    `Redirects are never followed, so that a credential reaches only the host that it is for. Check ${words.theInputs(['cloud'])} and the proxy.`,
  ];
}

function isSyntaxError(cause: unknown): boolean {
  return cause instanceof Error && cause.name === 'SyntaxError';
}

function messageOf(error: unknown): string {
  // The message of a SyntaxError quotes a part of the text, which may be a credential.
  if (isSyntaxError(error)) return 'a string is not in the expected format';
  if (error instanceof Error) return String(error.message);
  // String() throws for an object without a usable toString().
  return typeof error === 'object' ? Object.prototype.toString.call(error) : String(error);
}
