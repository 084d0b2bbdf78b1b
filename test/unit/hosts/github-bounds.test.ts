import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { EOL, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createGitHubHost } from '../../../src/hosts/github.ts';

let directory: string;
let summary: string;
let written: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'host-'));
  summary = join(directory, 'summary.md');
  writeFileSync(summary, '');
  vi.stubEnv('GITHUB_STEP_SUMMARY', summary);
  written = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    written += String(chunk);
    return true;
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true, force: true });
});

describe('a summary, of which GitHub shows 1,048,576 bytes', () => {
  const most = 1_048_576 - EOL.length;

  test.each([
    ['as long as that is written', 0, most, most + EOL.length],
    ['one byte longer is not', 0, most + 1, 0],
    ['as long as that with what is there is written', 1_000, most - 1_000, most + EOL.length],
    ['one byte longer with what is there is not', 1_000, most - 999, 1_000],
  ])('%s', (_what, before, length, size) => {
    writeFileSync(summary, 'b'.repeat(before));
    createGitHubHost().writeSummary('x'.repeat(length));
    expect(readFileSync(summary).length).toBe(size);
  });
});

test('the title of a group is one line, whatever white space it holds', () => {
  createGitHubHost().group('Log \n\t of  blue', []);
  expect(written.split(EOL)).toEqual(['::group::Log of blue', '::endgroup::', '']);
});

test('an annotation tells its place as far as it is known', () => {
  const host = createGitHubHost();
  host.warning('a', { file: 'test.yml', startLine: 7 });
  host.notice('b', { title: 'Inputs' });
  host.error('c', { file: 'test.yml', startLine: 7, startColumn: 1 });
  expect(written.split(EOL)).toEqual([
    '::warning file=test.yml,line=7::a',
    '::notice title=Inputs::b',
    '::error file=test.yml,line=7,col=1::c',
    '',
  ]);
});
