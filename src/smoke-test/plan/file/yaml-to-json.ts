import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type ParsedNode,
  type Scalar,
  visit,
  type YAMLMap,
} from 'yaml';
import { quote } from '../../../secrets/untrusted.ts';
import { pointerTo } from '../../../text/json-pointer.ts';

/** JSON Pointer → offsets in the text. */
export type Spans = ReadonlyMap<string, { readonly key: number; readonly value: number }>;

export interface Fault {
  readonly offset: number;
  readonly message: string;
}

export interface JsonDocument {
  /** JSON; mappings have no prototype. */
  readonly value: unknown;
  readonly spans: Spans;
  /** JSON Pointer → how a number is written as JSON, where that is not what its value gives: `63.0`, `1.0e3`. */
  readonly spellings: ReadonlyMap<string, string>;
  readonly faults: readonly Fault[];
  /** Whether a limit was exceeded, so that the value is not whole. */
  readonly exhausted: boolean;
}

/** An anchor can contain itself, and a few anchors can make a short text very large. */
const DEEPEST = 64;
const MOST_VALUES = 100_000;

/** Where numbers are sent or compared digit by digit, however many they have. */
const KEPT_AS_WRITTEN = /^\/cases\/\d+\/(?:request\/json|expect\/equals\/value)(?:\/|$)/;

/** Turns a parsed YAML document into JSON, with aliases and merge keys resolved, and notes where each value stands. */
export function toJson(document: Document.Parsed<ParsedNode>): JsonDocument {
  const targets = aliasTargets(document);
  const spans = new Map<string, { key: number; value: number }>();
  const spellings = new Map<string, string>();
  const faults: Fault[] = [];
  let values = 0;
  let exhausted = false;

  const count = (offset: number, depth: number): boolean => {
    values++;
    if (!exhausted && (depth > DEEPEST || values > MOST_VALUES)) {
      exhausted = true;
      const limit =
        depth > DEEPEST
          ? `This is nested deeper than ${DEEPEST} levels, or an anchor contains itself.`
          : `This file holds more than ${MOST_VALUES} values with its anchors written out. Put request bodies into files of their own.`;
      faults.push({ offset, message: limit });
    }
    return !exhausted;
  };

  const targetOf = (alias: Alias): Node | undefined => {
    const target = targets.get(alias);
    if (target === undefined)
      faults.push({
        offset: offsetOf(alias),
        message: `*${quote(alias.source, 100)}: there is no anchor &${quote(alias.source, 100)} before this.`,
      });
    return target;
  };

  const resolve = (node: unknown, pointer: string, keyOffset: number, depth: number): unknown => {
    const offset = offsetOf(node, keyOffset);
    if (!spans.has(pointer)) spans.set(pointer, { key: keyOffset, value: offset });
    if (!count(offset, depth)) return null;
    if (isAlias(node)) return resolve(targetOf(node), pointer, keyOffset, depth + 1);
    if (isMap(node)) return mapping(node, pointer, depth);
    if (isSeq(node))
      return node.items.map((item, index) => {
        const at = (item as Node).range?.[0] ?? offset;
        return resolve(item, pointerTo(pointer, index), at, depth + 1);
      });
    return isScalar(node) ? scalar(node, pointer, offset) : null;
  };

  const mapping = (node: YAMLMap, pointer: string, depth: number): unknown => {
    const object: Record<string, unknown> = Object.create(null);
    for (const [key, { offset, value }] of entries(node, depth))
      object[key] = resolve(value, pointerTo(pointer, key), offset, depth + 1);
    return object;
  };

  /** A mapping's own entries, then those of its merge keys that it does not have itself. */
  const entries = (node: YAMLMap, depth: number): Map<string, { offset: number; value: unknown }> => {
    const found = new Map<string, { offset: number; value: unknown }>();
    const merged: unknown[] = [];
    for (const { key, value } of node.items) {
      const offset = offsetOf(key, offsetOf(node));
      if (!count(offset, depth)) break;
      if (isScalar(key) && key.value === '<<' && key.type === 'PLAIN') merged.push(value);
      else addEntry(found, key, offset, value);
    }
    for (const source of merged.flatMap((value) => (isSeq(value) ? value.items : [value]))) {
      const target = isAlias(source) ? targetOf(source) : source;
      if (isMap(target)) {
        if (!count(offsetOf(source), depth + 1)) break;
        for (const [key, entry] of entries(target, depth + 1)) if (!found.has(key)) found.set(key, entry);
      } else if (target !== undefined) {
        faults.push({ offset: offsetOf(source), message: '<<: Merge a mapping, or a list of mappings.' });
      }
    }
    return found;
  };

  const addEntry = (
    found: Map<string, { offset: number; value: unknown }>,
    key: unknown,
    offset: number,
    value: unknown,
  ): void => {
    const named = isAlias(key) ? targetOf(key) : key;
    if (!isScalar(named) || named.value === null)
      faults.push({ offset, message: 'This key is not a string. Put quotes around it.' });
    else if (found.has(keyText(named)))
      faults.push({ offset, message: `'${quote(keyText(named), 100)}' is there twice. Keep one of them.` });
    else found.set(keyText(named), { offset, value });
  };

  const scalar = ({ value, source = '' }: Scalar, pointer: string, offset: number): unknown => {
    if (typeof value !== 'number') return value;
    const spelling = jsonSpelling(source);
    if (spelling !== undefined && spelling !== JSON.stringify(value)) spellings.set(pointer, spelling);
    const unsafe =
      /^[-+]?\d+$/.test(source) && !Number.isSafeInteger(value) && !KEPT_AS_WRITTEN.test(pointer);
    if (!Number.isFinite(value)) faults.push({ offset, message: `${source}: JSON has no such number.` });
    else if (/^[-+]?0[\dox]/i.test(source))
      faults.push({
        offset,
        message: `${quote(source, 100)}: JSON has no such number, so it would be another one. Put quotes around it when it is text, such as a postal code; otherwise write it as ${value}.`,
      });
    else if (unsafe)
      faults.push({
        offset,
        message: `${quote(source, 100)}: This number has too many digits to be kept exactly here. Put quotes around it when it is text; an answer is compared digit by digit with equals: { value: … }.`,
      });
    return value;
  };

  const value = resolve(document.contents, '', offsetOf(document.contents), 0);
  return { value, spans, spellings, faults: distinct(faults), exhausted };
}

/** A decimal number of YAML as JSON has it, with the digits as they are: `+.50` is `0.50`; undefined for any other. */
function jsonSpelling(source: string): string | undefined {
  const parts = /^([-+]?)(\d*)(?:\.(\d*))?([eE][-+]?\d+)?$/.exec(source);
  if (parts === null) return undefined;
  const [, sign = '', digits = '', fraction, exponent = ''] = parts;
  const decimals = fraction === undefined ? '' : `.${fraction === '' ? '0' : fraction}`;
  return `${sign === '-' ? '-' : ''}${digits === '' ? '0' : digits}${decimals}${exponent}`;
}

/** Each alias → the last node before it that has the anchor. */
function aliasTargets(document: Document.Parsed<ParsedNode>): ReadonlyMap<Alias, Node> {
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  visit(document, {
    Alias(_key, alias) {
      const target = anchors.get(alias.source);
      if (target !== undefined) targets.set(alias, target);
    },
    Value(_key, node) {
      if (node.anchor !== undefined) anchors.set(node.anchor, node);
    },
  });
  return targets;
}

/** A key as it is written: `200` is the string '200'. */
function keyText({ value, source }: Scalar): string {
  return typeof value === 'string' ? value : (source ?? String(value));
}

/** Where a node starts; an empty one has the offset of its key. */
function offsetOf(node: unknown, otherwise = 0): number {
  const range = (node as Node | null | undefined)?.range;
  if (range === null || range === undefined) return otherwise;
  return isScalar(node) && range[0] === range[1] ? otherwise : range[0];
}

/** Without repetitions: an anchor that is used twice is read twice. */
function distinct(faults: readonly Fault[]): readonly Fault[] {
  const byText = new Map(faults.map((fault) => [`${fault.offset} ${fault.message}`, fault]));
  return [...byText.values()];
}
