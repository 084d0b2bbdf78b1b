import type { Exchange, Reply } from '../request/exchange.ts';

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
  reply(({ status: code, headers }) => code === 424 && headers['ms-azureml-model-error-reason'] === value);

export const either =
  (...tests: readonly Matches[]): Matches =>
  (exchange) =>
    tests.some((test) => test(exchange));

/** Error codes while a server is not up yet, or has just gone down. */
const PASSING_CODES: ReadonlySet<unknown> = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE']);

/** Whether a connection failed in a way that passes by itself. */
export function passesByItself(cause: unknown): boolean {
  for (let error = cause, depth = 0; error instanceof Error && depth < 8; error = error.cause, depth++) {
    if (PASSING_CODES.has((error as NodeJS.ErrnoException).code)) return true;
    // Several addresses were tried: it passes only if each of them failed in such a way.
    if (error instanceof AggregateError) return error.errors.every(passesByItself);
  }
  return false;
}
