import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { percentile, ratioInterval, summarize } from '../../../src/smoke-test/measure/statistics.ts';
import { json } from '../../local-azure/index.ts';
import { byTurn, waiting } from '../../support/models.ts';
import {
  type FileRun,
  type Measurement,
  runFile,
  SMOKE_TEST_FILE,
  serve,
  thresholdOf,
} from '../../support/run-smoke-test-file.ts';
import { openScenario } from '../../support/scenario.ts';

const scenario = await openScenario();
const { azure } = scenario;
const XSD = readFileSync(new URL('../../fixtures/junit/junit-10.xsd', import.meta.url), 'utf8');

const TEXT = `version: 1
deployment: green
samples: 5
cases:
  - name: two rows
    request: { json: { data: [[1], [2]] } }
    expect: { json: { "$[0]": 1 } }
  - name: <one> & "row"
    request: { json: { data: [[1]] } }
thresholds: { success-rate: 90%, p50: 10s, p95: 20s, baseline: { deployment: blue, p50: 30x } }
`;

interface Kind {
  readonly verdict: 'passed' | 'failed' | 'inconclusive';
  readonly mark: string;
  /** Served to the candidate. */
  readonly prepare: () => void;
  /** Of the ten requests. */
  readonly passed: number;
  readonly failures: number;
  readonly errors: number;
}

const good = () => byTurn((turn, request) => waiting(turn % 3)(request));

const KINDS: readonly Kind[] = [
  {
    verdict: 'passed',
    mark: '✅',
    prepare: () => serve(scenario, 'green', good()),
    passed: 10,
    failures: 0,
    errors: 0,
  },
  {
    verdict: 'failed',
    mark: '❌',
    // Turns 1 and 2 warm the two cases up. Of those measured two are wrong, and one is an error.
    prepare: () =>
      serve(
        scenario,
        'green',
        byTurn((turn) => json(turn === 9 ? 500 : 200, [[4, 6].includes(turn) ? 7 : 1])),
      ),
    passed: 7,
    // Both cases and the success rate.
    failures: 3,
    errors: 0,
  },
  {
    verdict: 'inconclusive',
    mark: '⚠️',
    prepare: () =>
      serve(
        scenario,
        'green',
        byTurn((turn) => (turn > 2 && turn < 6 ? { refusal: 'model_not_ready' } : json(200, [1]))),
      ),
    passed: 7,
    failures: 0,
    errors: 2,
  },
];

describe.each(KINDS)('$verdict', ({ verdict, mark, prepare, passed, failures, errors }) => {
  let tested: FileRun;
  let candidate: readonly Measurement[];
  let latencies: readonly number[];
  beforeAll(async () => {
    prepare();
    serve(scenario, 'blue', good());
    tested = await runFile(scenario, TEXT);
    candidate = tested.report.measurements.filter(({ target }) => target === 'candidate');
    latencies = answered(candidate);
  });

  function answered(measurements: readonly Measurement[]): readonly number[] {
    return measurements
      .filter(({ outcome }) => outcome === 'passed')
      .map((one) => one['latency-ms'])
      .sort((a, b) => a - b);
  }

  test('the outputs say what report.json says', () => {
    const { outputs, report } = tested;
    expect(outputs.verdict).toBe(verdict);
    expect(report).toMatchObject({ verdict, deployment: 'green', 'baseline-deployment': 'blue', samples: 5 });
    expect(outputs['report-file']).toBe('reports/report.json');
    // Outputs are rounded, the report is not.
    expect(outputs['latency-ms']).toBe(report.latency?.['p50-ms'].toFixed(1));
    expect(outputs['latency-p95-ms']).toBe(report.latency?.['p95-ms'].toFixed(1));
  });

  test('report.json has every sample, and its numbers follow from them', () => {
    const { report } = tested;
    expect(report.measurements).toHaveLength(20);
    expect(candidate.filter(({ outcome }) => outcome === 'passed')).toHaveLength(passed);
    expect(report.cases.reduce((sum, each) => sum + each.passed, 0)).toBe(passed);
    const { count, p50, p95, max } = summarize(latencies)!;
    expect(report.latency).toMatchObject({ count, 'p50-ms': p50, 'p95-ms': p95, 'max-ms': max });
    expect(thresholdOf(tested, 'success-rate').measured).toBe(passed / 10);
    expect(thresholdOf(tested, 'p95').measured).toBe(p95);
  });

  test('the interval of the ratio can be made again from the samples and the seed', () => {
    const { report } = tested;
    const baseline = answered(report.measurements.filter(({ target }) => target === 'baseline'));
    const { measured, interval } = thresholdOf(tested, 'baseline.p50');
    expect(measured).toBe(percentile(latencies, 50) / percentile(baseline, 50));
    expect(interval).toEqual(ratioInterval(latencies, baseline, 50, report.seed));
  });

  test('junit.xml keeps its schema, and counts rightly', async () => {
    const { junit } = tested.reports;
    const { errors: broken } = await validateXML({ xml: junit, schema: XSD });
    expect(broken).toEqual([]);
    expect(
      [...junit.matchAll(/<testcase name="([^"]*)" classname="([^"]*)"/g)].map(([, name, suite]) => [
        name,
        suite,
      ]),
    ).toEqual([
      ['two rows', `${azure.workspace}.churn-key.green.cases`],
      ['&lt;one&gt; &amp; &quot;row&quot;', `${azure.workspace}.churn-key.green.cases`],
      ...['success-rate', 'p50', 'p95', 'baseline.p50'].map((name) => [
        name,
        `${azure.workspace}.churn-key.green.thresholds`,
      ]),
    ]);
    expect(junit.match(/<failure\b/g) ?? []).toHaveLength(failures);
    expect(junit.match(/<error\b/g) ?? []).toHaveLength(errors);
    expect(junit).toContain(`tests="6" failures="${failures}" errors="${errors}"`);
    // What was wrong is told once, in the text of its test case.
    const told = verdict === 'failed' ? 1 : 0;
    expect(junit.match(/json \$\[0\]/g) ?? []).toHaveLength(told);
    expect(junit.match(/message="[^"]* answered 200[^"]*">- json \$\[0\]/g) ?? []).toHaveLength(told);
  });

  test('report.html is one page that needs nothing else', () => {
    const { html } = tested.reports;
    expect(html).toMatch(/^<!doctype html>.*<\/html>\n$/s);
    expect(html).not.toMatch(
      /<(?:script|link|iframe|object|embed|img|base|form)\b|\son\w+=|@import|url\(|javascript:/i,
    );
    // It links to the run, to the commit and to the scoring URI.
    const links = html.match(/<a href="https:\/\/[^"]*" rel="noreferrer noopener">/g) ?? [];
    expect(links).toHaveLength(3);
    expect(html.replaceAll(/<a href="https:\/\/[^"]*" rel="noreferrer noopener">/g, '')).not.toMatch(
      /(?:src|href|action|data)\s*=/i,
    );
    expect(html).toContain("default-src 'none'");
    expect(html.match(/<svg class="plot (?:narrow|wide)"/g)).toHaveLength(4);
    expect(html).toContain(`<title>churn-key: ${verdict}</title>`);
    expect(html).toContain('green');
    expect(html).toContain('blue (baseline)');
    expect(html).toContain('prefers-color-scheme: dark');
  });

  test('the summary has verdict, cases, thresholds, picture and traffic', () => {
    const { summary, report } = tested;
    const headings = summary.split('\n').filter((line) => line.startsWith('#'));
    expect(headings[0]).toBe(`### ${mark} Azure ML endpoint churn-key: ${verdict}`);
    expect(headings).toEqual(
      expect.arrayContaining(['#### Thresholds', '#### Cases', '#### Latency', '#### Endpoint']),
    );
    for (const [index, name] of ['two rows', '&lt;one&gt; &amp; "row"'].entries()) {
      const own = report.cases[index]?.passed;
      expect(summary).toContain(`| ${own === 5 ? '✅' : '❌'} ${name} | ${own}/5 |`);
    }
    expect(summary).toMatch(new RegExp(`\\| success-rate \\| ${passed * 10} % \\| ≥ 90 % \\| `));
    expect(summary).toContain('| Traffic | blue (100 %), green (0 %), broken (0 %) |');
    const picture = /```mermaid\n%%.*%%\nxychart-beta\n(.*?)\n```/s.exec(summary)?.[1];
    expect(picture).toMatch(/title "Latency: candidate green \(bars\) · baseline blue \(line\)"/);
    expect(picture).toMatch(/x-axis \["p50", "p90", "p95", "p99", "max"\]/);
    expect(picture).toMatch(/bar \[[\d., ]+\]\n {2}line \[[\d., ]+\]/);
    // Blank lines around tables: without them Markdown shows no table.
    expect(summary).not.toMatch(/[^|\n]\n\|/);
  });

  test('the log says where the reports are', () => {
    expect(tested.log).toMatch(/^Reports: report\.json, junit\.xml and report\.html in reports$/m);
  });
});

describe('a test that ends while it warms up', () => {
  test('is reported without a measurement', async () => {
    serve(scenario, 'blue', () => ({ refusal: 'model_not_ready' }));
    const { outputs, report, reports, summary } = await runFile(
      scenario,
      'version: 1\nwarm-up: 0s\nsamples: 3\ncases: [{ name: rows, request: { json: 1 } }]\nthresholds: { p50: 1s }\n',
    );

    expect(outputs).toMatchObject({ verdict: 'inconclusive', 'report-file': 'reports/report.json' });
    expect(outputs).not.toHaveProperty('latency-p95-ms');
    expect(report).toMatchObject({ measurements: [], 'warm-up': { requests: 1 } });
    expect((await validateXML({ xml: reports.junit, schema: XSD })).errors).toEqual([]);
    expect(reports.junit).toMatch(/tests="(\d)" failures="0" errors="\1"/);
    expect(reports.html).toContain('No request was measured.');
    expect(summary).toContain('### ⚠️ Azure ML endpoint churn-key: inconclusive');
    expect(summary).toContain('No usable answer within the warm-up of 0 s.');
  });

  test('without counts of nothing, however many cases there are', async () => {
    serve(scenario, 'blue', () => ({ refusal: 'model_not_ready' }));
    const rows = ['one', 'two'].map((name) => `{ name: ${name}, request: { json: 1 } }`).join(', ');
    const { log, summary, reports } = await runFile(scenario, `version: 1\nwarm-up: 0s\ncases: [${rows}]\n`);

    // The second case was never sent.
    expect(reports.junit).toMatch(/name="one"[^>]*>\s*<error /);
    expect(reports.junit).toMatch(/name="two"[^>]*>\s*<skipped /);
    expect(log).not.toContain('0 of 0');
    expect(summary).toMatch(
      /\n\nNo request was measured: the test ended in its warm-up, after [\d.]+ m?s \(1 request\)\.\n\n(?:<details>|#### Endpoint\n)/,
    );
  });
});

describe('a directory that cannot be written', () => {
  test.each(['passed', 'failed'] as const)('warns, and the verdict %s stands', async (verdict) => {
    if (verdict === 'failed') serve(scenario, 'blue', () => json(500, {}));
    const { outputs, annotations, changedFiles } = await scenario.step({
      inputs: { 'smoke-test': SMOKE_TEST_FILE, 'report-directory': SMOKE_TEST_FILE },
      files: { [SMOKE_TEST_FILE]: 'version: 1\ncases: [{ name: rows, request: { json: { a: 1 } } }]\n' },
    });

    expect(outputs.verdict).toBe(verdict);
    expect(outputs).not.toHaveProperty('report-file');
    expect(annotations.filter(({ level }) => level === 'warning')).toEqual([
      {
        level: 'warning',
        message: `The reports could not be written to report-directory '${SMOKE_TEST_FILE}': there is a file of that name. Name a directory that the step can create and write to.`,
        properties: { title: 'Reports' },
      },
    ]);
    expect(Object.keys(changedFiles).filter((name) => name.startsWith('workspace/'))).toEqual([]);
  });
});

test('no directory, no reports', async () => {
  const { outputs, changedFiles, log } = await scenario.step({
    inputs: { 'smoke-test': SMOKE_TEST_FILE },
    files: { [SMOKE_TEST_FILE]: 'version: 1\ncases: [{ name: rows, request: { json: { a: 1 } } }]\n' },
  });

  expect(outputs.verdict).toBe('passed');
  expect(outputs).not.toHaveProperty('report-file');
  expect(Object.keys(changedFiles).filter((name) => name.startsWith('workspace/'))).toEqual([]);
  expect(log).not.toContain('Reports');
  expect(azure.violations).toEqual([]);
});
