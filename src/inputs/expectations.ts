import { codeOf, whyUnread } from '../process/guarded-files.ts';
import {
  type Expectations,
  type Limits,
  NO_EXPECTATIONS,
  type Tolerance,
  toleranceOf,
} from '../smoke-test/plan/plan.ts';
import { parseExactJson } from '../text/exact-json.ts';
import { readText } from '../text/file-text.ts';
import { tryParseJson } from '../text/json.ts';
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
  const golden = readJsonFile(reader, source, 'expected-response');
  for (const name of ['tolerance', 'absolute-tolerance'] as const) refuseIdleTolerance(reader, name);
  const schema = readJsonFile(reader, source, 'response-schema');
  return {
    ...NO_EXPECTATIONS,
    equals: golden && { origin: golden.path, value: parseExactJson(golden.text), ...tolerance },
    schema: schema && (await compile(reader, schema)),
  };
}

/** A tolerance with nothing to compare. Without a request, that is told of every input. */
function refuseIdleTolerance(reader: InputReader, name: InputName): void {
  const value = reader.given(name);
  if (value === '' || reader.isMistaken(name)) return;
  if (reader.text('expected-response') !== '' || reader.text('sample-request') === '') return;
  reader.mistake(name, value, 'Nothing would be compared: give an expected-response, or leave it out.');
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
  readonly path: string;
  readonly text: string;
  readonly value: unknown;
}

function readJsonFile(
  reader: InputReader,
  source: InputSource,
  name: 'response-schema' | 'expected-response',
): JsonFile | undefined {
  const path = reader.path(name);
  if (path === '') return undefined;
  const read = (): JsonFile | string => {
    let bytes: Buffer;
    try {
      bytes = source.readFile(path);
    } catch (error) {
      return codeOf(error) === 'ENOENT'
        ? 'There is no such file in the workspace (is actions/checkout missing?).'
        : whyUnread(error, path);
    }
    const content = readText(bytes);
    if ('mistake' in content) return content.mistake;
    const parsed = tryParseJson(content.text);
    return 'value' in parsed
      ? { path, text: content.text, value: parsed.value }
      : `The file holds no JSON (${parsed.mistake}).`;
  };
  const file = read();
  if (typeof file !== 'string') return file;
  reader.mistake(name, path, file);
  return undefined;
}
