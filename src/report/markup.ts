import { defuse, quote } from '../secrets/untrusted.ts';

/** XML forbids them, and programs that read a report fail on them. */
const NONCHARACTERS = /[\ufffe\uffff]/g;

/** Every character that XML 1.0 does not allow, such as the half of a surrogate pair that a cut leaves. */
const FORBIDDEN = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Remote text for a report, on one line: defused, redacted, no longer than `maxLength` characters. */
export function lineOf(text: string, maxLength = 500): string {
  // Before redaction: taken out after it, they would leave a secret whole that they had divided.
  return quote(text.replace(NONCHARACTERS, ''), maxLength).replace(FORBIDDEN, '');
}

/** The lines of remote text for a report: defused and redacted as a whole, no longer than `maxLength` characters. */
export function linesOf(text: string, maxLength = 4_000): readonly string[] {
  return defuse(text.replace(NONCHARACTERS, ''), maxLength).replace(FORBIDDEN, '').split('\n');
}

/** Text for the content and the attributes of HTML and XML. */
export function escapeMarkup(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

/** Remote text for HTML and XML. */
export function markup(text: string, maxLength = 500): string {
  return escapeMarkup(lineOf(text, maxLength));
}
