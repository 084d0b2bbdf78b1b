import { isObject, type JsonObject, stringIn } from '../../text/json.ts';
import { plainReference } from '../../text/json-pointer.ts';

/** Most JSON values in a schema. A tenth of it takes seconds to compile where it stands in one place. */
const MOST_PARTS = 100_000;

/** Deepest nesting of a schema, in lists and objects. The compiler goes down into it by calling itself. */
const DEEPEST = 256;

/** Most schemas that one value is held against. Each definition that refers to the next one twice doubles them. */
const MOST_APPLIED = 10_000;

/** Keywords whose values are not schemas, and cheap: a list of all labels of a model may be long. */
const PLAIN: ReadonlySet<string> = new Set(['enum', 'const', 'default', 'example', 'examples']);

/** Keywords whose schemas hold for the value itself, not for a part of it. */
const IN_PLACE = ['allOf', 'anyOf', 'oneOf', 'not', 'if', 'then', 'else'];
const IN_PLACE_BY_NAME = ['dependentSchemas', 'dependencies'];
const REFERENCES = ['$ref', '$dynamicRef', '$recursiveRef'];

export interface SchemaSize {
  /** How many schemas one value is held against, references included, at the place with the most. */
  readonly applied: number;
}

/** How much work a schema is; or why it is too much, to end a sentence with. */
export function measureSchema(schema: unknown): SchemaSize | string {
  const found = findObjects(schema);
  if (typeof found === 'string') return found;
  const applied = mostApplied(found);
  return applied > MOST_APPLIED
    ? `its references hold one value against more than ${inWords(MOST_APPLIED)} schemas`
    : { applied };
}

interface FoundObjects {
  readonly objects: readonly JsonObject[];
  /** By what references call them: `#/$defs/row`, decoded, `#anchor`, or an `$id`. */
  readonly named: ReadonlyMap<string, JsonObject>;
}

function findObjects(schema: unknown): FoundObjects | string {
  const objects: JsonObject[] = [];
  const named = new Map<string, JsonObject>();
  const open: (readonly [value: unknown, path: string, depth: number])[] = [[schema, '#', 1]];
  let parts = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [value, path, depth] = next;
    if (typeof value !== 'object' || value === null) continue;
    if (depth > DEEPEST) return `it is nested more than ${DEEPEST} levels deep`;
    if (isObject(value)) {
      objects.push(value);
      named.set(path, value);
      for (const anchor of [value.$anchor, value.$dynamicAnchor, value.$id]) {
        if (typeof anchor === 'string') named.set(anchor, value).set(`#${anchor}`, value);
      }
    }
    for (const [name, part] of Object.entries(value)) {
      if (PLAIN.has(name)) continue;
      parts++;
      if (parts > MOST_PARTS) return `it has more than ${inWords(MOST_PARTS)} parts`;
      open.push([part, `${path}/${name}`, depth + 1]);
    }
  }
  return { objects, named };
}

function mostApplied({ objects, named }: FoundObjects): number {
  /** 0 for one whose own count is still being made: a circle. The validator finds those by itself. */
  const counts = new Map<JsonObject, number>();
  let most = 0;
  for (const object of objects) {
    // Not by recursion: a chain of references may be long.
    const open = [object];
    for (let at = open.at(-1); at !== undefined; at = open.at(-1)) {
      const inner = appliedBy(at, named);
      if (counts.has(at)) {
        open.pop();
        if (counts.get(at) === 0) {
          counts.set(
            at,
            inner.reduce((sum, each) => sum + (counts.get(each) ?? 0), 1),
          );
        }
      } else {
        counts.set(at, 0);
        open.push(...inner.filter((each) => !counts.has(each)));
      }
    }
    most = Math.max(most, counts.get(object) ?? 0);
  }
  return most;
}

/** The schemas that hold for the same value as this one. */
function appliedBy(schema: JsonObject, named: FoundObjects['named']): readonly JsonObject[] {
  return [
    ...IN_PLACE.map((keyword) => schema[keyword]),
    ...IN_PLACE_BY_NAME.flatMap((keyword) => Object.values(schema[keyword] ?? {})),
    ...REFERENCES.map((keyword) => named.get(plainReference(stringIn(schema[keyword]) ?? ''))),
  ]
    .flat()
    .filter(isObject);
}

function inWords(count: number): string {
  return count.toLocaleString('en-US');
}
