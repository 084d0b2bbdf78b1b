import { type Dirent, readdirSync } from 'node:fs';
import { join, parse, relative, sep } from 'node:path';
import { likelyMeant, nearestFirst } from '../text/did-you-mean.ts';

/** A monorepo may have a million files, and a file system of the network is slow. */
const MOST_ENTRIES = 5_000;
const LONGEST_MS = 300;

/** Folders in which nobody's sample requests lie. */
const SKIPPED = /^(?:\.|node_modules$|__pycache__$)/;

/**
 * The file in a folder, or below it, whose name is most like the one of a file that is not there: one of the same name
 * elsewhere comes before one that is written similarly. Looks at 5,000 entries at most, the upper folders first, and
 * follows no links.
 * @param folder absolute
 * @returns its path from the folder, with slashes; undefined when no name is like it
 */
export function nearestFile(folder: string, path: string): string | undefined {
  const files = filesIn(folder);
  const { name, ext } = parse(path);
  const sameName = files.filter((file) => stem(file) === name);
  const candidates =
    sameName.length > 0
      ? sameName
      : similar(
          name,
          files.filter((file) => parse(file).ext === ext),
        );
  // Of several with that name, the one whose whole path is most like what was written.
  const [nearest] = nearestFirst(
    path,
    candidates.map((file) => relative(folder, file)),
  );
  return nearest?.replaceAll(sep, '/');
}

function similar(name: string, files: readonly string[]): readonly string[] {
  const meant = likelyMeant(name, files.map(stem));
  return files.filter((file) => stem(file) === meant);
}

/** The name without its extension, which would make every short name like every other one. */
function stem(path: string): string {
  return parse(path).name;
}

function filesIn(folder: string): readonly string[] {
  const until = performance.now() + LONGEST_MS;
  const files: string[] = [];
  const folders = [folder];
  let seen = 0;
  for (let at = folders.shift(); at !== undefined; at = folders.shift()) {
    for (const entry of entriesOf(at)) {
      seen += 1;
      if (seen > MOST_ENTRIES || performance.now() > until) return files;
      if (SKIPPED.test(entry.name)) continue;
      if (entry.isDirectory()) folders.push(join(at, entry.name));
      else if (entry.isFile()) files.push(join(at, entry.name));
    }
  }
  return files;
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
