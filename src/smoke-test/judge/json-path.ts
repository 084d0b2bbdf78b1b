import { exec } from 'jsonpath-rfc9535';
import parse from 'jsonpath-rfc9535/parser';
import type { JsonExpectation } from '../plan/expectations.ts';
import { hasMoreParts } from '../plan/json-value.ts';
import { mistakeOf } from './json-path-mistakes.ts';
import { conformingText } from './json-path-rewrite.ts';
import { normalizedPath } from './normalized-path.ts';

/** A search that may find everything holds everything at once: more would not fit into memory. */
const SEARCHED_VALUES = 2_000_000;

/** What makes a search wide: wildcards, descendants, slices and filters. A quoted name may look like one. */
const WIDE = /[*:?]|\.\./;

/**
 * Compiles a JSONPath (RFC 9535).
 * @returns a sentence for a person when it is none
 *
 * `find` gives the nodes found, each with its normalized path, cut when it is very long. Remote text can make a
 * search take very long: call it through `withinTime`. It throws a RangeError for deep values that a filter compares, and
 * for a wide search in more than 2,000,000 values.
 */
export function compilePath(path: string): JsonExpectation['find'] | string {
  let text: string;
  try {
    const query = parse(path);
    const mistake = mistakeOf(query);
    if (mistake !== undefined) return `${JSON.stringify(path)} is not a JSONPath. ${mistake}`;
    text = conformingText(query);
  } catch (error) {
    return `${JSON.stringify(path)} is not a JSONPath. ${reasonOf(path, error)}`;
  }
  const wide = WIDE.test(path);
  return (value) => {
    if (wide && hasMoreParts(value, SEARCHED_VALUES)) {
      throw new RangeError(`more than ${SEARCHED_VALUES} values are too many to search with ${path}`);
    }
    const nodes: { path: string; value: unknown }[] = [];
    exec(value as Parameters<typeof exec>[0], text, (found, steps) => {
      // The library has escaped the names.
      nodes.push({ path: normalizedPath(steps), value: found });
    });
    return nodes;
  };
}

/** Where the path goes wrong. What the parser expects there instead is of no use to the user. */
function reasonOf(path: string, error: unknown): string {
  const { message, location } = error as Error & { location?: { start: { offset: number } } };
  if (location === undefined) return `${message.replace(/\.$/, '')}.`;
  if (!path.startsWith('$')) return 'It must begin with $.';
  const { offset } = location.start;
  const found = path.codePointAt(offset);
  const column = `column ${offset + 1}`;
  if (found === undefined) return `It ends too early, at ${column}.`;
  return `${JSON.stringify(String.fromCodePoint(found))} at ${column} is not allowed there.`;
}
