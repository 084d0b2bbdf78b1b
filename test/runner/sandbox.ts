import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';

export interface FileCommandPaths {
  readonly output: string;
  readonly state: string;
  readonly env: string;
  readonly summary: string;
  readonly path: string;
}

/** The directories of one step, all of them below one temporary directory, except a workspace that was given. */
export interface Sandbox {
  readonly workspace: string;
  readonly temp: string;
  readonly home: string;
  readonly toolCache: string;
  /** Where the runner downloads an action to: no node_modules stands above it. */
  readonly action: string;
  readonly fileCommands: FileCommandPaths;
  remove(): Promise<void>;
}

const FILE_COMMANDS = ['output', 'state', 'env', 'summary', 'path'] as const;

export async function createSandbox(givenWorkspace?: string): Promise<Sandbox> {
  // macOS gives a temporary directory behind a link, which the child's own cwd would not be equal to.
  const root = await realpath(await mkdtemp(join(tmpdir(), 'runner-')));
  const workspace = givenWorkspace ?? join(root, 'workspace');
  const temp = join(root, 'temp');
  const home = join(root, 'home');
  const toolCache = join(root, 'tools');
  const action = join(root, 'action');
  const commands = join(root, 'file-commands');
  for (const directory of [workspace, temp, home, toolCache, action, commands])
    await mkdir(directory, { recursive: true });
  for (const name of FILE_COMMANDS) await writeFile(join(commands, name), '');
  return {
    workspace,
    temp,
    home,
    toolCache,
    action,
    fileCommands: {
      output: join(commands, 'output'),
      state: join(commands, 'state'),
      env: join(commands, 'env'),
      summary: join(commands, 'summary'),
      path: join(commands, 'path'),
    },
    remove: () => rm(root, { recursive: true, force: true, maxRetries: 3 }),
  };
}

export async function writeFiles(
  directory: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const path = join(directory, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
}

/** Every file below the workspace, the temporary directory and the home: `workspace/a/b.json` → its bytes. */
export type Snapshot = ReadonlyMap<string, Buffer>;

export async function takeSnapshot(sandbox: Sandbox): Promise<Snapshot> {
  const files = new Map<string, Buffer>();
  for (const place of ['workspace', 'temp', 'home'] as const) {
    const directory = sandbox[place];
    for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      const name = relative(directory, path).split(sep).join('/');
      files.set(`${place}/${name}`, await readFile(path));
    }
  }
  return files;
}

export function changedFiles(before: Snapshot, after: Snapshot): Record<string, Uint8Array> {
  const changed: Record<string, Uint8Array> = {};
  for (const [name, bytes] of after) {
    if (before.get(name)?.equals(bytes) !== true) changed[name] = bytes;
  }
  return changed;
}
