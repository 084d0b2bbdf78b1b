import { escapeMarkup, lineOf, markup } from '../markup.ts';

/** A longer one is not a link. */
const LONGEST_URL = 1_000;

/** A link to a web page; the text alone when the URL, which is untrusted, is not one of a web page. */
export function link(url: string, text = url): string {
  const href = webAddress(url);
  const shown = markup(text);
  if (href === undefined) return shown;
  return `<a href="${escapeMarkup(href)}" rel="noreferrer noopener">${shown}</a>`;
}

function webAddress(url: string): string | undefined {
  if (url.length > LONGEST_URL || !URL.canParse(url)) return undefined;
  const { protocol, username, password, href } = new URL(url);
  if (!/^https?:$/.test(protocol) || username !== '' || password !== '') return undefined;
  // One in which something had to be hidden leads nowhere.
  return lineOf(href, LONGEST_URL) === href ? href : undefined;
}
