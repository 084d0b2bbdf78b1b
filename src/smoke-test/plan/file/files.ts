import { realpathSync } from 'node:fs';
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { quote } from '../../../secrets/untrusted.ts';
import { mistakeInFile, readText } from '../../../text/file-text.ts';
import { tryParseJson } from '../../../text/json.ts';
import { type DocumentNode, stringAt } from './document-node.ts';
import type { MistakeCollector } from './mistakes.ts';

export interface FileSource {
  /** @throws a system error with a `code` when the file cannot be read */
  readonly readFile: (path: string) => Buffer;
  /** Absolute. */
  readonly workspace: string;
  /** Follows symbolic links; throws when there is no such file. The file system's own by default. */
  readonly realpath?: (path: string) => string;
}

export interface FoundFile {
  readonly path: string;
  /** How messages name it: relative to the workspace when it is in it. */
  readonly origin: string;
  readonly bytes: Buffer;
}

/** Reads the files that a smoke-test file names, each once. */
export interface NamedFiles {
  bytes(node: DocumentNode | undefined, mistakes: MistakeCollector): FoundFile | undefined;
  json(
    node: DocumentNode | undefined,
    mistakes: MistakeCollector,
  ): { readonly value: unknown; readonly text: string; readonly origin: string } | undefined;
}

/** @param smokeTestFile absolute */
export function createNamedFiles(smokeTestFile: string, source: FileSource): NamedFiles {
  const { workspace, readFile } = source;
  const folder = dirname(smokeTestFile);
  // The files of a smoke-test file outside the workspace are beside it.
  const home = isWithin(workspace, smokeTestFile) ? workspace : folder;
  const real = realPathIn(source);
  const known = new Map<string, FoundFile>();

  const bytes = (node: DocumentNode | undefined, mistakes: MistakeCollector): FoundFile | undefined => {
    const written = stringAt(node);
    if (node === undefined || written === undefined || written === '') return undefined;
    if (written.includes('\0')) {
      mistakes.value(node, 'A path has no null character.');
      return undefined;
    }
    const path = resolve(folder, written);
    if (!isAbsolute(written) && !(isWithin(home, path) && isWithin(real(home), real(path)))) {
      mistakes.value(node, 'This leaves the workspace. Write an absolute path if that is meant.');
      return undefined;
    }
    const before = known.get(path);
    if (before !== undefined) return before;
    const origin = isWithin(workspace, path) ? relative(workspace, path).replaceAll(sep, '/') : path;
    try {
      const found = { path, origin, bytes: readFile(path) };
      const mistake = mistakeInFile(found.bytes);
      if (mistake === undefined) {
        known.set(path, found);
        return found;
      }
      mistakes.value(node, mistake);
      return undefined;
    } catch (error) {
      mistakes.value(node, unreadable(error, origin));
      return undefined;
    }
  };

  return {
    bytes,
    json(node, mistakes) {
      const file = bytes(node, mistakes);
      if (node === undefined || file === undefined) return undefined;
      const read = readText(file.bytes);
      const parsed = 'mistake' in read ? read : tryParseJson(read.text);
      if ('value' in parsed && 'text' in read) {
        return { value: parsed.value, text: read.text, origin: file.origin };
      }
      if ('mistake' in read) mistakes.value(node, read.mistake);
      else if ('mistake' in parsed) mistakes.value(node, `This file is no JSON (${quote(parsed.mistake)}).`);
      return undefined;
    },
  };
}

/** Sentence for a file that cannot be read. */
export function unreadable(error: unknown, origin: string): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return `There is no such file (${quote(origin)}).`;
  if (code === 'EISDIR') return 'This is a directory. Write the path of a file.';
  return `The file cannot be read (${quote(code ?? 'unknown error')}).`;
}

function realPathIn({ realpath = realpathSync }: FileSource): (path: string) => string {
  return (path) => {
    try {
      return realpath(path);
    } catch {
      // There is no such file; reading it says so.
      return path;
    }
  };
}

function isWithin(folder: string, path: string): boolean {
  const fromFolder = relative(folder, path);
  return fromFolder !== '..' && !fromFolder.startsWith(`..${sep}`) && !isAbsolute(fromFolder);
}
