import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import schema from '../../../../smoke-test.schema.json' with { type: 'json' };
import { quote } from '../../../secrets/untrusted.ts';
import { likelyMeant } from '../../../text/did-you-mean.ts';
import { isObject } from '../../../text/json.ts';
import { pointerTo } from '../../../text/json-pointer.ts';
import type { MistakeCollector } from './mistakes.ts';

/** What the published schema says about a value. */
interface Described {
  readonly description?: string;
  /** A sentence about what to write, which editors show too. */
  readonly errorMessage?: string;
  readonly properties?: Readonly<Record<string, Described>>;
  readonly oneOf?: readonly { readonly required: readonly string[] }[];
}

type Report = (error: ErrorObject, parent: Described, mistakes: MistakeCollector) => void;

/** What to report, by the keyword of the schema that is not met; for other keywords the schema's own sentence. */
const REPORTS: Readonly<Record<string, Report>> = {
  additionalProperties: unknownKey,
  required: missingKey,
  oneOf: exclusiveKeys,
  enum: notOneOf,
  // Only says that `then` or `else` is not met; those have errors of their own.
  if: () => {},
};

let compiled: ValidateFunction | undefined;

/** Checks the document against the schema that is published for editors. */
export function checkStructure(document: unknown, mistakes: MistakeCollector): void {
  compiled ??= compile();
  if (compiled(document)) return;
  for (const error of compiled.errors ?? []) {
    // The branches of a `oneOf` are not mistakes of their own.
    if (/\/oneOf\/\d+\//.test(error.schemaPath)) continue;
    const report = REPORTS[error.keyword] ?? wrongValue;
    report(error, (error.parentSchema ?? {}) as Described, mistakes);
  }
}

function compile(): ValidateFunction {
  const ajv = new Ajv2020({ allErrors: true, verbose: true, allowUnionTypes: true, strictRequired: false });
  ajv.addKeyword('errorMessage');
  return ajv.compile(schema);
}

function wrongValue(error: ErrorObject, parent: Described, mistakes: MistakeCollector): void {
  mistakes.value(
    { pointer: error.instancePath, value: error.data },
    parent.errorMessage ?? 'Write a mapping of keys to values.',
  );
}

function unknownKey(error: ErrorObject, parent: Described, mistakes: MistakeCollector): void {
  const key = String(error.params.additionalProperty);
  const known = Object.keys(parent.properties ?? {});
  const meant = likelyMeant(key, known);
  const question = meant === undefined ? '' : ` Did you mean '${meant}'?`;
  mistakes.key(
    pointerTo(error.instancePath, key),
    `Unknown key '${quote(key, 100)}'.${question} Known here: ${known.join(', ')}.`,
  );
}

function missingKey(error: ErrorObject, parent: Described, mistakes: MistakeCollector): void {
  const key = String(error.params.missingProperty);
  const { description = '' } = parent.properties?.[key] ?? {};
  const what = description === '' ? '.' : `: ${description.charAt(0).toLowerCase()}${description.slice(1)}`;
  const message =
    key === 'version' && error.instancePath === '' ? 'Add `version: 1`.' : `Add '${key}'${what}`;
  mistakes.missing(error.instancePath, key, message);
}

function exclusiveKeys(error: ErrorObject, parent: Described, mistakes: MistakeCollector): void {
  if (!isObject(error.data)) return;
  const { data } = error;
  const keys = (parent.oneOf ?? []).flatMap(({ required }) => required);
  const [first, ...others] = Object.keys(data).filter((key) => keys.includes(key));
  if (first === undefined) {
    const names = new Intl.ListFormat('en', { type: 'disjunction' }).format(keys);
    const orGet = keys.includes('body') ? ', or method: GET with none of them' : '';
    mistakes.missing(error.instancePath, keys.join(), `Write one of ${names}${orGet}.`);
  }
  for (const other of others)
    mistakes.key(
      pointerTo(error.instancePath, other),
      `'${other}' and '${first}' exclude each other. Keep one of them.`,
    );
}

function notOneOf(error: ErrorObject, parent: Described, mistakes: MistakeCollector): void {
  const choices = (error.params.allowedValues as readonly unknown[]).map(String);
  const text = typeof error.data === 'string' ? error.data : '';
  const meant = likelyMeant(text, choices);
  const question = meant === undefined ? '' : ` Did you mean ${meant}?`;
  mistakes.value(
    { pointer: error.instancePath, value: error.data },
    `${parent.errorMessage ?? `Choose one of ${choices.join(', ')}.`}${question}`,
  );
}
