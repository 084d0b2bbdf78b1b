import { parseJson } from '../../text/json.ts';
import type { Reply } from '../request/exchange.ts';
import { valuesOf } from '../request/reply-headers.ts';

/**
 * Where a refusal comes from: from the model and its server, or from what stands before them (the front door, a
 * proxy). `unknown`: the reply does not tell.
 */
export type Author = 'model' | 'front door' | 'unknown';

/** How much of a body is read, in bytes: refusals are short. */
const LONGEST = 65_536;

/** Reasons of a 424 or 429 with which the front door refuses without having asked the model. */
const REFUSED_UNASKED: ReadonlySet<string> = new Set(['model_not_ready', 'too_many_pending_request']);

/** What the front door writes into its own refusals. */
const OWN_WORDS =
  /^\s*key_auth_\w+|No valid deployments to route to|Microsoft Entra Token denied by policy|too[ _]many[ _]pending[ _]request/i;

/** Headers that the model's server sets, or the front door when it passes on what the model said. */
const OF_THE_MODEL = [
  'ms-azureml-model-error-statuscode',
  'x-ms-run-function-failed',
  'x-ms-run-fn-exec-ms',
] as const;

/** Who refused. */
export function authorOf(reply: Reply): Author {
  if (reply.status === 407) return 'front door';
  if (reply.toServer) return 'model';
  const reasons = valuesOf(reply, 'ms-azureml-model-error-reason');
  if (reasons.some((reason) => REFUSED_UNASKED.has(reason))) return 'front door';
  if (reasons.includes('model_error') || OF_THE_MODEL.some((name) => name in reply.headers)) return 'model';
  if (OWN_WORDS.test(startOf(reply))) return 'front door';
  return isOfDeployment(reply) && holdsJson(reply) ? 'model' : 'unknown';
}

/** Whether the reply names the deployment that it is of, as every reply does that passed through a deployment. */
export function isOfDeployment({ headers }: Reply): boolean {
  return 'azureml-model-deployment' in headers;
}

/** Whether the body is a JSON document; of a long one, only the start is looked at. */
export function holdsJson(reply: Reply): boolean {
  const { body, headers } = reply;
  if (body === undefined) return /^application\/(?:[\w.+-]+\+)?json\b/i.test(headers['content-type'] ?? '');
  return body.length > LONGEST ? /^[[{"]/.test(startOf(reply)) : parseJson(startOf(reply)) !== undefined;
}

/** Whether the body says anything: an empty JSON document does not. */
export function hasWords(reply: Reply): boolean {
  return !/^(?:\{\s*\}|\[\s*\]|""|null)?$/.test(startOf(reply).trimEnd());
}

/** The start of the body as text, without white space and a byte order mark before it. */
export function startOf({ body }: Reply): string {
  return body?.subarray(0, LONGEST).toString('utf8').trimStart() ?? '';
}
