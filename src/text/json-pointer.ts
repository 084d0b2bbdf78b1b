import { isObject } from './json.ts';

/** The JSON Pointer (RFC 6901) of a key, or of a place in a list, below another one. */
export function pointerTo(pointer: string, key: string | number): string {
  return `${pointer}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** The keys on the way to what a pointer names. */
export function pointerKeys(pointer: string): readonly string[] {
  return pointer.split('/').slice(1).map(unescapeKey);
}

/**
 * What a reference within a JSON document leads to, such as `#/definitions/row`; percent-encoded characters in it are
 * decoded (RFC 6901, section 6).
 * @returns undefined for a reference to another document, to an anchor, and to nothing
 */
export function followReference(root: unknown, reference: string): unknown {
  if (reference === '#') return root;
  if (!reference.startsWith('#/')) return undefined;
  return pointerKeys(decodePercents(reference.slice(1))).reduce(memberOf, root);
}

/** A reference as a person reads it: nothing in it is encoded. */
export function plainReference(reference: string): string {
  return unescapeKey(decodePercents(reference));
}

function unescapeKey(key: string): string {
  return key.replaceAll('~1', '/').replaceAll('~0', '~');
}

function decodePercents(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function memberOf(value: unknown, key: string): unknown {
  const isContainer = isObject(value) || Array.isArray(value);
  return isContainer && Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
}
