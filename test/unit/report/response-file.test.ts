import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { writeResponseFile } from '../../../src/report/response-file.ts';
import { fakeHost } from '../../support/gate.ts';
import { KEY, replyOf } from '../../support/results.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'response-file-'));
  vi.stubEnv('RUNNER_TEMP', directory);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true, force: true });
});

async function write(body: string | Buffer | undefined, type = 'application/json') {
  const host = fakeHost();
  const path = await writeResponseFile(host.host, replyOf(body, type));
  return { ...host, path };
}

/** What is in the file that this body is written to. */
async function written(body: string): Promise<string> {
  const { path } = await write(body);
  return readFileSync(path!, 'utf8');
}

test('the file is the body byte for byte, in the folder that the CI system empties', async () => {
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
  const { path, told } = await write(bytes, 'image/png');
  expect(path?.startsWith(directory)).toBe(true);
  expect(path).toMatch(/[\\/]response$/);
  expect(readFileSync(path!).equals(bytes)).toBe(true);
  expect(told).toEqual([]);
});

test.each(['application/json', 'application/json; charset=utf-8', 'application/problem+json'])(
  'a body of type %s is written to a file whose name ends with .json',
  async (type) => {
    expect((await write('[1]', type)).path).toMatch(/[\\/]response\.json$/);
  },
);

test('a credential that the model echoes is redacted, also when invisible characters divide it', async () => {
  expect(await written(`{"authorization": "Bearer ${KEY}"}`)).toBe('{"authorization": "Bearer ***"}');
  expect(await written(`a ${KEY.slice(0, 9)}\u200b${KEY.slice(9)} b`)).toBe('a *** b');
});

test('invisible characters stay in a body without a credential', async () => {
  expect(await written('"a\u200bb"')).toBe('"a\u200bb"');
});

test('every run writes a file of its own', async () => {
  const [one, other] = [await write('[1]'), await write('[2]')];
  expect(one.path).not.toBe(other.path);
  expect(readFileSync(one.path!, 'utf8')).toBe('[1]');
});

test('a file that cannot be written is a warning', async () => {
  vi.stubEnv('RUNNER_TEMP', join(directory, 'nowhere'));
  const { path, told } = await write('[1]');
  expect(path).toBeUndefined();
  expect(told).toEqual(['warning: [Response file] The response cannot be written to a file: ENOENT.']);
});

test('there is no file without a reply, nor for a body that was too long to keep', async () => {
  expect((await write(undefined)).path).toBeUndefined();
  expect(await writeResponseFile(fakeHost().host, undefined)).toBeUndefined();
});
