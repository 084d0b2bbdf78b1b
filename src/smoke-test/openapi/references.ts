import { type JsonObject, objectIn } from '../../text/json.ts';
import { followReference } from '../../text/json-pointer.ts';

/** The most references that are followed one after another: a longer chain goes round in circles. */
export const LONGEST_CHAIN = 32;

/**
 * The object that a value stands for: itself, or what its `$ref` refers to inside the document. A reference to another
 * document is never fetched: it gives an empty object.
 */
export function resolveReference(root: JsonObject, value: unknown): JsonObject {
  let current = objectIn(value);
  for (let step = 0; step < LONGEST_CHAIN && typeof current.$ref === 'string'; step++) {
    current = objectIn(followReference(root, current.$ref));
  }
  return current;
}
