import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { removeReportFiles, writeReportFiles } from '../../../src/report/files.ts';
import { fakeHost } from '../../support/gate.ts';
import { reportOf, resultOf } from '../../support/results.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'reports-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

test('the reports are written to a directory that was not there, and the log says so', async () => {
  const target = join(directory, 'a', 'b');
  const { host, told } = fakeHost();
  expect(await writeReportFiles(host, target, reportOf(resultOf()))).toBe(join(target, 'report.json'));
  expect((await readdir(target)).sort()).toEqual(['junit.xml', 'report.html', 'report.json']);
  expect(JSON.parse(await readFile(join(target, 'report.json'), 'utf8')).verdict).toBe('passed');
  expect(await readFile(join(target, 'junit.xml'), 'utf8')).toMatch(/^<\?xml .*<\/testsuites>\n$/s);
  expect(await readFile(join(target, 'report.html'), 'utf8')).toMatch(/^<!doctype html>.*<\/html>\n$/s);
  expect(told).toEqual([`info: Reports: report.json, junit.xml and report.html in ${target}`]);
});

test('a second run replaces the reports of the first', async () => {
  const { host } = fakeHost();
  await writeReportFiles(host, directory, reportOf(resultOf({ verdict: 'failed' })));
  await writeReportFiles(host, directory, reportOf(resultOf()));
  expect(await readFile(join(directory, 'report.json'), 'utf8')).toContain('"verdict": "passed"');
  expect(await readdir(directory)).toHaveLength(3);
});

test('a file in the place of the directory is a warning that names it', async () => {
  const target = join(directory, 'file');
  await writeFile(target, '');
  const { host, told } = fakeHost();
  expect(await writeReportFiles(host, target, reportOf(resultOf()))).toBeUndefined();
  expect(told).toEqual([
    `warning: [Reports] The reports could not be written to report-directory '${target}': there is a file of that name. Name a directory that the step can create and write to.`,
  ]);
});

test('a report that cannot be written leaves no part of it behind', async () => {
  await mkdir(join(directory, 'report.html'));
  const { host, of } = fakeHost();
  expect(await writeReportFiles(host, directory, reportOf(resultOf()))).toBeUndefined();
  expect(of('warning')).toEqual([expect.stringContaining(': a report of that name is a directory. ')]);
  expect((await readdir(directory)).sort()).toEqual(['junit.xml', 'report.html']);
});

test('a link in the place of a report is replaced, and what it leads to stays', async () => {
  const precious = join(directory, 'precious');
  await writeFile(precious, 'mine');
  const target = join(directory, 'reports');
  await mkdir(target);
  await symlink(precious, join(target, 'junit.xml'));
  await writeReportFiles(fakeHost().host, target, reportOf(resultOf()));
  expect(await readFile(precious, 'utf8')).toBe('mine');
  expect(await readFile(join(target, 'junit.xml'), 'utf8')).toMatch(/^<\?xml/);
});

test('old reports are removed, and nothing else', async () => {
  for (const name of ['report.json', 'junit.xml', 'report.html', 'notes.txt']) {
    await writeFile(join(directory, name), 'old');
  }
  await removeReportFiles(directory);
  expect(await readdir(directory)).toEqual(['notes.txt']);
});

test.each(['nowhere', 'file'])('there need not be a directory to remove them from: %s', async (name) => {
  await writeFile(join(directory, 'file'), '');
  await expect(removeReportFiles(join(directory, name))).resolves.toBeUndefined();
});

test('a directory that does not answer is not touched, and the warning says so', async () => {
  const { host, of } = fakeHost();
  // No process answers in no time.
  expect(await writeReportFiles(host, directory, reportOf(resultOf()), 0)).toBeUndefined();
  expect(of('warning')).toEqual([expect.stringContaining(': it did not answer in 0 s. ')]);
  expect(await readdir(directory)).toEqual([]);
});
