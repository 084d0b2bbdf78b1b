import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPairs } from '../../test/runner/file-commands.ts';
import { PROJECT_ROOT } from '../../test/runner/node.ts';
import { type LocalAzureLine, SAMPLE_REQUEST, stepEnvironment } from './azure.ts';
import { runChild } from './children.ts';
import { median, percentile } from './numbers.ts';

/** The action's measurement beside that of a load generator, on the same deployment. */
export interface Comparison {
  /** `instant` answers at once, `busy` after 5 to 20 ms. */
  readonly deployment: 'instant' | 'busy';
  readonly concurrency: number;
  readonly samples: number;
  readonly p50: Pair;
  readonly p95: Pair;
}

interface Pair {
  readonly actionMs: number;
  readonly autocannonMs: number;
  /** Of the action, from autocannon. */
  readonly differencePercent: number;
  /** Undefined where the server, not the client, is what is measured. */
  readonly limitPercent: number | undefined;
}

interface Percentiles {
  readonly p50: number;
  readonly p95: number;
}

const LIMIT_PERCENT = 10;

/** Action and load generator in turn, so that what else the machine does hits both; medians of all runs. */
export async function compareLatency(
  azure: LocalAzureLine,
  folder: string,
  { runs, samples, deployment, concurrency }: Omit<Comparison, 'p50' | 'p95'> & { readonly runs: number },
): Promise<Comparison> {
  const action: Percentiles[] = [];
  const generator: Percentiles[] = [];
  for (let run = 0; run < runs; run++) {
    const measured = await actionRun(azure, folder, { samples, deployment, concurrency });
    action.push(measured);
    generator.push(
      await generatorRun(azure, { samples, deployment, connections: concurrency, key: measured.credential }),
    );
  }
  const pair = (name: keyof Percentiles): Pair => {
    const actionMs = median(action.map((one) => one[name]));
    const autocannonMs = median(generator.map((one) => one[name]));
    return {
      actionMs,
      autocannonMs,
      differencePercent: (actionMs / autocannonMs - 1) * 100,
      limitPercent: deployment === 'busy' ? LIMIT_PERCENT : undefined,
    };
  };
  return { deployment, concurrency, samples, p50: pair('p50'), p95: pair('p95') };
}

async function actionRun(
  azure: LocalAzureLine,
  folder: string,
  { samples, deployment, concurrency }: Pick<Comparison, 'samples' | 'deployment' | 'concurrency'>,
): Promise<Percentiles & { readonly credential: string }> {
  const file = join(folder, 'smoke-test.yaml');
  const plan = {
    version: 1,
    deployment,
    samples,
    concurrency,
    cases: [{ name: 'two rows', request: { body: SAMPLE_REQUEST } }],
  };
  // JSON is YAML.
  writeFileSync(file, JSON.stringify(plan));
  const inputs = { endpoint: 'measured', 'smoke-test': file, 'report-directory': folder };
  const environment = stepEnvironment(azure, folder, inputs);
  await runChild(join(folder, 'dist/index.js'), environment);
  const { latency } = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as {
    readonly latency: { readonly count: number; readonly 'p50-ms': number; readonly 'p95-ms': number };
  };
  if (latency.count !== samples) throw new Error(`the action measured ${latency.count} of ${samples}`);
  const { credential = '' } = readPairs(readFileSync(join(folder, 'output'), 'utf8')).pairs;
  return { p50: latency['p50-ms'], p95: latency['p95-ms'], credential };
}

async function generatorRun(
  azure: LocalAzureLine,
  {
    samples,
    deployment,
    connections,
    key,
  }: Pick<Comparison, 'samples' | 'deployment'> & { readonly connections: number; readonly key: string },
): Promise<Percentiles> {
  const { stdout } = await runChild(
    join(PROJECT_ROOT, 'scripts/bench/load-generator.mjs'),
    { PATH: process.env.PATH, NODE_EXTRA_CA_CERTS: azure.caFile },
    {
      url: azure.endpoints[0]?.scoringUri,
      headers: {
        accept: '*/*',
        'accept-encoding': 'identity',
        'content-type': 'application/json',
        authorization: `Bearer ${key}`,
        'azureml-model-deployment': deployment,
      },
      body: readFileSync(SAMPLE_REQUEST, 'utf8'),
      samples,
      connections,
    },
  );
  const latencies = JSON.parse(stdout) as readonly number[];
  return { p50: percentile(latencies, 50), p95: percentile(latencies, 95) };
}
