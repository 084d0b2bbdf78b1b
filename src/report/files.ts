import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../hosts/host.ts';
import { quote } from '../secrets/untrusted.ts';
import { htmlReport } from './html/page.ts';
import { jsonReport } from './json.ts';
import { junitReport } from './junit.ts';
import type { Report } from './report.ts';

/**
 * Writes report.json, junit.xml and report.html, and makes the directory when it is not there.
 * @returns the path of report.json; undefined when they cannot be written, which the host is told
 */
export async function writeReportFiles(
  host: Host,
  directory: string,
  report: Report,
): Promise<string | undefined> {
  const path = join(directory, 'report.json');
  try {
    await mkdir(directory, { recursive: true });
    await replace(join(directory, 'junit.xml'), junitReport(report));
    await replace(join(directory, 'report.html'), htmlReport(report));
    // Last, so that a program that waits for it finds the others there.
    await replace(path, jsonReport(report));
  } catch (error) {
    // The verdict stands without them.
    host.warning(
      `The reports could not be written to report-directory '${quote(directory)}': ${reasonOf(error)}. Name a directory that the step may make and write to.`,
      { title: 'Reports' },
    );
    return undefined;
  }
  host.info(`Reports: report.json, junit.xml and report.html in ${directory}`);
  return path;
}

/** Replaces a file as a whole: a reader never sees half of it. */
async function replace(path: string, content: string): Promise<void> {
  const part = `${path}.${process.pid}.part`;
  try {
    await writeFile(part, content);
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true }).catch(() => undefined);
    throw error;
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space is left',
  EDQUOT: 'the disk quota is used up',
  EEXIST: 'there is a file of that name',
  ENOTDIR: 'a part of the path is a file',
  EISDIR: 'a report of that name is a directory',
  ENAMETOOLONG: 'the name is too long',
};

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return REASONS[code ?? ''] ?? quote(message);
}
