import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { json } from 'node:stream/consumers';
import { PROJECT_ROOT, pinnedNode } from '../runner/node.ts';
import { type ProgramEnd, runProgram } from './process.ts';

const RECIPES = join(PROJECT_ROOT, 'docs/recipes');
const PROGRAMS = join(PROJECT_ROOT, 'node_modules/.cache/peers-go');
const MODULES = {
  act: 'github.com/nektos/act@v0.2.87',
  actionlint: 'github.com/rhysd/actionlint/cmd/actionlint@v1.7.12',
} as const;

/** The path of a program that Go builds, once for all runs. @throws when there is no Go */
export function goProgram(name: keyof typeof MODULES): string {
  const program = join(PROGRAMS, name);
  if (!existsSync(program))
    execFileSync('go', ['install', MODULES[name]], {
      env: { ...process.env, GOBIN: PROGRAMS },
      stdio: 'pipe',
    });
  return program;
}

const CACHE = 'actions/cache@5a3ec84eff668545956fd18022155c47e93e2684';

/**
 * Actions of others that the recipes use, which cannot be fetched here: for each, a script that does on this machine
 * what the recipe needs. WHAT and NAME are its inputs `path` and `name`.
 */
const STAND_INS: readonly (readonly [action: string, folder: string, script: string])[] = [
  ['azure/login@a457da9ea143d694b1b9c7c869ebb04ebe844ef5', '', 'echo The stand-in of azure/login'],
  [
    'actions/upload-artifact@ea165f8d65b6e75b540449e92b4886f43607fa02',
    '',
    'mkdir -p "$STAND_INS/artifacts" && cp -r "$WHAT" "$STAND_INS/artifacts/$NAME"',
  ],
  [CACHE, 'restore', 'test ! -d "$STAND_INS/cache" || cp -r "$STAND_INS/cache" "$WHAT"'],
  [CACHE, 'save', 'rm -rf "$STAND_INS/cache" && cp -r "$WHAT" "$STAND_INS/cache"'],
];

/** An action.yml; JSON is YAML. */
function actionWith(script: string): string {
  const input = (name: string) => `\${{ inputs.${name} }}`;
  const env = { WHAT: input('path'), NAME: input('name') };
  return JSON.stringify({
    name: 'stand-in',
    description: 'Does on one machine what a recipe needs of another action.',
    inputs: { path: { required: false }, name: { required: false } },
    runs: { using: 'composite', steps: [{ shell: 'bash', run: script, env }] },
  });
}

/** A program in the place of `az` or `gh`: tells the test how it was called, and what it read. */
const TELLING = `const { request } = require('node:http');
const read = process.argv[2] === 'gh' ? require('node:fs').readFileSync(0, 'utf8') : '';
const call = request(process.env.STAND_IN_URL, { method: 'POST' }, (answer) => {
  answer.resume();
  process.exitCode = answer.statusCode === 200 ? 0 : 1;
});
call.end(JSON.stringify({ program: process.argv[2], args: process.argv.slice(3), read }));
`;

/** What a stand-in was called with. */
export interface ProgramCall {
  readonly program: string;
  readonly args: readonly string[];
  readonly read: string;
}

export interface Workflows {
  /** Every call of `az` and `gh`, in their order. */
  readonly calls: readonly ProgramCall[];
  /** Where the stand-ins keep artifacts and the cache. */
  readonly kept: string;
  /** Runs a recipe, as if it stood in a repository with the files beside it. */
  run(recipe: string, options: WorkflowOptions): Promise<ProgramEnd>;
  close(): void;
}

export interface WorkflowOptions {
  readonly event?: 'workflow_dispatch' | 'pull_request';
  readonly environment: Readonly<Record<string, string>>;
  readonly variables: Readonly<Record<string, string>>;
  /** Path in the repository → content. */
  readonly files?: Readonly<Record<string, string>>;
}

/** @param onCall what a call changes, such as traffic */
export async function openWorkflows(onCall: (call: ProgramCall) => void): Promise<Workflows> {
  const folder = mkdtempSync(join(tmpdir(), 'recipes-'));
  const kept = join(folder, 'kept');
  const calls: ProgramCall[] = [];
  const server = createServer(async (request, response) => {
    const call = (await json(request)) as ProgramCall;
    calls.push(call);
    onCall(call);
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const local = writeActions(folder);
  const programs = join(folder, 'programs');
  writeTree(programs, { 'tell.cjs': TELLING });
  for (const name of ['az', 'gh']) {
    writeTree(programs, { [name]: `#!/bin/sh\nexec node '${join(programs, 'tell.cjs')}' ${name} "$@"\n` });
    chmodSync(join(programs, name), 0o755);
  }
  mkdirSync(kept);
  return {
    calls,
    kept,
    async run(recipe, { event = 'workflow_dispatch', environment, variables, files = {} }) {
      const repository = mkdtempSync(join(folder, 'repository-'));
      writeRepository(repository, files);
      const given = { ...environment, STAND_INS: kept, STAND_IN_URL: `http://127.0.0.1:${port}/` };
      // A command line is for everyone to read, and act hands its own environment to no step.
      const environmentFile = join(folder, 'environment');
      const lines = Object.entries(given).map(([name, value]) => `${name}=${value}\n`);
      writeFileSync(environmentFile, lines.join(''), { mode: 0o600 });
      const args = [
        ...[
          event,
          '--workflows',
          join('.github/workflows', recipe),
          '--action-offline-mode',
          '--no-cache-server',
        ],
        ...['--platform', 'ubuntu-latest=-self-hosted', '--platform', 'self-hosted=-self-hosted'],
        ...local.flatMap((each) => ['--local-repository', each]),
        ...Object.entries(variables).flatMap(([name, value]) => ['--var', `${name}=${value}`]),
        ...['--env-file', environmentFile],
        ...(event === 'pull_request' ? ['--eventpath', '.github/event.json'] : []),
      ];
      const path = [programs, dirname(pinnedNode()), process.env.PATH].join(delimiter);
      const { HOME = '/root' } = process.env;
      return runProgram(goProgram('act'), args, {
        cwd: repository,
        env: { PATH: path, HOME, XDG_CACHE_HOME: join(folder, 'act'), ACT_CACHE_DIR: folder },
      });
    },
    close() {
      server.close();
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** What a user's repository would have: the workflows, and beside them what they name. */
function writeRepository(folder: string, files: Readonly<Record<string, string>>): void {
  cpSync(RECIPES, folder, { recursive: true, filter: (path) => !path.endsWith('.md') });
  mkdirSync(join(folder, '.github/workflows'), { recursive: true });
  for (const path of globSync('*.yml', { cwd: folder }))
    cpSync(join(folder, path), join(folder, '.github/workflows', path));
  const pullRequest = {
    number: 7,
    head: { ref: 'feature', repo: { full_name: 'your-org/your-repo' } },
    base: { ref: 'main' },
  };
  writeTree(folder, { '.github/event.json': JSON.stringify({ pull_request: pullRequest }), ...files });
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
      cwd: folder,
      stdio: 'pipe',
    });
  git('init', '--quiet', '--initial-branch=main');
  git('remote', 'add', 'origin', 'https://github.com/your-org/your-repo.git');
  git('add', '--all');
  git('commit', '--quiet', '--message=Add the recipes');
}

/** The built action and the stand-ins, as act takes them in the place of repositories. */
function writeActions(folder: string): readonly string[] {
  const own = join(folder, 'action');
  for (const path of ['action.yml', 'dist'])
    cpSync(join(PROJECT_ROOT, path), join(own, path), { recursive: true });
  const places = new Map(
    [...new Set(STAND_INS.map(([action]) => action))].map((action, index) => [
      action,
      join(folder, `stand-in-${index}`),
    ]),
  );
  for (const [action, inside, script] of STAND_INS)
    writeTree(places.get(action)!, { [join(inside, 'action.yml')]: actionWith(script) });
  return [
    `OWNER/azureml-endpoint-auth@v1=${own}`,
    ...[...places].map(([action, place]) => `${action}=${place}`),
  ];
}

function writeTree(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}
