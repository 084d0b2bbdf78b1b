import { whyInputUnread } from '../process/guarded-files.ts';
import {
  type Expectations,
  type Limits,
  NO_EXPECTATIONS,
  type Tolerance,
  toleranceOf,
} from '../smoke-test/plan/expectations.ts';
import { type GoldenFile, readGoldenFile } from '../smoke-test/plan/golden-file.ts';
import { parseExactJson } from '../text/exact-json.ts';
import { mistakeInFile, readText } from '../text/file-text.ts';
import { tryParseJson } from '../text/json.ts';
import { words } from '../text/words.ts';
import { defaultOf, type InputName } from './declarations.ts';
import type { InputReader, InputSource } from './reader.ts';

/** What `tolerance` and `absolute-tolerance` are when nobody gives them. */
export const DEFAULT_TOLERANCE = {
  relative: Number(defaultOf('tolerance')),
  absolute: Number(defaultOf('absolute-tolerance')),
};

/** What the inputs expect of every answer: a golden answer within its tolerance, and a schema. */
export async function readExpectations(reader: InputReader, source: InputSource): Promise<Expectations> {
  const tolerance = readTolerance(reader);
  const golden = readGolden(reader, source);
  for (const name of ['tolerance', 'absolute-tolerance'] as const) refuseIdleTolerance(reader, name, golden);
  const schema = readSchema(reader, source);
  return {
    ...NO_EXPECTATIONS,
    equals:
      golden !== undefined && 'text' in golden
        ? { origin: golden.origin, value: parseExactJson(golden.text), ...tolerance }
        : undefined,
    content: golden !== undefined && 'as' in golden ? golden : undefined,
    schema: schema && (await compile(reader, schema)),
  };
}

/** A tolerance with nothing to compare. Without a request, that is told of every input. */
function refuseIdleTolerance(reader: InputReader, name: InputName, golden: GoldenFile | undefined): void {
  const value = reader.given(name);
  if (value === '' || reader.isMistaken(name)) return;
  if (golden !== undefined && 'as' in golden)
    reader.mistake(
      name,
      value,
      `The expected response is not JSON, so no numbers are compared. Leave it out.`,
    );
  if (reader.text('expected-response') !== '' || reader.text('sample-request') === '') return;
  reader.mistake(
    name,
    value,
    `It has no effect without ${words.label('expected-response')}. Give that too, or leave this out.`,
  );
}

async function compile(reader: InputReader, { path, value }: JsonFile): Promise<Expectations['schema']> {
  const { compileOwnSchema } = await import('../smoke-test/judge/json-schema.ts');
  const schema = compileOwnSchema(value, path);
  if (typeof schema !== 'string') return schema;
  reader.mistake('response-schema', path, schema);
  return undefined;
}

function readTolerance(reader: InputReader): Tolerance {
  const asked = {
    ...numberOf(reader, 'tolerance', 'relative', 1, 'as a number from 0 to 1, such as 1e-6 or 0.01'),
    ...numberOf(
      reader,
      'absolute-tolerance',
      'absolute',
      Number.MAX_VALUE,
      'as a number, such as 1e-6 or 0.5',
    ),
  };
  return toleranceOf(asked, DEFAULT_TOLERANCE);
}

/** A tolerance when it is given; the default is not what a user asks for. */
function numberOf(
  reader: InputReader,
  name: 'tolerance' | 'absolute-tolerance',
  kind: keyof Limits,
  most: number,
  how: string,
): Partial<Limits> {
  const text = reader.given(name);
  if (text === '') return {};
  const number = /^\d*\.?\d+(?:e[-+]?\d{1,3})?$/i.test(text) ? Number(text) : Number.NaN;
  if (number >= 0 && number <= most) return { [kind]: number };
  reader.mistake(name, text, `Write the ${kind} tolerance ${how}.`);
  return {};
}

interface JsonFile {
  /** How messages name it: the file's path, or `inline JSON`. */
  readonly path: string;
  readonly text: string;
  readonly value: unknown;
}

function readSchema(reader: InputReader, source: InputSource): JsonFile | undefined {
  const found = readInput(reader, source, 'response-schema');
  if (found === undefined || 'value' in found) return found;
  const parsed = parseFile(found);
  if (typeof parsed !== 'string') return parsed;
  reader.mistake('response-schema', found.path, parsed);
  return undefined;
}

function readGolden(reader: InputReader, source: InputSource): GoldenFile | undefined {
  const found = readInput(reader, source, 'expected-response');
  if (found === undefined) return undefined;
  const { path } = found;
  if ('value' in found) return { origin: path, text: found.text };
  const golden = readGoldenFile(path, path, found.bytes);
  if (typeof golden !== 'string') return golden;
  reader.mistake('expected-response', path, golden);
  return undefined;
}

interface FoundFile {
  readonly path: string;
  readonly bytes: Buffer;
}

/** A file, or inline JSON as it is written. */
function readInput(
  reader: InputReader,
  source: InputSource,
  name: 'response-schema' | 'expected-response',
): FoundFile | JsonFile | undefined {
  const written = reader.text(name);
  if (written === '') return undefined;
  const inline = tryParseJson(written);
  if (/^[[{"]/.test(written)) {
    if ('value' in inline) return inlineJson(written, inline.value);
    reader.mistake(name, written, `This is not JSON (${inline.mistake}).`);
    return undefined;
  }
  const path = reader.path(name);
  try {
    const bytes = source.readFile(path);
    const mistake = mistakeInFile(bytes);
    if (mistake === undefined) return { path, bytes };
    reader.mistake(name, path, mistake);
  } catch (error) {
    if ('value' in inline) return inlineJson(written, inline.value);
    reader.mistake(name, path, whyInputUnread(error, path));
  }
  return undefined;
}

function inlineJson(text: string, value: unknown): JsonFile {
  return { path: 'inline JSON', text, value };
}

/** @returns a sentence for a person when the file holds no JSON */
function parseFile({ path, bytes }: FoundFile): JsonFile | string {
  const content = readText(bytes);
  if ('mistake' in content) return content.mistake;
  const parsed = tryParseJson(content.text);
  return 'value' in parsed
    ? { path, text: content.text, value: parsed.value }
    : `The file is not JSON (${parsed.mistake}).`;
}
