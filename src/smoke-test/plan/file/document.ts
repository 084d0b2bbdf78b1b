import { LineCounter, type ParsedNode, parseDocument, type YAMLError } from 'yaml';
import { quote } from '../../../secrets/untrusted.ts';
import { byteOrderMarkOf, mistakeInFile, readText } from '../../../text/file-text.ts';
import type { Position, PositionLookup } from './position.ts';
import { type Spans, toJson } from './yaml-to-json.ts';

export interface DocumentMistake {
  readonly position: Position;
  readonly message: string;
}

/** The values of a YAML text, and what is wrong with its YAML. */
export interface SmokeDocument extends PositionLookup {
  /** JSON; mappings have no prototype. Undefined when too much of the text is wrong to read its values. */
  readonly value: unknown;
  /** JSON Pointer → how a number is written as JSON, where that is not what its value gives. */
  readonly spellings: ReadonlyMap<string, string>;
  readonly mistakes: readonly DocumentMistake[];
}

/** Larger request bodies belong in files of their own. */
const MOST_BYTES = 1024 * 1024;

const START: Position = { line: 1, column: 1 };

/** What to say instead of what the YAML parser says, by the code of its error. */
const SENTENCES: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'YAML does not allow tabs for indentation. Use spaces.',
  MULTIPLE_DOCS: 'A second document begins here. Write one, without a line of ---.',
  RESOURCE_EXHAUSTION: 'This is nested too deep.',
};

/** What to do about other errors. */
const ADVICE: Readonly<Record<string, string>> = {
  BAD_SCALAR_START: 'Put quotes around the text.',
  BLOCK_AS_IMPLICIT_KEY: 'Put quotes around text that holds a colon and a space.',
  TAG_RESOLVE_FAILED: 'Leave the tag out.',
};

export function readDocument(bytes: Buffer): SmokeDocument {
  if (bytes.length > MOST_BYTES)
    return unreadable(START, 'This file is larger than 1 MiB. Put request bodies into files of their own.');
  const read = readText(bytes);
  if ('mistake' in read) return unreadable(firstBadByte(bytes), read.mistake);
  const { text } = read;
  const positionAt = positionsIn(text);
  const document = parseDocument<ParsedNode>(text, {
    prettyErrors: false,
    // Duplicate keys are looked for in yaml-to-json.ts, in linear time.
    uniqueKeys: false,
    resolveKnownTags: false,
    // A %YAML 1.1 directive would otherwise make `no` a boolean.
    schema: 'core',
    merge: false,
    logLevel: 'error',
  });
  const mistakeOf = ({ code, message, pos }: YAMLError): DocumentMistake => ({
    position: positionAt(pos[0]),
    message: parserSentence(code, message),
  });
  if (document.errors.length > 0) {
    return { ...unreadable(START, ''), mistakes: withoutConsequences(document.errors).map(mistakeOf) };
  }
  if (document.contents === null || isEmpty(document.contents))
    return unreadable(START, 'This file is empty. Write at least version: 1 and cases.');
  const { value, spans, spellings, faults, exhausted } = toJson(document);
  const mistakes = [
    ...document.warnings.map(mistakeOf),
    ...faults.map(({ offset, message }) => ({ position: positionAt(offset), message })),
  ];
  return { value: exhausted ? undefined : value, spellings, mistakes, ...locate(spans, positionAt) };
}

function isEmpty(contents: ParsedNode): boolean {
  return 'value' in contents && contents.value === null && contents.range[0] === contents.range[1];
}

/** The errors without those that are consequences of an earlier one. */
function withoutConsequences(errors: readonly YAMLError[]): readonly YAMLError[] {
  const first = (wanted: string): YAMLError | undefined => errors.find(({ code }) => code === wanted);
  const tooDeep = first('RESOURCE_EXHAUSTION');
  if (tooDeep !== undefined) return [tooDeep];
  // After one unexpected token every further one is unexpected.
  const unexpected = first('UNEXPECTED_TOKEN');
  return errors.filter((error) => error === unexpected || error.code !== 'UNEXPECTED_TOKEN');
}

/** Counts the lines itself: the parser's own counter misses some in a text that is not YAML. */
function positionsIn(text: string): (offset: number) => Position {
  const lines = new LineCounter();
  for (let start = 0; ; ) {
    lines.addNewLine(start);
    start = text.indexOf('\n', start) + 1;
    if (start === 0) break;
  }
  return (offset) => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
}

function parserSentence(code: string, message: string): string {
  const advice = ADVICE[code] ?? '';
  return SENTENCES[code] ?? `This is not YAML (${quote(message)}). ${advice}`.trim();
}

/** Where decoding puts the first replacement character; the start of a file that is not UTF-8 at all. */
function firstBadByte(bytes: Buffer): Position {
  if (mistakeInFile(bytes) !== undefined || byteOrderMarkOf(bytes)?.startsWith('UTF-16')) return START;
  const before = new TextDecoder().decode(bytes).split('\uFFFD', 1)[0] ?? '';
  const lines = before.split('\n');
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
}

function unreadable(position: Position, message: string): SmokeDocument {
  return {
    value: undefined,
    spellings: new Map(),
    mistakes: [{ position, message }],
    keyAt: () => START,
    valueAt: () => START,
  };
}

function locate(spans: Spans, positionAt: (offset: number) => Position): PositionLookup {
  const at = (pointer: string, part: 'key' | 'value'): Position => {
    const span = spans.get(pointer);
    return span === undefined ? START : positionAt(span[part]);
  };
  return { keyAt: (pointer) => at(pointer, 'key'), valueAt: (pointer) => at(pointer, 'value') };
}
