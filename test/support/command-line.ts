import { type ChildProcess, execFileSync } from 'node:child_process';
import { globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, expect } from 'vitest';
import {
  type Call,
  type Exchange,
  type LocalAzure,
  type NamedSecret,
  startLocalAzure,
} from '../local-azure/index.ts';
import { runChild } from '../runner/child.ts';
import { PROJECT_ROOT, pinnedNode } from '../runner/node.ts';
import { changedFiles, createSandbox, takeSnapshot, writeFiles } from '../runner/sandbox.ts';
import { createSearcher, haystackOf } from '../runner/sightings.ts';

export interface CommandRequest {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** What must not show besides the local Azure's own secrets. */
  readonly secrets?: readonly NamedSecret[];
  /** What the program of `run` prints on purpose, the leaks that a test wants to see hidden included. */
  readonly onStart?: (child: ChildProcess) => void;
  readonly timeoutMs?: number;
  /** In a terminal of its own. */
  readonly terminal?: true;
  /** A CI system whose mask commands may hold secrets, as it obeys them. */
  readonly masks?: RegExp;
}

/** What a person saw of a command. */
export interface CommandSeen {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** `workspace/report.json` → text, for what was created or changed. */
  readonly files: Readonly<Record<string, string>>;
  readonly exchanges: readonly Exchange[];
  sent(call: Call): readonly Exchange[];
}

export interface CommandLine {
  readonly azure: LocalAzure;
  /** Options that lead to an endpoint of the local Azure, which is signed in to with GitHub's ID token in a variable. */
  readonly there: readonly string[];
  /** Runs the packed program, installed in an empty folder, and checks what holds for every command. */
  command(args: readonly string[], request?: CommandRequest): Promise<CommandSeen>;
}

/** The path of the packed program, installed by npm where nothing else is. */
function install(): { readonly program: string; readonly remove: () => void } {
  const [archive] = globSync('build/azureml-endpoint-auth-*.tgz', { cwd: PROJECT_ROOT });
  if (archive === undefined) throw new Error('There is no package to install: npm run package makes it.');
  const folder = mkdtempSync(join(tmpdir(), 'command-line-'));
  const args = ['install', '--prefix', folder, '--offline', '--no-audit', '--no-fund', '--silent'];
  execFileSync('npm', [...args, join(PROJECT_ROOT, archive)], { cwd: folder, stdio: 'pipe' });
  return {
    program: join(folder, 'node_modules/.bin/azureml-endpoint'),
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }),
  };
}

/** Starts a local Azure and installs the program for one test file. */
export async function openCommandLine(): Promise<CommandLine> {
  const azure = await startLocalAzure();
  const { program, remove } = install();
  afterEach(() => azure.reset());
  afterAll(async () => {
    await azure.close();
    remove();
  });
  const there = [
    ...['--workspace', azure.workspace, '--resource-group', azure.resourceGroup],
    ...['--subscription-id', azure.subscriptionId, '--cloud', azure.metadataUrl],
    ...['--ca-certificate', azure.caFile],
  ];
  return {
    azure,
    there,
    command: (args, request = {}) => command(azure, program, args, request),
  };
}

async function command(
  azure: LocalAzure,
  program: string,
  args: readonly string[],
  { env = {}, files = {}, secrets = [], onStart, timeoutMs = 60_000, terminal, masks }: CommandRequest,
): Promise<CommandSeen> {
  const before = azure.exchanges.length;
  const sandbox = await createSandbox();
  try {
    await writeFiles(sandbox.workspace, files);
    const snapshot = await takeSnapshot(sandbox);
    const environment: Record<string, string | undefined> = {
      PATH: `${dirname(pinnedNode())}:${process.env.PATH}`,
      HOME: sandbox.home,
      TMPDIR: sandbox.temp,
      LANG: 'C.UTF-8',
      TERM: 'xterm-256color',
      AZURE_CLIENT_ID: azure.clientId,
      AZURE_TENANT_ID: azure.tenantId,
      AZURE_CLIENT_SECRET: azure.clientSecret,
      ...env,
    };
    const line = terminal
      ? ['script', '-qec', [program, ...args].map(shellWord).join(' '), '/dev/null']
      : [program, ...args];
    const [executable = '', ...rest] = line;
    const exit = await runChild({
      executable,
      args: rest,
      cwd: sandbox.workspace,
      env: Object.fromEntries(
        Object.entries(environment).filter(([, value]) => value !== undefined),
      ) as Record<string, string>,
      timeoutMs,
      ...(onStart === undefined ? {} : { onStart }),
    });
    if (exit.timedOut) throw new Error(`The command did not end in time:\n${exit.stdout}\n${exit.stderr}`);
    await azure.settled();
    const changed = changedFiles(snapshot, await takeSnapshot(sandbox));
    const written = Object.fromEntries(
      Object.entries(changed).map(([path, bytes]) => [path, Buffer.from(bytes).toString('utf8')]),
    );
    const [shown, complained] = [exit.stdout, exit.stderr].map((text) =>
      text
        .split('\n')
        .filter((each) => masks?.test(each) !== true)
        .join('\n'),
    ) as [string, string];
    expectNoSecret([shown, complained, ...Object.values(written)], [...azure.secrets(), ...secrets]);
    for (const text of [shown, complained]) expect(text).not.toMatch(/\n\s+at .+:\d+/);
    const exchanges = azure.exchanges.slice(before);
    return {
      exitCode: exit.exitCode,
      stdout: exit.stdout,
      stderr: exit.stderr,
      files: written,
      exchanges,
      sent: (call) => exchanges.filter((exchange) => exchange.call === call),
    };
  } finally {
    await sandbox.remove();
  }
}

function expectNoSecret(texts: readonly string[], secrets: readonly NamedSecret[]): void {
  const found = texts.flatMap((text) => {
    const haystack = haystackOf(text);
    return secrets.flatMap(({ name, value }) =>
      createSearcher(value)(haystack).map(({ form, line }) => `${name} as ${form} in line ${line}`),
    );
  });
  expect(found).toEqual([]);
}

function shellWord(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** A file that a pipeline reads, as `--dotenv` writes it. */
export function readDotenv(text = ''): Record<string, string> {
  return Object.fromEntries(
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}
