import { quote } from '../../secrets/untrusted.ts';
import { likelyMeant } from '../../text/did-you-mean.ts';
import { isObject, type JsonObject } from '../../text/json.ts';
import { followReference } from '../../text/json-pointer.ts';
import { words } from '../../text/words.ts';

type Kind = 'array' | 'boolean' | 'number' | 'object' | 'string';

/** The keywords that ask something of a value, by the kinds of value that they have. */
const BY_KIND: readonly (readonly [kinds: readonly Kind[], keywords: readonly string[]])[] = [
  [['string'], ['$ref', '$dynamicRef', '$recursiveRef', 'pattern']],
  [['string', 'array'], ['type']],
  [['array'], ['allOf', 'anyOf', 'enum', 'oneOf', 'prefixItems', 'required']],
  [['boolean'], ['uniqueItems']],
  [['object'], ['dependencies', 'dependentRequired', 'dependentSchemas', 'patternProperties', 'properties']],
  [
    ['object', 'boolean'],
    [
      ...['additionalItems', 'additionalProperties', 'contains', 'else', 'not', 'propertyNames', 'then'],
      ...['unevaluatedItems', 'unevaluatedProperties'],
    ],
  ],
  [['array', 'object', 'boolean'], ['items']],
  [['array', 'boolean', 'number', 'object', 'string'], ['const']],
  [
    ['number'],
    [
      ...['exclusiveMaximum', 'exclusiveMinimum', 'maximum', 'minimum', 'multipleOf'],
      ...['maxContains', 'maxItems', 'maxLength', 'maxProperties'],
      ...['minContains', 'minItems', 'minLength', 'minProperties'],
    ],
  ],
];

const ASKING: ReadonlyMap<string, readonly Kind[]> = new Map(
  BY_KIND.flatMap(([kinds, keywords]) => keywords.map((keyword) => [keyword, kinds] as const)),
);

/** Those that ask something only through the schemas in them: each a schema, a list or a mapping of schemas. */
const OF_SCHEMAS = new Set([
  'additionalItems',
  'additionalProperties',
  'allOf',
  'anyOf',
  'dependentSchemas',
  'else',
  'items',
  'oneOf',
  'patternProperties',
  'prefixItems',
  'properties',
  'propertyNames',
  'then',
  'unevaluatedItems',
  'unevaluatedProperties',
]);

/** Those whose value is a mapping of names to schemas. */
const MAPPINGS = new Set(['dependentSchemas', 'patternProperties', 'properties']);

/** Their schemas ask something only where another one refers to them, or in a way of their own. */
const OTHER_SCHEMAS = new Set(['$defs', 'definitions', 'contains', 'if', 'not']);

/** Where schemas are mapped to names beside the ones that ask. */
const DEFINITIONS = new Set(['$defs', 'definitions']);

/** Of OpenAPI and of ajv: near to a keyword, or holding a schema, and meant as they are. */
const EXTENSIONS = /^(?:x-.*|\$.*|components|discriminator|errorMessage|example|examples|externalDocs|xml)$/;

/** A schema that lists this vocabulary has its formats checked. */
export const FORMAT_ASSERTION = 'https://json-schema.org/draft/2020-12/vocab/format-assertion';

/**
 * What is asked of a value depends on the validator: which keywords its draft knows, and whether it checks formats.
 */
export interface SchemaReading {
  readonly knows: (keyword: string) => boolean;
  readonly assertsFormats: boolean;
}

/**
 * Why a schema does not ask what its author meant, in words that follow its name: it asks for nothing, a keyword is
 * misspelt, an integer is too long, or properties stand where keywords belong. Validators ignore what they do not
 * know, so every answer passes.
 * @param schema a valid one
 */
export function mistakeInSchema(schema: unknown, reading: SchemaReading): string | undefined {
  for (const { schema: each, pointer } of schemasIn(schema, () => true)) {
    const mistake = isObject(each) ? (unknownKeyword(each, schema, reading) ?? longInteger(each)) : undefined;
    if (mistake !== undefined) return `${pointer === '' ? '' : `at ${quote(pointer, 100)} `}${mistake}`;
  }
  if (!asksForNothing(schema, reading)) return undefined;
  const withFormats = { ...reading, assertsFormats: true };
  return asksForNothing(schema, withFormats)
    ? 'requires nothing, so every answer would pass. Write at least a type, or what is required.'
    : `requires only a format, and a format is an annotation, so every answer would pass. Write a type, too, or have formats checked with "$vocabulary": { "${FORMAT_ASSERTION}": true }.`;
}

/** Whether every value meets a schema. */
function asksForNothing(schema: unknown, reading: SchemaReading): boolean {
  const places = [...schemasIn(schema, (keyword) => OF_SCHEMAS.has(keyword))];
  const followed = new Set<string>();
  for (const { schema: each } of places) {
    if (each === false || (isObject(each) && asksItself(each, reading))) return false;
    const reference = isObject(each) ? each.$ref : undefined;
    if (typeof reference !== 'string' || followed.has(reference)) continue;
    followed.add(reference);
    const target = followReference(schema, reference);
    if (target === undefined) return false;
    places.push(...schemasIn(target, (keyword) => OF_SCHEMAS.has(keyword)));
  }
  return true;
}

interface Place {
  readonly schema: unknown;
  readonly pointer: string;
}

/** A schema and the ones in it, the outer ones first. */
function schemasIn(schema: unknown, goesInto: (keyword: string) => boolean): readonly Place[] {
  const found: Place[] = [{ schema, pointer: '' }];
  // The list grows while it is walked: a schema may be nested deeper than the stack is.
  for (const { schema: each, pointer } of found) {
    if (!isObject(each)) continue;
    for (const [keyword, value] of Object.entries(each)) {
      if (!(OF_SCHEMAS.has(keyword) || OTHER_SCHEMAS.has(keyword)) || !goesInto(keyword)) continue;
      const inner = `${pointer}/${keyword}`;
      if (MAPPINGS.has(keyword) || DEFINITIONS.has(keyword) || Array.isArray(value)) {
        for (const [name, part] of Object.entries(value as object))
          found.push({ schema: part, pointer: `${inner}/${name}` });
      } else {
        found.push({ schema: value, pointer: inner });
      }
    }
  }
  return found;
}

/** Whether a keyword of the schema itself, not of the ones in it, asks something. */
function asksItself(schema: JsonObject, { knows, assertsFormats }: SchemaReading): boolean {
  return Object.entries(schema).some(([keyword, value]) => {
    if (keyword === 'format') return assertsFormats;
    if (!ASKING.has(keyword) || OF_SCHEMAS.has(keyword) || keyword === '$ref' || !knows(keyword))
      return false;
    if (keyword.startsWith('min') && keyword !== 'minimum') return value !== 0;
    if (keyword === 'uniqueItems') return value === true;
    if (keyword === 'required') return Array.isArray(value) && value.length > 0;
    return true;
  });
}

function unknownKeyword(schema: JsonObject, root: unknown, { knows }: SchemaReading): string | undefined {
  for (const [keyword, value] of Object.entries(schema)) {
    if (knows(keyword) || EXTENSIONS.test(keyword)) continue;
    const name = `'${quote(keyword, 60)}'`;
    if (ASKING.has(keyword))
      return `has the keyword ${name}, which its draft does not know. Use one that it knows, or another $schema.`;
    const kind = Array.isArray(value) ? 'array' : typeof value;
    const meant = likelyMeant(
      keyword,
      [...ASKING]
        .filter(([each, kinds]) => knows(each) && kinds.some((known) => known === kind))
        .map(([each]) => each),
    );
    if (meant !== undefined)
      return `has the keyword ${name}, which JSON Schema does not know. Did you mean '${meant}'?`;
    if (schema.properties === undefined && isSchema(value) && !isReferredTo(keyword, root))
      return `has ${name} among its keywords, where it has no effect. If it is a property of the answer, put it under 'properties'.`;
  }
  return undefined;
}

/** The neighbours of such an integer are the same number to a validator, so the value of another one would pass. */
function longInteger(schema: JsonObject): string | undefined {
  const keyword = ['const', 'enum'].find((each) =>
    [schema[each]].flat().some((value) => Number.isInteger(value) && !Number.isSafeInteger(value)),
  );
  return keyword === undefined
    ? undefined
    : `has an integer of more digits than are compared under '${keyword}'. A golden answer (${words.label('expected-response')}, equals) compares them all.`;
}

function isSchema(value: unknown): boolean {
  return isObject(value) && Object.keys(value).some((keyword) => ASKING.has(keyword));
}

/** A $ref may lead to any place of a schema. */
function isReferredTo(keyword: string, root: unknown): boolean {
  return JSON.stringify(root).includes(`#/${keyword}`);
}
