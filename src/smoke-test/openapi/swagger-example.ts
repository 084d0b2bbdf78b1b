import { quote } from '../../secrets/untrusted.ts';
import { arrayIn, isObject, type JsonObject, objectIn } from '../../text/json.ts';
import { words } from '../../text/words.ts';
import { LONGEST_CHAIN, resolveReference } from './references.ts';
import { OWN_SAMPLE } from './refused-filler.ts';
import { isEmpty } from './response-schema.ts';
import { showExample, whyNoSample } from './sample.ts';

/** What a smoke test takes from an OpenAPI document. */
export interface SwaggerExample {
  /** The example request body; JSON. */
  readonly body: unknown;
  readonly method: string;
  /** Where the schema of a good reply is. */
  readonly operation: JsonObject;
}

/** An example is assembled from at most so many schemas: a short document can describe an endless one. */
const MOST_PARTS = 10_000;

/** How many names a message lists. */
const MOST_NAMES = 10;

/**
 * The example request for the scoring path, out of the OpenAPI document (2.0, 3.0 or 3.1) that a scoring server makes.
 * @param scoringPath path of the scoring URI, of which the document's path is a suffix
 * @param method of the case. POST is its default, so the document's operation may then have another method.
 * @returns when there is no example that could be sent, a sentence for a person that says what the document has instead
 */
export function readExample(
  document: unknown,
  scoringPath: string,
  method = 'POST',
): SwaggerExample | string {
  const root = objectIn(document);
  const version = typeof root.swagger === 'string' ? root.swagger : root.openapi;
  if (typeof version !== 'string' || !/^(?:2\.0|3\.[01])/.test(version)) {
    return `It is not an OpenAPI document of version 2.0, 3.0 or 3.1${typeof version === 'string' ? `, but of version ${quote(version, 20)}` : ''}.`;
  }
  const operations = operationsOf(root)
    .filter((each) => method === 'POST' || each.method === method)
    .sort((a, b) => Number(b.method === method) - Number(a.method === method));
  // The longest path fits best: /v2/score ends with /score, too.
  const [longest] = operations
    .filter(({ path }) => scoringPath.endsWith(path))
    .sort((a, b) => b.path.length - a.path.length);
  const found = longest ?? onlyOneOf(operations);
  if (found === undefined) {
    const known = operations.slice(0, MOST_NAMES).map(({ method, path }) => `${method} ${quote(path, 60)}`);
    return `It describes no operation ${method === 'POST' ? '' : `${quote(method, 20)} `}for ${quote(scoringPath, 100)}. It describes: ${known.join(', ') || 'none that takes a body'}.`;
  }
  const example = exampleOf(root, found.operation);
  const name = `${found.method} ${quote(found.path, 60)}`;
  if (example === undefined || isEmpty(example)) {
    return `It has no example request for ${name}${describeBody(root, found.operation)}. Decorate the scoring script's run() with inference-schema's input_schema, or give a request of your own as ${words.input('sample-request')}.`;
  }
  const why = whyNoSample(root, bodyOf(root, found.operation).schema, example);
  if (why !== undefined) {
    return `Its example request for ${name} ${why} The model could not answer it, so it is not sent.\nThe example: ${showExample(example)}\n${OWN_SAMPLE}`;
  }
  return { body: example, method: found.method, operation: found.operation };
}

interface Operation {
  readonly path: string;
  readonly method: string;
  readonly operation: JsonObject;
}

/** The operations whose method may have a body. */
function operationsOf(root: JsonObject): readonly Operation[] {
  return Object.entries(objectIn(root.paths)).flatMap(([path, item]) =>
    ['post', 'put', 'patch'].flatMap((method) => {
      const operation = objectIn(item)[method];
      return isObject(operation) ? [{ path, method: method.toUpperCase(), operation }] : [];
    }),
  );
}

function onlyOneOf<T>(items: readonly T[]): T | undefined {
  return items.length === 1 ? items[0] : undefined;
}

/** The first example that there is: of the media type, of the schema, or assembled from the schema's properties. */
function exampleOf(root: JsonObject, operation: JsonObject): unknown {
  const { media, schema } = bodyOf(root, operation);
  const [named] = Object.values(objectIn(media.examples));
  const candidates = [
    media.example,
    resolveReference(root, named).value,
    schemaExample(root, schema, { parts: 0 }),
  ];
  return candidates.find((candidate) => candidate !== undefined);
}

function bodyOf(
  root: JsonObject,
  operation: JsonObject,
): { readonly media: JsonObject; readonly schema: unknown } {
  const parameters = arrayIn(operation.parameters).map((parameter) => resolveReference(root, parameter));
  const parameter = parameters.find((each) => each.in === 'body');
  if (parameter !== undefined) {
    const examples = objectIn(parameter['x-examples']);
    return { media: { example: examples['application/json'] }, schema: parameter.schema };
  }
  const content = objectIn(resolveReference(root, operation.requestBody).content);
  const media = objectIn(content['application/json'] ?? Object.values(content)[0]);
  return { media, schema: media.schema };
}

function schemaExample(root: JsonObject, schema: unknown, spent: { parts: number }, depth = 0): unknown {
  if (depth > LONGEST_CHAIN || spent.parts++ >= MOST_PARTS) return undefined;
  const resolved = resolveReference(root, schema);
  const own = resolved.example ?? arrayIn(resolved.examples)[0] ?? resolved.default;
  if (own !== undefined) return own;
  const properties = Object.entries(objectIn(resolved.properties));
  const values = properties.map(
    ([name, property]) => [name, schemaExample(root, property, spent, depth + 1)] as const,
  );
  const complete = values.length > 0 && values.every(([, value]) => value !== undefined);
  return complete ? Object.fromEntries(values) : undefined;
}

/** `, which takes an object with data, method`, or nothing. */
function describeBody(root: JsonObject, operation: JsonObject): string {
  const schema = resolveReference(root, bodyOf(root, operation).schema);
  const names = Object.keys(objectIn(schema.properties)).slice(0, MOST_NAMES);
  if (names.length > 0)
    return `, which takes an object with ${names.map((name) => quote(name, 40)).join(', ')}`;
  return typeof schema.type === 'string' ? `, which takes a value of type ${quote(schema.type, 20)}` : '';
}
