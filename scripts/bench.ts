import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PROJECT_ROOT } from '../test/runner/node.ts';
import { withLocalAzure } from './bench/azure.ts';
import { type Comparison, compareLatency } from './bench/latency.ts';
import { measureOverhead, type Overhead } from './bench/overhead.ts';
import { compareReach, REACH, type Reach } from './bench/reach.ts';
import { type Round, stepRound } from './bench/step.ts';

// Shows what the step costs beside the least that its exchanges cost, and what it measures beside what others
// measure. It compares medians of runs in turn, so that what else the machine does hits both.
const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    runs: { type: 'string', default: '31' },
    samples: { type: 'string', default: '400' },
  },
});
const runs = Number(values.runs);
const samples = Number(values.samples);
const folder = mkdtempSync(join(tmpdir(), 'bench-'));
// As on a runner: no node_modules stands above the action.
cpSync(join(PROJECT_ROOT, 'dist'), join(folder, 'dist'), { recursive: true });

interface Figures {
  readonly rounds: readonly Round[];
  /** Exchanges of which each waits for the one before: how often the added delay shows in the step's time. */
  readonly exchangesInSequence: number;
  readonly exchangesLimit: number;
  /** Size of what a workflow downloads. */
  readonly downloadBytes: number;
  readonly downloadLimitBytes: number;
  readonly latency: readonly Comparison[];
  readonly reach: readonly Reach[];
  readonly overhead: Overhead;
}

try {
  const plain = await stepRound(folder, runs, 0);
  const delayed = await stepRound(folder, runs, 100);
  const figures: Figures = {
    rounds: [plain, delayed],
    exchangesInSequence: Math.round((delayed.stepMs - plain.stepMs) / delayed.delayMs),
    exchangesLimit: 5,
    downloadBytes: archiveBytes(),
    downloadLimitBytes: 1_000_000,
    ...(await measurements()),
  };
  if (values.json) console.log(JSON.stringify(figures));
  else print(figures);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measurements(): Promise<Pick<Figures, 'latency' | 'reach' | 'overhead'>> {
  return withLocalAzure(['scripts/bench/local-azure.mjs'], async (azure) => {
    const overhead = await measureOverhead(azure, folder, { warmUp: 500, samples: 2_000 });
    const latency: Comparison[] = [];
    // Fewer runs than of the step: each of them is a median already.
    const some = Math.max(1, Math.round(runs / 6));
    for (const deployment of ['busy', 'instant'] as const) {
      for (const concurrency of [1, 8]) {
        latency.push(await compareLatency(azure, folder, { runs: some, samples, deployment, concurrency }));
      }
    }
    const reach: Reach[] = [];
    for (const load of REACH) reach.push(await compareReach(azure, folder, { ...load, runs: some }));
    return { latency, reach, overhead };
  });
}

/** What a workflow downloads when it uses the action: the tracked files less those marked export-ignore. */
function archiveBytes(): number {
  const path = join(folder, 'action.tar.gz');
  execFileSync('git', ['archive', '--format=tar.gz', '-o', path, 'HEAD'], { cwd: PROJECT_ROOT });
  return readFileSync(path).length;
}

function print({ rounds, latency, reach, overhead, ...figures }: Figures): void {
  console.log(`The step with one sample, medians of ${runs} runs in turn with the floor:`);
  for (const { delayMs, floorMs, stepMs, ratio, ratioLimit } of rounds) {
    console.log(
      `  ${delayMs} ms added to each exchange: floor ${floorMs.toFixed(0)} ms, step ${stepMs.toFixed(0)} ms, ratio ${ratio.toFixed(2)}${limit(ratio, ratioLimit, '')}`,
    );
  }
  const { exchangesInSequence, exchangesLimit, downloadBytes, downloadLimitBytes } = figures;
  console.log(
    `  exchanges one after another: ${exchangesInSequence}${limit(exchangesInSequence, exchangesLimit, '')}`,
  );
  const [megabytes, megabytesLimit] = [downloadBytes / 1e6, downloadLimitBytes / 1e6];
  console.log(`  download: ${megabytes.toFixed(2)} MB gzipped${limit(megabytes, megabytesLimit, ' MB')}`);
  console.log(`Measured latencies beside autocannon's, ${samples} samples, medians of runs in turn:`);
  for (const { deployment, concurrency, p50, p95 } of latency) {
    const words = Object.entries({ p50, p95 }).map(
      ([name, { actionMs, autocannonMs, differencePercent: percent, limitPercent }]) =>
        `${name} ${actionMs.toFixed(2)} / ${autocannonMs.toFixed(2)} ms, ${percent < 0 ? '' : '+'}${percent.toFixed(1)} %${limitPercent === undefined ? '' : limit(Math.abs(percent), limitPercent, ' %')}`,
    );
    console.log(`  ${deployment} deployment, concurrency ${concurrency}: ${words.join('; ')}`);
  }
  printReach(reach);
  const { scoreMs, bareMs, overheadMs, limitMs } = overhead;
  console.log('A measured request beside a bare https.request, medians of what a caller waits:');
  console.log(
    `  ${scoreMs.toFixed(3)} / ${bareMs.toFixed(3)} ms, overhead ${overheadMs.toFixed(3)} ms${limit(overheadMs, limitMs, ' ms')}`,
  );
}

function printReach(reach: readonly Reach[]): void {
  console.log("Reach beside autocannon's, against a server that does nothing but answer; medians of ratios:");
  for (const { endpoint, concurrency, perSecond, judged = false, ...ratios } of reach) {
    const { p50Ratio, p50RatioLimit, rateRatio, leastRateRatio } = ratios;
    const ofP50 = p50RatioLimit === undefined ? '' : limit(p50Ratio, p50RatioLimit, '');
    const ofRate = ` (at least ${leastRateRatio}${rateRatio < leastRateRatio ? ': MISSED' : ''})`;
    console.log(
      `  answers ${endpoint}, ${judged ? 'judged, ' : ''}concurrency ${concurrency}: p50 ${p50Ratio.toFixed(2)}${ofP50}; rate ${rateRatio.toFixed(2)}${ofRate}, ${perSecond.toFixed(0)} requests a second`,
    );
  }
}

function limit(measured: number, most: number, unit: string): string {
  return ` (at most ${most}${unit}${measured > most ? ': MISSED' : ''})`;
}
