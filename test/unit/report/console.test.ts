import { describe, expect, test } from 'vitest';
import type { Credential } from '../../../src/azure/credential.ts';
import {
  showResponse,
  tellCredential,
  tellEndpoint,
  tellResult,
  warnOfUnsentLines,
} from '../../../src/report/console.ts';
import type { SmokeTestResult, ThresholdResult } from '../../../src/smoke-test/result.ts';
import { type FakeHost, fakeHost } from '../../support/gate.ts';
import {
  CREDENTIAL,
  caseOf,
  ENDPOINT,
  KEY,
  latencyOf,
  replyOf,
  resultOf,
  sampleOf,
  unmeasured,
} from '../../support/results.ts';
import { caseOf as planCase, planOf, requestPlan } from '../../support/smoke-test.ts';

function told(tell: (host: FakeHost['host']) => void): readonly string[] {
  const { host, told: lines } = fakeHost();
  tell(host);
  return lines;
}

/** What the log and the annotations say of a result. */
function result(changes: Partial<SmokeTestResult>): readonly string[] {
  return told((host) => tellResult(host, "Endpoint 'churn'", resultOf(changes)));
}

test('an endpoint is told with its place, its auth mode and its traffic', () => {
  expect(told((host) => tellEndpoint(host, ENDPOINT))).toEqual([
    "info: Endpoint 'churn' in westeurope: auth mode key, blue (100 %), green (0 %)",
  ]);
});

test.each<[string, Credential]>([
  ['the secondary key, masked. Keys do not expire.', { ...CREDENTIAL, mode: 'key', which: 'secondary' }],
  [
    'an endpoint token, masked; expires 2026-03-04T05:06:07Z.',
    {
      mode: 'aml_token',
      secret: CREDENTIAL.secret,
      expiresOn: new Date('2026-03-04T05:06:07.999Z'),
      refreshAfter: undefined,
    },
  ],
  [
    'an Entra token, masked; Azure does not say when it expires.',
    { mode: 'aad_token', secret: CREDENTIAL.secret, expiresOn: undefined, refreshAfter: undefined },
  ],
])('a credential is told as %s', (text, credential) => {
  expect(told((host) => tellCredential(host, credential))).toEqual([`info: Credential: ${text}`]);
});

describe('a passed smoke test is one line of the log', () => {
  test('that names the deployment that answered', () => {
    expect(result({})).toEqual(["info: Smoke test passed: Deployment 'green' answered 200 in 123 ms."]);
  });

  test('that names the endpoint when no deployment is known', () => {
    expect(result({ deployment: undefined })).toEqual([
      "info: Smoke test passed: Endpoint 'churn' answered 200 in 123 ms.",
    ]);
  });

  test('that names every deployment that answered when traffic shifts', () => {
    const samples = ['green', 'blue', 'green'].map((deployment) => sampleOf({ deployment }));
    const cases = [caseOf({ measured: 3, passed: 3 })];
    expect(result({ samples, cases, deployment: 'green' }).slice(1)).toEqual([
      'info: Several deployments answered: green (2 requests), blue (1 request).',
      "info: Smoke test passed: Endpoint 'churn' answered 3 requests, p50 123 ms, p95 123 ms.",
    ]);
  });

  test('that holds no command, and no long name, of a deployment', () => {
    const [line] = result({ deployment: `::error::${'x'.repeat(99)}` });
    expect(line).toContain(`Deployment ': :error::${'x'.repeat(54)}… (108 characters in all)' answered`);
  });

  test('that gives percentiles after the figures of each case, when there were many requests', () => {
    const samples = Array.from({ length: 20 }, () => sampleOf());
    const latency = latencyOf(20, 100, 1_000);
    const cases = [caseOf({ measured: 20, passed: 20, latency })];
    expect(result({ samples, latency, cases })).toEqual([
      "info: Case 'two rows': 20 of 20 passed, p50 100 ms, p95 300 ms.",
      "info: Smoke test passed: Deployment 'green' answered 20 requests, p50 100 ms, p95 300 ms.",
    ]);
  });
});

describe('a bad verdict is one annotation', () => {
  test.each([
    ['failed', 'Smoke test failed'],
    ['inconclusive', 'Smoke test is inconclusive'],
    ['error', 'Smoke test could not be completed'],
  ] as const)('%s has the title "%s"', (verdict, title) => {
    expect(result({ verdict, message: 'It answered 424.' })).toEqual([`error: [${title}] It answered 424.`]);
  });

  test('that needs no measured request', () => {
    expect(
      told((host) => tellResult(host, "Endpoint 'churn'", unmeasured('error', 'Nobody answered.'))),
    ).toEqual(['error: [Smoke test could not be completed] Nobody answered.']);
  });
});

describe('a threshold', () => {
  const limit = (changes: Partial<ThresholdResult>): ThresholdResult => ({
    name: 'p95',
    unit: 'ms',
    measured: 123,
    limit: 800,
    met: true,
    advisory: false,
    ...changes,
  });
  const warnings = (threshold: ThresholdResult, changes: Partial<SmokeTestResult> = {}) =>
    result({ thresholds: [threshold], ...changes }).filter((line) => line.startsWith('warning'));

  test('is a line of the log with what was measured', () => {
    expect(result({ thresholds: [limit({})] })).toContain('info: Threshold p95: 123 ms (≤ 800 ms), met.');
  });

  test('with a note is a warning that says so', () => {
    expect(warnings(limit({ note: 'Too few samples.' }))).toEqual([
      'warning: [Smoke test] p95: Too few samples.',
    ]);
  });

  test('that is missed, and advisory, is one warning, its note included', () => {
    const missed = limit({ limit: 100, met: false, advisory: true });
    expect(warnings(missed)).toEqual([
      'warning: [Smoke test] p95 is 123 ms; the limit is 100 ms. It is advisory.',
    ]);
    expect(warnings({ ...missed, note: 'Too few samples.' })).toEqual([
      'warning: [Smoke test] p95 is 123 ms; the limit is 100 ms. Too few samples. It is advisory.',
    ]);
  });

  test('that is missed, and decisive, is told by the annotation alone', () => {
    const missed = limit({ limit: 100, met: false });
    expect(warnings(missed, { verdict: 'failed', message: 'p95 is 123 ms' })).toEqual([]);
  });
});

describe('the failures of several cases', () => {
  const cases = ['a', 'b'].map((name) =>
    caseOf({
      name,
      passed: 0,
      latency: undefined,
      failure: {
        caseIndex: 0,
        target: 'candidate',
        request: 1,
        seen: 'It answered 424.',
        message: `Case '${name}' answered 424.`,
        mismatches: [],
        sameWay: 1,
        failed: 1,
        measured: 1,
      },
    }),
  );
  const failures = (message: string) =>
    result({ verdict: 'failed', cases, message }).filter((line) => line.startsWith("info: Case '"));
  const counts = ["info: Case 'a': 0 of 1 passed.", "info: Case 'b': 0 of 1 passed."];

  test('are lines of the log when the annotation only counts some', () => {
    expect(failures("Case 'a' answered 424.\n1 more case failed; the log has the details.")).toEqual([
      ...counts,
      "info: Case 'a' answered 424.",
      "info: Case 'b' answered 424.",
    ]);
  });

  test('are not repeated when the annotation has them all', () => {
    expect(failures("Case 'a' answered 424.\nCase 'b' answered 424.")).toEqual(counts);
  });
});

test('a case with more lines than samples is a warning', () => {
  const cases = [1, 2, 3].map((count) =>
    planCase({
      name: `${count} lines`,
      request: requestPlan({
        body: { kind: 'bytes', bodies: Array(count).fill(Buffer.from('[1]')), origin: 'rows.jsonl' },
      }),
    }),
  );
  const warnings = (samples: number) => told((host) => warnOfUnsentLines(host, planOf({ cases, samples })));
  expect(warnings(2)).toEqual([
    "warning: [Smoke test] Case '3 lines' has 3 lines, but only the first 2 are sent, because each sample sends one line. Set samples to 3 to send them all.",
  ]);
  expect(warnings(1)[0]).toContain("Case '2 lines' has 2 lines, but only the first is sent, ");
});

describe('a response that is to be shown', () => {
  test('is folded with its size and type, defused and without the credential', () => {
    const body = `fine\n::error::no\n##[error]no ${KEY}`;
    expect(told((host) => showResponse(host, replyOf(body, 'text/plain\t')))).toEqual([
      `group: Response: ${body.length} bytes, text/plain\nfine\n: :error::no\n## [error]no ***`,
    ]);
  });

  test('is cut when it is long', () => {
    const [group] = told((host) => showResponse(host, replyOf('x'.repeat(30_000))));
    expect(group?.split('\n')[1]).toBe(`${'x'.repeat(20_000)}… (30000 characters in all)`);
  });

  test('is told to be missing when it was not kept, or never came', () => {
    expect(told((host) => showResponse(host, replyOf(undefined)))).toEqual([
      'group: Response: 17825792 bytes, application/json\nIt is too long to be shown.',
    ]);
    expect(told((host) => showResponse(host, undefined))).toEqual(['info: There is no response to show.']);
  });
});
