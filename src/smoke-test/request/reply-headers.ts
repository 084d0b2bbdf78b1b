import type { Reply } from './exchange.ts';

/**
 * Every value of a header that may be there several times, as a gateway adds it a second time. The transport joins
 * them with commas.
 * @returns none when there is no such header
 */
export function valuesOf({ headers }: Pick<Reply, 'headers'>, name: string): readonly string[] {
  const joined = Object.hasOwn(headers, name) ? headers[name] : undefined;
  return joined === undefined ? [] : joined.split(',').map((value) => value.trim());
}
