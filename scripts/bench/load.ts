import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPairs } from '../../test/runner/file-commands.ts';
import { PROJECT_ROOT } from '../../test/runner/node.ts';
import { type LocalAzureLine, SAMPLE_REQUEST, stepEnvironment } from './azure.ts';
import { runChild } from './children.ts';
import { percentile } from './numbers.ts';

/** The same load for the action and for the load generator. */
export interface Load {
  readonly endpoint: string;
  readonly deployment: string;
  readonly samples: number;
  readonly concurrency: number;
  /** Whether the action holds each answer against a schema, JSONPaths and a golden answer. */
  readonly judged?: boolean;
}

const SCHEMA = { type: 'array', items: { type: 'number', minimum: 0 }, minItems: 2, maxItems: 2 };

const EXPECTATIONS = {
  schema: 'answer.schema.json',
  json: { '$[0]': { between: [11_000, 12_000] }, '$[*]': { type: 'number' } },
  equals: { value: [11_055.9, 4_503], absolute: 1.5 },
};

/** What one of them measured, in milliseconds. */
export interface LoadRun {
  readonly p50: number;
  readonly p95: number;
  /** Requests a second, from the first that counts to the last. */
  readonly perSecond: number;
}

interface Report {
  readonly latency: { readonly count: number; readonly 'p50-ms': number; readonly 'p95-ms': number };
  readonly measurements: readonly { readonly 'started-at-ms': number; readonly 'latency-ms': number }[];
}

/** @returns also the endpoint's key */
export async function actionRun(
  azure: LocalAzureLine,
  folder: string,
  { endpoint, deployment, samples, concurrency, judged = false }: Load,
): Promise<LoadRun & { readonly credential: string }> {
  const file = join(folder, 'smoke-test.yaml');
  const plan = {
    version: 1,
    deployment,
    samples,
    concurrency,
    cases: [
      { name: 'two rows', request: { body: SAMPLE_REQUEST }, ...(judged ? { expect: EXPECTATIONS } : {}) },
    ],
  };
  writeFileSync(join(folder, EXPECTATIONS.schema), JSON.stringify(SCHEMA));
  // JSON is YAML.
  writeFileSync(file, JSON.stringify(plan));
  const inputs = { endpoint, 'smoke-test': file, 'report-directory': folder };
  const environment = stepEnvironment(azure, folder, inputs);
  await runChild(join(folder, 'dist/index.js'), environment);
  const report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as Report;
  const { latency, measurements } = report;
  if (latency.count !== samples) throw new Error(`the action measured ${latency.count} of ${samples}`);
  const { credential = '' } = readPairs(readFileSync(join(folder, 'output'), 'utf8')).pairs;
  const elapsedMs = Math.max(...measurements.map((one) => one['started-at-ms'] + one['latency-ms']));
  return {
    p50: latency['p50-ms'],
    p95: latency['p95-ms'],
    perSecond: (samples / elapsedMs) * 1_000,
    credential,
  };
}

export async function generatorRun(
  azure: LocalAzureLine,
  { endpoint, deployment, samples, concurrency: connections }: Load,
  key: string,
): Promise<LoadRun> {
  const { stdout } = await runChild(
    join(PROJECT_ROOT, 'scripts/bench/load-generator.mjs'),
    { PATH: process.env.PATH, NODE_EXTRA_CA_CERTS: azure.caFile },
    {
      url: azure.endpoints.find(({ name }) => name === endpoint)?.scoringUri,
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
  const { latencies, perSecond } = JSON.parse(stdout) as {
    readonly latencies: readonly number[];
    readonly perSecond: number;
  };
  return { p50: percentile(latencies, 50), p95: percentile(latencies, 95), perSecond };
}
