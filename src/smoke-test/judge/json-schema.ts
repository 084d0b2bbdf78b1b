import { Ajv, type ErrorObject, type Options, type ValidateFunction } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { excerpt } from '../../secrets/excerpt.ts';
import { isObject, type JsonObject, objectIn } from '../../text/json.ts';
import { describeCondition } from '../plan/condition.ts';
import type { Mismatch, SchemaExpectation } from '../plan/expectations.ts';
import { hasMoreParts, shortJson, VALUE_TYPES, type ValueType } from '../plan/json-value.ts';
import { lengthOf } from './condition-check.ts';
import { PATH_LENGTH } from './normalized-path.ts';
import { FORMAT_ASSERTION, mistakeInSchema } from './schema-mistakes.ts';
import { measureSchema } from './schema-size.ts';
import { TimeLimitError, withinTime } from './time-limit.ts';

type Validator = Ajv | Ajv2019 | Ajv2020;

/** What is wrong in a larger value is not listed whole: a million errors would not fit into memory. */
const LISTED_VALUES = 100_000;

/** The same, where one value is held against many schemas. */
const LISTED_COMPARISONS = 1_000_000;

/** Longest time that a schema is compiled, in ms: no signal is handled meanwhile. */
const COMPILING_MS = 5_000;

/** How many errors a report lists. */
const LISTED_ERRORS = 10;

const DEFAULT_DRAFT = 'https://json-schema.org/draft/2020-12/schema';

/** By `$schema` without its scheme and an empty fragment. Draft-07 added to draft-06 and changed nothing in it. */
const DRAFTS: Readonly<Record<string, (options: Options) => Validator>> = {
  'json-schema.org/draft/2020-12/schema': (options) => new Ajv2020(options),
  'json-schema.org/draft/2019-09/schema': (options) => new Ajv2019(options),
  'json-schema.org/draft-07/schema': (options) => new Ajv(options),
  'json-schema.org/draft-06/schema': (options) => new Ajv(options),
};

const OPTIONS: Options = {
  strict: false,
  // An own property only: {} has no property "toString".
  ownProperties: true,
  // Errors then know the value they are about.
  verbose: true,
  logger: false,
  // Tidying up the code that it generates takes Ajv longer than all the rest.
  code: { optimize: false },
};

/**
 * Compiles a JSON Schema: draft 2020-12 unless its `$schema` names 2019-09, draft-07 or draft-06. Unknown
 * formats and keywords are tolerated. As the drafts say, `format` is an annotation unless the schema's `$vocabulary`
 * asks for more: pydantic calls a time without a zone a `date-time`, which RFC 3339 does not. Nothing is ever fetched: all that a `$ref` names must be in the schema.
 * @param origin names the schema in messages
 * @returns a sentence for a person when it is no schema; it may quote the schema
 *
 * `validate` lists ten errors at most, and only the first one of a value of more than 100,000 parts. Remote text
 * can make a `pattern` endless, and a deep value throws a RangeError: call it through `withinTime`.
 */
export function compileSchema(schema: unknown, origin: string): SchemaExpectation | string {
  if (typeof schema !== 'boolean' && !isObject(schema)) {
    return `${origin} is not a JSON Schema: a schema is an object, true or false, but this is ${shortJson(schema, 60)}.`;
  }
  const { $schema: draft = DEFAULT_DRAFT, ...rest } = objectIn(schema);
  if (rest.$async !== undefined) {
    return `${origin} has the keyword $async, which JSON Schema does not have. Leave it out.`;
  }
  const create = draftOf(draft);
  if (create === undefined) {
    return `${origin} is written for ${shortJson(draft)}, which is not supported. Use draft 2020-12, 2019-09 or draft-07.`;
  }
  const content = isObject(schema) ? rest : schema;
  const asserted = assertsFormats(rest);
  const compile = (options: Options): ValidateFunction => {
    const validator = create({ ...OPTIONS, validateFormats: asserted, ...options });
    if (asserted) addFormats.default(validator);
    return validator.compile(content);
  };
  const size = measureSchema(content);
  if (typeof size === 'string') return tooLarge(origin, size);
  const listedValues = Math.min(LISTED_VALUES, LISTED_COMPARISONS / size.applied);
  try {
    const mistake = withinTime(COMPILING_MS, () => mistakeIn(create, content));
    if (mistake !== undefined) return `${origin} is not a valid JSON Schema ${mistake}.`;
    const first = withinTime(COMPILING_MS, () => compile({}));
    let all: ValidateFunction | undefined;
    return {
      origin,
      sources: [{ schema, origin }],
      validate(value) {
        if (first(value)) return [];
        if (hasMoreParts(value, listedValues)) return mismatchesOf(first.errors ?? []);
        all ??= compile({ allErrors: true });
        return all(value) ? [] : mismatchesOf(all.errors ?? []);
      },
    };
  } catch (error) {
    return sentenceOf(error, origin);
  }
}

/**
 * As {@link compileSchema}, for a schema that a user wrote: one that cannot hold what its author meant is a mistake.
 */
export function compileOwnSchema(schema: unknown, origin: string): SchemaExpectation | string {
  const compiled = compileSchema(schema, origin);
  if (typeof compiled === 'string') return compiled;
  const { $schema: draft = DEFAULT_DRAFT, ...content } = objectIn(schema);
  const { keywords } = draftOf(draft)!(OPTIONS).RULES;
  const mistake = mistakeInSchema(isObject(schema) ? content : schema, {
    knows: (keyword) => keywords[keyword] === true,
    assertsFormats: assertsFormats(content),
  });
  return mistake === undefined ? compiled : `${origin} ${mistake}`;
}

/** The vocabularies that make an assertion of `format`. */
const FORMAT_VOCABULARIES = [FORMAT_ASSERTION, 'https://json-schema.org/draft/2019-09/vocab/format'];

function assertsFormats({ $vocabulary: vocabulary }: JsonObject): boolean {
  return FORMAT_VOCABULARIES.some((name) => objectIn(vocabulary)[name] === true);
}

function draftOf(name: unknown): ((options: Options) => Validator) | undefined {
  if (typeof name !== 'string') return undefined;
  const bare = name.replace(/^https?:\/\//, '').replace(/#$/, '');
  return Object.hasOwn(DRAFTS, bare) ? DRAFTS[bare] : undefined;
}

function mistakeIn(create: (options: Options) => Validator, content: object | boolean): string | undefined {
  const validator = create(OPTIONS);
  if (validator.validateSchema(content) === true) return undefined;
  const [error] = validator.errors ?? [];
  if (error === undefined) return '';
  const { wanted, got } = mismatchOf(error);
  return `at ${error.instancePath === '' ? 'its root' : error.instancePath}: expected ${wanted}, received ${got}`;
}

function sentenceOf(error: unknown, origin: string): string {
  if (error instanceof Ajv.MissingRefError) {
    return (
      `${origin} refers to "${excerpt(error.missingRef)}", which is not in it, and nothing is downloaded. ` +
      'Copy that schema under $defs and refer to it there.'
    );
  }
  if (error instanceof TimeLimitError) {
    return tooLarge(origin, `compiling it takes more than ${COMPILING_MS / 1_000} s`);
  }
  const { name, message } = error as Error;
  if (name === 'RangeError' && message.includes('call stack')) {
    return tooLarge(origin, 'it has too many parts in one place');
  }
  return `${origin} cannot be used as a JSON Schema: ${excerpt(message)}.`;
}

function tooLarge(origin: string, why: string): string {
  return `${origin} cannot be used as a JSON Schema: ${why}. Describe less of the response.`;
}

function mismatchesOf(errors: readonly ErrorObject[]): readonly Mismatch[] {
  const listed = errors.slice(0, LISTED_ERRORS).map(mismatchOf);
  const more = errors.length - listed.length;
  if (more > 0) listed.push({ at: 'schema', wanted: 'no more errors', got: `… and ${more} more` });
  return listed;
}

function mismatchOf(error: ErrorObject): Mismatch {
  const at = error.instancePath === '' ? 'schema' : `schema ${excerpt(error.instancePath, PATH_LENGTH)}`;
  return { at, wanted: excerpt(wantedBy(error)), got: gotOf(error) };
}

type Parameters = Readonly<Record<string, unknown>>;

/** One row for each keyword: what it wants, in the words of a condition where there are some. */
const WORDS: Readonly<Record<string, (parameters: Parameters) => string>> = {
  'false schema': () => describeCondition({ exists: false }),
  type: ({ type }) => [type].flat().map(typeName).join(' or '),
  enum: ({ allowedValues }) => describeCondition({ oneOf: allowedValues as readonly unknown[] }),
  const: ({ allowedValue }) => describeCondition({ equals: allowedValue }),
  minimum: ({ limit }) => `at least ${limit}`,
  maximum: ({ limit }) => `at most ${limit}`,
  exclusiveMinimum: ({ limit }) => `more than ${limit}`,
  exclusiveMaximum: ({ limit }) => `less than ${limit}`,
  multipleOf: ({ multipleOf }) => `a multiple of ${multipleOf}`,
  ...lengths('min', 'at least'),
  ...lengths('max', 'at most'),
  // A tuple that ends.
  items: ({ limit }) => `length at most ${limit}`,
  additionalItems: ({ limit }) => `length at most ${limit}`,
  unevaluatedItems: ({ limit }) => `length at most ${limit}`,
  uniqueItems: () => 'no two equal items',
  contains: ({ minContains, maxContains }) =>
    `items that match 'contains': at least ${minContains}${maxContains === undefined ? '' : ` and at most ${maxContains}`}`,
  pattern: ({ pattern }) => describeCondition({ matches: new RegExp(String(pattern), 'u') }),
  format: ({ format }) => `the format ${format}`,
  required: ({ missingProperty }) => `the property ${shortJson(missingProperty)}`,
  dependentRequired: besideAnother,
  dependencies: besideAnother,
  additionalProperties: () => 'only properties that the schema names',
  unevaluatedProperties: () => 'only properties that the schema names',
  propertyNames: () => 'property names that the schema allows',
  not: () => "a value that does not match 'not'",
  anyOf: () => "a value that matches one of 'anyOf'",
  oneOf: ({ passingSchemas }) =>
    `a value that matches one of 'oneOf'${passingSchemas === null ? '' : ', and no more than one'}`,
  if: ({ failingKeyword }) => `a value that matches '${failingKeyword}'`,
};

function lengths(
  which: 'min' | 'max',
  words: string,
): Readonly<Record<string, (from: Parameters) => string>> {
  const say = ({ limit }: Parameters): string => `length ${words} ${limit}`;
  return { [`${which}Length`]: say, [`${which}Items`]: say, [`${which}Properties`]: say };
}

function besideAnother({ property, missingProperty }: Parameters): string {
  return `the property ${shortJson(missingProperty)} beside ${shortJson(property)}`;
}

function typeName(type: unknown): string {
  return VALUE_TYPES.some((known) => known === type)
    ? describeCondition({ type: type as ValueType })
    : String(type);
}

/** What is wanted is the schema's own text. */
function wantedBy({ keyword, params, message }: ErrorObject): string {
  const words = Object.hasOwn(WORDS, keyword) ? WORDS[keyword] : undefined;
  return words?.(params) ?? (message ?? `to pass '${keyword}'`).replace(/^must (?:be )?/, '');
}

/** The keywords that are about a length, and not about the value itself. */
const LENGTH = /^(?:(?:min|max)(?:Length|Items|Properties)|items|additionalItems|unevaluatedItems)$/;

function gotOf({ keyword, params, propertyName, data }: ErrorObject): string {
  const name: unknown =
    params.additionalProperty ?? params.unevaluatedProperty ?? params.propertyName ?? propertyName;
  if (typeof name === 'string') return `the property ${shortJson(name)}`;
  if (keyword === 'uniqueItems') return `${shortJson(data)} (items ${params.j} and ${params.i})`;
  return `${shortJson(data)}${LENGTH.test(keyword) ? ` (length ${lengthOf(data)})` : ''}`;
}
