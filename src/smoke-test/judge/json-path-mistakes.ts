import type { JsonPathQuery } from 'jsonpath-rfc9535/parser';
import { nearestFirst } from '../../text/did-you-mean.ts';

/** A node of the parser's tree. */
interface Node {
  readonly type: string;
}

interface Call extends Node {
  readonly name: string;
  /** Null when there are none. */
  readonly arguments: readonly Node[] | null;
}

interface Signature {
  /** `value`: one value, or none · `nodes`: all that a path finds. */
  readonly takes: readonly ('value' | 'nodes')[];
  readonly gives: 'value' | 'truth';
}

const FUNCTIONS: Readonly<Record<string, Signature>> = {
  length: { takes: ['value'], gives: 'value' },
  count: { takes: ['nodes'], gives: 'value' },
  match: { takes: ['value', 'value'], gives: 'truth' },
  search: { takes: ['value', 'value'], gives: 'truth' },
  value: { takes: ['nodes'], gives: 'value' },
};

/**
 * Finds mistakes that the parser accepts, with which a path would find nothing in any reply: an unknown function, a
 * function that is used wrongly, an invalid regular expression, an index that no array can have.
 * @returns a sentence for a person, undefined when there is no mistake
 * @see RFC 9535, 2.1 (range of integers) and 2.4.3 (well-typedness of function expressions)
 */
export function mistakeOf(query: JsonPathQuery): string | undefined {
  return mistakeBelow(query);
}

function mistakeBelow(part: unknown): string | undefined {
  if (typeof part !== 'object' || part === null) return undefined;
  return mistakeOfNode(part as Readonly<Record<string, unknown>>) ?? first(Object.values(part), mistakeBelow);
}

function mistakeOfNode(node: Readonly<Record<string, unknown>>): string | undefined {
  switch (node.type) {
    case 'TestExpr':
      return mistakeOfCall(node.expression, 'truth');
    case 'ComparisonExpr':
      return (
        mistakeOfCall(node.left, 'value') ?? mistakeOfCall(node.right, 'value') ?? mistakeOfEquality(node)
      );
    case 'IndexSelector':
    case 'SliceSelector':
      return first([node.value, node.start, node.end, node.step], mistakeOfIndex);
    default:
      return undefined;
  }
}

function mistakeOfIndex(index: unknown): string | undefined {
  if (typeof index !== 'number' || Number.isSafeInteger(index)) return undefined;
  return `An index must be between ${Number.MIN_SAFE_INTEGER} and ${Number.MAX_SAFE_INTEGER}.`;
}

/** The neighbours of such an integer are the same number, so the path would find the value of another one. */
function mistakeOfEquality({ op, left, right }: Readonly<Record<string, unknown>>): string | undefined {
  const isLong = (side: unknown): boolean => {
    const { value } = side as { readonly value?: unknown };
    return Number.isInteger(value) && !Number.isSafeInteger(value);
  };
  if ((op !== '==' && op !== '!=') || !(isLong(left) || isLong(right))) return undefined;
  return `Integers beyond ${Number.MAX_SAFE_INTEGER} are not compared exactly. A golden answer (equals) compares every digit.`;
}

function mistakeOfCall(node: unknown, wanted: Signature['gives']): string | undefined {
  if (!isCall(node)) return undefined;
  const { name } = node;
  const signature = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (signature === undefined) {
    return `There is no function ${name}(); did you mean ${nearestFirst(name, Object.keys(FUNCTIONS))[0]}()?`;
  }
  const { takes, gives } = signature;
  const given = node.arguments ?? [];
  if (given.length !== takes.length) {
    return `${name}() takes ${takes.length === 1 ? '1 argument' : `${takes.length} arguments`}, not ${given.length}.`;
  }
  if (gives !== wanted) {
    return gives === 'value'
      ? `${name}() gives a value, which must be compared with another.`
      : `${name}() is true or false by itself, and is not compared.`;
  }
  return (
    first(given, (argument, index) => mistakeOfArgument(name, argument, takes[index])) ??
    (gives === 'truth' ? mistakeOfPattern(name, given[1]) : undefined)
  );
}

function mistakeOfPattern(name: string, pattern: Node | undefined): string | undefined {
  if (pattern?.type !== 'Literal') return undefined;
  const { value } = pattern as Node & { readonly value: unknown };
  try {
    if (typeof value !== 'string' || new RegExp(value, 'u')) return undefined;
  } catch {
    // Reported below.
  }
  return `${name}() needs a regular expression, and ${JSON.stringify(value)} is not one.`;
}

function mistakeOfArgument(name: string, argument: Node, takes: 'value' | 'nodes' | undefined) {
  if (takes === 'nodes') return argument.type === 'FilterQuery' ? undefined : `${name}() needs a path.`;
  if (isCall(argument)) return mistakeOfCall(argument, 'value');
  if (argument.type === 'Literal' || isSingular(argument)) return undefined;
  return `${name}() needs one value, such as @.name, not a path that may find several.`;
}

/** A path that finds one node at most. */
function isSingular(node: Node): boolean {
  if (node.type !== 'FilterQuery') return false;
  const { segments } = (node as Node & { readonly value: { readonly segments: readonly Segment[] } }).value;
  return segments.every(({ type, node: { type: kind, selectors } }) => {
    if (type !== 'ChildSegment') return false;
    if (kind === 'MemberNameShorthand') return true;
    return selectors?.length === 1 && /^(?:Name|Index)Selector$/.test(selectors[0]?.type ?? '');
  });
}

interface Segment extends Node {
  readonly node: Node & { readonly selectors?: readonly Node[] };
}

function isCall(node: unknown): node is Call {
  return (node as Node | null)?.type === 'FunctionExpr';
}

function first<Item>(
  items: readonly Item[],
  mistakeOf: (item: Item, index: number) => string | undefined,
): string | undefined {
  for (const [index, item] of items.entries()) {
    const mistake = mistakeOf(item, index);
    if (mistake !== undefined) return mistake;
  }
  return undefined;
}
