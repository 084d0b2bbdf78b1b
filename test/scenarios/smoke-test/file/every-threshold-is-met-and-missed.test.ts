import { beforeAll, describe, expect, test } from 'vitest';
import schema from '../../../../smoke-test.schema.json' with { type: 'json' };
import { json } from '../../../local-azure/index.ts';
import { byTurn, streaming, waiting } from '../../../support/models.ts';
import { type FileRun, runFile, serve, thresholdOf } from '../../../support/run-smoke-test-file.ts';
import { openScenario } from '../../../support/scenario.ts';

const scenario = await openScenario();
const { baseline, 'success-rate': _, ...latencies } = schema.$defs.thresholds.properties;
const LATENCIES = Object.keys(latencies);
const { deployment: __, report: ___, ...ratios } = baseline.properties;
const RATIOS = Object.keys(ratios);

/** A file whose case expects a stream, so that it has every latency. */
function file(samples: number, thresholds: string): string {
  return `version: 1
deployment: green
samples: ${samples}
cases:
  - name: chat
    request: { json: { stream: true } }
    expect: { stream: { ends-with: "[DONE]" } }
thresholds: { ${thresholds} }
`;
}

const all = (names: readonly string[], limit: string): string =>
  names.map((name) => `${name}: ${limit}`).join(', ');

describe('latencies', () => {
  let met: FileRun;
  let missed: FileRun;
  beforeAll(async () => {
    serve(scenario, 'green', streaming(100));
    met = await runFile(scenario, file(2, all(LATENCIES, '20s')));
    missed = await runFile(scenario, file(2, all(LATENCIES, '50ms')));
  });

  test('the verdict follows them', () => {
    expect(met.outputs.verdict).toBe('passed');
    expect(missed.outputs.verdict).toBe('failed');
    expect(missed.title).toBe('Smoke test failed');
    // The answers were good.
    expect(missed.report.cases[0]).toMatchObject({ measured: 2, passed: 2 });
  });

  test.each(LATENCIES)('%s: met', (name) => {
    expect(thresholdOf(met, name)).toMatchObject({ unit: 'ms', limit: 20_000, met: true, advisory: false });
    expect(met.summary).toMatch(new RegExp(`\\| ${name} \\| .* \\| ≤ 20 s \\| ✅ met`));
  });

  test.each(LATENCIES)('%s: missed', (name) => {
    const { measured, ...others } = thresholdOf(missed, name);
    expect(others).toMatchObject({ unit: 'ms', limit: 50, met: false });
    expect(measured).toBeGreaterThan(90);
    expect(missed.summary).toMatch(new RegExp(`\\| ${name} \\| .* \\| ≤ 50 ms \\| ❌ missed`));
    expect(missed.error).toContain(`${name} is ${Math.round(measured ?? 0)} ms; the limit is 50 ms.`);
    expect(missed.reports.junit).toMatch(
      new RegExp(`<testcase name="${name}"[^>]*>\\s*<failure type="failed"`),
    );
  });

  test('a percentile of too few samples says so', () => {
    const notes = [
      ['p90', 10],
      ['p95', 20],
      ['p99', 100],
    ] as const;
    for (const [name, enough] of notes) {
      const note = `${name} of 2 samples is just the slowest one; use at least ${enough}.`;
      expect(thresholdOf(met, name).note).toBe(note);
      expect(met.annotations).toContainEqual({
        level: 'warning',
        message: note,
        properties: { title: 'Smoke test' },
      });
      expect(met.summary).toContain(note);
    }
    expect(thresholdOf(met, 'p50').note).toBeUndefined();
    expect(thresholdOf(met, 'max').note).toBeUndefined();
  });
});

describe('success-rate', () => {
  const fourth = byTurn.bind(undefined, (turn) => json(turn === 4 ? 500 : 200, [1]));
  const rated = (rate: string): string =>
    `version: 1\nsamples: 4\ncases: [{ name: rows, request: { json: 1 } }]\nthresholds: { success-rate: ${rate} }\n`;

  test.each(['0.75', '75%'])('%s allows one bad request of four', async (rate) => {
    serve(scenario, 'blue', fourth());
    const tested = await runFile(scenario, rated(rate));

    expect(tested.outputs.verdict).toBe('passed');
    expect(thresholdOf(tested, 'success-rate')).toMatchObject({ measured: 0.75, limit: 0.75, met: true });
    // It is told all the same.
    expect(tested.report.cases[0]).toMatchObject({
      measured: 4,
      passed: 3,
      failure: { request: 3, failed: 1 },
    });
    expect(tested.summary).toContain('3/4');
    expect(tested.reports.junit).toContain('failures="0"');
  });

  test.each(['0.76', '76%', '99.5 %'])('%s does not', async (rate) => {
    serve(scenario, 'blue', fourth());
    const { outputs, error } = await runFile(scenario, rated(rate));

    expect(outputs.verdict).toBe('failed');
    expect(error).toMatch(/^success-rate is 75 %; the limit is (?:76|99\.5) %\./);
    expect(error).toContain("Case 'rows', request 3: Endpoint 'churn-key' answered 424");
  });
});

describe('baseline', () => {
  let met: FileRun;
  let missed: FileRun;
  beforeAll(async () => {
    const text = file(3, `baseline: { deployment: blue, ${all(RATIOS, '1x')} }`);
    serve(scenario, 'green', streaming(0));
    serve(scenario, 'blue', streaming(500));
    met = await runFile(scenario, text);
    serve(scenario, 'green', streaming(500));
    serve(scenario, 'blue', streaming(0));
    missed = await runFile(scenario, text);
  });

  test('the verdict follows the ratios', () => {
    expect(met.outputs.verdict).toBe('passed');
    expect(missed.outputs.verdict).toBe('failed');
    expect(missed.report['baseline-deployment']).toBe('blue');
  });

  test.each(RATIOS)('%s: met', (name) => {
    const threshold = thresholdOf(met, `baseline.${name}`);
    expect(threshold).toMatchObject({ unit: 'ratio', limit: 1, met: true });
    expect(threshold.measured).toBeLessThan(0.9);
  });

  test.each(RATIOS)('%s: missed, with ratio and interval', (name) => {
    const { measured = 0, interval = [0, 0], met: isMet } = thresholdOf(missed, `baseline.${name}`);
    expect(isMet).toBe(false);
    expect(measured).toBeGreaterThan(1.1);
    expect(interval[0]).toBeLessThanOrEqual(measured);
    expect(interval[1]).toBeGreaterThanOrEqual(measured);
    expect(interval[0]).toBeGreaterThan(1);
    expect(missed.error).toContain(`baseline.${name} is ${Number(measured.toFixed(2))}×; the limit is 1×.`);
    expect(missed.summary).toMatch(
      new RegExp(
        `\\| baseline\\.${name} \\| [\\d.]+×<br>95 % interval [\\d.]+ to [\\d.]+× \\| ≤ 1× \\| ❌ missed`,
      ),
    );
  });

  test('candidate and live are asked in turn, the first of each pair changes', () => {
    const asked = missed.scored.map(({ headers }) => headers['azureml-model-deployment']);
    // Both warm up first.
    expect(asked.slice(0, 2)).toEqual(['green', 'blue']);
    expect(asked.slice(2)).toEqual(['green', 'blue', 'blue', 'green', 'green', 'blue']);
  });
});

describe('a limit too close to call', () => {
  // Six of ten answers are fast, so that the median is; of many draws it is not.
  const mixed = () =>
    byTurn((turn, request) => waiting([1, 4, 6, 9].includes(turn % 10) ? 400 : 20)(request));

  test('warns with how many samples would settle it, and the point decides', async () => {
    serve(scenario, 'green', mixed());
    serve(scenario, 'blue', mixed());
    const tested = await runFile(
      scenario,
      `version: 1
deployment: green
samples: 10
cases: [{ name: rows, request: { json: 1 } }]
thresholds: { baseline: { deployment: blue, p50: 2.5x } }
`,
    );

    expect(tested.outputs.verdict).toBe('passed');
    const { measured = 0, interval = [0, 0], note } = thresholdOf(tested, 'baseline.p50');
    expect(interval[0]).toBeLessThan(2.5);
    expect(interval[1]).toBeGreaterThan(2.5);
    expect(measured).toBeLessThan(2.5);
    const told = new RegExp(
      `Too close to call: the limit 2\\.5 lies inside the 95 % interval ${interval[0].toFixed(2)} to ${interval[1].toFixed(2)}; about \\d+ samples would settle it\\.`,
    );
    expect(note).toMatch(told);
    expect(tested.annotations.map(({ level, message }) => [level, message])).toEqual([
      ['warning', expect.stringMatching(told)],
    ]);
    expect(tested.summary).toContain('samples would settle it');
  });
});

test('a baseline that is not there shows the deployments that are', async () => {
  const text = file(2, 'baseline: { deployment: bleu, p50: 2 }');
  const { outputs, error, sent } = await scenario.step({
    inputs: { 'smoke-test': 'a.yml' },
    files: { 'a.yml': text },
  });

  expect(outputs.verdict).toBe('error');
  expect(error).toBe(
    "Endpoint 'churn-key' has no deployment 'bleu'. It has: blue (100 %), green (0 %), broken (0 %).",
  );
  expect(sent('scoring')).toEqual([]);
});

test('a baseline that gives no answer is no fault of the candidate', async () => {
  serve(scenario, 'green', streaming(0));
  serve(
    scenario,
    'blue',
    byTurn((turn, request) => (turn === 1 ? streaming(0)(request) : { refusal: 'model_not_ready' })),
  );
  const { outputs, error } = await runFile(scenario, file(2, 'baseline: { deployment: blue, p50: 2 }'));

  expect(outputs.verdict).toBe('inconclusive');
  expect(error).toContain('baseline.p50 could not be measured');
  // Why it could not.
  expect(error).toContain("Deployment 'blue'");
  expect(error).toContain('model_not_ready');
});

test('what is expected of the candidate alone makes no failures of the baseline', async () => {
  // As the documentation's own example has it.
  const text = file(2, 'baseline: { deployment: blue, p50: 20x }').replace(
    'expect: {',
    'expect: { deployment: green,',
  );
  serve(scenario, 'green', streaming(0));
  serve(scenario, 'blue', streaming(0));
  const { outputs, report } = await runFile(scenario, text);

  expect(outputs.verdict).toBe('passed');
  expect(report.measurements.map(({ outcome }) => outcome)).toEqual(Array(4).fill('passed'));
});
