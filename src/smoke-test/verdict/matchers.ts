import type { Exchange, Reply } from '../request/score.ts';

/** Whether an exchange is one that a row of the verdict table speaks of. */
export type Matches = (exchange: Exchange) => boolean;

export const answer =
  (test: (answer: Reply) => boolean) =>
  (exchange: Exchange): boolean =>
    exchange.kind === 'reply' && test(exchange);

export const status = (...codes: readonly number[]): Matches => answer((each) => codes.includes(each.status));

export const range = (from: number, to: number): Matches =>
  answer((each) => each.status >= from && each.status <= to);

export const event =
  (kind: Exchange['kind']): Matches =>
  (exchange) =>
    exchange.kind === kind;

export const reason = (value: string): Matches =>
  answer(({ status: code, headers }) => code === 424 && headers['ms-azureml-model-error-reason'] === value);

export const either =
  (...tests: readonly Matches[]): Matches =>
  (exchange) =>
    tests.some((test) => test(exchange));

/** The codes of a server that is not up yet, or has just gone down. */
const PASSING_CODES: ReadonlySet<unknown> = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE']);

/** Whether a connection failed in a way that passes by itself. */
export function passesByItself(cause: unknown): boolean {
  for (let error = cause, depth = 0; error instanceof Error && depth < 8; error = error.cause, depth++) {
    if (PASSING_CODES.has((error as NodeJS.ErrnoException).code)) return true;
    // Several addresses were tried; they all have the same fate.
    if (error instanceof AggregateError) return error.errors.every(passesByItself);
  }
  return false;
}
