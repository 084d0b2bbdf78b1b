import { words } from './words.ts';

// What a file of the user's must be: its own content, not a pointer to it, and UTF-8 where it is read as text.

const UTF8_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const UTF16_MARKS: readonly (readonly [name: string, mark: Buffer])[] = [
  ['UTF-16LE', Buffer.from([0xff, 0xfe])],
  ['UTF-16BE', Buffer.from([0xfe, 0xff])],
];

/** The first line of a Git LFS pointer. @see https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md */
const LFS_POINTER = /^version https:\/\/(?:git-lfs\.github\.com|hawser\.github\.com)\/spec\/v1\r?\n/;

/** Pointers are shorter than this; a longer file that begins like one is about pointers. */
const LONGEST_POINTER = 1_024;

/** How to write UTF-8 where Windows PowerShell writes UTF-16. */
export const SAVE_AS_UTF8 = 'Save it as UTF-8 (in Windows PowerShell: Out-File -Encoding utf8).';

/** What is wrong with a file whatever it is used for, as a sentence for a person; undefined when nothing is. */
export function mistakeInFile(bytes: Buffer): string | undefined {
  if (bytes.length > LONGEST_POINTER || !LFS_POINTER.test(bytes.toString('latin1'))) return undefined;
  return `This is a Git LFS pointer, not the file itself. ${words.fetchLfs}`;
}

/** What is wrong with a request body, as a sentence for a person: an empty sample asks nothing of a model. */
export function mistakeInSample(bytes: Buffer): string | undefined {
  if (isBlank(bytes)) return 'The file is empty. A sample request needs a body.';
  return mistakeInFile(bytes);
}

function isBlank(bytes: Buffer): boolean {
  const start = bytes.subarray(0, 3).equals(UTF8_MARK) ? 3 : 0;
  return bytes.subarray(start).every((byte) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d));
}

/** The name of a Unicode encoding whose byte order mark the bytes begin with; undefined when there is none. */
export function byteOrderMarkOf(bytes: Buffer): 'UTF-8' | 'UTF-16LE' | 'UTF-16BE' | undefined {
  if (bytes.subarray(0, 3).equals(UTF8_MARK)) return 'UTF-8';
  const found = UTF16_MARKS.find(([, mark]) => bytes.subarray(0, 2).equals(mark));
  return found?.[0] as 'UTF-16LE' | 'UTF-16BE' | undefined;
}

/** The text of a UTF-8 file without its byte order mark, or a sentence about what the file is instead. */
export function readText(bytes: Buffer): { readonly text: string } | { readonly mistake: string } {
  const mistake = mistakeInFile(bytes);
  if (mistake !== undefined) return { mistake };
  const mark = byteOrderMarkOf(bytes);
  if (mark === 'UTF-16LE' || mark === 'UTF-16BE') return { mistake: `The file is ${mark}. ${SAVE_AS_UTF8}` };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { mistake: 'The file is not UTF-8 text. Save it as UTF-8.' };
  }
}
