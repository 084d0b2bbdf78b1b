import { quote } from '../../secrets/untrusted.ts';
import { arrayIn, isObject, type JsonObject, objectIn } from '../../text/json.ts';
import { shortJson } from '../plan/json-value.ts';
import { unwritableIn, withoutMarks } from './python-json.ts';
import { resolveReference } from './references.ts';
import { isEmpty } from './response-schema.ts';

/** Longest example that a message shows, in characters. */
const LONGEST_SHOWN = 300;

/** Properties that say what the data is, and not what is in it. */
const FRAME = new Set(['columns', 'index', 'dtype', 'dtypes', 'method', 'name', 'names']);

/**
 * What stands where nobody gave a value: the zeros of MLflow's tensors, the strings of AutoML, of MLflow and of
 * Swagger UI.
 */
const FILLERS = new Set<unknown>([
  ...[0, false, '', null, 'string', 'example', 'example_value', 'sample string', '2000-1-1', '2000-01-01'],
]);

/** More of an example is not looked at: what is that long is not a filler. */
const MOST_PARTS = 100_000;

/** An example for a person; remote text. */
export function showExample(example: unknown): string {
  return quote(withoutMarks(shortJson(example, LONGEST_SHOWN)), LONGEST_SHOWN + 1);
}

/**
 * Why an example cannot be a sample of what the model is asked, in words that follow `It`; undefined when it can.
 * @param schema of the request body
 */
export function whyNoSample(root: JsonObject, schema: unknown, example: unknown): string | undefined {
  const unwritable = unwritableIn(example);
  if (unwritable !== undefined) {
    return `holds ${quote(unwritable, 100)}, which JSON does not have: the sample in the scoring script has a value missing there.`;
  }
  const undecorated = undecoratedArgument(root, schema, example);
  if (undecorated !== undefined) {
    return `has only "" for ${quote(undecorated, 60)}, an argument of run() that inference-schema's input_schema does not describe.`;
  }
  const values = leavesOf(example);
  if (values === undefined || values.some((value) => value !== '' && value !== null)) return undefined;
  return hasColumns(example)
    ? 'has columns but no rows. MLflow gives it rows when the model is logged with an input_example.'
    : 'contains no value.';
}

/** Whether an example holds nothing but what stands where nobody gave a value. */
export function isFiller(example: unknown): boolean {
  return leavesOf(example)?.every((value) => FILLERS.has(value)) ?? false;
}

/** An argument without a schema, whose example is "". */
function undecoratedArgument(root: JsonObject, schema: unknown, example: unknown): string | undefined {
  const properties = Object.entries(objectIn(resolveReference(root, schema).properties));
  return properties.find(([name, property]) => isEmpty(property) && objectIn(example)[name] === '')?.[0];
}

function hasColumns(example: unknown): boolean {
  return [example, ...Object.values(objectIn(example))].some(
    (part) => arrayIn(objectIn(part).columns).length > 0,
  );
}

/** The values in an example that are neither objects nor arrays; undefined when there are too many. */
function leavesOf(example: unknown): readonly unknown[] | undefined {
  const leaves: unknown[] = [];
  const open: unknown[] = [example];
  for (let parts = 0; open.length > 0; parts++) {
    if (parts > MOST_PARTS) return undefined;
    const part = open.pop();
    if (Array.isArray(part)) for (const each of part) open.push(each);
    else if (isObject(part)) {
      for (const [name, each] of Object.entries(part)) if (!FRAME.has(name)) open.push(each);
    } else leaves.push(part);
  }
  return leaves;
}
