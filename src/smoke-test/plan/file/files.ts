import { dirname, relative, resolve, sep } from 'node:path';
import { type Confinement, isWithin, type ReadFile, whyUnread } from '../../../process/guarded-files.ts';
import { quote } from '../../../secrets/untrusted.ts';
import { mistakeInFile, readText } from '../../../text/file-text.ts';
import { tryParseJson } from '../../../text/json.ts';
import { type DocumentNode, stringAt } from './document-node.ts';
import type { MistakeCollector } from './mistakes.ts';

export interface FileSource {
  readonly readFile: ReadFile;
  /** Absolute. */
  readonly workspace: string;
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
  const confinement = confinementOf(smokeTestFile, workspace);
  const known = new Map<string, FoundFile>();

  const bytes = (node: DocumentNode | undefined, mistakes: MistakeCollector): FoundFile | undefined => {
    const written = stringAt(node);
    if (node === undefined || written === undefined || written === '') return undefined;
    const path = resolve(folder, written);
    const before = known.get(path);
    if (before !== undefined) return before;
    const origin = isWithin(workspace, path) ? relative(workspace, path).replaceAll(sep, '/') : path;
    try {
      const found = { path, origin, bytes: readFile(path, confinement) };
      const mistake = mistakeInFile(found.bytes);
      if (mistake === undefined) {
        known.set(path, found);
        return found;
      }
      mistakes.value(node, mistake);
      return undefined;
    } catch (error) {
      mistakes.value(node, whyUnread(error, origin));
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
      else if ('mistake' in parsed) mistakes.value(node, `This file is not JSON (${quote(parsed.mistake)}).`);
      return undefined;
    },
  };
}

/** Who may change the smoke-test file does not choose freely what the step sends or shows. */
function confinementOf(smokeTestFile: string, workspace: string): Confinement {
  if (isWithin(workspace, smokeTestFile)) {
    const advice = 'Copy the file into the workspace, or name a smoke-test file that lies beside it.';
    return { folders: [workspace], name: 'the workspace', advice };
  }
  const name = 'the workspace and the folder of the smoke-test file';
  return { folders: [dirname(smokeTestFile), workspace], name, advice: 'Copy the file there.' };
}
