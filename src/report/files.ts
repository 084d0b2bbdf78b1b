import { randomUUID } from 'node:crypto';
import { lstat, mkdir, open, rename, rm } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Host } from '../hosts/host.ts';
import { answersInTime } from '../process/directory-probe.ts';
import { isOfSystem } from '../process/guarded-files.ts';
import { quote } from '../secrets/untrusted.ts';
import { Failure } from '../text/failure.ts';
import { formatDuration } from '../text/format.ts';
import { words } from '../text/words.ts';
import { htmlReport } from './html/page.ts';
import { jsonReport } from './json.ts';
import { junitReport } from './junit.ts';
import type { Report } from './report.ts';

/** report.json is the last, so that a program that waits for it finds the others there. */
const NAMES = ['junit.xml', 'report.html', 'report.json'] as const;

/** A file system of the network may never answer. */
const LONGEST_MS = 10_000;

/**
 * Writes report.json, junit.xml and report.html, and makes the directory when it is not there.
 * @returns the path of report.json; undefined when they cannot be written, which the host is told
 */
export async function writeReportFiles(
  host: Host,
  directory: string,
  report: Report,
  limitMs = LONGEST_MS,
): Promise<string | undefined> {
  try {
    await withinLimit(directory, () => writeAll(directory, report), limitMs);
  } catch (error) {
    // The verdict stands without them.
    host.warning(
      `The reports could not be written to ${words.label('report-directory')} '${quote(directory)}': ${reasonOf(error)}. Name a directory that the step can create and write to.`,
      { title: 'Reports' },
    );
    return undefined;
  }
  host.info(`Reports: report.json, junit.xml and report.html in ${directory}`);
  return join(directory, 'report.json');
}

/** Removes the reports of an earlier step, which would say something else than this one when it is killed. */
export async function removeReportFiles(directory: string, limitMs = 2_000): Promise<void> {
  try {
    await withinLimit(directory, () => removeAll(directory), limitMs);
  } catch {
    // Writing the new ones fails for the same reason, and says so.
  }
}

async function writeAll(directory: string, report: Report): Promise<void> {
  if (isOfSystem(`${resolve(directory)}/`))
    throw new Failure('the operating system describes itself there, and no files can be made');
  await refuseLinks(directory);
  await mkdir(directory, { recursive: true });
  const contents = {
    'junit.xml': junitReport(report),
    'report.html': htmlReport(report),
    'report.json': jsonReport(report),
  };
  for (const name of NAMES) await replace(join(directory, name), contents[name]);
}

async function removeAll(directory: string): Promise<void> {
  await refuseLinks(directory);
  await Promise.all(NAMES.map((name) => rm(join(directory, name), { force: true })));
}

/** The workspace holds what a pull request brings, and a link in it may lead anywhere. */
async function refuseLinks(directory: string): Promise<void> {
  const workspace = process.cwd();
  const path = relative(workspace, resolve(workspace, directory));
  if (path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path)) return;
  let at = workspace;
  for (const part of path.split(sep)) {
    at = join(at, part);
    const found = await lstat(at).catch(() => undefined);
    if (found === undefined) return;
    if (found.isSymbolicLink()) throw new Failure(`${quote(relative(workspace, at))} is a link`);
  }
}

/** Replaces a file as a whole: a reader never sees half of it, and a link in its place is not followed. */
async function replace(path: string, content: string | Iterable<string>): Promise<void> {
  const part = `${path}.${randomUUID()}.part`;
  try {
    await writePieces(part, typeof content === 'string' ? [content] : content);
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** Piece by piece, so that no more than one of them is in memory. */
async function writePieces(path: string, pieces: Iterable<string>): Promise<void> {
  const file = await open(path, 'wx');
  try {
    for (const piece of pieces) {
      const { bytesWritten } = await file.write(piece);
      const left = Buffer.byteLength(piece) - bytesWritten;
      if (left > 0) await file.writeFile(Buffer.from(piece).subarray(-left));
    }
  } finally {
    await file.close();
  }
}

/** @throws Failure when the work takes too long; it is left alone then */
async function withinLimit(directory: string, work: () => Promise<void>, limitMs: number): Promise<void> {
  const silent = new Failure(`it did not answer in ${formatDuration(limitMs)}`);
  if (!(await answersInTime(directory, limitMs))) throw silent;
  const ended = new AbortController();
  const late = async (): Promise<never> => {
    await sleep(limitMs, undefined, { signal: ended.signal });
    throw silent;
  };
  try {
    await Promise.race([work(), late()]);
  } finally {
    ended.abort();
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
