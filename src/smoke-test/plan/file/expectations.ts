import { quote } from '../../../secrets/untrusted.ts';
import type { Condition } from '../condition.ts';
import {
  type Expectations,
  type GoldenExpectation,
  type JsonExpectation,
  NO_EXPECTATIONS,
  type SchemaExpectation,
  type StatusMatcher,
  type StreamExpectation,
} from '../plan.ts';
import { readCondition } from './conditions.ts';
import type { NamedFiles } from './files.ts';
import type { MistakeCollector } from './mistakes.ts';
import { child, entriesOf, itemsOf, numberAt, type Place, plain, textAt } from './place.ts';
import { isHeaderName } from './request-headers.ts';
import { readDeploymentName, readLimit } from './values.ts';

/** What turns the texts of a file into something that can be asked. Each gives a sentence when it cannot. */
export interface Compilers {
  readonly compileSchema: (schema: unknown, origin: string) => SchemaExpectation | string;
  readonly compilePath: (path: string) => JsonExpectation['find'] | string;
}

export interface ExpectationContext {
  readonly files: NamedFiles;
  readonly compilers: Compilers;
  readonly timeoutMs: number;
  readonly mistakes: MistakeCollector;
}

/** Golden files hold numbers of another machine: the last digits may differ. */
const RELATIVE_TOLERANCE = 1e-6;

export function readExpectations(place: Place | undefined, context: ExpectationContext): Expectations {
  const { mistakes, timeoutMs } = context;
  const text = child(place, 'text');
  return {
    ...NO_EXPECTATIONS,
    status: readStatus(child(place, 'status')),
    deployment: readDeploymentName(child(place, 'deployment'), mistakes),
    contentType: textAt(child(place, 'content-type')),
    headers: readHeaders(child(place, 'headers'), mistakes),
    schema: readSchema(child(place, 'schema'), context),
    json: readJson(child(place, 'json'), context),
    text: text && readCondition(text, 'text', mistakes),
    equals: readGolden(child(place, 'equals'), context),
    maxLatencyMs: readLimit(child(place, 'max-latency'), timeoutMs, mistakes),
    stream: readStream(child(place, 'stream'), context),
  };
}

function readStatus(place: Place | undefined): readonly StatusMatcher[] {
  if (place === undefined) return NO_EXPECTATIONS.status;
  const values = Array.isArray(place.value) ? itemsOf(place).map(({ value }) => value) : [place.value];
  return values.flatMap((value): readonly StatusMatcher[] => {
    if (typeof value === 'number') return [{ code: value }];
    return typeof value === 'string' ? [{ class: Number.parseInt(value, 10) }] : [];
  });
}

function readHeaders(
  place: Place | undefined,
  mistakes: MistakeCollector,
): Readonly<Record<string, Condition>> {
  const seen = new Set<string>();
  const conditions = entriesOf(place)
    .filter((entry) => isHeaderName(entry, seen, mistakes))
    .map((entry) => [entry.key.toLowerCase(), readCondition(entry, 'header', mistakes)] as const);
  return Object.fromEntries(conditions);
}

function readSchema(
  place: Place | undefined,
  { files, compilers, mistakes }: ExpectationContext,
): SchemaExpectation | undefined {
  const file = files.json(place, mistakes);
  if (place === undefined || file === undefined) return undefined;
  const compiled = compilers.compileSchema(file.value, file.origin);
  if (typeof compiled !== 'string') return compiled;
  mistakes.value(place, quote(compiled));
  return undefined;
}

function readJson(
  place: Place | undefined,
  { compilers, mistakes }: ExpectationContext,
): readonly JsonExpectation[] {
  return entriesOf(place).flatMap((entry) => {
    const condition = readCondition(entry, 'JSON', mistakes);
    const find = compilers.compilePath(entry.key);
    if (typeof find !== 'string') return [{ path: entry.key, find, condition }];
    mistakes.key(entry.pointer, quote(find));
    return [];
  });
}

function readGolden(
  place: Place | undefined,
  { files, mistakes }: ExpectationContext,
): GoldenExpectation | undefined {
  const value = child(place, 'value');
  const golden =
    value === undefined
      ? files.json(child(place, 'file'), mistakes)
      : { value: plain(value.value), origin: 'inline JSON' };
  return (
    golden && {
      ...golden,
      relative: numberAt(child(place, 'relative')) ?? RELATIVE_TOLERANCE,
      absolute: numberAt(child(place, 'absolute')) ?? 0,
    }
  );
}

function readStream(
  place: Place | undefined,
  { timeoutMs, mistakes }: ExpectationContext,
): StreamExpectation | undefined {
  return (
    place && {
      firstEventMs: readLimit(child(place, 'first-event'), timeoutMs, mistakes),
      minEvents: numberAt(child(place, 'min-events')),
      endsWith: textAt(child(place, 'ends-with')),
    }
  );
}
