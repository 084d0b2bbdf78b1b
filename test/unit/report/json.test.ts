import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { jsonReport } from '../../../src/report/json.ts';
import { untested } from '../../../src/report/report.ts';
import { NAME, VERSION } from '../../../src/version.ts';
import { HOSTILE, saying } from '../../support/hostile.ts';
import { comparison, KEY, RESULTS, reportOf, resultOf, sampleOf } from '../../support/results.ts';

/** The whole of it. */
function jsonText(report: Parameters<typeof jsonReport>[0]): string {
  return [...jsonReport(report)].join('');
}

const SCHEMA: unknown = JSON.parse(
  readFileSync(new URL('../../../report.schema.json', import.meta.url), 'utf8'),
);

/** The schema lets later releases add properties; this release must not have any that it does not describe. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const entries = Object.entries(schema).map(([name, value]) => [name, closed(value)]);
  const open = 'properties' in schema && 'type' in schema && schema.type === 'object';
  return Object.fromEntries(open ? [...entries, ['additionalProperties', false]] : entries);
}

const ajv = new Ajv2020({ allErrors: true, strict: true });
addFormats.default(ajv);
const validate = ajv.compile(closed(SCHEMA) as object);

function errorsOf(text: string): unknown {
  validate(JSON.parse(text));
  return validate.errors;
}

describe('report.json keeps its schema', () => {
  test.each(RESULTS)('for %s', (_what, result) => {
    expect(errorsOf(jsonText(reportOf(result)))).toBe(null);
  });

  test('with hostile text everywhere', () => {
    const { endpoint, result } = saying(HOSTILE);
    expect(errorsOf(jsonText(reportOf(result, endpoint)))).toBe(null);
  });

  test('with numbers that JSON does not have', () => {
    const thresholds = comparison().thresholds.map((one) => ({
      ...one,
      measured: Number.POSITIVE_INFINITY,
      interval: [0.5, Number.POSITIVE_INFINITY] as const,
    }));
    const text = jsonText(reportOf(comparison({ thresholds, connectMs: Number.NaN })));
    expect(errorsOf(text)).toBe(null);
    expect(JSON.parse(text).thresholds[0]).not.toHaveProperty('interval');
  });

  test('which refuses another version, verdict or property', () => {
    const report = JSON.parse(jsonText(reportOf(resultOf())));
    expect(errorsOf(JSON.stringify({ ...report, version: 2 }))).toHaveLength(1);
    expect(errorsOf(JSON.stringify({ ...report, verdict: 'good' }))).toHaveLength(1);
    expect(errorsOf(JSON.stringify({ ...report, key: KEY }))).toHaveLength(1);
  });
});

test('report.json tells all of one request', () => {
  expect(JSON.parse(jsonText(reportOf(resultOf())))).toEqual({
    version: 1,
    tool: { name: NAME, version: VERSION },
    verdict: 'passed',
    'started-at': '2026-03-04T05:06:07.089Z',
    'duration-ms': 123,
    endpoint: {
      name: 'churn',
      workspace: 'ws-models',
      'resource-group': 'rg-models',
      'subscription-id': '11111111-2222-3333-4444-555555555555',
      id: '/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg-models/providers/Microsoft.MachineLearningServices/workspaces/ws-models/onlineEndpoints/churn',
      location: 'westeurope',
      'auth-mode': 'key',
      'scoring-uri': 'https://churn.westeurope.inference.ml.azure.com/score',
      traffic: { blue: 100, green: 0 },
    },
    deployment: 'green',
    samples: 1,
    concurrency: 1,
    seed: 20260304,
    'warm-up': { ms: 2_000, requests: 3 },
    'connect-ms': 41.5,
    'status-code': 200,
    latency: {
      count: 1,
      'min-ms': 61.5,
      'mean-ms': 123,
      'p50-ms': 123,
      'p90-ms': 123,
      'p95-ms': 123,
      'p99-ms': 123,
      'max-ms': 123,
    },
    thresholds: [],
    cases: [
      {
        name: 'two rows',
        measured: 1,
        passed: 1,
        latency: {
          count: 1,
          'min-ms': 61.5,
          'mean-ms': 123,
          'p50-ms': 123,
          'p90-ms': 123,
          'p95-ms': 123,
          'p99-ms': 123,
          'max-ms': 123,
        },
      },
    ],
    measurements: [
      {
        case: 0,
        target: 'candidate',
        'started-at-ms': 0,
        'latency-ms': 123,
        outcome: 'passed',
        'timed-out': false,
        status: 200,
        bytes: 17,
        sha256: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
        deployment: 'green',
        'request-id': 'c0ffee00-0000-4000-8000-000000000001',
      },
    ],
  });
});

test('every sample is there, unrounded, each on a line of its own', () => {
  const measurements = [12.345678901, 7, 300.25].map((latencyMs, index) =>
    sampleOf({ latencyMs, startedAtMs: index * 10, outcome: index === 1 ? 'unanswered' : 'passed' }),
  );
  const text = jsonText(reportOf(resultOf({ samples: measurements })));
  const report = JSON.parse(text);
  expect(report.measurements.map((one: Record<string, unknown>) => [one['latency-ms'], one.outcome])).toEqual(
    [
      [12.345678901, 'passed'],
      [7, 'unanswered'],
      [300.25, 'passed'],
    ],
  );
  expect(text.split('\n').filter((line) => line.includes('"latency-ms"'))).toHaveLength(3);
});

test('a threshold keeps its interval and its note', () => {
  const report = JSON.parse(jsonText(reportOf(comparison())));
  expect(report.thresholds.at(-1)).toEqual({
    name: 'baseline.p95',
    unit: 'ratio',
    measured: 1.2,
    limit: 1.5,
    met: true,
    advisory: false,
    interval: [0.98, 1.61],
    note: 'The limit lies inside the interval; about 140 requests would settle it.',
  });
});

test('a failed case names what was wanted and what came', () => {
  const report = JSON.parse(jsonText(reportOf(comparison())));
  expect(report.cases[0].failure).toEqual({
    target: 'candidate',
    request: 5,
    message: 'status 424 (model_error), json $[0] is not between 11000 and 12000',
    mismatches: [
      { at: 'status', wanted: '2xx', got: '424' },
      { at: 'json $[0]', wanted: 'between 11000 and 12000', got: '10999.5' },
    ],
    'same-way': 2,
    failed: 2,
    measured: 40,
  });
});

test('hostile text is harmless, and the key is nowhere', () => {
  const { endpoint, result } = saying(HOSTILE);
  const text = jsonText(reportOf(result, endpoint));
  expect(text).not.toContain(KEY.slice(0, 12));
  expect(text).not.toContain(KEY.slice(16, 28));
  expect(text).not.toMatch(/\\u0000|\\u001b|\\ud800|\ufffe|\u202e|##\[|"::error/);
  const { reason } = JSON.parse(text).measurements.find((one: { reason?: string }) => one.reason);
  expect(reason).toBe(
    '<script>alert(1)</script><img src=x onerror=alert(1)>]]> [link](https://evil.example) a|b `code` ::error::x ## [error]y red gnp.exe " \' &amp; --> : :error::second line *** *** ***',
  );
});

test('every deployment that answered is named when there were several', () => {
  const samples = ['green', 'blue', 'green'].map((deployment) => sampleOf({ deployment }));
  expect(JSON.parse(jsonText(reportOf(resultOf({ samples }))))).toMatchObject({
    'answered-by': { green: 2, blue: 1 },
  });
});

test('a step without a smoke test has a report of what is known', () => {
  const report = {
    endpoint: { address: { name: 'churn' } },
    authMode: undefined,
    result: untested('error', 'Refused.', new Date('2026-03-04T05:06:07Z'), undefined),
  };
  const written = JSON.parse(jsonText(report)) as object;
  expect(written).toMatchObject({ verdict: 'error', message: 'Refused.', endpoint: { name: 'churn' } });
  for (const unknown of ['samples', 'concurrency', 'seed', 'warm-up'])
    expect(written).not.toHaveProperty(unknown);
});

describe('limits', () => {
  test('names of 64 KiB are cut', () => {
    const { endpoint, result } = saying('n'.repeat(65_536));
    const report = JSON.parse(jsonText(reportOf(result, endpoint)));
    expect(report.endpoint.name).toBe(`${'n'.repeat(200)}… (65536 characters in all)`);
    expect(report.cases[0].name).toBe(`${'n'.repeat(200)}… (65536 characters in all)`);
  });
});
