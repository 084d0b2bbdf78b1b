import { extname } from 'node:path';
import { readText } from '../../text/file-text.ts';
import { tryParseJson } from '../../text/json.ts';
import type { ContentExpectation } from './expectations.ts';

/** Files that hold text which only its lines make up. */
const TEXT_FILES: ReadonlySet<string> = new Set([
  '.txt',
  '.csv',
  '.tsv',
  '.xml',
  '.html',
  '.md',
  '.yaml',
  '.yml',
]);

const JSON_FILES: ReadonlySet<string> = new Set(['.json', '']);

/** A golden answer: JSON, or the text or the bytes of a file. */
export type GoldenFile = { readonly origin: string; readonly text: string } | ContentExpectation;

/**
 * A golden answer out of a file: JSON unless the name of the file says otherwise, or what it holds does.
 * @returns a sentence for a person when it is neither
 */
export function readGoldenFile(path: string, origin: string, bytes: Buffer): GoldenFile | string {
  const extension = extname(path).toLowerCase();
  if (TEXT_FILES.has(extension)) {
    const mistake = mistakeInText(bytes);
    return mistake ?? { origin, bytes, as: 'text' };
  }
  const read = readText(bytes);
  const parsed = 'mistake' in read ? read : tryParseJson(read.text);
  if ('text' in read && 'value' in parsed) return { origin, text: read.text };
  if (!JSON_FILES.has(extension)) return { origin, bytes, as: 'bytes' };
  if ('mistake' in read) return read.mistake;
  return `The file is not JSON (${'mistake' in parsed ? parsed.mistake : ''}).`;
}

/** Text that is empty would ask for nothing that a status does not. */
function mistakeInText(bytes: Buffer): string | undefined {
  const content = readText(bytes);
  if ('mistake' in content) return content.mistake;
  return content.text.trim() === '' ? 'The file is empty, so there is nothing to compare.' : undefined;
}
