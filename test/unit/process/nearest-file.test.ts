import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nearestFile } from '../../../src/process/nearest-file.ts';

let folder: string;

function write(path: string): void {
  const whole = join(folder, path);
  mkdirSync(dirname(whole), { recursive: true });
  writeFileSync(whole, '');
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'nearest-'));
  for (const path of [
    'README.md',
    'models/churn/sample-request.json',
    'models/fraud/sample-request.json',
    'models/fraud/expected.json',
    '.cache/hidden.json',
    'node_modules/package/packaged.json',
  ])
    write(path);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ['the same name in another folder', 'fraud/expected.json', 'models/fraud/expected.json'],
  [
    'the folder that is most like the one written',
    'chrun/sample-request.json',
    'models/churn/sample-request.json',
  ],
  ['a slip of the pen', 'models/fraud/expceted.json', 'models/fraud/expected.json'],
  ['another extension', 'expected.jsonl', 'models/fraud/expected.json'],
  ['another case', 'readme.md', 'README.md'],
])('finds %s', (_what, path, found) => {
  expect(nearestFile(folder, path)).toBe(found);
});

test.each(['weights.bin', 'nope.md', 'hidden.json', 'packaged.json'])('finds nothing like %s', (path) => {
  expect(nearestFile(folder, path)).toBeUndefined();
});

test('a folder that is not there has no files', () => {
  expect(nearestFile(join(folder, 'nowhere'), 'README.md')).toBeUndefined();
});

describe('limits', () => {
  test('a link to a folder above is not followed', () => {
    symlinkSync(folder, join(folder, 'models', 'loop'), 'junction');
    expect(nearestFile(folder, 'expected.json')).toBe('models/fraud/expected.json');
  });

  test('what lies behind 5,000 other entries is not looked for', () => {
    for (let index = 0; index < 5_000; index += 1) write(`many/${index}`);
    write('many/x/deep/needle.json');
    expect(nearestFile(folder, 'needle.json')).toBeUndefined();
  });
});
