import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { json, type Model } from '../../../local-azure/index.ts';
import { type Order, obedientModel } from '../../../support/models.ts';
import { reportFile } from '../../../support/reports.ts';
import { type FileRun, mismatchesOf, runFile, serve } from '../../../support/run-smoke-test-file.ts';
import { openScenario, SAMPLE } from '../../../support/scenario.ts';

const scenario = await openScenario();

interface Row {
  readonly name: string;
  readonly answer: Order;
  /** In YAML, beside the request. */
  readonly expect?: string;
  /** Of the only mismatch; undefined when the case passes. */
  readonly got?: string;
}

const JSON_TYPE = 'application/json; charset=utf-8';
const STREAM_TYPE = 'text/event-stream';
const text = (name: string) => reportFile(name).toString('utf8');
const stream = (name: string): Order => ({ answer: text(name), type: STREAM_TYPE });
const STREAM = '{ stream: { min-events: 1 } }';

const ROWS: readonly Row[] = [
  { name: 'nothing', answer: { answer: '', type: JSON_TYPE }, got: 'an empty body' },
  {
    name: 'a NaN',
    answer: { answer: text('23-answer-nan.json'), type: JSON_TYPE },
    got: `${JSON_TYPE}: {"predictions": [NaN, 1.5]} (JSON has no NaN and no Infinity)`,
  },
  {
    name: 'half of its JSON',
    answer: { answer: '{"predictions": [1, 2', type: JSON_TYPE },
    got: `${JSON_TYPE}: {"predictions": [1, 2`,
  },
  {
    name: 'an error in a JSON string',
    answer: { answer: text('46e-answer-200-aml-run-error.json'), type: JSON_TYPE },
    got: "an error: could not convert string to float: 'male'",
  },
  {
    name: "an exception's text alone, in a JSON string",
    answer: { answer: JSON.stringify("could not convert string to float: 'male'"), type: JSON_TYPE },
    got: "an error: could not convert string to float: 'male'",
  },
  {
    name: 'an error object',
    answer: { answer: { error: { message: 'model is not loaded', code: 5 } } },
    got: 'an error: model is not loaded',
  },
  { name: 'a chat without choices', answer: { answer: { id: 'c', choices: [] } }, got: 'none' },
  {
    name: 'an error with expectations on other things',
    answer: { answer: { error: 'no' } },
    expect: '{ status: 200, content-type: application/json, max-latency: 30s }',
    got: 'an error: no',
  },
  {
    name: 'an empty text',
    answer: { answer: '' },
    expect: '{ text: { exists: true } }',
    got: 'an empty body',
  },
  {
    name: 'an empty text that is not an error',
    answer: { answer: '' },
    expect: '{ text: { not: { matches: error } } }',
    got: 'an empty body',
  },
  {
    name: 'a stream with an error in it, unasked',
    answer: stream('16-stream-error-then-done.sse'),
    got: 'an error: Request timed out.',
  },
  {
    name: 'a stream with an error in it',
    answer: stream('16-stream-error-then-done.sse'),
    expect: '{ stream: { ends-with: "[DONE]" } }',
    got: 'an error: Request timed out.',
  },
  {
    name: 'a stream with an error event',
    answer: { answer: 'data: a\n\nevent: error\ndata: out of memory\n\n', type: STREAM_TYPE },
    expect: STREAM,
    got: 'an error: out of memory',
  },
  {
    name: 'nothing but [DONE]',
    answer: { answer: 'data: [DONE]\n\n', type: STREAM_TYPE },
    expect: '{ stream: { ends-with: "[DONE]" } }',
    got: 'only empty events or [DONE]',
  },
  {
    name: 'empty events',
    answer: { answer: 'data:\n\ndata: \n\ndata: [DONE]\n\n', type: STREAM_TYPE },
    expect: '{ stream: { min-events: 3 } }',
    got: 'only empty events or [DONE]',
  },
  {
    name: 'a cut event',
    answer: { answer: 'data: {"answer": "a"}\n\ndata: {"answer": "b', type: STREAM_TYPE },
    expect: STREAM,
    got: '{"answer": "b',
  },
  {
    name: 'a chat stream without a word',
    answer: stream('44b-stream-reasoning-only-finish-length.sse'),
    expect: '{ stream: { ends-with: "[DONE]" } }',
    got: 'none; finish_reason is length',
  },
  // What must stay green.
  { name: 'an error that is a number', answer: { answer: { error: 0.0125, prediction: 3 } } },
  { name: 'an error that is null', answer: { answer: { error: null, result: [1] } } },
  { name: 'no errors', answer: { answer: { errors: [] } } },
  {
    name: 'an error that is expected',
    answer: { answer: { error: 'no' } },
    expect: '{ json: { $.error: "no" } }',
  },
  { name: 'an empty text that is expected', answer: { answer: '' }, expect: '{ text: { exists: false } }' },
  {
    name: 'an expected refusal with an error',
    answer: { answer: { error: 'no' }, status: 422 },
    expect: '{ status: 424 }',
  },
  { name: 'NaN as text', answer: { answer: '[NaN]' } },
  ...['17-stream-without-last-blank-line.sse', '44-stream-usage-chunk-empty-choices.sse'].map((name) => ({
    name,
    answer: stream(name),
    expect: '{ stream: { ends-with: "[DONE]" } }',
  })),
  ...['44c-stream-tool-calls-only.sse', '48-stream-promptflow.sse'].map((name) => ({
    name,
    answer: stream(name),
    expect: STREAM,
  })),
];

describe('an answer with a good status', () => {
  let run: FileRun;
  beforeAll(async () => {
    serve(scenario, 'blue', obedientModel);
    const cases = ROWS.flatMap(({ name, answer, expect: wanted }) => [
      `  - name: "${name}"`,
      `    request: { json: ${JSON.stringify(answer)} }`,
      ...(wanted === undefined ? [] : [`    expect: ${wanted}`]),
    ]);
    run = await runFile(scenario, `version: 1\ncases:\n${cases.join('\n')}\n`);
  });

  test.each(ROWS.filter(({ got }) => got !== undefined))('fails with $name', ({ name, got }) => {
    expect(mismatchesOf(run, name)).toEqual([{ at: expect.any(String), wanted: expect.any(String), got }]);
  });

  test.each(ROWS.filter(({ got }) => got === undefined))('passes with $name', ({ name }) => {
    const passed = run.report.cases.filter((each) => each.passed === 1).map((each) => each.name);
    expect(passed).toContain(name);
  });
});

test('a bare sample request fails with the words of the error in the answer', async () => {
  serve(scenario, 'blue', () => ({
    status: 200,
    headers: { 'Content-Type': 'application/json' },
    body: text('46e-answer-200-aml-run-error.json'),
  }));
  const { error, outputs } = await scenario.step({ inputs: { 'sample-request': SAMPLE } });

  expect(outputs).toMatchObject({ verdict: 'failed', 'status-code': '200' });
  expect(error).toContain(
    "- body: expected a result, received an error: could not convert string to float: 'male'",
  );
});

test('a script that looks for an error may find it', async () => {
  serve(scenario, 'blue', () => json(200, { error: 'no such customer' }));
  const { outputs } = await scenario.step({
    inputs: { 'sample-request': SAMPLE, 'response-check': 'grep "no such customer"' },
  });

  expect(outputs.verdict).toBe('passed');
});

test('a health check without content type and body passes', async () => {
  serve(scenario, 'blue', () => ({ status: 200 }));
  const { outputs, scored } = await runFile(
    scenario,
    'version: 1\ncases: [{ name: ready, request: { method: GET, path: /v2/health/ready } }]\n',
  );

  expect(outputs.verdict).toBe('passed');
  expect(scored[0]).toMatchObject({ method: 'GET' });
});

test('a compressed stream is read as one', async () => {
  const compressed: Model = ({ headers }) => {
    const body = reportFile('44-stream-usage-chunk-empty-choices.sse');
    const zipped = headers['accept-encoding'] === 'gzip';
    return {
      status: 200,
      headers: { 'Content-Type': STREAM_TYPE, ...(zipped ? { 'Content-Encoding': 'gzip' } : {}) },
      body: zipped ? gzipSync(body) : body,
    };
  };
  serve(scenario, 'blue', compressed);
  const fileOf = (expectation: string) => `version: 1
cases:
  - name: stream
    request: { json: 1, headers: { Accept-Encoding: gzip } }
    expect: { stream: ${expectation} }
`;
  const good = await runFile(scenario, fileOf('{ min-events: 6, first-event: 20s, ends-with: "[DONE]" }'));
  const bad = await runFile(scenario, fileOf('{ min-events: 7 }'));

  expect(good.outputs.verdict).toBe('passed');
  expect(mismatchesOf(bad, 'stream')).toEqual([{ at: 'stream min-events', wanted: 'at least 7', got: '6' }]);
});
