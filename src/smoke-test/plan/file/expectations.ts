import { quote } from '../../../secrets/untrusted.ts';
import { parseExactJson } from '../../../text/exact-json.ts';
import type { Condition } from '../condition.ts';
import {
  type ContentPath,
  type Expectations,
  type GoldenLines,
  type JsonExpectation,
  type Limits,
  NO_EXPECTATIONS,
  type SchemaExpectation,
  type StatusMatcher,
  type StreamExpectation,
  type Tolerance,
  toleranceOf,
} from '../expectations.ts';
import { readGoldenFile } from '../golden-file.ts';
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
import { type LineFile, readLineFile, valuesAt } from './line-files.ts';
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
  /** The file of which the case sends the lines. */
  readonly lineFile: LineFile | undefined;
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
    ...readGolden(child(node, 'equals'), context),
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

type Golden = Pick<Expectations, 'equals' | 'goldenLines' | 'content'>;

const NO_GOLDEN: Golden = { equals: undefined, goldenLines: undefined, content: undefined };

function readGolden(node: DocumentNode | undefined, context: ExpectationContext): Golden {
  if (node === undefined) return NO_GOLDEN;
  const { files, mistakes } = context;
  const asked = present({
    relative: numberAt(child(node, 'relative')),
    absolute: numberAt(child(node, 'absolute')),
  });
  const tolerance = toleranceOf(asked, context.tolerance);
  const at = child(node, 'at');
  if (at !== undefined) return { ...NO_GOLDEN, goldenLines: readGoldenLines(node, at, tolerance, context) };
  const lines = child(node, 'lines');
  if (lines !== undefined)
    mistakes.value(lines, "Say with 'at' which value of each line the answer must equal.");
  const value = child(node, 'value');
  if (value !== undefined)
    return {
      ...NO_GOLDEN,
      equals: { origin: 'inline JSON', value: parseExactJson(jsonTextOf(value)), ...tolerance },
    };
  const fileNode = child(node, 'file');
  const file = files.bytes(fileNode, mistakes);
  if (fileNode === undefined || file === undefined) return NO_GOLDEN;
  const golden = readGoldenFile(file.path, file.origin, file.bytes);
  if (typeof golden === 'string') mistakes.value(fileNode, quote(golden));
  else if ('text' in golden)
    return {
      ...NO_GOLDEN,
      equals: { origin: golden.origin, value: parseExactJson(golden.text), ...tolerance },
    };
  else if (Object.keys(asked).length > 0)
    mistakes.value(
      fileNode,
      'This file is not JSON, so no numbers are compared. Leave relative and absolute out.',
    );
  else return { ...NO_GOLDEN, content: golden };
  return NO_GOLDEN;
}

/** Of each line that is sent, the value that its answer must equal. */
function readGoldenLines(
  node: DocumentNode,
  at: DocumentNode,
  tolerance: Tolerance,
  { files, compilers, lineFile, mistakes }: ExpectationContext,
): GoldenLines | undefined {
  const other = child(node, 'lines');
  const found = other === undefined ? lineFile : readLineFile(other, files, mistakes);
  if (lineFile === undefined && (other === undefined || found !== undefined)) {
    mistakes.value(
      at,
      "This names a value of each line that is sent, but the request sends no lines. Give it 'lines'.",
    );
    return undefined;
  }
  if (found === undefined) return undefined;
  if (other !== undefined && found.lines.length !== lineFile?.lines.length) {
    mistakes.value(
      other,
      `It has ${found.lines.length} lines, and the request sends ${lineFile?.lines.length}. Each line that is sent needs one of its own here.`,
    );
    return undefined;
  }
  const values = valuesAt(at, found, compilers.compilePath, mistakes);
  return values && { origin: found.file.origin, values, lineAt: values.lineAt, ...tolerance };
}

function readStream(
  node: DocumentNode | undefined,
  context: ExpectationContext,
): StreamExpectation | undefined {
  const { timeoutMs, mistakes } = context;
  const text = child(node, 'text');
  return (
    node && {
      firstEventMs: readLimit(child(node, 'first-event'), timeoutMs, mistakes),
      minEvents: numberAt(child(node, 'min-events')),
      endsWith: stringAt(child(node, 'ends-with')),
      text: text && readCondition(text, 'text', mistakes),
      content: readContent(child(node, 'content'), context),
      maxGapMs: readLimit(child(node, 'max-gap'), timeoutMs, mistakes),
      eventsPerSecond: numberAt(child(node, 'events-per-second')),
    }
  );
}

function readContent(
  node: DocumentNode | undefined,
  { compilers, mistakes }: ExpectationContext,
): ContentPath | undefined {
  const path = stringAt(node);
  if (node === undefined || path === undefined) return undefined;
  const find = compilers.compilePath(path);
  if (typeof find !== 'string') return { path, find };
  mistakes.value(node, quote(find));
  return undefined;
}
