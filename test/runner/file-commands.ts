import { Buffer } from 'node:buffer';

export const SUMMARY_LIMIT_BYTES = 1_048_576;

export interface ReadPairs {
  /** Later duplicates have won. Pairs before a malformed line stand, as in the runner. */
  readonly pairs: Readonly<Record<string, string>>;
  readonly error?: string;
}

/**
 * Reads the text of GITHUB_OUTPUT, GITHUB_STATE or GITHUB_ENV: `NAME=VALUE`, or `NAME<<DELIMITER`, lines, `DELIMITER`.
 * @param platform on `win32` a line also ends at `\r\n`; elsewhere a `\r` belongs to the value
 */
export function readPairs(text: string, platform: NodeJS.Platform = process.platform): ReadPairs {
  const pairs = new Map<string, string>();
  try {
    for (const [name, value] of eachPair(text, platform)) pairs.set(name, value);
    return { pairs: Object.fromEntries(pairs) };
  } catch (error) {
    return { pairs: Object.fromEntries(pairs), error: (error as Error).message };
  }
}

/** Every value that such a text gives to a name; the last one wins. */
export function valuesOf(
  text: string,
  name: string,
  platform: NodeJS.Platform = process.platform,
): readonly string[] {
  return [...eachPair(text, platform)].filter(([each]) => each === name).map(([, value]) => value);
}

function* eachPair(text: string, platform: NodeJS.Platform): Generator<readonly [string, string]> {
  const lines = new LineReader(text, platform);
  for (let line = lines.next(); line !== undefined; line = lines.next()) {
    if (line.text === '') continue;
    const equals = line.text.indexOf('=');
    const heredoc = line.text.indexOf('<<');
    if (equals >= 0 && (heredoc < 0 || equals < heredoc)) {
      if (equals === 0) throw new Error(`Invalid format '${line.text}'. Name must not be empty`);
      yield [line.text.slice(0, equals), line.text.slice(equals + 1)];
    } else if (heredoc >= 0) {
      const name = line.text.slice(0, heredoc);
      const delimiter = line.text.slice(heredoc + 2);
      if (name === '' || delimiter === '') {
        throw new Error(
          `Invalid format '${line.text}'. Name must not be empty and delimiter must not be empty`,
        );
      }
      yield [name, readUntil(lines, delimiter)];
    } else {
      throw new Error(`Invalid format '${line.text}'`);
    }
  }
}

function readUntil(lines: LineReader, delimiter: string): string {
  let value = '';
  let newline = '';
  for (let line = lines.next(); line?.text !== delimiter; line = lines.next()) {
    if (line === undefined) throw new Error(`Invalid value. Matching delimiter not found '${delimiter}'`);
    if (line.newline === '') throw new Error('Invalid value. EOF marker missing new line.');
    value += newline + line.text;
    newline = line.newline;
  }
  return value;
}

class LineReader {
  readonly #text: string;
  readonly #platform: NodeJS.Platform;
  #at = 0;

  constructor(text: string, platform: NodeJS.Platform) {
    this.#text = text.replace(/^\ufeff/, '');
    this.#platform = platform;
  }

  next(): { text: string; newline: '' | '\n' | '\r\n' } | undefined {
    if (this.#at >= this.#text.length) return undefined;
    const start = this.#at;
    const end = this.#text.indexOf('\n', start);
    if (end < 0) {
      this.#at = this.#text.length;
      return { text: this.#text.slice(start), newline: '' };
    }
    this.#at = end + 1;
    if (this.#platform === 'win32' && end > start && this.#text[end - 1] === '\r') {
      return { text: this.#text.slice(start, end - 1), newline: '\r\n' };
    }
    return { text: this.#text.slice(start, end), newline: '\n' };
  }
}

/** The text of GITHUB_PATH: one directory a line; one that is named again moves to the end. */
export function readPath(text: string): string[] {
  const directories = new Set<string>();
  for (const line of text.replace(/^\ufeff/, '').split(/\r\n|\r|\n/)) {
    if (line === '') continue;
    directories.delete(line);
    directories.add(line);
  }
  return [...directories];
}

/** Why GitHub drops this summary whole, or undefined when it does not. */
export function summaryError(text: string): string | undefined {
  const bytes = Buffer.byteLength(text, 'utf8');
  if (bytes <= SUMMARY_LIMIT_BYTES) return undefined;
  const kib = (size: number) => `${Math.floor(size / 1024)}k`;
  return `$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of ${kib(SUMMARY_LIMIT_BYTES)}, got ${kib(bytes)}.`;
}
