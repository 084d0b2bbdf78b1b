import type { JsonPathQuery } from 'jsonpath-rfc9535/parser';
import { nearestFirst } from '../nearest.ts';

/** A node of the parser's tree. */
interface Node {
  readonly type: string;
}

interface Call extends Node {
  readonly name: string;
  /** The parser has null for none. */
  readonly arguments: readonly Node[] | null;
}

interface Signature {
  /** `value`: one value, or none · `nodes`: whatever a path finds. */
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
 * What the parser lets pass: a function that there is not, and one that is used as it cannot be. Either would
 * find nothing, in every answer.
 * @returns a sentence for a person, undefined when there is no mistake
 * @see RFC 9535, 2.4.3 (well-typedness of function expressions)
 */
export function mistakeOfFunctions(query: JsonPathQuery): string | undefined {
  return mistakeBelow(query);
}

function mistakeBelow(part: unknown): string | undefined {
  if (typeof part !== 'object' || part === null) return undefined;
  const { type, expression, left, right } = part as Readonly<Record<string, unknown>>;
  const own =
    type === 'TestExpr'
      ? mistakeOfCall(expression, 'truth')
      : type === 'ComparisonExpr'
        ? (mistakeOfCall(left, 'value') ?? mistakeOfCall(right, 'value'))
        : undefined;
  return own ?? first(Object.values(part), mistakeBelow);
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
  return first(given, (argument, index) => mistakeOfArgument(name, argument, takes[index]));
}

function mistakeOfArgument(name: string, argument: Node, takes: 'value' | 'nodes' | undefined) {
  if (takes === 'nodes') return argument.type === 'FilterQuery' ? undefined : `${name}() wants a path.`;
  if (isCall(argument)) return mistakeOfCall(argument, 'value');
  if (argument.type === 'Literal' || isSingular(argument)) return undefined;
  return `${name}() wants one value, such as @.name, and no path that may find several.`;
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
