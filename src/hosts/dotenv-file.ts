import { randomUUID } from 'node:crypto';
import { lstatSync, renameSync, rmSync, type Stats, writeFileSync } from 'node:fs';
import { Secret } from '../secrets/secret.ts';
import { quote } from '../secrets/untrusted.ts';

/** The file of the option --dotenv: the outputs that are no secret, as other jobs and programs read them. */
export interface DotenvFile {
  add(name: string, value: string | Secret): void;
  /** @returns what is wrong with the path, for a person, when it cannot be such a file */
  mistake(): string | undefined;
  /** @returns why it could not be written, for a person */
  write(): string | undefined;
}

/** @param path undefined: nothing is kept or written */
export function createDotenvFile(path: string | undefined): DotenvFile {
  const outputs = new Map<string, string>();
  return {
    add(name, value) {
      if (!(value instanceof Secret)) outputs.set(name, value);
    },
    mistake: () => (path === undefined ? undefined : mistakeOf(path)),
    write: () => (path === undefined ? undefined : write(path, outputs)),
  };
}

/** A link may lead to another file, and to write into a pipe waits for a reader. */
function mistakeOf(path: string): string | undefined {
  if (path === '') return '--dotenv names no file.';
  const found = statsOf(path);
  if (found === undefined || found.isFile()) return undefined;
  const what = found.isSymbolicLink() ? 'a link' : found.isDirectory() ? 'a directory' : 'not a regular file';
  return `'${quote(path, 200)}' (--dotenv) is ${what}. Name a file that may be written.`;
}

function statsOf(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}

/** Replaces the file as a whole. Values have no quotes, as GitLab reads it; one with line breaks is left out. */
function write(path: string, outputs: ReadonlyMap<string, string>): string | undefined {
  const lines = [...outputs]
    .filter(([, value]) => !/[\r\n]/.test(value))
    .map(([name, value]) => `AZUREML_${name.replaceAll('-', '_').toUpperCase()}=${value}\n`);
  const part = `${path}.${randomUUID()}.part`;
  try {
    const mistake = mistakeOf(path);
    if (mistake !== undefined) return mistake;
    writeFileSync(part, lines.join(''), { flag: 'wx' });
    renameSync(part, path);
    return undefined;
  } catch (error) {
    rmSync(part, { force: true });
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    return `The outputs could not be written to '${quote(path, 200)}' (--dotenv): ${code}.`;
  }
}
