import { describe, expect, test } from 'vitest';
import { summaryOf } from '../../../../src/report/summary/summary.ts';
import type { CaseFailure, SmokeTestResult } from '../../../../src/smoke-test/result.ts';
import { HOSTILE, saying } from '../../../support/hostile.ts';
import {
  CREDENTIAL,
  caseOf,
  comparison,
  ENDPOINT,
  KEY,
  latencyOf,
  manyRequests,
  RESULTS,
  resultOf,
} from '../../../support/results.ts';

const NOW = new Date('2026-03-04T05:10:00.000Z');

function summary(result: SmokeTestResult, endpoint = ENDPOINT): string {
  return summaryOf(endpoint, CREDENTIAL, result, NOW);
}

function section(text: string, heading: string): readonly string[] {
  const lines = text.split('\n');
  const start = lines.indexOf(`#### ${heading}`);
  const length = lines.slice(start + 1).findIndex((line) => line.startsWith('#### '));
  return start < 0 ? [] : lines.slice(start + 2, length < 0 ? undefined : start + 1 + length - 1);
}

/** @see https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
function contrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

/** @see https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const share = Number.parseInt(color.slice(start, start + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

test('one request without thresholds stays short', () => {
  expect(summary(resultOf())).toBe(
    [
      '### ✅ Azure ML endpoint churn: passed',
      '',
      '| | |',
      '|---|---|',
      '| Endpoint | churn in workspace ws-models |',
      '| Scoring URI | <code>https&#58;//churn.westeurope.inference.ml.azure.com/score</code> |',
      '| Auth mode | key, the primary key; keys do not expire |',
      '| Traffic | blue (100 %), green (0 %) |',
      '| Smoke test | ✅ passed: deployment green, status 200, 123 ms |',
      '',
    ].join('\n'),
  );
});

test('one request that failed is told by its message alone', () => {
  const message = 'json $[0] is not between 1 and 2';
  const failure: CaseFailure = {
    caseIndex: 0,
    target: 'candidate',
    request: 1,
    seen: message,
    message,
    mismatches: [{ at: 'json $[0]', wanted: 'between 1 and 2', got: '3' }],
    sameWay: 1,
    failed: 1,
    measured: 1,
  };
  const thresholds = [
    { name: 'success-rate', unit: 'share', measured: 0, limit: 1, met: false, advisory: false },
  ] as const;
  const cases = [caseOf({ passed: 0, failure })];
  expect(summary(resultOf({ verdict: 'failed', message, cases, thresholds }))).toBe(
    [
      '### ❌ Azure ML endpoint churn: failed',
      '',
      '> [!CAUTION]',
      '> json &#36;&#91;0&#93; is not between 1 and 2',
      '',
      '| | |',
      '|---|---|',
      '| Endpoint | churn in workspace ws-models |',
      '| Scoring URI | <code>https&#58;//churn.westeurope.inference.ml.azure.com/score</code> |',
      '| Auth mode | key, the primary key; keys do not expire |',
      '| Traffic | blue (100 %), green (0 %) |',
      '| Smoke test | ❌ failed: deployment green, status 200, 123 ms |',
      '',
    ].join('\n'),
  );
});

describe('a comparison', () => {
  const text = summary(comparison());

  test('says the verdict and why first, and what was done', () => {
    expect(text.split('\n').slice(0, 8)).toEqual([
      '### ❌ Azure ML endpoint churn: failed',
      '',
      '> [!CAUTION]',
      '> 76 of 80 requests passed, and success-rate asks for all.<br>',
      '> p95 is 360 ms, over its limit of 300 ms.',
      '',
      '40 requests for each of 2 cases, 2 at a time, in 24 s, the warm-up of 2 s (3 requests) included.',
      '',
    ]);
  });

  test('has its sections in the order in which a reader asks for them', () => {
    expect(text.match(/^#### .*$/gm)).toEqual([
      '#### Thresholds',
      '#### Cases',
      '#### Failed expectations',
      '#### Latency',
      '#### Endpoint',
    ]);
  });

  test('shows every threshold with what was measured', () => {
    expect(section(text, 'Thresholds')).toEqual([
      '| Threshold | Measured | Limit | Result |',
      '|---|--:|--:|---|',
      '| success-rate | 95 % | ≥ 100 % | ❌ missed |',
      '| p95 | 360 ms | ≤ 300 ms | ❌ missed |',
      '| p99 | 480 ms | ≤ 500 ms | ✅ met<br>p99 of 80 requests is their maximum; 100 hold it. |',
      '| first-event-p95 | 126 ms | ≤ 3 s | ✅ met |',
      '| max | 480 ms | ≤ 450 ms | ⚠️ missed, advisory |',
      '| baseline.p95 | 1.2×<br>95 % interval 0.98 to 1.61× | ≤ 1.5× | ✅ met<br>The limit lies inside the interval; about 140 requests would settle it. |',
    ]);
  });

  test('shows every case, with first events and the baseline', () => {
    expect(section(text, 'Cases')).toEqual([
      '| Case | Passed | p50 | p95 | max | First event p95 | Baseline p95 |',
      '|---|--:|--:|--:|--:|--:|--:|',
      '| ❌ two rows | 38/40 | 120 ms | 360 ms | 460 ms | – | 300 ms |',
      '| ❌ chat stream | 38/40 | 130 ms | 390 ms | 480 ms | 60 ms | 330 ms |',
    ]);
  });

  test('marks failures that success-rate allows with a warning sign', () => {
    const passed = summary(comparison({ verdict: 'passed', message: undefined }));
    expect(section(passed, 'Cases')[2]).toMatch(/^\| ⚠️ two rows \| 38\/40 \|/);
  });

  test('says how many of its requests were made when it ended early', () => {
    const measurements = comparison().samples.slice(0, 6);
    expect(summary(comparison({ samples: measurements }))).toContain(
      '\n3 of 80 requests, 2 at a time, in 24 s, ',
    );
  });

  test('names no deployment in the chart when several answered', () => {
    const measurements = comparison().samples.map((one, index) =>
      index % 4 === 0 ? { ...one, deployment: 'blue' } : one,
    );
    expect(section(summary(comparison({ samples: measurements })), 'Latency')[3]).toBe(
      '  title "Latency: candidate (bars) · baseline blue (line)"',
    );
  });

  test('leaves names out of the title of the chart that would be wider than it', () => {
    const long = comparison({
      deployment: 'green'.padEnd(32, '-x'),
      baselineDeployment: 'blue'.padEnd(32, '-x'),
    });
    const renamed = { ...long, samples: long.samples.map((one) => ({ ...one, deployment: undefined })) };
    const chart = section(summary(renamed), 'Latency');
    expect(chart[3]).toBe('  title "Latency: candidate (bars) · baseline (line)"');
    expect(chart.at(-2)).toMatch(`| ${long.deployment} |`);
  });

  test.each([
    ['white', '#ffffff'],
    ["GitHub's dark page", '#0d1117'],
  ])('draws with two colours that are readable on %s', (_what, page) => {
    const [, bars = '', line = ''] = /"plotColorPalette":"(#\w{6}), (#\w{6})"/.exec(text) ?? [];
    expect(contrast(bars, page)).toBeGreaterThanOrEqual(3);
    expect(contrast(line, page)).toBeGreaterThanOrEqual(3);
    expect(text).toContain('"backgroundColor":"transparent"');
  });

  test('says how many requests failed the same way', () => {
    expect(text).toContain('<br>2 of 40 requests failed the same way.\n');
    expect(text).toContain('<br>1 of 40 requests failed this way; 2 failed in all.\n');
  });

  test('draws both deployments', () => {
    expect(section(text, 'Latency')).toEqual([
      '```mermaid',
      expect.stringMatching(/^%%\{init: \{.*\}\}%%$/),
      'xychart-beta',
      '  title "Latency: candidate green (bars) · baseline blue (line)"',
      '  x-axis ["p50", "p90", "p95", "p99", "max"]',
      '  y-axis "ms" 0 --> 500',
      '  bar [125, 250, 375, 480, 480]',
      '  line [105, 210, 315, 410, 410]',
      '```',
      '',
      '| Deployment | p50 | p90 | p95 | p99 | max |',
      '|---|--:|--:|--:|--:|--:|',
      '| green | 125 ms | 250 ms | 375 ms | 480 ms | 480 ms |',
      '| blue | 105 ms | 210 ms | 315 ms | 410 ms | 410 ms |',
    ]);
  });

  test('ends with the endpoint, and calls the latency a median', () => {
    expect(section(text, 'Endpoint').at(-2)).toBe(
      '| Smoke test | ❌ failed: deployment green, status 200, median 125 ms |',
    );
  });
});

test.each([
  [1, 1.5],
  [9, 9.5],
  [97, 100],
  [99, 105],
  [480, 500],
  [1_000, 1_500],
  [9_900, 10_500],
])('the chart has room above %s ms: to %s', (max, ceiling) => {
  const cases = [caseOf({ measured: 2, passed: 2 })];
  const text = summary(resultOf({ samplesPerCase: 2, cases, latency: latencyOf(2, 1, max) }));
  expect(section(text, 'Latency')[5]).toBe(`  y-axis "ms" 0 --> ${ceiling}`);
});

test.each([
  ['a limit that rounding would hide', 800.0004, 800, 'ms', '800.0004 ms'],
  ['a share that rounding would hide', 0.99998, 1, 'share', '99.998 %'],
  ['a ratio that rounding would hide', 1.5001, 1.5, 'ratio', '1.5001×'],
] as const)('a missed limit never looks met: %s', (_what, measured, limit, unit, shown) => {
  const thresholds = [{ name: 'p95', unit, measured, limit, met: false, advisory: false }] as const;
  expect(section(summary(resultOf({ thresholds })), 'Thresholds')[2]).toMatch(`| p95 | ${shown} | `);
});

test('no remote text gets into the chart', () => {
  const { endpoint, result } = saying(HOSTILE);
  const [, chart] = summary(result, endpoint).split('```mermaid\n');
  expect(chart?.split('\n').slice(1, 3)).toEqual([
    'xychart-beta',
    '  title "Latency: candidate (bars) · baseline (line)"',
  ]);
});

test('hostile text makes neither markup nor rows, and the key is nowhere', () => {
  const hostile = saying(HOSTILE);
  const text = summary(hostile.result, hostile.endpoint);
  expect(text).not.toContain(KEY.slice(0, 12));
  expect(text).not.toContain(KEY.slice(16, 28));
  expect(text).not.toMatch(/<script|<img|\]\(|`code`|^\s*::|##\[|https:\/\/evil/m);
  const benign = saying('name');
  const heads = (markdown: string) =>
    markdown.split('\n').map((line) => (line.match(/(?<!\\)\|/g) ?? []).length);
  const plain = summary({ ...benign.result, message: 'one\ntwo' }, benign.endpoint);
  expect(heads(text)).toEqual(heads(plain));
});

describe('limits', () => {
  test.each(RESULTS)('a summary is far below 1 MiB: %s', (_what, result) => {
    expect(Buffer.byteLength(summary(result))).toBeLessThan(10_000);
  });

  test('a hostile summary is far below 1 MiB', () => {
    const { endpoint, result } = saying('|'.repeat(65_536));
    const [one] = result.cases;
    const [at, wanted, got] = ['|', '`', '漢'].map((character) => character.repeat(999)) as [
      string,
      string,
      string,
    ];
    const mismatches = Array.from({ length: 1_000 }, () => ({ at, wanted, got }));
    const failure = one?.failure && { ...one.failure, mismatches };
    const cases = Array.from({ length: 1_000 }, () => caseOf({ ...one, failure }));
    const met = { name: 'p95', unit: 'ms', measured: 1, limit: 2, met: true, advisory: false } as const;
    const thresholds = Array.from({ length: 1_000 }, () => ({ ...met, note: '*'.repeat(9_999) }));
    const text = summary(
      { ...result, cases, thresholds, message: `${'|'.repeat(999)}\n`.repeat(500) },
      endpoint,
    );
    expect(Buffer.byteLength(text)).toBeLessThan(600_000);
    expect(text).toContain('| … and 950 cases more |');
    expect(text).toContain('| … and 950 thresholds more |');
    expect(text).toContain('… and of 990 cases more.');
    expect(text).toContain('| … and 995 expectations more |');
  });

  test('20,000 requests have one chart', () => {
    expect(summary(manyRequests(20_000))).toContain('  bar [130, 260, 175, 520, 9000]\n');
  });
});

test('beyond ten, cases that passed are folded, and no other', () => {
  const cases = Array.from({ length: 14 }, (_, index) =>
    caseOf({ name: `case ${index}`, measured: 2, passed: index === 13 ? 1 : 2 }),
  );
  const text = summary(
    resultOf({ verdict: 'failed', samplesPerCase: 2, cases, samples: comparison().samples }),
  );
  const [shown = '', folded = ''] = text.split('<details><summary>3 more cases that passed</summary>');
  expect(shown).toContain('| ✅ case 9 |');
  expect(shown).toContain('| ❌ case 13 |');
  expect(shown).not.toContain('case 10');
  expect(folded).toContain('| ✅ case 10 |');
});
