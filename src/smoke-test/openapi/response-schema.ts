import { arrayIn, isObject, type JsonObject, objectIn } from '../../text/json.ts';
import { compileSchema } from '../judge/json-schema.ts';
import { resolveReference } from './references.ts';

/**
 * How many examples inside the document are held against their schemas: each of them needs a schema to be compiled.
 */
const MOST_EXAMPLES = 20;

/** Media types of JSON, and those that may be it. */
const JSON_TYPE = /[/+]json\b|^(?:application\/)?\*/i;

/** Keywords that say nothing about a value. */
const ANNOTATIONS = new Set([
  ...['title', 'description', 'example', 'examples', 'default', 'format', 'nullable', 'deprecated'],
  ...['readOnly', 'writeOnly', 'externalDocs', 'xml', '$comment'],
]);

/** The values of these keywords are not schemas. */
const PLAIN = new Set(['example', 'examples', 'default', 'enum', 'const']);

/**
 * What the document promises of a good reply, with the definitions that it refers to; undefined when that is nothing.
 *
 * Scoring servers infer the schema from one sample, so only what a sample can show is left of it: an object without
 * properties is a placeholder, an integer may have been a float, a `format` names a Python type, and a schema that
 * its own example does not meet is wrong.
 */
export function responseSchemaOf(root: JsonObject, operation: JsonObject): unknown {
  const responses = objectIn(operation.responses);
  const name = ['200', '201', '2XX', '2xx', 'default'].find((each) => isObject(responses[each]));
  if (name === undefined) return undefined;
  const response = resolveReference(root, responses[name]);
  const media = jsonMediaOf(objectIn(response.content));
  const produces = arrayIn(operation.produces ?? root.produces);
  // The schema of a text is not one of JSON.
  const isJson = produces.length === 0 || produces.some((type) => JSON_TYPE.test(String(type)));
  const schema = isJson ? (response.schema ?? media.schema) : undefined;
  if (!isObject(schema) || isEmpty(schema)) return undefined;
  // References start at the document's root, so its definitions are needed at the schema's root.
  const translated = toJsonSchema({ definitions: root.definitions, components: root.components });
  const { definitions, components } = objectIn(translated);
  const withDefinitions = (part: unknown): JsonObject => ({
    allOf: [part],
    definitions: objectIn(definitions),
    components: objectIn(components),
  });
  const meets = createExampleCheck(withDefinitions);
  const promise = withoutBroken(withDefinitions(toJsonSchema(schema)), meets);
  const examples = [
    media.example,
    objectIn(response.examples)['application/json'],
    ...Object.values(objectIn(media.examples)).map((each) => resolveReference(root, each).value),
  ].filter((each) => each !== undefined);
  const [own] = objectIn(promise).allOf as readonly unknown[];
  return saysSomething(objectIn(promise), own) && examples.every((example) => meets(own, example))
    ? promise
    : undefined;
}

function jsonMediaOf(content: JsonObject): JsonObject {
  const [, other] = Object.entries(content).find(([type]) => JSON_TYPE.test(type)) ?? [];
  return objectIn(content['application/json'] ?? other);
}

/** Whether a schema excludes any value. One that is not in the document is not known. */
function saysSomething(root: JsonObject, schema: unknown): boolean {
  const { $ref } = objectIn(schema);
  if (typeof $ref === 'string' && !$ref.startsWith('#/')) return true;
  return Object.keys(resolveReference(root, schema)).some((key) => !ANNOTATIONS.has(key));
}

/** Whether an example meets its schema; a schema that cannot be used is not judged here. */
function createExampleCheck(withDefinitions: (part: unknown) => JsonObject) {
  let checks = 0;
  return (schema: unknown, example: unknown): boolean => {
    if (checks++ >= MOST_EXAMPLES) return true;
    const compiled = compileSchema(withDefinitions(schema), 'it');
    return typeof compiled === 'string' || compiled.validate(example).length === 0;
  };
}

/** The schema, with those that their own example does not meet replaced by one that says nothing. */
function withoutBroken(value: unknown, meets: (schema: unknown, example: unknown) => boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutBroken(item, meets));
  if (!isObject(value)) return value;
  const examples = [
    ...(Object.hasOwn(value, 'example') ? [value.example] : []),
    ...(Array.isArray(value.examples) ? (value.examples as unknown[]) : []),
  ];
  if (!examples.every((example) => meets(value, example))) return {};
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, PLAIN.has(key) ? item : withoutBroken(item, meets)]),
  );
}

/**
 * Translates a schema of OpenAPI 2.0 or 3.0 to today's JSON Schema: exclusive limits are numbers there, and null is a
 * type. What was only inferred from a sample is left out. The other keywords mean the same.
 */
function toJsonSchema(value: unknown, depth = 0): unknown {
  if (depth > 200) return {};
  if (Array.isArray(value)) return value.map((item) => toJsonSchema(item, depth + 1));
  if (!isObject(value)) return value;
  if (isPlaceholder(value)) return {};
  const copy: Record<string, unknown> = Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, PLAIN.has(key) ? item : toJsonSchema(item, depth + 1)]),
  );
  for (const [limit, exclusive] of [
    ['minimum', 'exclusiveMinimum'],
    ['maximum', 'exclusiveMaximum'],
  ] as const) {
    if (typeof copy[exclusive] !== 'boolean') continue;
    if (copy[exclusive] && typeof copy[limit] === 'number') copy[exclusive] = copy[limit];
    else delete copy[exclusive];
  }
  // A sample of whole numbers is one of floats that happen to have no fraction.
  if (copy.type === 'integer') copy.type = 'number';
  if (Array.isArray(copy.type)) copy.type = copy.type.map((type) => (type === 'integer' ? 'number' : type));
  if (copy.nullable === true && typeof copy.type === 'string') copy.type = [copy.type, 'null'];
  // Not of another type: those are schemas of properties with these names.
  if (typeof copy.nullable === 'boolean') delete copy.nullable;
  if (typeof copy.format === 'string') delete copy.format;
  return copy;
}

/** `{"type": "object"}` is written for whatever the sample does not show. */
function isPlaceholder(value: JsonObject): boolean {
  return value.type === 'object' && Object.keys(value).every((key) => key === 'type' || ANNOTATIONS.has(key));
}

/** The inference server writes `{}` where the scoring script gives no example. */
export function isEmpty(value: unknown): boolean {
  return isObject(value) && Object.keys(value).length === 0;
}
