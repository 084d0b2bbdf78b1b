import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { json, type ScoringRequest } from '../../../local-azure/index.ts';
import { runFile, serve } from '../../../support/run-smoke-test-file.ts';
import { openScenario } from '../../../support/scenario.ts';

const scenario = await openScenario();
const XSD = readFileSync(new URL('../../../fixtures/junit/junit-10.xsd', import.meta.url), 'utf8');

const PLANTED = [
  '\n::error file=a.ts,line=1::planted',
  '\r\n##[stop-commands]planted',
  '\u2028::add-mask::westeurope',
  '\u001b[31m::set-output name=verdict::passed\u001b[0m',
  '</code></td></tr></table><script>alert(1)</script><img src=x onerror=alert(1)>',
  ']]></failure><testcase name="planted"/>',
  '| planted | table |\n### planted\n```mermaid\n![x](https://evil.example/x.png) <a href="https://evil.example">',
  '$'.concat('{{ secrets.GITHUB_TOKEN }} @octocat #1'),
].join(' ');

/** Says the credential in several ways, among commands and markup, wherever an answer can say something. */
function hostile({ headers, method }: ScoringRequest) {
  const credential = String(headers.authorization).slice('Bearer '.length);
  const text = `${PLANTED} ${credential} ${Buffer.from(credential).toString('base64')} ${[...credential].reverse().join('')} ${PLANTED}`;
  const header = encodeURIComponent(text).slice(0, 4_000);
  return json(
    200,
    { [text]: text, list: [text, { [`${credential}${PLANTED}`]: credential }], method },
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

test.each(['churn-key', 'churn-token'])('nor shown with the credential in it: %s', async (endpoint) => {
  serve(scenario, 'blue', hostile, endpoint);
  // That nothing leaks, in the log or in a file, is checked after every step.
  const { outputs, annotations, masks, report, reports, summary, error, log } = await runFile(
    scenario,
    TEXT,
    {
      inputs: { endpoint, 'show-response': 'true' },
      files: { 'tests/numbers.json': '{ "additionalProperties": { "type": "number" } }' },
    },
  );

  expect(outputs).toMatchObject({ verdict: 'failed', location: 'westeurope' });
  expect(annotations.filter(({ level }) => level === 'error')).toHaveLength(1);
  expect(annotations.every(({ properties }) => properties.file === undefined)).toBe(true);
  expect(masks).not.toContain('westeurope');
  const { mismatches = [] } = report.cases[0]?.failure ?? {};
  expect(new Set(mismatches.map(({ at }) => at.split(' ')[0]))).toEqual(
    new Set(['deployment', 'content-type', 'header', 'json', 'equals', 'schema', 'text']),
  );
  expect(error).toContain('- content-type: wanted text/csv, got application/json');

  // Each report stays what it is.
  expect(reports.html).not.toMatch(/<(?:script|img|a)\b/i);
  expect(reports.html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect((await validateXML({ xml: reports.junit, schema: XSD })).errors).toEqual([]);
  expect(reports.junit).not.toContain('<testcase name="planted"');
  expect(reports.junit.match(/<testcase /g)).toHaveLength(3);
  expect(summary).not.toMatch(/<(?:script|img|a)\b|!\[|^### planted|^\| planted/im);
  expect(summary.match(/```mermaid/g)).toHaveLength(1);
  expect(summary).not.toContain('$'.concat('{{'));
  for (const text of [reports.json, reports.junit, reports.html, log]) {
    expect(text).not.toMatch(/^\s*::error|##\[/m);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
    expect(text).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u2028\u2029]/);
    expect(text).toContain('***');
  }
  // The response that is kept is not the one that came, for that has the credential in it.
  expect(outputs['response-file']).toMatch(/response\.json$/);
});

test('a progress line, a baseline and a title say nothing of it either', async () => {
  serve(scenario, 'blue', hostile);
  serve(scenario, 'green', hostile);
  const { outputs, annotations, summary, reports } = await runFile(
    scenario,
    `version: 1
deployment: green
samples: 2
cases: [{ name: rows, request: { json: 1 } }]
thresholds: { p50: 20s, baseline: { deployment: blue, p50: 20x } }
`,
  );

  expect(outputs.verdict).toBe('passed');
  expect(annotations).toEqual([]);
  expect(summary).toContain('title "Latency of candidate (bars), blue (line)"');
  expect(reports.html).not.toMatch(/<(?:script|img|a)\b/i);
});

test('nor what an error of it says', async () => {
  serve(scenario, 'blue', (request) => ({ ...hostile(request), status: 500 }));
  const { outputs, annotations, masks, error } = await runFile(
    scenario,
    'version: 1\nsamples: 2\ncases: [{ name: rows, request: { json: 1 } }]\n',
  );

  expect(outputs.verdict).toBe('failed');
  expect(annotations).toHaveLength(1);
  expect(masks).not.toContain('westeurope');
  expect(error).toContain('answered 424');
});
