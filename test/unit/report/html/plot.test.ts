import { describe, expect, test } from 'vitest';
import { htmlReport } from '../../../../src/report/html/page.ts';
import type { SmokeTestResult } from '../../../../src/smoke-test/result.ts';
import {
  caseOf,
  comparison,
  latencyOf,
  manyRequests,
  reportOf,
  resultOf,
  sampleOf,
  unmeasured,
} from '../../../support/results.ts';

function html(result: SmokeTestResult): string {
  return htmlReport(reportOf(result));
}

/** The dots, crosses and triangles of one drawing of the panel. */
function marksIn(page: string, panel: string, outcome: string): number {
  const drawing = page.slice(
    page.indexOf(`id="${panel}-narrow-title"`),
    page.indexOf(`id="${panel}-wide-title"`),
  );
  return [...drawing.matchAll(new RegExp(`<path class="${outcome}(?: many)?" d="([^"]*)"`, 'g'))]
    .map(([, path = '']) => path.split('M').length - 1)
    .reduce((sum, marks) => sum + marks, 0);
}

test('every drawing has a title and says in words what it shows', () => {
  const page = html(comparison());
  expect(page.match(/role="img" aria-labelledby="candidate-\w+-title candidate-\w+-desc"/g)).toHaveLength(2);
  expect(page).toContain(
    '<title id="candidate-wide-title">Latency of every request to green over time</title>',
  );
  expect(page).toContain(
    '<desc id="candidate-wide-desc">75 passed, 4 failed, 1 unanswered. p50 125 ms, p95 375 ms, max 480 ms. Limit on p95: 300 ms. Limit on p99: 500 ms. Limit on max: 450 ms.</desc>',
  );
  const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
  expect(ids).toHaveLength(8);
  expect(new Set(ids).size).toBe(8);
});

test('every request is drawn, the baseline in a panel of its own', () => {
  const page = html(comparison());
  expect(page.match(/<figure>/g)).toHaveLength(2);
  expect(marksIn(page, 'candidate', 'passed')).toBe(75);
  expect(marksIn(page, 'candidate', 'failed')).toBe(4);
  expect(marksIn(page, 'candidate', 'unanswered')).toBe(1);
  expect(marksIn(page, 'baseline', 'passed')).toBe(80);
  expect(page).not.toContain('The plot shows');
});

test('a request that failed says why when it is pointed at', () => {
  expect(html(comparison())).toContain(
    '<title>two rows, 146 ms, status 424: status: expected 2xx, received 424</title>',
  );
});

test('percentiles and limits are labelled', () => {
  const labels = [...html(comparison()).matchAll(/<text class="(percentile|limit)"[^>]*>([^<]*)</g)].map(
    ([, kind, label]) => `${kind}: ${label}`,
  );
  expect(labels.slice(0, 5)).toEqual([
    'limit: p99 ≤ 500 ms',
    'limit: max ≤ 450 ms',
    'percentile: p95 375 ms',
    'limit: p95 ≤ 300 ms',
    'percentile: p50 125 ms',
  ]);
});

test('labels keep apart where the lines are close', () => {
  const limits = [100, 100.5, 101, 102].map((limit, index) => ({
    name: `p9${index}`,
    unit: 'ms' as const,
    measured: 99,
    limit,
    met: true,
    advisory: false,
  }));
  const page = html(comparison({ thresholds: limits, latency: latencyOf(80, 101, 101.5) }));
  const narrow = page.slice(0, page.indexOf('candidate-wide-title'));
  const places = [...narrow.matchAll(/<text class="(?:percentile|limit)" x="[\d.]+" y="([\d.]+)"/g)].map(
    ([, y]) => Number(y),
  );
  expect(places).toHaveLength(6);
  for (let index = 1; index < places.length; index++) {
    expect((places[index] ?? 0) - (places[index - 1] ?? 0)).toBeGreaterThanOrEqual(14.9);
  }
});

test('a limit far above all requests is told, not drawn', () => {
  const thresholds = [
    { name: 'p95', unit: 'ms', measured: 375, limit: 30_000, met: true, advisory: false },
  ] as const;
  const page = html(comparison({ thresholds }));
  expect(page).toContain('The limit of 30 s on p95 is above the plot.');
  expect(page).not.toContain('<path class="limit"');
});

test('a request far slower than the others makes the axis logarithmic, and it says so', () => {
  const slow = sampleOf({ startedAtMs: 9_000, latencyMs: 30_000, outcome: 'unanswered' });
  const page = html(comparison({ samples: [...comparison().samples, slow] }));
  expect(page).toContain('The latency axis is logarithmic.');
  expect(page).toContain('>10,000</text>');
  expect(html(comparison())).not.toContain('logarithmic');
});

describe('tens of thousands of requests', () => {
  const page = html(manyRequests(20_000));

  test('are thinned out, and the page says so', () => {
    expect(page).toContain(
      'The plot shows 2,870 of the 19,800 passed requests, with the fastest and the slowest of each stretch of time.',
    );
    expect(marksIn(page, 'candidate', 'passed')).toBe(2_870);
  });

  test('keep all that failed, and the slowest', () => {
    expect(marksIn(page, 'candidate', 'failed')).toBe(200);
    const narrow = page.slice(page.indexOf('candidate-narrow-title'), page.indexOf('candidate-wide-title'));
    const heights = [...narrow.matchAll(/M[\d.]+ ([\d.]+)h0/g)].map(([, y]) => Number(y));
    expect(heights.filter((height) => height < 60)).toHaveLength(1);
  });

  test('give the same page each time', () => {
    expect(html(manyRequests(20_000))).toBe(page);
  });
});

test.each([
  ['a run of one request', resultOf(), '1 request. Latency: 123 ms.'],
  ['a run without a request', unmeasured('inconclusive', 'No answer.'), 'No request was measured.'],
  ['a run without a reply', resultOf({ latency: undefined }), '1 request. None was answered.'],
])('%s has no plot', (_what, result, lead) => {
  const page = html(result);
  expect(page).toContain(`<p class="lead">${lead}</p>`);
  expect(page).not.toContain('<svg');
});

test('requests that start at the same time are drawn beside the axis, with ticks that differ', () => {
  const measurements = [sampleOf(), sampleOf({ startedAtMs: 0.2, latencyMs: 125 })];
  const page = html(
    resultOf({
      samples: measurements,
      samplesPerCase: 2,
      cases: [caseOf({ measured: 2, passed: 2 })],
      latency: latencyOf(2, 123, 125),
    }),
  );
  const ticks = [...page.matchAll(/text-anchor="middle">([^<]*)</g)].map(([, tick]) => tick);
  expect(ticks.slice(0, 3)).toEqual(['0', '0.005', '0.01']);
});

test('a limit above the plot is told, and nothing is called dashed', () => {
  const limit = (value: number) =>
    ({ name: 'p95', unit: 'ms', measured: 1, limit: value, met: true, advisory: false }) as const;
  const page = html(comparison({ thresholds: [limit(1e6)] }));
  expect(page).toContain('is above the plot.');
  expect(page).not.toContain('Dashed');
  expect(html(comparison({ thresholds: [limit(101)], latency: latencyOf(80, 101, 101.5) }))).toContain(
    'Dashed: limits.',
  );
});
