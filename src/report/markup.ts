import { defuse, quote } from '../secrets/untrusted.ts';

/** XML forbids them, and programs that read a report stumble over them. */
const NONCHARACTERS = /[\ufffe\uffff]/g;

/** What is no `Char` of XML 1.0; a cut through a surrogate pair leaves one. */
const NO_CHARACTER = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Remote text for a report, on one line: defused, redacted, no longer than `maxLength` characters. */
export function lineOf(text: string, maxLength = 500): string {
  // Removed before redaction: a secret must not come together when they go.
  return quote(text.replace(NONCHARACTERS, ''), maxLength).replace(NO_CHARACTER, '');
}

/** The lines of remote text for a report: defused and redacted as a whole, no longer than `maxLength` characters. */
export function linesOf(text: string, maxLength = 4_000): readonly string[] {
  return defuse(text.replace(NONCHARACTERS, ''), maxLength).replace(NO_CHARACTER, '').split('\n');
}

/** Text for the content and the attributes of HTML and XML. */
export function escapeMarkup(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

/** Remote text for HTML and XML. */
export function markup(text: string, maxLength = 500): string {
  return escapeMarkup(lineOf(text, maxLength));
}
