import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { quote } from '../secrets/untrusted.ts';
import { htmlReport } from './html/html.ts';
import { jsonReport } from './json.ts';
import { junitReport } from './junit.ts';
import type { Report } from './report.ts';

/**
 * Writes report.json, junit.xml and report.html, and makes the directory when it is not there.
 * @returns the path of report.json
 * @throws Error with a sentence for a person
 */
export async function writeReports(directory: string, report: Report): Promise<string> {
  const path = join(directory, 'report.json');
  try {
    await mkdir(directory, { recursive: true });
    await replace(join(directory, 'junit.xml'), junitReport(report));
    await replace(join(directory, 'report.html'), htmlReport(report));
    // Last: whoever waits for it finds the others there.
    await replace(path, jsonReport(report));
  } catch (error) {
    throw new Error(
      `The reports could not be written to report-directory '${quote(directory)}': ${reasonOf(error)}. Name a directory that the step may make and write to.`,
      { cause: error },
    );
  }
  return path;
}

/** A reader never sees half a file. */
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
