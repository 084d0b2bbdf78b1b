import { quote } from '../../../secrets/untrusted.ts';
import { lastKey } from './document-node.ts';
import type { Position, PositionLookup } from './position.ts';

/** Something to correct in a smoke-test file. */
export interface FileMistake {
  readonly file: string;
  /** Both count from 1. */
  readonly line: number;
  readonly column: number;
  /** What is wrong, and what to write instead. Safe to show. */
  readonly message: string;
}

/** Most mistakes that are reported: a longer list helps nobody. */
const MOST = 100;

/** Longest part of a value that a message quotes, in characters. */
const QUOTED = 100;

/** `file:line:column: message`, which editors and terminals make a link of. */
export function formatMistake({ file, line, column, message }: FileMistake): string {
  return `${quote(file)}:${line}:${column}: ${message}`;
}

/** Collects mistakes by their place in the document; of several about one place only the first is kept. */
export interface MistakeCollector {
  /** The value is wrong; the message quotes it. */
  value(node: { readonly pointer: string; readonly value: unknown }, why: string): void;
  /** The key is wrong, or its value without a need to quote it. */
  key(pointer: string, message: string): void;
  /** A key is missing in a mapping. */
  missing(pointer: string, key: string, message: string): void;
}

export interface MistakeList extends MistakeCollector {
  at(position: Position, message: string): void;
  /** In the order of the file. */
  sorted(): readonly FileMistake[];
}

export function collectMistakes(file: string, positions: PositionLookup): MistakeList {
  const found: FileMistake[] = [];
  const known = new Set<string>();
  const add = (about: string, { line, column }: Position, message: string): void => {
    // Where a mistake of YAML was found, the value cannot be right either.
    if (known.has(about) || known.has(spot({ line, column }))) return;
    known.add(about);
    found.push({ file, line, column, message });
  };
  return {
    at: (position, message) => add(spot(position), position, message),
    value: ({ pointer, value }, why) =>
      add(pointer, positions.valueAt(pointer), `${subject(pointer, value)}: ${why}`),
    key: (pointer, message) => add(`key ${pointer}`, positions.keyAt(pointer), message),
    missing: (pointer, key, message) => add(`${pointer} ${key}`, positions.valueAt(pointer), message),
    sorted: () => {
      const inOrder = found.toSorted((a, b) => a.line - b.line || a.column - b.column);
      return inOrder.length <= MOST ? inOrder : [...inOrder.slice(0, MOST), rest(inOrder)];
    },
  };
}

function spot({ line, column }: Position): string {
  return `${line}:${column}`;
}

function rest(mistakes: readonly FileMistake[]): FileMistake {
  const last = mistakes[MOST]!;
  return { ...last, message: `And ${mistakes.length - MOST} more from here on.` };
}

/** The key and the value, as mistakes of inputs name them: `timeout '30'`. */
function subject(pointer: string, value: unknown): string {
  const name = pointer === '' ? 'This file' : quote(lastKey(pointer), QUOTED) || "''";
  if (value === null) return `${name} (empty)`;
  // It may be another file than was meant, such as one with a key: nothing of it is shown.
  return typeof value === 'object' || pointer === '' ? name : `${name} '${quote(String(value), QUOTED)}'`;
}
