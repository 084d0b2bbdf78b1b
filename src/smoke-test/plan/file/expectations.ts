import { quote } from '../../../secrets/untrusted.ts';
import { parseExactJson } from '../../../text/exact-json.ts';
import type { Condition } from '../condition.ts';
import {
  type Expectations,
  type GoldenExpectation,
  type JsonExpectation,
  type Limits,
  NO_EXPECTATIONS,
  type SchemaExpectation,
  type StatusMatcher,
  type StreamExpectation,
  toleranceOf,
} from '../plan.ts';
import { readCondition } from './conditions.ts';
import {
  child,
  type DocumentNode,
  entriesOf,
  itemsOf,
  jsonTextOf,
  numberAt,
  stringAt,
} from './document-node.ts';
import type { NamedFiles } from './files.ts';
import type { MistakeCollector } from './mistakes.ts';
import { isHeaderName } from './request-headers.ts';
import { present, readDeploymentName, readLimit } from './values.ts';

/** Compile what a file says of replies. Each returns a sentence for a person when it cannot. */
export interface Compilers {
  readonly compileSchema: (schema: unknown, origin: string) => SchemaExpectation | string;
  readonly compilePath: (path: string) => JsonExpectation['find'] | string;
}

export interface ExpectationContext {
  readonly files: NamedFiles;
  readonly compilers: Compilers;
  readonly timeoutMs: number;
  /** Of a golden value that names none. */
  readonly tolerance: Limits;
  readonly mistakes: MistakeCollector;
}

export function readExpectations(node: DocumentNode | undefined, context: ExpectationContext): Expectations {
  const { mistakes, timeoutMs } = context;
  const text = child(node, 'text');
  return {
    ...NO_EXPECTATIONS,
    status: readStatus(child(node, 'status')),
    deployment: readDeploymentName(child(node, 'deployment'), mistakes),
    contentType: stringAt(child(node, 'content-type')),
    headers: readHeaders(child(node, 'headers'), mistakes),
    schema: readSchema(child(node, 'schema'), context),
    json: readJson(child(node, 'json'), context),
    text: text && readCondition(text, 'text', mistakes),
    equals: readGolden(child(node, 'equals'), context),
    maxLatencyMs: readLimit(child(node, 'max-latency'), timeoutMs, mistakes),
    stream: readStream(child(node, 'stream'), context),
    // A condition on the text says itself whether it may be empty.
    body: text === undefined ? 'answer' : 'may-be-empty',
  };
}

function readStatus(node: DocumentNode | undefined): readonly StatusMatcher[] {
  if (node === undefined) return NO_EXPECTATIONS.status;
  const values = Array.isArray(node.value) ? itemsOf(node).map(({ value }) => value) : [node.value];
  return values.flatMap((value): readonly StatusMatcher[] => {
    if (typeof value === 'number') return [{ code: value }];
    return typeof value === 'string' ? [{ class: Number.parseInt(value, 10) }] : [];
  });
}

function readHeaders(
  node: DocumentNode | undefined,
  mistakes: MistakeCollector,
): Readonly<Record<string, Condition>> {
  const seen = new Set<string>();
  const conditions = entriesOf(node)
    .filter((entry) => isHeaderName(entry, seen, mistakes))
    .map((entry) => [entry.key.toLowerCase(), readCondition(entry, 'header', mistakes)] as const);
  return Object.fromEntries(conditions);
}

function readSchema(
  node: DocumentNode | undefined,
  { files, compilers, mistakes }: ExpectationContext,
): SchemaExpectation | undefined {
  const file = files.json(node, mistakes);
  if (node === undefined || file === undefined) return undefined;
  const compiled = compilers.compileSchema(file.value, file.origin);
  if (typeof compiled !== 'string') return compiled;
  mistakes.value(node, quote(compiled));
  return undefined;
}

function readJson(
  node: DocumentNode | undefined,
  { compilers, mistakes }: ExpectationContext,
): readonly JsonExpectation[] {
  return entriesOf(node).flatMap((entry) => {
    const condition = readCondition(entry, 'JSON', mistakes);
    const find = compilers.compilePath(entry.key);
    if (typeof find !== 'string') return [{ path: entry.key, find, condition }];
    mistakes.key(entry.pointer, quote(find));
    return [];
  });
}

function readGolden(
  node: DocumentNode | undefined,
  { files, tolerance, mistakes }: ExpectationContext,
): GoldenExpectation | undefined {
  const value = child(node, 'value');
  const golden =
    value === undefined
      ? files.json(child(node, 'file'), mistakes)
      : { text: jsonTextOf(value), origin: 'inline JSON' };
  if (golden === undefined) return undefined;
  const asked = present({
    relative: numberAt(child(node, 'relative')),
    absolute: numberAt(child(node, 'absolute')),
  });
  return { origin: golden.origin, value: parseExactJson(golden.text), ...toleranceOf(asked, tolerance) };
}

function readStream(
  node: DocumentNode | undefined,
  { timeoutMs, mistakes }: ExpectationContext,
): StreamExpectation | undefined {
  return (
    node && {
      firstEventMs: readLimit(child(node, 'first-event'), timeoutMs, mistakes),
      minEvents: numberAt(child(node, 'min-events')),
      endsWith: stringAt(child(node, 'ends-with')),
    }
  );
}
