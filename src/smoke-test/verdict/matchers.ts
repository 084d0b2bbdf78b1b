import { type Exchange, isGoodStatus, type Reply } from '../request/exchange.ts';
import { valuesOf } from '../request/reply-headers.ts';
import { holdsJson, startOf } from './refusal-author.ts';

/** Whether a row of the status table is about this exchange. */
export type Matches = (exchange: Exchange) => boolean;

/** A reply that passes the test. */
export const reply =
  (test: (reply: Reply) => boolean) =>
  (exchange: Exchange): boolean =>
    exchange.kind === 'reply' && test(exchange);

/** A reply with one of these statuses. */
export const status = (...codes: readonly number[]): Matches => reply((each) => codes.includes(each.status));

/** A reply with a status from `from` to `to`, both included. */
export const range = (from: number, to: number): Matches =>
  reply((each) => each.status >= from && each.status <= to);

/** An exchange that ended in this way. */
export const kind =
  (wanted: Exchange['kind']): Matches =>
  (exchange) =>
    exchange.kind === wanted;

/** A 424 that gives this reason. */
export const reason = (value: string): Matches =>
  reply((each) => each.status === 424 && valuesOf(each, 'ms-azureml-model-error-reason').includes(value));

/** A reply whose body says so. */
export const says = (words: RegExp): Matches => reply((each) => words.test(startOf(each)));

/**
 * A page that something on the way sent in the endpoint's place, whatever it calls itself. The front door and the
 * model's server leave headers of their own. An `x-request-id` is not one of them: many servers set it.
 */
export const isPage: Matches = reply((each) => {
  if (hasOwnHeader(each)) return false;
  if (startOf(each).startsWith('<')) return true;
  // Some servers label every answer so, Flask among them.
  return /^text\/html\b/i.test(each.headers['content-type'] ?? '') && !holdsJson(each);
});

/** Statuses of a page that something on the way sends in the endpoint's place, and that do not pass by themselves. */
export const hasPageStatus = reply(
  ({ status: code }) => isGoodStatus(code) || (code >= 400 && code < 500 && ![407, 408, 429].includes(code)),
);

const OWN_HEADERS = [
  'azureml-model-deployment',
  'ms-azureml-model-time',
  'ms-azureml-model-error-reason',
  'ms-azureml-model-error-statuscode',
  'x-ms-run-function-failed',
  'x-ms-run-fn-exec-ms',
  'x-ms-server-version',
] as const;

/** A reply that nothing in it shows to be from behind the front door; a server that was named directly is no doubt. */
export const isOfNobody: Matches = reply((each) => !each.toServer && !hasOwnHeader(each));

function hasOwnHeader({ headers }: Reply): boolean {
  return OWN_HEADERS.some((name) => name in headers);
}

export const either =
  (...tests: readonly Matches[]): Matches =>
  (exchange) =>
    tests.some((test) => test(exchange));

/** Error codes while a server is not up yet, or has just gone down. */
const RESET_CODES: ReadonlySet<unknown> = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE']);

/** Error codes while a name is not known everywhere yet, or a name server or a host is too busy to answer. */
const LATER_CODES: ReadonlySet<unknown> = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENODATA',
  'ETIMEDOUT',
  'ESOCKETTIMEDOUT',
]);

/** Whether a connection was refused or broke: that passes by itself. */
export const isReset = (cause: unknown): boolean => hasOnlyCodes(RESET_CODES, cause);

/** Whether a connection failed because the host was not found in time: that, or the rest, passes by itself. */
export const mayBeFoundLater = (cause: unknown): boolean =>
  hasOnlyCodes(new Set([...LATER_CODES, ...RESET_CODES]), cause);

/** Whether a reply went on after the length that it had announced, which the parser takes for a broken next reply. */
export function sendsTooMuch(cause: unknown): boolean {
  const { code, message } = (cause ?? {}) as NodeJS.ErrnoException;
  return (
    code === 'HPE_CLOSED_CONNECTION' ||
    (code === 'HPE_INVALID_CONSTANT' && /Expected HTTP/.test(message ?? ''))
  );
}

function hasOnlyCodes(codes: ReadonlySet<unknown>, cause: unknown): boolean {
  for (let error = cause, depth = 0; error instanceof Error && depth < 8; error = error.cause, depth++) {
    if (codes.has((error as NodeJS.ErrnoException).code)) return true;
    // Several addresses were tried: it passes only if each of them failed in such a way.
    if (error instanceof AggregateError) return error.errors.every((each) => hasOnlyCodes(codes, each));
  }
  return false;
}
