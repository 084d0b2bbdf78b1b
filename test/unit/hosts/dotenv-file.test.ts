import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createDotenvFile } from '../../../src/hosts/dotenv-file.ts';
import { announceMasksTo, guard } from '../../../src/secrets/secret.ts';
import { KEY } from '../../support/azure.ts';

let folder = '';
beforeEach(() => {
  announceMasksTo(() => undefined);
  folder = mkdtempSync(join(tmpdir(), 'dotenv-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('outputs that are not secret become lines, and replace what was there', () => {
  const path = join(folder, 'gate.env');
  writeFileSync(path, 'AZUREML_VERDICT=passed\nOTHER=1\n');
  const file = createDotenvFile(path);
  file.add('verdict', 'failed');
  file.add('latency-p95-ms', '12.5');
  file.add('traffic', 'a\nb');
  file.add('credential', guard(KEY, 'The key'));

  expect(file.mistake()).toBeUndefined();
  expect(file.write()).toBeUndefined();
  expect(readFileSync(path, 'utf8')).toBe('AZUREML_VERDICT=failed\nAZUREML_LATENCY_P95_MS=12.5\n');
});

test('without a path nothing is written, and nothing is wrong', () => {
  const file = createDotenvFile(undefined);
  file.add('verdict', 'passed');
  expect([file.mistake(), file.write()]).toEqual([undefined, undefined]);
});

test('a folder that is not there is told when it is written', () => {
  const path = join(folder, 'missing', 'gate.env');
  expect(createDotenvFile(path).write()).toBe(
    `The outputs could not be written to '${path}' (--dotenv): ENOENT.`,
  );
});

test('an empty path names no file', () => {
  expect(createDotenvFile('').mistake()).toBe('--dotenv names no file.');
});

describe.skipIf(process.platform === 'win32')(
  'what is not a regular file is neither followed nor waited for',
  () => {
    test.each([
      ['a link', (path: string) => symlinkSync('elsewhere', path)],
      ['not a regular file', (path: string) => void execFileSync('mkfifo', [path])],
    ])('%s', (what, make) => {
      const path = join(folder, 'gate.env');
      make(path);
      const file = createDotenvFile(path);
      file.add('verdict', 'passed');
      const mistake = `'${path}' (--dotenv) is ${what}. Name a file that may be written.`;
      expect([file.mistake(), file.write()]).toEqual([mistake, mistake]);
    });
  },
);
