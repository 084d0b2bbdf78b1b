import { isObject, type JsonObject, objectIn } from '../../text/json.ts';
import { resolveReference } from './references.ts';

/** The schema of a good reply, with the definitions that it refers to; undefined when the operation has none. */
export function responseSchemaOf(root: JsonObject, operation: JsonObject): unknown {
  const responses = objectIn(operation.responses);
  const name = ['200', '201', '2XX', '2xx', 'default'].find((each) => isObject(responses[each]));
  if (name === undefined) return undefined;
  const response = resolveReference(root, responses[name]);
  const content = objectIn(response.content);
  const schema = response.schema ?? objectIn(content['application/json'] ?? Object.values(content)[0]).schema;
  if (!isObject(schema) || isEmpty(schema)) return undefined;
  // References start at the document's root, so its definitions are needed at the schema's root.
  const { definitions, components } = toJsonSchema({
    definitions: root.definitions,
    components: root.components,
  }) as JsonObject;
  return {
    allOf: [toJsonSchema(schema)],
    definitions: objectIn(definitions),
    components: objectIn(components),
  };
}

/**
 * Translates a schema of OpenAPI 2.0 or 3.0 to today's JSON Schema: exclusive limits are numbers there, and null is a
 * type. The other keywords mean the same.
 */
function toJsonSchema(value: unknown, depth = 0): unknown {
  if (depth > 200) return {};
  if (Array.isArray(value)) return value.map((item) => toJsonSchema(item, depth + 1));
  if (!isObject(value)) return value;
  // The values of these keywords are not schemas.
  const plain = new Set(['example', 'examples', 'default', 'enum', 'const']);
  const copy: Record<string, unknown> = Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, plain.has(key) ? item : toJsonSchema(item, depth + 1)]),
  );
  for (const [limit, exclusive] of [
    ['minimum', 'exclusiveMinimum'],
    ['maximum', 'exclusiveMaximum'],
  ] as const) {
    if (typeof copy[exclusive] !== 'boolean') continue;
    if (copy[exclusive] && typeof copy[limit] === 'number') copy[exclusive] = copy[limit];
    else delete copy[exclusive];
  }
  if (copy.nullable === true && typeof copy.type === 'string') copy.type = [copy.type, 'null'];
  // Not a boolean: it is the schema of a property of that name.
  if (typeof copy.nullable === 'boolean') delete copy.nullable;
  return copy;
}

/** The inference server writes `{}` where the scoring script gives no example. */
export function isEmpty(value: unknown): boolean {
  return isObject(value) && Object.keys(value).length === 0;
}
