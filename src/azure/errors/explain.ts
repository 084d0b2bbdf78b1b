import type { Call } from '../../network/deadlines.ts';
import { ServiceError } from '../../network/service-error.ts';
import { UnmaskableError } from '../../secrets/secret.ts';
import { quote } from '../../secrets/untrusted.ts';
import { Failure } from '../../text/failure.ts';
import { explainEntra } from './entra.ts';
import type { ErrorContext } from './error-context.ts';
import { explainNetwork } from './network.ts';
import { explainProxy, isProxys } from './proxy.ts';
import { type Lines, quoted, type Refusal, readRefusal, whoWasAsked } from './refusal.ts';
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
 * Several lines; the first says what failed. Remote text in it is defused.
 */
export function explain(error: unknown, situation: ErrorContext): string {
  if (error instanceof Failure || error instanceof UnmaskableError) return error.message;
  if (error instanceof ServiceError)
    return explainServiceError(error, throughProxy(error, situation)).join('\n');
  return [
    `Unexpected error: ${quote(messageOf(error)) || 'it says nothing'}`,
    "This is a fault of this action. Please open an issue in its repository with this message and the step's log.",
  ].join('\n');
}

/** The leg's own proxy is surer than what the step knows of its proxies. */
function throughProxy({ proxyHost }: ServiceError, situation: ErrorContext): ErrorContext {
  return proxyHost === undefined ? situation : { ...situation, proxyHost };
}

function explainServiceError(error: ServiceError, situation: ErrorContext): Lines {
  const { response: answer } = error;
  // An answer that was no JSON counts as a fault on the way, whatever its status.
  if (answer === undefined || isSyntaxError(error.cause)) return explainNetwork(error, situation);
  const refusal = readRefusal(error, answer, situation);
  if (answer.status >= 300 && answer.status < 400) return redirected(refusal);
  return isProxys(refusal) ? explainProxy(refusal) : EXPLAINERS[error.call](refusal);
}

function explainSignIn(refusal: Refusal): Lines {
  return refusal.situation.login === 'managed-identity'
    ? explainManagedIdentity(refusal)
    : explainEntra(refusal);
}

/** The smoke test judges answers by itself: one gets here only when it could not. */
function explainScoring(refusal: Refusal): Lines {
  return [
    `${whoWasAsked(refusal)} answered HTTP ${refusal.answer.status}: ${quoted(refusal) || 'it gave no reason'}`,
  ];
}

function redirected(refusal: Refusal): Lines {
  const { answer } = refusal;
  const location = quote(answer.headers.location ?? '', 200);
  return [
    `${whoWasAsked(refusal)} answered with a redirect: HTTP ${answer.status}${location === '' ? '' : `, to '${location}'`}.`,
    "Redirects are never followed, because a credential must not travel. Check the input 'cloud' and the proxy.",
  ];
}

function isSyntaxError(cause: unknown): boolean {
  return cause instanceof Error && cause.name === 'SyntaxError';
}

function messageOf(error: unknown): string {
  // A SyntaxError's message holds a part of the text, which may be a credential.
  if (isSyntaxError(error)) return 'a text is not of the expected format';
  if (error instanceof Error) return String(error.message);
  // An object need not be able to become a text.
  return typeof error === 'object' ? Object.prototype.toString.call(error) : String(error);
}
