import type { ConnectTo } from '../../network/connect-to.ts';
import type { Secret } from '../../secrets/secret.ts';
import type { RequestPlan } from '../plan/plan.ts';

/** Which of two deployments: the one under test, or the one that it is compared with. */
export type TargetName = 'candidate' | 'baseline';

/** Where requests go, and with which credential. */
export interface Target {
  readonly scoringUri: string;
  /** Undefined: a server that wants none. */
  readonly credential: Secret | undefined;
  /** A server without Azure before it. */
  readonly isServer?: boolean;
  /** To be called before each request: replaces a credential that is about to expire. @throws ServiceError, Failure */
  readonly renewCredential?: () => Promise<void>;
  /** Undefined: traffic decides. */
  readonly deployment: string | undefined;
  readonly timeoutMs: number;
  /** Where to connect instead of to the scoring URI's host. */
  readonly connectTo?: ConnectTo | undefined;
  /** One request is measured in all. */
  readonly isAskedOnce?: boolean;
}

/** One request, ready to be sent. */
export interface ScoringRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string | Secret>>;
  readonly contentType: string | undefined;
  /** The `Accept` header, unless {@link headers} have one; anything unless said. */
  readonly accept?: string;
  readonly body: Buffer | undefined;
  readonly credential: Secret | undefined;
  /** To a server without Azure before it. */
  readonly toServer?: boolean;
  /** Sent as `azureml-model-deployment`; undefined: traffic decides. */
  readonly deployment: string | undefined;
  /** Limit of the whole exchange, the last byte of the reply included. */
  readonly timeoutMs: number;
  /** Where to connect instead of to the URL's host. */
  readonly connectTo?: ConnectTo | undefined;
  /** One of few: sent with what is loaded already. */
  readonly isAskedOnce?: boolean;
  /** Gets every chunk of the reply as it comes, and its time in milliseconds since the request was written. */
  readonly onChunk?: ((chunk: Buffer, afterMs: number) => void) | undefined;
}

/**
 * The `index`th request of a case, counted from 0; a case with several bodies sends them in turn.
 * @param request with a known body: an OpenAPI document's example is in its place already
 */
export function requestTo(target: Target, request: RequestPlan, index: number): ScoringRequest {
  const {
    scoringUri,
    credential,
    deployment,
    timeoutMs,
    connectTo,
    isAskedOnce = false,
    isServer = false,
  } = target;
  const { method, path, headers, contentType, body } = request;
  const bodies = body.kind === 'bytes' ? body.bodies : [];
  return {
    url:
      path === undefined ? scoringUri : new URL(path.startsWith('/') ? path : `./${path}`, scoringUri).href,
    method,
    headers,
    contentType,
    accept: acceptOf(contentType),
    body: bodies.at(index % Math.max(1, bodies.length)),
    credential,
    deployment,
    timeoutMs,
    connectTo,
    isAskedOnce,
    toServer: isServer,
  };
}

/** Some servers take the first type that they can write, and answer HTML to whoever takes anything. */
function acceptOf(contentType: string | undefined): string {
  const isJson = /^application\/(?:[\w.+-]+\+)?json\b/i.test(contentType ?? '');
  return isJson ? 'application/json, */*;q=0.9' : '*/*';
}
