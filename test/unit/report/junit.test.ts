import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { junitReport } from '../../../src/report/junit.ts';
import type { CaseFailure, SmokeTestResult } from '../../../src/smoke-test/result.ts';
import { NAME, VERSION } from '../../../src/version.ts';
import { HOSTILE, saying } from '../../support/hostile.ts';
import {
  caseOf,
  comparison,
  ENDPOINT,
  KEY,
  RESULTS,
  reportOf,
  resultOf,
  sampleOf,
  unmeasured,
} from '../../support/results.ts';

const XSD = readFileSync(new URL('../../fixtures/junit/junit-10.xsd', import.meta.url), 'utf8');

async function errorsOf(xml: string): Promise<readonly string[]> {
  const { errors } = await validateXML({ xml, schema: XSD });
  return errors.map(({ message }) => message);
}

function junit(result: SmokeTestResult): string {
  return junitReport(reportOf(result));
}

/** The testcases as `name: outcome`. */
function outcomes(xml: string): readonly string[] {
  return [...xml.matchAll(/<testcase name="([^"]*)"[^>]*?(?:\/>|>\s*<([\w-]+))/g)].map(
    ([, name, outcome = 'passed']) => `${name}: ${outcome}`,
  );
}

describe("junit.xml is accepted by Jenkins' schema", () => {
  test.each(RESULTS)('for %s', async (_what, result) => {
    expect(await errorsOf(junit(result))).toEqual([]);
  });

  test.each([
    ['hostile text', HOSTILE],
    ['names of 64 KiB', ']]>&<"'.repeat(10_923)],
    ['a name cut through a surrogate pair', '😀'.repeat(40_000).slice(1)],
  ])('for %s', async (_what, text) => {
    const { endpoint, result } = saying(text);
    expect(await errorsOf(junitReport(reportOf(result, endpoint)))).toEqual([]);
  });

  test('which refuses a report without its counts', async () => {
    expect(await errorsOf(junit(resultOf()).replace(/ tests="1"/g, ''))).toEqual([
      expect.stringContaining("The attribute 'tests' is required but missing"),
    ]);
  });
});

test('a run of one request that passed is one testcase', () => {
  expect(junit(resultOf())).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="azureml-endpoint-auth" tests="1" failures="0" errors="0" time="0.123">
  <testsuite name="Azure ML endpoint churn in workspace ws-models, deployment green" tests="1" failures="0" errors="0" skipped="0" time="0.123" timestamp="2026-03-04T05:06:07">
    <properties>
      <property name="tool" value="${NAME} ${VERSION}"/>
      <property name="verdict" value="passed"/>
      <property name="deployment" value="green"/>
      <property name="samples" value="1"/>
      <property name="concurrency" value="1"/>
      <property name="seed" value="20260304"/>
    </properties>
    <testcase name="two rows" classname="ws-models.churn.green.cases" time="0.123"/>
  </testsuite>
</testsuites>
`);
});

test('cases and thresholds that failed are failures, and an advisory one is skipped', () => {
  const xml = junit(comparison());
  expect(outcomes(xml)).toEqual([
    'two rows: failure',
    'chat stream: failure',
    'success-rate: failure',
    'p95: failure',
    'p99: system-out',
    'first-event-p95: passed',
    'max: skipped',
    'baseline.p95: system-out',
  ]);
  expect(xml).toContain('tests="8" failures="4" errors="0" skipped="1"');
  expect(xml).toContain('<skipped message="missed, advisory: measured 480 ms, limit ≤ 450 ms"/>');
  expect(xml).toContain(
    `<failure type="failed" message="status 424 (model_error), json $[0] is not between 11000 and 12000">- status: expected 2xx, received 424
- json $[0]: expected between 11000 and 12000, received 10999.5
Seen in request 5; 2 of 40 requests failed the same way.</failure>`,
  );
});

describe('a failure is told once', () => {
  const failing = (seen: string, mismatches: CaseFailure['mismatches'] = []): string => {
    const failure: CaseFailure = {
      caseIndex: 0,
      target: 'candidate',
      request: 2,
      seen,
      message: `Case 'two rows', request 2: ${seen}`,
      mismatches,
      sameWay: 3,
      failed: 3,
      measured: 4,
    };
    const cases = [caseOf({ failure, measured: 4, passed: 1 })];
    return junit(resultOf({ verdict: 'failed', message: failure.message, cases, samplesPerCase: 4 }));
  };

  test('its first sentence is the message, and the rest is the text', () => {
    expect(failing('The model answered 424. It raised an error.\nRead its log.')).toContain(
      `message="The model answered 424.">It raised an error.
Read its log.
Seen in request 2; 3 of 4 requests failed the same way.</failure>`,
    );
  });

  test('expectations that its text lists are not listed again', () => {
    const mismatches = [
      { at: 'json $[0]', wanted: '1', got: '7' },
      { at: 'json $[1]', wanted: '2', got: '8' },
    ];
    const xml = failing(
      'The answer is not as expected:\n- json $[0]: expected 1, received 7\n- … and 1 more',
      mismatches,
    );
    expect(xml.match(/json \$\[0\]/g)).toHaveLength(1);
    expect(xml.match(/json \$\[1\]/g)).toHaveLength(1);
    expect(xml).toContain('message="The answer is not as expected">- json $[0]');
  });

  test('a message that is too long for one line is cut, and whole in the text', () => {
    const long = `It said ${'word '.repeat(100)}at last`;
    const xml = failing(long);
    expect(xml).toContain(`>${long}\nSeen in`);
    expect(/message="([^"]*)"/.exec(xml)?.[1]?.length).toBeLessThan(350);
  });

  test('the test case of a verdict does not repeat what the cases say', () => {
    const result = comparison({
      verdict: 'inconclusive',
      message: 'No request got the expected answer.\nno answer in 30 s',
      thresholds: [
        { name: 'success-rate', unit: 'share', measured: 0, limit: 0, met: true, advisory: false },
      ],
    });
    const xml = junit(result);
    expect(xml).toContain('message="No request got the expected answer."/>');
    expect(xml.match(/no answer in 30 s/g)).toHaveLength(1);
  });
});

test('failed requests that success-rate allows are a note', () => {
  const thresholds = [
    { name: 'success-rate', unit: 'share', measured: 0.95, limit: 0.9, met: true, advisory: false },
    { name: 'p95', unit: 'ms', measured: 360, limit: 300, met: false, advisory: false },
  ] as const;
  expect(outcomes(junit(comparison({ thresholds })))).toEqual([
    'two rows: system-out',
    'chat stream: system-out',
    'success-rate: passed',
    'p95: failure',
  ]);
});

test.each([
  ['inconclusive', 'error'],
  ['error', 'error'],
  ['failed', 'failure'],
] as const)(
  'when a run without a measured request is %s, the testcase of its case is: %s',
  (verdict, outcome) => {
    const xml = junit(unmeasured(verdict, 'It did not answer.'));
    expect(xml).toContain(`<${outcome} type="${verdict}" message="It did not answer."/>`);
    expect(outcomes(xml)).toEqual([`two rows: ${outcome}`]);
  },
);

test('a threshold that nothing was measured for is an error', () => {
  const thresholds = [
    { name: 'p95', unit: 'ms', measured: undefined, limit: 300, met: false, advisory: false },
  ] as const;
  const xml = junit(resultOf({ verdict: 'failed', cases: [caseOf()], thresholds }));
  expect(outcomes(xml)).toEqual(['two rows: passed', 'p95: error']);
  expect(xml).toContain('message="could not be measured; the limit is ≤ 300 ms"');
});

test('a bad verdict never looks green', () => {
  const xml = junit(resultOf({ verdict: 'inconclusive', message: '429 too often.' }));
  expect(outcomes(xml)).toEqual(['smoke test: error', 'two rows: passed']);
});

test('a run that was skipped is one testcase that was skipped', () => {
  expect(outcomes(junit(unmeasured('skipped', undefined)))).toEqual(['smoke test: skipped']);
});

test('a case that was never sent is skipped, and only the one that ended the test is red', () => {
  const cases = ['one', 'two', 'three'].map((name) =>
    caseOf({ name, measured: 0, passed: 0, latency: undefined }),
  );
  const xml = junit({ ...unmeasured('failed', 'It raised.'), cases, endedBy: 1 });
  expect(outcomes(xml)).toEqual(['one: skipped', 'two: failure', 'three: skipped']);
  expect(xml).toContain('<skipped message="It was not measured, because the test ended first."/>');
  expect(outcomes(junit({ ...unmeasured('error', 'No document.'), cases, endedBy: undefined }))).toEqual([
    'smoke test: error',
    ...cases.map(({ name }) => `${name}: skipped`),
  ]);
});

describe('class names', () => {
  const classNames = (xml: string) => [...xml.matchAll(/classname="([^"]*)"/g)].map(([, name]) => name);

  test('keep the runs of two workspaces and of two deployments apart', () => {
    const prod = { ...ENDPOINT, address: { ...ENDPOINT.address, workspace: 'ws-prod' } };
    const of = (result: SmokeTestResult, endpoint = ENDPOINT) =>
      classNames(junitReport(reportOf(result, endpoint)));
    expect(of(resultOf())).toEqual(['ws-models.churn.green.cases']);
    expect(of(resultOf(), prod)).toEqual(['ws-prod.churn.green.cases']);
    expect(of(resultOf({ deployment: 'blue' }))).toEqual(['ws-models.churn.blue.cases']);
    expect(of(resultOf({ deployment: undefined }))).toEqual(['ws-models.churn.traffic.cases']);
  });

  test('name every deployment that answered', () => {
    const samples = ['green', 'blue', 'green'].map((deployment) => sampleOf({ deployment }));
    const xml = junit(resultOf({ samples, deployment: 'green' }));
    expect(classNames(xml)).toEqual(['ws-models.churn.blue+green.cases']);
    expect(xml).toContain('<property name="answered-by" value="green (2 requests), blue (1 request)"/>');
  });
});

test('names that are cut alike stay different', () => {
  const cases = ['a', 'b'].map((end) => caseOf({ name: `${'x'.repeat(300)}${end}` }));
  const names = outcomes(junit(resultOf({ cases })));
  expect(new Set(names).size).toBe(2);
  expect(outcomes(junit(resultOf({ cases: [...cases].reverse() })))).toEqual([...names].reverse());
});

test('hostile text is harmless, and the key is nowhere', () => {
  const { endpoint, result } = saying(HOSTILE);
  const xml = junitReport(reportOf(result, endpoint));
  expect(xml).not.toContain(KEY.slice(0, 12));
  expect(xml).not.toContain(KEY.slice(16, 28));
  expect(xml).not.toMatch(/<script|<img|\]\]>|^\s*::|##\[|\ufffe|\u202e|\p{Cc}(?<!\n)/mu);
  expect(xml).toContain(
    'name="&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;]]&gt; ',
  );
});
