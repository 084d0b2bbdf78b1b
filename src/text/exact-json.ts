import { randomUUID } from 'node:crypto';
import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads';

const SHARED_AS = 'mark of exact numbers';

/** A key that no JSON text has: it is made anew for each process, shared with its threads, and never leaves it. */
const MARK = (getEnvironmentData(SHARED_AS) as string | undefined) ?? randomUUID();
setEnvironmentData(SHARED_AS, MARK);

/** An object that stands for a number, in JSON. */
const MARKED = new RegExp(`\\{"${MARK}":"([^"]+)"\\}`, 'g');

/**
 * Numbers whose spelling says more than the value that JavaScript makes of them: integers that are too long to be kept
 * exactly, and large numbers that have no fraction but are not integers (`1234567.0`, `1e9`). For shorter numbers it
 * makes no difference to a comparison.
 */
const SPEAKING = /^-?\d{16,}$|^-?\d{7,}\.0+$|[eE]/;

/** Whether the spelling of a number is to be kept. */
type IsKept = (number: string) => boolean;

const isSpeaking: IsKept = (number) => SPEAKING.test(number);
const isOtherwise: IsKept = (number) => String(Number(number)) !== number;

const QUOTATION_MARK = 0x22;
const BACKSLASH = 0x5c;

/**
 * Parses JSON as `JSON.parse` does, but keeps the spelling of the numbers that lose something by it: those are objects
 * that {@link spellingOf} reads.
 * @throws SyntaxError when the text is not JSON
 */
export function parseExactJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (!/\d{7}|\d[eE]/.test(text)) return value;
  const marked = withMarks(text, isSpeaking);
  return marked === text ? value : (JSON.parse(marked) as unknown);
}

/**
 * The same, and keeps every spelling that the value would not be written in, such as `63.0`, so that
 * {@link spelledJsonText} gives the numbers as they were.
 * @throws SyntaxError when the text is not JSON
 */
export function parseSpelledJson(text: string): unknown {
  JSON.parse(text);
  return JSON.parse(withMarks(text, isOtherwise)) as unknown;
}

/** A value as JSON, the numbers in it as they were written. */
export function spelledJsonText(value: unknown): string {
  return JSON.stringify(value).replaceAll(MARKED, '$1');
}

/** How a number was written, when {@link parseExactJson} kept that; undefined for any other value. */
export function spellingOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, MARK)) return undefined;
  return (value as Readonly<Record<string, string>>)[MARK];
}

/** @param text valid JSON */
function withMarks(text: string, isKept: IsKept): string {
  const parts: string[] = [];
  let copied = 0;
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at);
    if (code === QUOTATION_MARK) {
      at = endOfString(text, at);
    } else if (startsNumber(code)) {
      let end = at + 1;
      while (continuesNumber(text.charCodeAt(end))) end += 1;
      const number = text.slice(at, end);
      if (isKept(number)) {
        parts.push(text.slice(copied, at), `{"${MARK}":"${number}"}`);
        copied = end;
      }
      at = end;
    } else {
      at += 1;
    }
  }
  return copied === 0 ? text : parts.join('') + text.slice(copied);
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text.charCodeAt(at) !== QUOTATION_MARK) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
  return at + 1;
}

/** A digit or a minus sign. */
function startsNumber(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || code === 0x2d;
}

/** Digits, `+`, `-`, `.`, `e` and `E`. */
function continuesNumber(code: number): boolean {
  return startsNumber(code) || code === 0x2b || code === 0x2e || code === 0x65 || code === 0x45;
}
