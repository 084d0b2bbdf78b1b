import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../runner/node.ts';
import { runProgram } from './process.ts';

/** The programs conflict with one another: each has a Python environment of its own. */
export const PEERS = ['cli', 'ml', 'server'] as const;
export type Peer = (typeof PEERS)[number];

/** Folder of the programs of each environment. */
export type Environments = Readonly<Record<Peer, string>>;

type Command = readonly [program: string, ...args: string[]];

const COMMANDS: readonly Command[] = [['python3'], ['python'], ['py', '-3']];
const ABOUT =
  'import ensurepip, platform, sys, venv; print(sys.version_info >= (3, 9), platform.python_version(), sys.executable)';

interface Python {
  readonly version: string;
  readonly executable: string;
}

/** @throws when there is no Python of a version that the programs need */
export async function findPython(commands: readonly Command[] = COMMANDS): Promise<Python> {
  const seen: string[] = [];
  for (const [program, ...args] of commands) {
    const name = [program, ...args].join(' ');
    const end = await runProgram(program, [...args, '-c', ABOUT]).catch((error: Error) => error);
    if (end instanceof Error) {
      seen.push(`${name}: not found`);
      continue;
    }
    const [, fits, version, executable] = /^(True|False) (\S+) (.+)$/m.exec(end.stdout) ?? [];
    if (fits === 'True' && version !== undefined && executable !== undefined) {
      return { version, executable: executable.trim() };
    }
    const why = end.stderr.trim().split('\n').at(-1);
    seen.push(`${name}: ${version ?? why ?? `exit status ${end.exitCode}`}`);
  }
  throw new Error(
    `npm run test:peers runs Microsoft's Python programs, and needs Python 3.9 or later with venv and pip. Seen: ${seen.join('; ')}.`,
  );
}

/** Makes the environments that are not there yet, at the same time: what they wait for is mostly the network. */
export async function prepareEnvironments(say: (line: string) => void): Promise<Environments> {
  const python = await findPython();
  const made = await Promise.all(
    PEERS.map(async (peer) => [peer, await prepare(peer, python, say)] as const),
  );
  return Object.fromEntries(made) as Record<Peer, string>;
}

async function prepare(peer: Peer, python: Python, say: (line: string) => void): Promise<string> {
  const requirements = join(import.meta.dirname, `requirements-${peer}.txt`);
  const hash = createHash('sha256')
    .update(await readFile(requirements))
    .update(`${python.version} ${python.executable}`)
    .digest('hex')
    .slice(0, 12);
  const folder = join(PROJECT_ROOT, 'node_modules', '.cache', `peers-${peer}-${hash}`);
  const windows = process.platform === 'win32';
  const programs = join(folder, windows ? 'Scripts' : 'bin');
  const complete = join(folder, 'complete');
  if (existsSync(complete)) return programs;

  const startedAt = performance.now();
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await must(python.executable, ['-m', 'venv', folder]);
  const quiet = ['--quiet', '--no-input', '--disable-pip-version-check'];
  // Of the command line's many modules few are ever run: Python compiles those when they are.
  const compile = peer === 'cli' ? ['--no-compile'] : [];
  const pip = ['-m', 'pip', 'install', ...quiet, ...compile, '--requirement', requirements];
  await must(join(programs, windows ? 'python.exe' : 'python'), pip);
  await writeFile(complete, '');
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(0);
  say(`Python ${python.version} environment '${peer}' made in ${seconds} s.`);
  return programs;
}

async function must(program: string, args: readonly string[]): Promise<void> {
  const { exitCode, stdout, stderr } = await runProgram(program, args);
  if (exitCode === 0) return;
  throw new Error(`${program} ${args.join(' ')} ended with status ${exitCode}:\n${stdout}${stderr}`);
}
