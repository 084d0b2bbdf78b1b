import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  readlinkSync,
  readSync,
  realpathSync,
  type Stats,
} from 'node:fs';
import { isAbsolute, join, parse, relative, resolve, sep } from 'node:path';
import { quote } from '../secrets/untrusted.ts';
import { words } from '../text/words.ts';
import { nearestFile } from './nearest-file.ts';

// Every file that an input or a smoke-test file names is read here. A pull request can change the smoke-test file and
// put a link in the place of a sample: what it names must not lead to the step's environment or to a token cache.

/** Where a file must really lie, all links followed. */
export interface Confinement {
  /** Absolute. */
  readonly folders: readonly string[];
  /** Names the folders, after "outside". */
  readonly name: string;
  /** What to do about a file that lies elsewhere; a sentence. */
  readonly advice: string;
}

/**
 * Reads a regular file.
 * @param path absolute, or relative to the workspace
 * @param confinement left out: the path stands in an input, thus the workflow itself names it. Then it may lead anywhere
 *   by an absolute path, but not out of the workspace by a relative one or by a link in the workspace.
 * @throws FileRefusal for a file that must not be read; a system error with a `code` when it cannot be read
 */
export type ReadFile = (path: string, confinement?: Confinement) => Buffer;

/** A file that must not be read. The message is a sentence for a person, and shows nothing of what the file holds. */
export class FileRefusal extends Error {
  override name = 'FileRefusal';
}

/** A file that is not there. */
class MissingFile extends Error {
  readonly code = 'ENOENT';
  readonly path: string;
  readonly workspace: string;
  /** Both are absolute. */
  constructor(path: string, workspace: string) {
    super('There is no such file.');
    this.path = path;
    this.workspace = workspace;
  }
}

/** Far more than any endpoint takes; a text of twice this size does not fit into a string. */
const MOST_BYTES = 256 * 1024 * 1024;

const CHUNK_BYTES = 64 * 1024;

/** @param workspace absolute */
export function createFileReader(workspace: string): ReadFile {
  const inWorkspace = (advice: string): Confinement => ({
    folders: [workspace],
    name: 'the workspace',
    advice,
  });
  const ofInput = (path: string): Confinement | undefined =>
    isAbsolute(path) && !isWithin(workspace, path)
      ? undefined
      : inWorkspace('If that is meant, write the absolute path that it leads to.');
  return (path, confinement = ofInput(path)) => {
    const absolute = resolve(workspace, path);
    requirePlain(absolute, confinement);
    const real = realPathOf(absolute, workspace, confinement);
    requirePlace(absolute, real, confinement);
    return readRegular(absolute, real, confinement);
  };
}

/** Whether a path is in a folder or below it, as they are written. */
export function isWithin(folder: string, path: string): boolean {
  const fromFolder = relative(folder, path);
  return fromFolder !== '..' && !fromFolder.startsWith(`..${sep}`) && !isAbsolute(fromFolder);
}

/** Whether a path leads to what the system tells of itself, which is no file. @param path absolute, without links */
export function isOfSystem(path: string): boolean {
  return process.platform !== 'win32' && /^\/(?:proc|sys)\//.test(path);
}

/** A sentence about a file that was not read. */
export function whyUnread(error: unknown, origin: string): string {
  if (error instanceof FileRefusal) return error.message;
  const code = codeOf(error);
  if (code === 'ENOENT') return `There is no such file (${quote(origin)}).${nearest(error)}`;
  return `The file cannot be read (${quote(code)}).`;
}

/** A sentence about a file that an input names and that was not read. */
export function whyInputUnread(error: unknown, path: string): string {
  if (codeOf(error) !== 'ENOENT') return whyUnread(error, path);
  const where = error instanceof MissingFile ? ` in '${quote(error.workspace)}'` : '';
  return `There is no such file${where} (${words.pathsStart}).${nearest(error) || words.whyNoFiles}`;
}

/** Names the file that was probably meant; empty when there is none. */
function nearest(error: unknown): string {
  if (!(error instanceof MissingFile)) return '';
  const { path, workspace } = error;
  const found = nearestFile(workspace, isWithin(workspace, path) ? relative(workspace, path) : path);
  return found === undefined ? '' : ` Nearest: ${quote(found)}.`;
}

/**
 * What is wrong with a directory that an input names, as a sentence; undefined when it can be used.
 * @param path absolute
 * @param home where it must really lie, all links followed; undefined: anywhere
 */
export function mistakeInDirectory(path: string, home: string | undefined): string | undefined {
  try {
    const real = realpathSync.native(path);
    if (home !== undefined && !isWithin(realFolder(home), real))
      return 'This leads out of the workspace. If that is meant, write the absolute path that it leads to.';
    return lstatSync(real).isDirectory() ? undefined : 'This is not a directory.';
  } catch (error) {
    return codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR'
      ? `There is no such directory (${words.pathsStart}).${words.whyNoFiles}`
      : `The directory cannot be read (${quote(codeOf(error))}).`;
  }
}

/** The code of a system error, e.g. `ENOENT`. */
export function codeOf(error: unknown): string {
  return String((error as NodeJS.ErrnoException).code ?? 'unknown error');
}

/** Refuses what must not even be looked at: on Windows, a look at another server sends it the user's name and hash. */
function requirePlain(path: string, confinement: Confinement | undefined): void {
  if (path.includes('\0')) throw new FileRefusal('A path cannot contain a null character.');
  if (confinement === undefined) return;
  const { root } = parse(path);
  if (confinement.folders.every((folder) => parse(folder).root.toLowerCase() !== root.toLowerCase()))
    throw outside(path, path, confinement);
}

function realPathOf(path: string, workspace: string, confinement: Confinement | undefined): string {
  try {
    return realpathSync.native(path);
  } catch (error) {
    // Whether there is a file outside is nobody's business.
    if (confinement !== undefined && !isWithinOne(confinement, path)) throw outside(path, path, confinement);
    throw codeOf(error) === 'ENOENT' ? new MissingFile(path, workspace) : error;
  }
}

/** @param real `path` without links */
function requirePlace(path: string, real: string, confinement: Confinement | undefined): void {
  if (confinement !== undefined) {
    const home = confinement.folders.map(realFolder).find((folder) => isWithin(folder, real));
    if (home === undefined) throw outside(path, real, confinement);
    // actions/checkout keeps the token of the job there.
    if (
      relative(home, real).toLowerCase().split(sep).includes('.git') ||
      confinement.folders.some((folder) => isWithin(gitFolderOf(folder), real))
    )
      throw new FileRefusal(
        'This belongs to Git, which keeps credentials there. Write the path of another file.',
      );
  } else if (isOfSystem(real)) {
    throw new FileRefusal('This is not a file: the system describes itself there. Write the path of a file.');
  }
}

/** Where Git keeps what belongs to a checkout: `.git`, or where that leads as a link or as a file. */
function gitFolderOf(folder: string): string {
  const path = join(folder, '.git');
  try {
    const [, named] = lstatSync(path).isFile()
      ? (/^gitdir: (.+)/.exec(readFileSync(path, 'utf8')) ?? [])
      : [];
    return realpathSync.native(named === undefined ? path : resolve(folder, named.trim()));
  } catch {
    return path;
  }
}

function realFolder(folder: string): string {
  try {
    return realpathSync.native(folder);
  } catch {
    return folder;
  }
}

function isWithinOne({ folders }: Confinement, path: string): boolean {
  return folders.some((folder) => isWithin(folder, path));
}

function outside(path: string, real: string, confinement: Confinement): FileRefusal {
  const { name, advice } = confinement;
  const what = isWithinOne(confinement, path)
    ? `A link leads from here to '${quote(real, 200)}', outside`
    : 'This is outside';
  return new FileRefusal(`${what} ${name}. ${advice}`);
}

/**
 * Reads a file through one descriptor, so that what was checked is what is read.
 * @param real `path` without links
 */
function readRegular(path: string, real: string, confinement: Confinement | undefined): Buffer {
  // Before it is opened: to open a device may already do something.
  requireRegular(lstatSync(real));
  // What took its place since then: a link is not followed, and a pipe without a writer does not block.
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  const descriptor = openSync(real, flags);
  try {
    const { size } = requireRegular(fstatSync(descriptor));
    requirePlace(path, pathOf(descriptor, real), confinement);
    return readAll(descriptor, size);
  } finally {
    closeSync(descriptor);
  }
}

/** What is wrong with something that has no end, or nothing to read. */
const OTHER_KINDS: readonly (readonly [is: (stats: Stats) => boolean, name: string])[] = [
  [(stats) => stats.isDirectory(), 'a directory'],
  [(stats) => stats.isFIFO(), 'a pipe'],
  [(stats) => stats.isSocket(), 'a socket'],
  [(stats) => stats.isSymbolicLink(), 'a link'],
];

function requireRegular(stats: Stats): Stats {
  if (!stats.isFile()) {
    const [, name] = OTHER_KINDS.find(([is]) => is(stats)) ?? [undefined, 'a device'];
    throw new FileRefusal(`This is ${name}. Write the path of a file.`);
  }
  if (stats.size > MOST_BYTES) throw tooLarge();
  return stats;
}

/** Where an open file lies, which a link put into its path meanwhile does not change; elsewhere, where it was found. */
function pathOf(descriptor: number, real: string): string {
  if (process.platform !== 'linux') return real;
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`);
  } catch {
    // A container without /proc.
    return real;
  }
}

/** @param size what the system says: it may be wrong, and the file may grow */
function readAll(descriptor: number, size: number): Buffer {
  const chunks: Buffer[] = [];
  let total = 0;
  for (;;) {
    // One byte more than is expected, so that the second read finds the end.
    const chunk = Buffer.allocUnsafe(total === 0 ? size + 1 : CHUNK_BYTES);
    const read = readSync(descriptor, chunk, 0, chunk.length, null);
    if (read === 0) return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, total);
    chunks.push(chunk.subarray(0, read));
    total += read;
    if (total > MOST_BYTES) throw tooLarge();
  }
}

function tooLarge(): FileRefusal {
  return new FileRefusal(`This file is larger than ${MOST_BYTES / 1024 / 1024} MiB.`);
}
