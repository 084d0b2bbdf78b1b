import { isObject, parseJson } from '../../text/json.ts';

/** Stands where the text had a number that JSON does not have. No document has this character in a string. */
const MARK = '\u{10ffff}';

/** Strings, which are kept, and the numbers that Python writes and JSON does not have. */
const STRING_OR_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\b(?:NaN|Infinity)\b/gs;

/**
 * The value of a JSON text as Python writes it: with a bare NaN or Infinity, which `unwritableIn` finds; undefined
 * when it is not even that.
 */
export function parsePythonJson(text: string): unknown {
  // Python's and PowerShell's files may begin with a byte order mark.
  const bare = text.replace(/^\ufeff/, '');
  return (
    parseJson(bare) ??
    parseJson(
      bare.replace(STRING_OR_NUMBER, (found) => (found.startsWith('"') ? found : `"${MARK}${found}"`)),
    )
  );
}

/** The first number in a value that JSON does not have, with its place: `NaN at data[0].age`. */
export function unwritableIn(value: unknown): string | undefined {
  const open: { readonly part: unknown; readonly path: string }[] = [{ part: value, path: '' }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { part, path } = next;
    if (typeof part === 'string' && part.startsWith(MARK)) {
      return `${part.slice(MARK.length)}${path === '' ? '' : ` at ${path.replace(/^\./, '')}`}`;
    }
    const inner = Array.isArray(part)
      ? part.map((each, index) => ({ part: each as unknown, path: `${path}[${index}]` }))
      : isObject(part)
        ? Object.entries(part).map(([name, each]) => ({ part: each, path: `${path}.${name}` }))
        : [];
    open.push(...inner.reverse());
  }
  return undefined;
}

/** A value as Python writes it, for a person. */
export function withoutMarks(text: string): string {
  return text.replaceAll(new RegExp(`"${MARK}([^"]*)"`, 'gu'), '$1');
}
