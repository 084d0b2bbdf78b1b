import type { JsonPathQuery } from 'jsonpath-rfc9535/parser';

/** A node of the parser's tree; its `type` says which fields it has. */
interface Node {
  readonly type: string;
  readonly [field: string]: unknown;
}

/**
 * The query as text again, so that the library evaluates it as RFC 9535 wants. It never finds a compared path with
 * an index in it, such as `@.a[0] == 1`, so that path is written as `value(@.a[0])`. It anchors the pattern of
 * `match()` at one side of each alternative only, so the pattern is written as one group: `a|b` as `(a|b)`.
 */
export function conformingText(query: JsonPathQuery): string {
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
function indexOf({ value, selector: inner }: Node): number {
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
