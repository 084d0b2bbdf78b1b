import type { Secret } from '../../secrets/secret.ts';
import type { RequestPlan } from '../plan/plan.ts';
import type { ScoringRequest } from './score.ts';

/** Where requests go, as whom. */
export interface Target {
  readonly scoringUri: string;
  readonly credential: Secret;
  /** Undefined: traffic decides. */
  readonly deployment: string | undefined;
  readonly timeoutMs: number;
}

/**
 * The `index`th request of a case, counted from 0; a case with several bodies sends them in turn.
 * @param request whose body is known: the example of an OpenAPI document has been put in its place
 */
export function requestTo(target: Target, request: RequestPlan, index: number): ScoringRequest {
  const { scoringUri, credential, deployment, timeoutMs } = target;
  const { method, path, headers, contentType, body } = request;
  const bodies = body.kind === 'bytes' ? body.bodies : [];
  return {
    url: path === undefined ? scoringUri : new URL(path, new URL(scoringUri).origin).href,
    method,
    headers,
    contentType,
    body: bodies[index % Math.max(1, bodies.length)],
    credential,
    deployment,
    timeoutMs,
  };
}
