import { quote } from '../../secrets/untrusted.ts';

/** What an OpenAPI document gives for a smoke test. */
export interface SwaggerExample {
  /** The example request body; JSON. */
  readonly body: unknown;
  readonly method: string;
  /** Schema of a good answer, complete in itself; undefined when the document has none. */
  readonly responseSchema: unknown;
}

type Json = Readonly<Record<string, unknown>>;

/** A chain of references this long goes round in circles. */
const LONGEST_CHAIN = 32;

/** An example is put together from no more schemas: a short document can describe an endless one. */
const MOST_PARTS = 10_000;

/** Names of operations that a message lists. */
const MOST_NAMES = 10;

/**
 * The example request and the response schema for the scoring path, out of the OpenAPI document (2.0, 3.0
 * or 3.1) that a scoring server makes.
 * @param scoringPath path of the scoring URI, of which the document's path is a suffix
 * @param method as the case has it; POST, which it has unless it says one, may be another in the document
 * @returns a sentence for a person when there is no example: it says what the document does say
 */
export function readSwagger(
  document: unknown,
  scoringPath: string,
  method = 'POST',
): SwaggerExample | string {
  const root = record(document);
  const version = typeof root.swagger === 'string' ? root.swagger : root.openapi;
  if (typeof version !== 'string' || !/^(?:2\.0|3\.[01])/.test(version)) {
    return `It is no OpenAPI document of version 2.0, 3.0 or 3.1${typeof version === 'string' ? `, but of version ${quote(version, 20)}` : ''}.`;
  }
  const operations = operationsOf(root)
    .filter((each) => method === 'POST' || each.method === method)
    .sort((a, b) => Number(b.method === method) - Number(a.method === method));
  // The longest is the most exact: /v2/score ends with /score, too.
  const [longest] = operations
    .filter(({ path }) => scoringPath.endsWith(path))
    .sort((a, b) => b.path.length - a.path.length);
  const found = longest ?? onlyOne(operations);
  if (found === undefined) {
    const list = operations.slice(0, MOST_NAMES).map(({ method, path }) => `${method} ${quote(path, 60)}`);
    return `It describes no operation ${method === 'POST' ? '' : `${quote(method, 20)} `}for ${quote(scoringPath, 100)}. It describes: ${list.join(', ') || 'none that takes a body'}.`;
  }
  const example = exampleOf(root, found.operation);
  const name = `${found.method} ${quote(found.path, 60)}`;
  if (example === undefined || isEmpty(example)) {
    return `It has no example request for ${name}${describeBody(root, found.operation)}. Decorate the scoring script's run() with inference-schema's input_schema, or give a sample-request of your own.`;
  }
  return { body: example, method: found.method, responseSchema: responseSchemaOf(root, found.operation) };
}

interface Operation {
  readonly path: string;
  readonly method: string;
  readonly operation: Json;
}

/** Operations that may take a body. */
function operationsOf(root: Json): readonly Operation[] {
  return Object.entries(record(root.paths)).flatMap(([path, item]) =>
    ['post', 'put', 'patch'].flatMap((method) => {
      const operation = record(item)[method];
      return isRecord(operation) ? [{ path, method: method.toUpperCase(), operation }] : [];
    }),
  );
}

function onlyOne<T>(list: readonly T[]): T | undefined {
  return list.length === 1 ? list[0] : undefined;
}

/** The first example of the body: of the media type, of the schema, put together from its properties. */
function exampleOf(root: Json, operation: Json): unknown {
  const { media, schema } = bodyOf(root, operation);
  const [named] = Object.values(record(media.examples));
  const candidates = [media.example, resolve(root, named).value, schemaExample(root, schema, { parts: 0 })];
  return candidates.find((candidate) => candidate !== undefined);
}

function bodyOf(root: Json, operation: Json): { readonly media: Json; readonly schema: unknown } {
  const parameters = list(operation.parameters).map((parameter) => resolve(root, parameter));
  const parameter = parameters.find((each) => each.in === 'body');
  if (parameter !== undefined) {
    const examples = record(parameter['x-examples']);
    return { media: { example: examples['application/json'] }, schema: parameter.schema };
  }
  const content = record(resolve(root, operation.requestBody).content);
  const media = record(content['application/json'] ?? Object.values(content)[0]);
  return { media, schema: media.schema };
}

function schemaExample(root: Json, schema: unknown, spent: { parts: number }, depth = 0): unknown {
  if (depth > LONGEST_CHAIN || spent.parts++ >= MOST_PARTS) return undefined;
  const resolved = resolve(root, schema);
  const own = resolved.example ?? list(resolved.examples)[0] ?? resolved.default;
  if (own !== undefined) return own;
  const properties = Object.entries(record(resolved.properties));
  const values = properties.map(
    ([name, property]) => [name, schemaExample(root, property, spent, depth + 1)] as const,
  );
  const complete = values.length > 0 && values.every(([, value]) => value !== undefined);
  return complete ? Object.fromEntries(values) : undefined;
}

function responseSchemaOf(root: Json, operation: Json): unknown {
  const responses = record(operation.responses);
  const name = ['200', '201', '2XX', '2xx', 'default'].find((each) => isRecord(responses[each]));
  if (name === undefined) return undefined;
  const response = resolve(root, responses[name]);
  const content = record(response.content);
  const schema = response.schema ?? record(content['application/json'] ?? Object.values(content)[0]).schema;
  if (!isRecord(schema) || isEmpty(schema)) return undefined;
  // References point from the document's root: its definitions come along.
  const { definitions, components } = modern({
    definitions: root.definitions,
    components: root.components,
  }) as Json;
  return { allOf: [modern(schema)], definitions: record(definitions), components: record(components) };
}

/**
 * OpenAPI 2.0 and 3.0 write exclusive limits and null as JSON Schema draft 4 did not or no longer does.
 * The other keywords mean the same.
 */
function modern(value: unknown, depth = 0): unknown {
  if (depth > 200) return {};
  if (Array.isArray(value)) return value.map((item) => modern(item, depth + 1));
  if (!isRecord(value)) return value;
  // What an example holds is no schema.
  const plain = new Set(['example', 'examples', 'default', 'enum', 'const']);
  const copy: Record<string, unknown> = Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, plain.has(key) ? item : modern(item, depth + 1)]),
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
  // A property may have that name too.
  if (typeof copy.nullable === 'boolean') delete copy.nullable;
  return copy;
}

/** `, which takes an object with data, method`, or nothing. */
function describeBody(root: Json, operation: Json): string {
  const schema = resolve(root, bodyOf(root, operation).schema);
  const names = Object.keys(record(schema.properties)).slice(0, MOST_NAMES);
  if (names.length > 0)
    return `, which takes an object with ${names.map((name) => quote(name, 40)).join(', ')}`;
  return typeof schema.type === 'string' ? `, which takes a value of type ${quote(schema.type, 20)}` : '';
}

/** Follows references inside the document; one that leads out of it is never fetched. */
function resolve(root: Json, value: unknown): Json {
  let current = record(value);
  for (let step = 0; step < LONGEST_CHAIN && typeof current.$ref === 'string'; step++) {
    const pointer = current.$ref.startsWith('#/') ? current.$ref.slice(2).split('/') : undefined;
    if (pointer === undefined) return {};
    const names = pointer.map((part) => decode(part).replaceAll('~1', '/').replaceAll('~0', '~'));
    current = record(names.reduce<unknown>((object, name) => own(object, name), root));
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

function own(object: unknown, name: string): unknown {
  return isRecord(object) && Object.hasOwn(object, name) ? object[name] : undefined;
}

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function record(value: unknown): Json {
  return isRecord(value) ? value : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The inference server writes `{}` where the scoring script gives no example. */
function isEmpty(value: unknown): boolean {
  return isRecord(value) && Object.keys(value).length === 0;
}
