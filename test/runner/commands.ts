import { trim, trimStart } from './white-space.ts';

export interface Command {
  readonly v: 'v1' | 'v2';
  /** As written: `Error` and `error` are the same command. */
  readonly cmd: string;
  readonly props: Readonly<Record<string, string>>;
  readonly data: string;
}

export type ParsedLine = Command | { readonly v: 'none' };

const NONE: ParsedLine = { v: 'none' };

/** What the runner obeys. `internal-set-repo-path` is the checkout plug-in's and unknown to other steps. */
const COMMAND_NAMES: ReadonlySet<string> = new Set([
  'add-mask',
  'add-matcher',
  'add-path',
  'debug',
  'echo',
  'endgroup',
  'error',
  'group',
  'notice',
  'remove-matcher',
  'save-state',
  'set-env',
  'set-output',
  'stop-commands',
  'warning',
]);

type Escapes = readonly (readonly [escaped: string, char: string])[];

// `%25` comes last, as in the runner: `%250A` is the text `%0A`.
const DATA_ESCAPES: Escapes = [
  ['%0D', '\r'],
  ['%0A', '\n'],
  ['%25', '%'],
];
const PROPERTY_ESCAPES: Escapes = [
  ['%0D', '\r'],
  ['%0A', '\n'],
  ['%3A', ':'],
  ['%2C', ','],
  ['%25', '%'],
];
const V1_ESCAPES: Escapes = [
  ['%3B', ';'],
  ['%0D', '\r'],
  ['%0A', '\n'],
  ['%5D', ']'],
  ['%25', '%'],
];

/** The lines of a stream: each ends at `\n`, `\r\n` or a bare `\r`; an unfinished last line counts. */
export function splitLines(stream: string): string[] {
  const lines = stream.split(/\r\n|\r|\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** @param known lower-case names */
export function parseLine(line: string, known: ReadonlySet<string> = COMMAND_NAMES): ParsedLine {
  return parseV2(line, known) ?? parseV1(line, known) ?? NONE;
}

function parseV2(line: string, known: ReadonlySet<string>): Command | undefined {
  const text = trimStart(line);
  if (!text.startsWith('::')) return undefined;
  const end = text.indexOf('::', 2);
  if (end < 0) return undefined;
  const head = parseHead(text.slice(2, end), known);
  if (head === undefined) return undefined;
  return {
    v: 'v2',
    cmd: head.name,
    props: parseProperties(trim(head.properties), ',', PROPERTY_ESCAPES),
    data: unescaped(text.slice(end + 2), DATA_ESCAPES),
  };
}

function parseV1(line: string, known: ReadonlySet<string>): Command | undefined {
  const start = line.indexOf('##[');
  if (start < 0) return undefined;
  const end = line.indexOf(']', start);
  if (end < 0) return undefined;
  const head = parseHead(line.slice(start + 3, end), known);
  if (head === undefined) return undefined;
  return {
    v: 'v1',
    cmd: head.name,
    props: parseProperties(head.properties, ';', V1_ESCAPES),
    data: unescaped(line.slice(end + 1), V1_ESCAPES),
  };
}

function parseHead(
  head: string,
  known: ReadonlySet<string>,
): { name: string; properties: string } | undefined {
  const space = head.indexOf(' ');
  const name = space < 0 ? head : head.slice(0, space);
  if (!known.has(name.toLowerCase())) return undefined;
  return { name, properties: space < 0 ? '' : head.slice(space + 1) };
}

function parseProperties(text: string, separator: string, escapes: Escapes): Record<string, string> {
  const byLowerName = new Map<string, readonly [name: string, value: string]>();
  for (const property of text.split(separator)) {
    // Empty parts vanish in the runner's split, so `=a==b` is a = b.
    const [, name, value] = /^=*([^=]+)=+([^=].*)$/s.exec(property) ?? [];
    if (name === undefined || value === undefined) continue;
    const first = byLowerName.get(name.toLowerCase())?.[0] ?? name;
    byLowerName.set(name.toLowerCase(), [first, unescaped(value, escapes)]);
  }
  return Object.fromEntries(byLowerName.values());
}

function unescaped(text: string, escapes: Escapes): string {
  return escapes.reduce((done, [escaped, char]) => done.replaceAll(escaped, char), text);
}

export type ReadLine =
  /** Shown as it stands. */
  | { readonly kind: 'text' }
  /** Shown as it stands, and from here on commands are ignored or obeyed again. */
  | { readonly kind: 'stop' | 'resume' }
  | { readonly kind: 'bad-stop-token'; readonly token: string }
  | { readonly kind: 'command'; readonly name: string; readonly command: Command };

/** Reads the lines of one step in turn, and knows when `stop-commands` is in force. */
export function createCommandReader(): { read(line: string): ReadLine } {
  let stopToken: string | undefined;

  return {
    read(line) {
      const known = stopToken === undefined ? COMMAND_NAMES : new Set([...COMMAND_NAMES, stopToken]);
      const parsed = parseLine(line, known);
      if (parsed.v === 'none') return { kind: 'text' };
      const name = parsed.cmd.toLowerCase();

      if (stopToken !== undefined) {
        if (name !== stopToken) return { kind: 'text' };
        stopToken = undefined;
        return { kind: 'resume' };
      }
      if (name === 'stop-commands') {
        const token = parsed.data.toLowerCase();
        if (token === '' || token === 'pause-logging' || COMMAND_NAMES.has(token)) {
          return { kind: 'bad-stop-token', token: parsed.data };
        }
        stopToken = token;
        return { kind: 'stop' };
      }
      return { kind: 'command', name, command: parsed };
    },
  };
}
