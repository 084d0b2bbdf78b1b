import { excerpt, searchedLength } from '../../secrets/excerpt.ts';

/** Longest path that a message shows, in characters. */
export const PATH_LENGTH = 160;

const ESCAPES: Readonly<Record<string, string>> = {
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\f': '\\f',
  '\r': '\\r',
  "'": "\\'",
  '\\': '\\\\',
};

/**
 * A normalized JSONPath such as `$['rows'][0]`, cut when it is very long.
 * @param steps names of properties, escaped by {@link escapeName}, and indexes
 * @see RFC 9535, 2.7
 */
export function normalizedPath(steps: Iterable<string | number>): string {
  let path = '$';
  for (const step of steps) {
    if (path.length > PATH_LENGTH) {
      path += '…';
      break;
    }
    path += typeof step === 'number' ? `[${step}]` : `['${step}']`;
  }
  return excerpt(path, PATH_LENGTH);
}

/** As much of a property's name as a path may show, escaped for it. */
export function escapeName(name: string): string {
  return name.slice(0, searchedLength(PATH_LENGTH)).replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this escapes
    /[\u0000-\u001f'\\]/g,
    (character) => ESCAPES[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
