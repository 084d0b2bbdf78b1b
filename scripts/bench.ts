import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { PROJECT_ROOT, pinnedNode } from '../test/runner/node.ts';

// Shows what the step costs beside the least that its exchanges cost. It compares medians of runs in turn,
// so that what else the machine does hits both.
const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, runs: { type: 'string', default: '31' } },
});
const runs = Number(values.runs);
const folder = mkdtempSync(join(tmpdir(), 'bench-'));
// As on a runner: no node_modules stands above the action.
cpSync(join(PROJECT_ROOT, 'dist'), join(folder, 'dist'), { recursive: true });

interface Figures {
  readonly rounds: readonly Round[];
  /** Exchanges of which each waits for the one before: how often the added delay shows in the step's time. */
  readonly exchangesInSequence: number;
  /** Size of what a workflow downloads. */
  readonly downloadBytes: number;
}

interface Round {
  readonly delayMs: number;
  readonly floorMs: number;
  readonly stepMs: number;
  readonly ratio: number;
}

try {
  const plain = await round(0);
  const delayed = await round(100);
  const figures: Figures = {
    rounds: [plain, delayed],
    exchangesInSequence: Math.round((delayed.stepMs - plain.stepMs) / delayed.delayMs),
    downloadBytes: archiveBytes(),
  };
  if (values.json) console.log(JSON.stringify(figures));
  else print(figures);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function round(delayMs: number): Promise<Round> {
  const { child, azure } = await startLocalAzure(delayMs);
  try {
    const environment = stepEnvironment(azure);
    const floor: number[] = [];
    const step: number[] = [];
    // The first pair warms the file cache and the server, and is not counted.
    for (let run = 0; run <= runs; run++) {
      const pair = [
        await time(join(PROJECT_ROOT, 'test/bench/floor.mjs'), environment),
        await time(join(folder, 'dist/index.js'), environment),
      ] as const;
      if (run === 0) continue;
      floor.push(pair[0]);
      step.push(pair[1]);
    }
    const [floorMs, stepMs] = [median(floor), median(step)];
    return { delayMs, floorMs, stepMs, ratio: stepMs / floorMs };
  } finally {
    child.stdin?.end();
    await new Promise((resolve) => child.once('exit', resolve));
  }
}

/** The line that the local Azure prints when it stands. */
interface LocalAzureLine {
  readonly metadataUrl: string;
  readonly caFile: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly workspace: string;
  readonly oidc: { readonly requestUrl: string; readonly requestToken: string };
}

async function startLocalAzure(delayMs: number): Promise<{ child: ChildProcess; azure: LocalAzureLine }> {
  const main = join(PROJECT_ROOT, 'test/local-azure/main.ts');
  const child = spawn(
    pinnedNode(),
    [main, '--no-validate', '--until-stdin-closes', '--delay-ms', String(delayMs)],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const lines = createInterface({ input: child.stdout });
  const line = await new Promise<string>((resolve, reject) => {
    lines.once('line', resolve);
    child.once('exit', () => reject(new Error('the local Azure did not start')));
  });
  return { child, azure: JSON.parse(line) as LocalAzureLine };
}

function stepEnvironment(azure: LocalAzureLine): NodeJS.ProcessEnv {
  const file = (name: string): string => {
    const path = join(folder, name);
    writeFileSync(path, '');
    return path;
  };
  const inputs: Readonly<Record<string, string>> = {
    endpoint: 'churn-key',
    workspace: azure.workspace,
    'resource-group': azure.resourceGroup,
    'subscription-id': azure.subscriptionId,
    'client-id': azure.clientId,
    'tenant-id': azure.tenantId,
    cloud: azure.metadataUrl,
    'sample-request': join(PROJECT_ROOT, 'test/fixtures/samples/01-sklearn-data-matrix.json'),
  };
  return {
    PATH: process.env.PATH,
    // Both trust the local certificate in the same way, so that it costs both the same.
    NODE_EXTRA_CA_CERTS: azure.caFile,
    ACTIONS_ID_TOKEN_REQUEST_URL: azure.oidc.requestUrl,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: azure.oidc.requestToken,
    GITHUB_OUTPUT: file('output'),
    GITHUB_STEP_SUMMARY: file('summary'),
    ...Object.fromEntries(
      Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
    ),
  };
}

/** Milliseconds from start to exit of one process. */
async function time(script: string, env: NodeJS.ProcessEnv): Promise<number> {
  const startedAt = performance.now();
  const child = spawn(pinnedNode(), [script], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`${script} ended with ${code}: ${output}`);
  return performance.now() - startedAt;
}

function median(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** What a workflow downloads when it uses the action: the tracked files less those marked export-ignore. */
function archiveBytes(): number {
  const path = join(folder, 'action.tar.gz');
  execFileSync('git', ['archive', '--format=tar.gz', '-o', path, 'HEAD'], { cwd: PROJECT_ROOT });
  return readFileSync(path).length;
}

function print({ rounds, exchangesInSequence, downloadBytes }: Figures): void {
  for (const { delayMs, floorMs, stepMs, ratio } of rounds) {
    const limit = delayMs === 0 ? 1.4 : 1.1;
    console.log(`${delayMs} ms added to each exchange, medians of ${runs} runs in turn:`);
    console.log(
      `  floor ${floorMs.toFixed(0)} ms, step ${stepMs.toFixed(0)} ms, ratio ${ratio.toFixed(2)} (at most ${limit})`,
    );
  }
  console.log(`exchanges one after another: ${exchangesInSequence} (at most 5)`);
  console.log(`download: ${(downloadBytes / 1e6).toFixed(2)} MB gzipped (at most 1 MB)`);
}
