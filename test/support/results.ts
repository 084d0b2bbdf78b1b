import type { Credential } from '../../src/azure/credential.ts';
import type { Endpoint } from '../../src/azure/resource-manager/answers.ts';
import type { Report } from '../../src/report/report.ts';
import { announceMasksTo, guard } from '../../src/secrets/secret.ts';
import type { Reply } from '../../src/smoke-test/request/exchange.ts';
import type { CaseResult, LatencySummary, Sample, SmokeTestResult } from '../../src/smoke-test/result.ts';
import { KEY } from './azure.ts';

export { KEY };

announceMasksTo(() => undefined);

export const CREDENTIAL: Credential = {
  mode: 'key',
  secret: guard(KEY, 'The primary key'),
  which: 'primary',
};

export const ENDPOINT: Endpoint = {
  address: {
    subscriptionId: '11111111-2222-3333-4444-555555555555',
    resourceGroup: 'rg-models',
    workspace: 'ws-models',
    name: 'churn',
  },
  id: '/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg-models/providers/Microsoft.MachineLearningServices/workspaces/ws-models/onlineEndpoints/churn',
  authMode: 'Key',
  scoringUri: 'https://churn.westeurope.inference.ml.azure.com/score',
  swaggerUri: 'https://churn.westeurope.inference.ml.azure.com/swagger.json',
  location: 'westeurope',
  provisioningState: 'Succeeded',
  traffic: { blue: 100, green: 0 },
};

/** Percentiles that are easy to recognize. */
export function latencyOf(count: number, p50: number, max: number): LatencySummary {
  const [p90 = max, p95 = max, p99 = max] = [2, 3, 4].map((factor) => Math.min(p50 * factor, max));
  return { count, min: p50 / 2, mean: p50, p50, p90, p95, p99, max };
}

export function sampleOf(changes: Partial<Sample> = {}): Sample {
  return {
    caseIndex: 0,
    index: 0,
    line: undefined,
    target: 'candidate',
    startedAtMs: 0,
    latencyMs: 123,
    waitedMs: undefined,
    firstEventMs: undefined,
    longestGapMs: undefined,
    outcome: 'passed',
    timedOut: false,
    inconclusive: false,
    status: 200,
    bytes: 17,
    sha256: 'a'.repeat(64),
    deployment: 'green',
    requestId: 'c0ffee00-0000-4000-8000-000000000001',
    reason: undefined,
    ...changes,
  };
}

export function caseOf(changes: Partial<CaseResult> = {}): CaseResult {
  return {
    name: 'two rows',
    measured: 1,
    passed: 1,
    latency: latencyOf(1, 123, 123),
    firstEvent: undefined,
    longestGapMs: undefined,
    baseline: undefined,
    failure: undefined,
    ...changes,
  };
}

/** One request that passed. */
export function resultOf(changes: Partial<SmokeTestResult> = {}): SmokeTestResult {
  return {
    verdict: 'passed',
    message: undefined,
    deployment: 'green',
    baselineDeployment: undefined,
    startedAt: new Date('2026-03-04T05:06:07.089Z'),
    samplesPerCase: 1,
    concurrency: 1,
    seed: 20260304,
    warmUp: { ms: 2_000, requests: 3 },
    connectMs: 41.5,
    durationMs: 123,
    cases: [caseOf()],
    thresholds: [],
    samples: [sampleOf()],
    latency: latencyOf(1, 123, 123),
    baselineLatency: undefined,
    statusCode: 200,
    ...changes,
  };
}

export function reportOf(result: SmokeTestResult, endpoint: Endpoint = ENDPOINT): Report {
  return {
    endpoint,
    authMode: 'key',
    result,
  };
}

/** The result of a run that ended before its first measured request. */
export function unmeasured(verdict: SmokeTestResult['verdict'], message: string | undefined) {
  return resultOf({
    verdict,
    message,
    cases: verdict === 'skipped' ? [] : [caseOf({ measured: 0, passed: 0, latency: undefined })],
    endedBy: verdict === 'skipped' ? undefined : 0,
    samples: [],
    latency: undefined,
    statusCode: undefined,
    connectMs: undefined,
    durationMs: 0,
  });
}

/** Two cases, one of them a stream, against a baseline; one request in twenty fails. */
export function comparison(changes: Partial<SmokeTestResult> = {}): SmokeTestResult {
  const samples = 40;
  const measurements = Array.from({ length: samples * 4 }, (_, index) => {
    const target = index % 2 === 0 ? 'candidate' : 'baseline';
    const bad = index % 40 === 8;
    return sampleOf({
      caseIndex: index < samples * 2 ? 0 : 1,
      target,
      startedAtMs: index * 150,
      latencyMs: (target === 'candidate' ? 120 : 100) + ((index * 37) % 90) + (index % 31 === 0 ? 250 : 0),
      firstEventMs: index < samples * 2 ? undefined : 40 + (index % 7),
      deployment: target === 'candidate' ? 'green' : 'blue',
      ...(bad ? { outcome: 'failed', status: 424, reason: 'status: expected 2xx, received 424' } : {}),
      ...(index === 90
        ? { outcome: 'unanswered', status: undefined, sha256: undefined, reason: 'no answer in 30 s' }
        : {}),
    } as Partial<Sample>);
  });
  return resultOf({
    verdict: 'failed',
    message:
      '76 of 80 requests passed, and success-rate asks for all.\np95 is 360 ms, over its limit of 300 ms.',
    baselineDeployment: 'blue',
    samplesPerCase: samples,
    concurrency: 2,
    durationMs: 24_000,
    cases: [
      caseOf({
        measured: 40,
        passed: 38,
        latency: latencyOf(40, 120, 460),
        baseline: latencyOf(40, 100, 400),
        failure: {
          caseIndex: 0,
          target: 'candidate',
          request: 5,
          seen: 'status 424 (model_error), json $[0] is not between 11000 and 12000',
          message: 'status 424 (model_error), json $[0] is not between 11000 and 12000',
          mismatches: [
            { at: 'status', wanted: '2xx', got: '424' },
            { at: 'json $[0]', wanted: 'between 11000 and 12000', got: '10999.5' },
          ],
          sameWay: 2,
          failed: 2,
          measured: 40,
        },
      }),
      caseOf({
        name: 'chat stream',
        measured: 40,
        passed: 38,
        latency: latencyOf(39, 130, 480),
        firstEvent: latencyOf(39, 42, 60),
        baseline: latencyOf(40, 110, 410),
        failure: {
          caseIndex: 1,
          target: 'candidate',
          request: 6,
          seen: 'no answer in 30 s',
          message: 'no answer in 30 s',
          mismatches: [],
          sameWay: 1,
          failed: 2,
          measured: 40,
        },
      }),
    ],
    thresholds: [
      { name: 'success-rate', unit: 'share', measured: 0.95, limit: 1, met: false, advisory: false },
      { name: 'p95', unit: 'ms', measured: 360, limit: 300, met: false, advisory: false },
      {
        name: 'p99',
        unit: 'ms',
        measured: 480,
        limit: 500,
        met: true,
        advisory: false,
        note: 'p99 of 80 requests is their maximum; 100 hold it.',
      },
      { name: 'first-event-p95', unit: 'ms', measured: 126, limit: 3_000, met: true, advisory: false },
      { name: 'max', unit: 'ms', measured: 480, limit: 450, met: false, advisory: true },
      {
        name: 'baseline.p95',
        unit: 'ratio',
        measured: 1.2,
        limit: 1.5,
        met: true,
        advisory: false,
        interval: [0.98, 1.61],
        note: 'The limit lies inside the interval; about 140 requests would settle it.',
      },
    ],
    samples: measurements,
    latency: latencyOf(79, 125, 480),
    baselineLatency: latencyOf(80, 105, 410),
    ...changes,
  });
}

/** Requests to one deployment, one in a hundred bad, with one that was far the slowest. */
export function manyRequests(count: number): SmokeTestResult {
  const measurements = Array.from({ length: count }, (_, index) =>
    sampleOf({
      startedAtMs: index * 30,
      latencyMs: index === 777 ? 9_000 : 80 + ((index * 7_919) % 101),
      ...(index % 100 === 50
        ? { outcome: 'failed', status: 500, reason: 'status: expected 2xx, received 500' }
        : {}),
    } as Partial<Sample>),
  );
  return resultOf({
    samplesPerCase: count,
    durationMs: count * 30,
    cases: [caseOf({ measured: count, passed: count * 0.99, latency: latencyOf(count, 130, 9_000) })],
    samples: measurements,
    latency: { ...latencyOf(count, 130, 9_000), p95: 175 },
  });
}

/** Every kind of result, by name. */
export const RESULTS: readonly (readonly [string, SmokeTestResult])[] = [
  ['one request that passed', resultOf()],
  ['a comparison that failed', comparison()],
  ['a comparison that passed', comparison({ verdict: 'passed', message: undefined })],
  ['an inconclusive run', unmeasured('inconclusive', 'No usable answer within 2 min: 429 all along.')],
  ['an error', unmeasured('error', 'The host is unknown.')],
  ['a run that was skipped', unmeasured('skipped', undefined)],
  ['no case at all', resultOf({ verdict: 'error', message: 'Nothing to ask.', cases: [], samples: [] })],
  ['20,000 requests', manyRequests(20_000)],
];

/** A reply of the model; without a body it was too long to keep. */
export function replyOf(body: string | Buffer | undefined, contentType = 'application/json'): Reply {
  const bytes = body === undefined ? 17_825_792 : Buffer.byteLength(body);
  return {
    kind: 'reply',
    url: 'https://churn.example/score',
    status: 200,
    headers: { 'content-type': contentType },
    body: body === undefined ? undefined : Buffer.from(body),
    undecoded: undefined,
    bytes,
    sha256: 'a'.repeat(64),
    latencyMs: 123,
    connectMs: undefined,
    askedDeployment: undefined,
    proxyHost: undefined,
    requestId: 'c0ffee00-0000-4000-8000-000000000001',
  };
}
