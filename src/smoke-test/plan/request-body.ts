import { extname } from 'node:path';
import { type ReadFile, whyInputUnread } from '../../process/guarded-files.ts';
import { mistakeInSample } from '../../text/file-text.ts';
import { tryParseJson } from '../../text/json.ts';

/** One request body, byte for byte. */
export interface RequestBodyFile {
  readonly body: Buffer;
  readonly contentType: string;
  /** How the log names it: the file's path, or `inline JSON`. */
  readonly origin: string;
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.json': 'application/json',
  '.jsonl': 'application/jsonl',
  '.ndjson': 'application/x-ndjson',
  '.csv': 'text/csv',
  '.txt': 'text/plain; charset=utf-8',
  '.xml': 'application/xml',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.png': 'image/png',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.wav': 'audio/wav',
  '.mp3': 'audio/mpeg',
  '.pdf': 'application/pdf',
};

/**
 * A file's bytes, or inline JSON as it is written.
 * @returns a sentence for a person when the text is neither of them
 */
export function readRequestBody(text: string, readFile: ReadFile): RequestBodyFile | string {
  if (/^[[{"]/.test(text)) {
    const parsed = tryParseJson(text);
    return 'value' in parsed ? inline(text) : `This is not JSON (${parsed.mistake}).${robbedOfQuotes(text)}`;
  }
  try {
    const body = readFile(text);
    const mistake = mistakeInSample(body);
    if (mistake !== undefined) return mistake;
    return { body, contentType: contentTypeOf(text, body), origin: text };
  } catch (error) {
    if (isJson(text)) return inline(text);
    return whyInputUnread(error, text);
  }
}

/**
 * Windows PowerShell takes the double quotes out of what it hands to a program: `{"a": 1}` arrives as `{a: 1}`, and
 * `[["x y"]]` as `[[x y]]`.
 */
function robbedOfQuotes(text: string): string {
  const isRobbed =
    !text.includes('"') && /[[{,]\s*[A-Za-z_]/.test(text.replace(/\b(?:true|false|null)\b/g, '1'));
  return isRobbed
    ? ' Its double quotes are missing: Windows PowerShell removes them from the arguments of a program. Write the JSON to a file, and name the file.'
    : '';
}

function inline(text: string): RequestBodyFile {
  return { body: Buffer.from(text, 'utf8'), contentType: 'application/json', origin: 'inline JSON' };
}

export function contentTypeOf(path: string, body: Buffer): string {
  const known = CONTENT_TYPES[extname(path).toLowerCase()];
  if (known !== undefined) return known;
  return isJson(body.toString('utf8')) ? 'application/json' : 'application/octet-stream';
}

function isJson(text: string): boolean {
  return 'value' in tryParseJson(text);
}
