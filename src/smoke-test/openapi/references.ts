import { type JsonObject, objectIn, propertyOf } from '../../text/json.ts';

/** The most references that are followed one after another: a longer chain goes round in circles. */
export const LONGEST_CHAIN = 32;

/**
 * The object that a value stands for: itself, or what its `$ref` refers to inside the document. A reference to another
 * document is never fetched: it gives an empty object.
 */
export function resolveReference(root: JsonObject, value: unknown): JsonObject {
  let current = objectIn(value);
  for (let step = 0; step < LONGEST_CHAIN && typeof current.$ref === 'string'; step++) {
    const pointer = current.$ref.startsWith('#/') ? current.$ref.slice(2).split('/') : undefined;
    if (pointer === undefined) return {};
    const names = pointer.map((part) => decode(part).replaceAll('~1', '/').replaceAll('~0', '~'));
    current = objectIn(names.reduce<unknown>(propertyOf, root));
  }
  return current;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
