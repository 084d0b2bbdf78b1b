import { describe, expect, test } from 'vitest';
import { htmlReport } from '../../../../src/report/html/page.ts';
import { STYLE } from '../../../../src/report/html/style.ts';
import type { Sample, SmokeTestResult } from '../../../../src/smoke-test/result.ts';
import { HOSTILE, saying } from '../../../support/hostile.ts';
import {
  caseOf,
  comparison,
  ENDPOINT,
  KEY,
  latencyOf,
  RESULTS,
  reportOf,
  resultOf,
  sampleOf,
} from '../../../support/results.ts';

function html(result: SmokeTestResult, endpoint = ENDPOINT): string {
  return htmlReport(reportOf(result, endpoint));
}

/** The elements as `p` and `/p`. */
function tags(page: string): readonly string[] {
  return [...page.matchAll(/<(\/?[a-z][a-z0-9]*)(?:\s[^<>]*)?>/gi)].map(([, name = '']) => name);
}

/** Elements that were opened and not closed, or the other way round. */
function unbalanced(page: string): readonly string[] {
  const open: string[] = [];
  const wrong: string[] = [];
  const empty = new Set(['meta', 'br']);
  const selfClosed = page.replace(/<path[^<>]*\/>/g, '');
  for (const tag of tags(selfClosed)) {
    if (!tag.startsWith('/')) {
      if (!empty.has(tag)) open.push(tag);
    } else if (open.pop() !== tag.slice(1)) wrong.push(tag);
  }
  return [...wrong, ...open];
}

const LINK = /<a href="https?:\/\/[^"<>\s]*" rel="noreferrer noopener">/g;

describe('the page is whole, small and loads nothing', () => {
  test.each(RESULTS)('for %s', (_what, result) => {
    const page = html(result);
    expect(unbalanced(page)).toEqual([]);
    expect(page).toContain(
      `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    );
    expect(page.replaceAll(LINK, '')).not.toMatch(
      /<(?:script|link|img|iframe|a|use|image|base)\b|\s(?:on\w+|src|href|srcset)=|url\(|@import/i,
    );
    expect(Buffer.byteLength(page)).toBeLessThan(300_000);
    expect(page).not.toMatch(/NaN|undefined|Infinity|\[object/);
  });
});

test('the verdict, its reason and the speed come first', () => {
  const text = html(comparison()).replace(/[\s\S]*<main>/, '');
  expect(text.split('\n').slice(1, 5)).toEqual([
    '<h1>Azure ML endpoint churn: <span class="failed-run">failed</span></h1>',
    '<p class="message failed-run">76 of 80 requests passed, and success-rate asks for all.',
    'p95 is 360 ms, over its limit of 300 ms.</p>',
    '<p class="lead">40 requests for each of 2 cases. Latency of 79 of them: p50 125 ms, p95 375 ms, max 480 ms.</p>',
  ]);
});

test('a run that ended early says how many of its requests were made', () => {
  const { samples: measurements } = comparison();
  const latency = latencyOf(1, 123, 123);
  const page = html(comparison({ samples: measurements.slice(0, 6), latency }));
  expect(page).toContain('<p class="lead">3 of 80 requests. Latency of 1 of them: 123 ms.</p>');
});

describe('where traffic decides', () => {
  const answered = ['green', 'blue', 'green'].map((deployment) => sampleOf({ deployment }));

  test('every deployment that answered is named, and none has the whole plot', () => {
    const page = html(resultOf({ samplesPerCase: 3, samples: answered }));
    expect(page).toContain('<dt>Deployment</dt><dd>green (2 requests), blue (1 request)</dd>');
    expect(page).toContain('<figcaption>the endpoint</figcaption>');
  });

  test('a single one is named alone', () => {
    const measurements = answered.filter(({ deployment }) => deployment === 'green');
    const page = html(resultOf({ samplesPerCase: 2, samples: measurements }));
    expect(page).toContain('<dt>Deployment</dt><dd>green</dd>');
    expect(page).toContain('<figcaption>green</figcaption>');
  });

  test('thousands of names do not make the page heavy', () => {
    const measurements = Array.from({ length: 5_000 }, (_, index) =>
      sampleOf({ deployment: `name${index}` }),
    );
    expect(html(resultOf({ samplesPerCase: 5_000, samples: measurements }))).toContain(
      'name9 (1 request) and 4990 more</dd>',
    );
  });
});

test('a case is red only when its failures count', () => {
  const passed = (result: SmokeTestResult) => html(result).match(/class="(\w+)">38\/40/)?.[1];
  expect(passed(comparison())).toBe('missed');
  expect(passed(comparison({ verdict: 'passed' }))).toBe('unsure');
  const [rate, ...others] = comparison().thresholds;
  const met = { ...rate, limit: 0.9, met: true } as typeof rate & object;
  expect(passed(comparison({ thresholds: [met, ...others] }))).toBe('unsure');
});

test('the status has the name that it has in report.json', () => {
  expect(html(resultOf())).toContain('<dt>Status</dt><dd>200</dd>');
});

describe('links', () => {
  const withRun = (runUrl: string) => htmlReport({ ...reportOf(resultOf()), origin: { runUrl } });
  const SHA = '0123456789abcdef0123456789abcdef01234567';

  test('lead to the run, to the commit and to the scoring URI', () => {
    const origin = {
      runUrl: 'https://github.com/octo/churn/actions/runs/1',
      commit: SHA,
      commitUrl: `https://github.com/octo/churn/commit/${SHA}`,
    };
    const page = htmlReport({ ...reportOf(resultOf()), origin });
    for (const url of [origin.runUrl, origin.commitUrl, ENDPOINT.scoringUri])
      expect(page).toContain(`<a href="${url}" rel="noreferrer noopener">`);
    expect(page.match(LINK)).toHaveLength(3);
  });

  test('are left out where nothing is known, and a commit without a page is text', () => {
    const page = html(resultOf());
    expect(page).not.toContain('CI run');
    expect(page).not.toContain('Commit');
    const known = htmlReport({ ...reportOf(resultOf()), origin: { commit: SHA } });
    expect(known).toContain(`<dt>Commit</dt><dd><code>${SHA}</code></dd>`);
  });

  test.each([
    ['another scheme', 'javascript:alert(1)'],
    ['a user', 'https://octo@example.com/'],
    ['a password', 'https://octo:pass@example.com/'],
    ['no URL', 'example.com/1'],
    ['a secret', `https://example.com/${KEY}`],
    ['1,001 characters', `https://example.com/${'a'.repeat(981)}`],
  ])('with %s are text alone', (_what, url) => {
    const page = withRun(url);
    expect(page).toContain('<dt>CI run</dt><dd>');
    expect(page.match(LINK)).toHaveLength(1);
    expect(page).not.toContain(KEY);
  });

  test('hold no markup', () => {
    const page = withRun('https://example.com/"><script>alert(1)</script>');
    expect(page).toContain('<a href="https://example.com/%22%3E%3Cscript%3Ealert(1)%3C/script%3E" ');
    expect(page).not.toContain('<script');
  });
});

describe('the first failure of a case', () => {
  const failing = (response: string | undefined) => {
    const [one, ...others] = comparison().cases;
    const failure = one?.failure && { ...one.failure, response };
    return html(comparison({ cases: [caseOf({ ...one, failure }), ...others] }));
  };

  test('has the start of the response', () => {
    const page = failing('{"error": "<b>boom</b>"}');
    expect(page).toContain('<summary>The response to request 5 of two rows</summary>');
    expect(page).toContain('<pre>{&quot;error&quot;: &quot;&lt;b&gt;boom&lt;/b&gt;&quot;}</pre>');
    expect(unbalanced(page)).toEqual([]);
  });

  test.each([undefined, '', ' \n'])('has none where the response is %j', (response) => {
    expect(failing(response)).not.toContain('The response to');
  });
});

describe('the lines of a file', () => {
  const lines = (count: number, bad: readonly number[], wrong: ReadonlyMap<number, string> = new Map()) => {
    const samples = Array.from({ length: count }, (_, index) =>
      sampleOf({
        line: index + 1,
        index,
        ...(bad.includes(index + 1) ? { outcome: 'failed', reason: 'equals $: -1' } : {}),
      } as Partial<Sample>),
    );
    const [one] = comparison().cases;
    const failure = one?.failure && { ...one.failure, lines: wrong };
    const cases = [caseOf({ name: 'golden', measured: count, passed: count - bad.length, failure })];
    return html(resultOf({ verdict: 'failed', cases, samples, samplesPerCase: count }));
  };
  const numbers = (page: string) =>
    [...page.matchAll(/<th scope="row" class="number">(\d+)<\/th>/g)].map(([, line]) => Number(line));

  test('are listed, those that failed first, with what was wrong', () => {
    const page = lines(5, [2, 4], new Map([[2, 'equals $: <b>']]));
    expect(numbers(page)).toEqual([2, 4, 1, 3, 5]);
    expect(page).toContain('golden: 2 of 5 lines failed');
    expect(page).toContain('<code>equals $: &lt;b&gt;</code>');
    expect(page).toContain('<code>equals $: -1</code>');
    expect(unbalanced(page)).toEqual([]);
  });

  test('are no more than a hundred, and how many more there are', () => {
    const page = lines(130, [129]);
    expect(numbers(page)).toHaveLength(100);
    expect(numbers(page)[0]).toBe(129);
    expect(page).toContain('… and 30 lines more.');
  });
});

test('streams have the times of their first event and their longest gap', () => {
  const cases = [caseOf({ firstEvent: latencyOf(20, 42, 60), longestGapMs: 77 })];
  const page = html(resultOf({ cases }));
  for (const name of ['First event p50', 'First event p95', 'Longest gap'])
    expect(page).toContain(`>${name}</th>`);
  expect(page).toContain('<td class="number">77 ms</td>');
  expect(html(resultOf())).not.toContain('Longest gap');
});

test('a latency of requests that all failed says so', () => {
  const samples = [sampleOf({ outcome: 'failed', reason: 'wrong' })];
  const page = html(resultOf({ verdict: 'failed', samples, cases: [caseOf({ passed: 0 })] }));
  expect(page).toContain('<p class="lead">1 request. None passed. Latency: 123 ms.</p>');
});

test('every table has a caption, and each of its headings a scope', () => {
  const page = html(comparison());
  expect(page.match(/<table>/g)).toHaveLength(3);
  expect(page.match(/<table>\n<caption>[^<]+<\/caption>/g)).toHaveLength(3);
  expect(page).not.toMatch(/<th\b(?! scope="(?:col|row)")/);
});

describe('hostile text', () => {
  const hostile = saying(HOSTILE);
  const page = html(hostile.result, hostile.endpoint);

  test('makes no element', () => {
    const benign = saying('name');
    expect(tags(page)).toEqual(tags(html(benign.result, benign.endpoint)));
    expect(unbalanced(page)).toEqual([]);
  });

  test('is shown as it came, without commands and invisible characters', () => {
    expect(page).toContain(
      '&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;]]&gt; [link]',
    );
    expect(page).not.toMatch(/^\s*::|##\[|\ufffe|\u202e|\p{Cc}(?<!\n)/mu);
  });

  test('shows no part of the key', () => {
    expect(page).not.toContain(KEY.slice(0, 12));
    expect(page).not.toContain(KEY.slice(16, 28));
  });

  test('of any length does not make the page heavy', () => {
    const { endpoint, result } = saying('"'.repeat(65_536));
    const [one] = result.cases;
    const long = '"'.repeat(999);
    const mismatches = Array.from({ length: 1_000 }, () => ({ at: long, wanted: long, got: long }));
    const failure = one?.failure && { ...one.failure, mismatches };
    const cases = Array.from({ length: 1_000 }, () => caseOf({ ...one, failure }));
    const measurements = Array.from({ length: 30_000 }, (_, index) =>
      sampleOf({
        startedAtMs: index,
        latencyMs: index % 997,
        target: index % 2 ? 'baseline' : 'candidate',
        outcome: (['passed', 'failed', 'unanswered'] as const)[index % 3] ?? 'passed',
      }),
    );
    expect(Buffer.byteLength(html({ ...result, cases, samples: measurements }, endpoint))).toBeLessThan(
      2_000_000,
    );
  });
});

/** @see https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
function contrast(first: string, second: string): number {
  const [dark = 0, light = 0] = [first, second].map(luminance).sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((start) => Number.parseInt(colour.slice(start, start + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

describe('text can be read', () => {
  const schemes = [...STYLE.matchAll(/:root \{([^}]*)\}/g)].map(([, block = '']) =>
    Object.fromEntries([...block.matchAll(/--(\w+): (#\w{6})/g)].map(([, name, value]) => [name, value])),
  );

  test('black on white has a contrast of 21', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21);
  });

  test.each([
    ['light', 0],
    ['dark', 1],
  ])('in the %s scheme, on the page and on every second row', (_name, index) => {
    const scheme = schemes[index] ?? {};
    for (const name of ['text', 'muted', 'good', 'bad', 'odd', 'dot', 'limit']) {
      for (const behind of ['page', 'row']) {
        expect(contrast(scheme[name] ?? '', scheme[behind] ?? ''), `${name} on ${behind}`).toBeGreaterThan(
          4.5,
        );
      }
    }
  });
});

test('the logs of the containers are folded, whole and inert', () => {
  const lines = ['Traceback:', '  File <b>score.py</b>', `key ${KEY}`];
  const page = html(
    resultOf({ verdict: 'failed', containerLogs: [{ container: 'InferenceServer', lines }] }),
  );
  expect(page).toContain('<summary>The end of the log of container InferenceServer</summary>');
  expect(page).toContain('<pre>Traceback:\n  File &lt;b&gt;score.py&lt;/b&gt;\nkey ***</pre>');
  expect(unbalanced(page)).toEqual([]);
  expect(html(resultOf({ verdict: 'failed' }))).not.toContain('Container logs');
});
