import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { expect } from 'vitest';
import type { Exchange, Model } from '../local-azure/index.ts';
import type { Scenario, Seen, StepRequest } from './scenario.ts';

/** Where the smoke-test file lies: the files it names are relative to its folder. */
export const SMOKE_TEST_FILE = 'tests/smoke-test.yml';

/** Percentiles as report.json has them. */
export type Latency = Readonly<
  Record<`${'min' | 'mean' | 'p50' | 'p90' | 'p95' | 'p99' | 'max'}-ms`, number>
> & {
  readonly count: number;
};

export interface Mismatch {
  readonly at: string;
  readonly wanted: string;
  readonly got: string;
}

export interface Measurement {
  readonly case: number;
  readonly target: 'candidate' | 'baseline';
  readonly 'started-at-ms': number;
  readonly 'latency-ms': number;
  readonly 'first-event-ms'?: number;
  readonly 'waited-ms'?: number;
  readonly line?: number;
  readonly outcome: 'passed' | 'failed' | 'unanswered';
  readonly status?: number;
  readonly deployment?: string;
  readonly reason?: string;
}

export interface Threshold {
  readonly name: string;
  readonly unit: 'share' | 'ms' | 'ratio';
  readonly measured?: number;
  readonly limit: number;
  readonly met: boolean;
  readonly advisory: boolean;
  readonly interval?: readonly [number, number];
  readonly note?: string;
}

/** What the scenarios read of report.json. */
export interface Report {
  readonly verdict: string;
  readonly message?: string;
  readonly deployment?: string;
  readonly 'baseline-deployment'?: string;
  readonly samples: number;
  readonly concurrency: number;
  readonly 'open-loop'?: {
    readonly 'per-second': number;
    readonly 'duration-ms': number;
    readonly waited: number;
    readonly 'longest-wait-ms': number;
  };
  readonly seed: number;
  readonly 'warm-up': { readonly ms: number; readonly requests: number };
  readonly latency?: Latency;
  readonly 'baseline-latency'?: Latency;
  readonly thresholds: readonly Threshold[];
  readonly cases: readonly {
    readonly name: string;
    readonly measured: number;
    readonly passed: number;
    readonly failure?: {
      readonly request: number;
      readonly message: string;
      readonly mismatches: readonly Mismatch[];
      readonly 'same-way': number;
      readonly failed: number;
    };
  }[];
  readonly measurements: readonly Measurement[];
}

/** What was seen of a step that ran a smoke-test file, its reports beside. */
export interface FileRun extends Seen {
  readonly report: Report;
  /** report.json, junit.xml and report.html as they were written. */
  readonly reports: Readonly<Record<'json' | 'junit' | 'html', string>>;
  /** Requests that were sent to the endpoint, those of the warm-up among them. */
  readonly scored: readonly Exchange[];
}

const SCHEMA: unknown = JSON.parse(
  readFileSync(new URL('../../report.schema.json', import.meta.url), 'utf8'),
);
const ajv = new Ajv2020({ allErrors: true, strict: true });
addFormats.default(ajv);
const validate = ajv.compile(SCHEMA as object);

/** Gives a deployment of endpoint churn-key, or of another one, a model. */
export function serve({ azure }: Scenario, deployment: string, model: Model, endpoint = 'churn-key'): void {
  const state = azure.endpoints.get(endpoint)?.deployments.get(deployment);
  if (state === undefined) throw new Error(`There is no deployment '${deployment}' of '${endpoint}'.`);
  state.model = model;
  // The models that the scenarios serve are never too busy, unless a scenario is about that.
  state.maxConcurrentRequestsPerInstance = 100;
}

/** Runs the action with a smoke-test file, and reads the reports, which keep their schema. */
export async function runFile(scenario: Scenario, text: string, request: StepRequest = {}): Promise<FileRun> {
  const seen = await scenario.step({
    ...request,
    inputs: { 'smoke-test': SMOKE_TEST_FILE, 'report-directory': 'reports', ...request.inputs },
    files: { [SMOKE_TEST_FILE]: text, ...request.files },
  });
  const read = (name: string): string =>
    Buffer.from(seen.changedFiles[`workspace/reports/${name}`] ?? []).toString('utf8');
  const reports = { json: read('report.json'), junit: read('junit.xml'), html: read('report.html') };
  if (reports.json === '') throw new Error(`There is no report.json. The log:\n${seen.log}`);
  const report = JSON.parse(reports.json) as Report;
  validate(report);
  expect(validate.errors).toBe(null);
  expect(report.verdict).toBe(seen.outputs.verdict);
  return { ...seen, report, reports, scored: seen.sent('scoring') };
}

/** The only mismatches of a case by its name; undefined when it met all. */
export function mismatchesOf({ report }: FileRun, name: string): readonly Mismatch[] | undefined {
  const found = report.cases.find((each) => each.name === name);
  if (found === undefined) throw new Error(`There is no case '${name}' in report.json.`);
  return found.failure?.mismatches;
}

export function thresholdOf({ report }: FileRun, name: string): Threshold {
  const found = report.thresholds.find((each) => each.name === name);
  if (found === undefined) throw new Error(`There is no threshold '${name}' in report.json.`);
  return found;
}
