import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { createReader, InputError } from '../../src/inputs/reader.ts';
import { readSmokeTest } from '../../src/inputs/smoke-test.ts';
import type { SmokeTestInputs } from '../../src/smoke-test/settings.ts';

let files: string;

beforeAll(() => {
  files = mkdtempSync(join(tmpdir(), 'smoke-test-inputs-'));
  const write = (name: string, text: string): void => writeFileSync(join(files, name), text);
  write('request.json', '{"rows": [1]}');
  write('expected.json', '[11842.7]');
  write('schema.json', '{"type": "array", "items": {"type": "number"}}');
  write('draft4.json', '{"type": "no such type"}');
  write('broken.json', '{"rows": ');
  write(
    'smoke.yml',
    'version: 1\ndeployment: green\nsamples: 20\ncases: [{ name: one, request: { json: [1] } }]\n',
  );
  write('wrong.yml', 'version: 1\nsamples: none\ncases: [{ name: one, request: { body: missing.json } }]\n');
  mkdirSync(join(files, 'directory'));
});

afterAll(() => rmSync(files, { recursive: true, force: true }));

/**
 * The smoke test of inputs by their kebab-case names, in a workspace with the files above.
 * @throws InputError
 */
export async function read(inputs: Record<string, string>): Promise<SmokeTestInputs | undefined> {
  const environment = Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
  );
  const source = {
    environment,
    readFile: (path: string) => readFileSync(resolve(files, path)),
    workspace: files,
  };
  const reader = createReader(source);
  const smokeTest = await readSmokeTest(reader, source);
  if (reader.mistakes.length + reader.fileMistakes.length > 0)
    throw new InputError(reader.mistakes, reader.fileMistakes);
  return smokeTest;
}

export async function mistakes(inputs: Record<string, string>): Promise<readonly string[]> {
  try {
    await read(inputs);
  } catch (error) {
    if (error instanceof InputError) return error.mistakes;
    throw error;
  }
  return [];
}

export function mistakesWith(inputs: Record<string, string>): Promise<readonly string[]> {
  return mistakes({ 'sample-request': '[1]', ...inputs });
}
