/**
 * When a server asks to be left alone, in milliseconds from now; undefined when it does not or says nothing
 * that can be read. Both forms of the header are read: seconds, and a date.
 * @see RFC 9110, section 10.2.3
 */
export function retryAfterMs(header: string | undefined, now: Date): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000;
  if (!/^[A-Za-z]{3,9},? /.test(text)) return undefined;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now.getTime());
}
