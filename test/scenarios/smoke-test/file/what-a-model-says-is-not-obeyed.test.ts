import { expect, test } from 'vitest';
import { json, type ScoringRequest } from '../../../local-azure/index.ts';
import { expectHarmless, HOSTILE } from '../../../support/expect-harmless.ts';
import { runFile, serve } from '../../../support/run-smoke-test-file.ts';
import { openScenario } from '../../../support/scenario.ts';

const scenario = await openScenario();

/** Says the credential in several ways, among commands and markup, wherever an answer can say something. */
function hostile({ headers, method }: ScoringRequest) {
  const credential = String(headers.authorization).slice('Bearer '.length);
  const text = `${HOSTILE} ${credential} ${Buffer.from(credential).toString('base64')} ${[...credential].reverse().join('')} ${HOSTILE}`;
  const header = encodeURIComponent(text.toWellFormed()).slice(0, 4_000);
  return json(
    200,
    { [text]: text, list: [text, { [`${credential}${HOSTILE}`]: credential }], method },
    {
      'x-echo': `${header} ::error::planted ${credential}`,
      'azureml-model-deployment': `##[error]planted ${credential}`,
    },
  );
}

const TEXT = `version: 1
samples: 2
cases:
  - name: "<script>alert(1)</script>\\n::error::planted"
    request: { json: { data: [[1]] } }
    expect:
      deployment: blue
      content-type: text/csv
      headers: { x-echo: ok }
      json: { "$.*": { type: number }, "$.list[*]": { max: 1 }, $.none: 1 }
      equals: { value: { list: [] } }
      schema: numbers.json
      text: ok
thresholds: { p50: 20s }
`;

test.each(['churn-key', 'churn-token'])(
  'the mismatches of an answer quote neither commands nor the credential of %s',
  async (endpoint) => {
    serve(scenario, 'blue', hostile, endpoint);
    // That nothing leaks, in the log or in a file, is checked after every step.
    const seen = await runFile(scenario, TEXT, {
      inputs: { endpoint, 'show-response': 'true' },
      files: { 'tests/numbers.json': '{ "additionalProperties": { "type": "number" } }' },
    });

    const { outputs, annotations, report, reports, summary, error } = seen;
    expect(outputs).toMatchObject({ verdict: 'failed', location: 'westeurope' });
    expect(annotations.every(({ properties }) => properties.file === undefined)).toBe(true);
    const { mismatches = [] } = report.cases[0]?.failure ?? {};
    expect(new Set(mismatches.map(({ at }) => at.split(' ')[0]))).toEqual(
      new Set(['deployment', 'content-type', 'header', 'json', 'equals', 'schema', 'text']),
    );
    expect(error).toContain('- content-type: expected text/csv, received application/json');

    await expectHarmless(seen);
    expect(reports.html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(reports.junit.match(/<testcase /g)).toHaveLength(3);
    expect(summary.match(/```mermaid/g)).toHaveLength(1);
    for (const text of [reports.json, reports.junit, reports.html, seen.log]) expect(text).toContain('***');
    // The response that is kept is not the one that came, for that has the credential in it.
    expect(outputs['response-file']).toMatch(/response\.json$/);
  },
);

test('an answer that passes shows nothing of it, with a baseline too', async () => {
  // A header that names no deployment would be no answer of the one asked for.
  const unnamed = (request: ScoringRequest) => {
    const reply = hostile(request);
    const headers = Object.entries(reply.headers ?? {});
    return {
      ...reply,
      headers: Object.fromEntries(headers.filter(([name]) => name !== 'azureml-model-deployment')),
    };
  };
  serve(scenario, 'blue', unnamed);
  serve(scenario, 'green', unnamed);
  const seen = await runFile(
    scenario,
    `version: 1
deployment: green
samples: 2
cases: [{ name: rows, request: { json: 1 } }]
thresholds: { p50: 20s, baseline: { deployment: blue, p50: 20x } }
`,
  );

  expect(seen.outputs.verdict).toBe('passed');
  expect(seen.annotations).toEqual([]);
  expect(seen.summary).toContain('title "Latency: candidate green (bars) · baseline blue (line)"');
  await expectHarmless(seen);
});
