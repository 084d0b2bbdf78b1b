import { isObject, type JsonObject } from '../../../text/json.ts';
import { pointerKeys, pointerTo } from '../../../text/json-pointer.ts';

/** A value in the document, with its JSON Pointer (RFC 6901). */
export interface DocumentNode {
  readonly pointer: string;
  readonly value: unknown;
  /** Of the whole document: JSON Pointer → how a number is written as JSON, where that is not what its value gives. */
  readonly spellings: ReadonlyMap<string, string>;
}

export interface Entry extends DocumentNode {
  readonly key: string;
}

/** The last key of a pointer as a person writes it: `cases[1]` for an item of a list. */
export function lastKey(pointer: string): string {
  const keys = pointerKeys(pointer);
  const last = keys.at(-1) ?? '';
  const above = keys.at(-2);
  return /^\d+$/.test(last) && above !== undefined ? `${above}[${last}]` : last;
}

/** The value of a key, undefined when there is none, or the node is not a mapping. */
export function child(node: DocumentNode | undefined, key: string): DocumentNode | undefined {
  const mapping = mappingAt(node);
  if (node === undefined || mapping === undefined || !Object.hasOwn(mapping, key)) return undefined;
  return { pointer: pointerTo(node.pointer, key), value: mapping[key], spellings: node.spellings };
}

/** The entries of a mapping; none when the node is not a mapping. */
export function entriesOf(node: DocumentNode | undefined): readonly Entry[] {
  const mapping = mappingAt(node);
  if (node === undefined || mapping === undefined) return [];
  return Object.entries(mapping).map(([key, value]) => ({
    key,
    pointer: pointerTo(node.pointer, key),
    value,
    spellings: node.spellings,
  }));
}

/** The items of a list; none when the node is not a list. */
export function itemsOf(node: DocumentNode | undefined): readonly DocumentNode[] {
  if (node === undefined || !Array.isArray(node.value)) return [];
  const { pointer, spellings } = node;
  return node.value.map((value: unknown, index) => ({
    pointer: pointerTo(pointer, index),
    value,
    spellings,
  }));
}

export function stringAt(node: DocumentNode | undefined): string | undefined {
  return typeof node?.value === 'string' ? node.value : undefined;
}

export function numberAt(node: DocumentNode | undefined): number | undefined {
  return typeof node?.value === 'number' ? node.value : undefined;
}

/**
 * The value as JSON, its numbers as they are written: to MLflow `63.0` is a double and `63` is not.
 * @param insteadOf the JSON that stands in the place of a value; undefined for one that stands for itself
 */
export function jsonTextOf(
  node: DocumentNode,
  insteadOf: (node: DocumentNode) => string | undefined = () => undefined,
): string {
  const { value, pointer, spellings } = node;
  const other = insteadOf(node);
  if (other !== undefined) return other;
  const textOf = (each: DocumentNode): string => jsonTextOf(each, insteadOf);
  if (Array.isArray(value)) return `[${itemsOf(node).map(textOf).join()}]`;
  if (isObject(value)) {
    return `{${entriesOf(node)
      .map((entry) => `${JSON.stringify(entry.key)}:${textOf(entry)}`)
      .join()}}`;
  }
  return spellings.get(pointer) ?? JSON.stringify(value);
}

/**
 * The value as `JSON.parse` would return it. Mappings of the document have no prototype, which some ways to compare
 * two objects notice.
 */
export function asParsedJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

function mappingAt(node: DocumentNode | undefined): JsonObject | undefined {
  return isObject(node?.value) ? node.value : undefined;
}
