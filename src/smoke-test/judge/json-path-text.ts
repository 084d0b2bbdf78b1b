import type { JsonPathQuery } from 'jsonpath-rfc9535/parser';

/** A node of the parser's tree. Which fields it has, its `type` says. */
interface Node {
  readonly type: string;
  readonly [field: string]: unknown;
}

/**
 * The query as text again, with what the library evaluates otherwise than RFC 9535 written so that it does not:
 * a compared path with an index in it, which it never finds, as `value(…)`; and the pattern of `match()`, which it
 * anchors at one side of each alternative only, as one group.
 */
export function textOf(query: JsonPathQuery): string {
  return `$${segments(query)}`;
}

function segments(query: Node): string {
  return (query.segments as readonly Node[])
    .map(({ type, node }) => `${type === 'DescendantSegment' ? '..' : ''}${brackets(node as Node)}`)
    .join('');
}

function brackets(node: Node): string {
  const selectors = node.type === 'BracketedSelection' ? (node.selectors as readonly Node[]) : [node];
  return `[${selectors.map(selector).join(',')}]`;
}

function selector(node: Node): string {
  switch (node.type) {
    case 'WildcardSelector':
      return '*';
    case 'IndexSelector':
      return String(indexOf(node));
    case 'SliceSelector':
      return [node.start, node.end, node.step].map((part) => part ?? '').join(':');
    case 'FilterSelector':
      return `?${expression(node.value as Node)}`;
    default:
      return JSON.stringify(node.value);
  }
}

/** In a compared path the parser puts the selector into another. */
export function indexOf({ value, selector: inner }: Node): number {
  return (inner === undefined ? value : (inner as Node).value) as number;
}

function expression(node: Node): string {
  switch (node.type) {
    case 'LogicalOrExpr':
      return `(${expression(node.left as Node)}||${expression(node.right as Node)})`;
    case 'LogicalAndExpr':
      return `(${expression(node.left as Node)}&&${expression(node.right as Node)})`;
    case 'LogicalNotExpr':
      return `!(${expression(node.expression as Node)})`;
    case 'TestExpr':
      return argument(node.expression as Node);
    case 'ComparisonExpr':
      return `${compared(node.left as Node)}${String(node.op)}${compared(node.right as Node)}`;
    default:
      return argument(node);
  }
}

function compared(node: Node): string {
  if (!/^(?:Rel|Abs)SingularQuery$/.test(node.type)) return argument(node);
  const path = `${node.type === 'AbsSingularQuery' ? '$' : '@'}${segments(node)}`;
  const indexed = (node.segments as readonly { node: Node }[]).some(
    ({ node: { type } }) => type === 'IndexSelector',
  );
  return indexed ? `value(${path})` : path;
}

function argument(node: Node): string {
  switch (node.type) {
    case 'Literal':
      // A number that is too large to be one is as good as another.
      return node.value === Number.POSITIVE_INFINITY ? '1e999' : JSON.stringify(node.value);
    case 'FilterQuery': {
      const query = node.value as Node;
      return `${query.type === 'JsonPathQuery' ? '$' : '@'}${segments(query)}`;
    }
    default:
      return call(node);
  }
}

function call({ name, arguments: given }: Node): string {
  const all = (given as readonly Node[]).map((each, index) =>
    name === 'match' && index === 1 && each.type === 'Literal'
      ? JSON.stringify(`(${String(each.value)})`)
      : argument(each),
  );
  return `${String(name)}(${all.join(',')})`;
}
