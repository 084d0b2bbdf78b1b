import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { json, type Model } from '../../local-azure/index.ts';
import { runFile } from '../../support/run-smoke-test-file.ts';
import { openScenario } from '../../support/scenario.ts';

const scenario = await openScenario();
const { azure, step } = scenario;
const INPUTS = { 'sample-request': 'swagger' };

/** Serves a document as it was found, and answers every scoring request so. */
function serve(document: string, answer: unknown, status = 200): void {
  const text = readFileSync(new URL(`../../fixtures/reports/${document}`, import.meta.url), 'utf8');
  const model: Model = ({ method }) =>
    method === 'GET'
      ? { status: 200, headers: { 'Content-Type': 'application/json' }, body: text }
      : json(status, answer);
  azure.endpoints.get('churn-key')!.deployments.get('blue')!.model = model;
}

describe('a good answer passes', () => {
  test.each([
    ['01-swagger-only-input-schema.json', [0]],
    ['02-swagger-integer-output-sample.json', [78.25]],
    ['06-swagger-null-in-output-sample.json', [{ id: 'c', score: 0.3, label: null }]],
    ['07-swagger-split-mixed-columns.json', { columns: ['id', 'score'], index: [0], data: [['a', 0.5]] }],
  ])('with %s', async (document, answer) => {
    serve(document, answer);
    const { outputs } = await step({ inputs: INPUTS });
    expect(outputs.verdict).toBe('passed');
  });
});

test.each(['01-swagger-only-input-schema.json', '07-swagger-split-mixed-columns.json'])(
  'the log says that %s says nothing about the answer',
  async (document) => {
    serve(document, [0]);
    const { log } = await step({ inputs: INPUTS });
    expect(log).toContain("The endpoint's OpenAPI document says nothing about the answer");
  },
);

test('a bad answer still fails where the document is right about what it shows', async () => {
  serve('02-swagger-integer-output-sample.json', ['high']);
  const { outputs, error } = await step({ inputs: INPUTS });
  expect(outputs.verdict).toBe('failed');
  expect(error).toContain('- schema /0: expected a number, received "high"');
});

describe('an answer that is not as the document promises', () => {
  const document = '03-swagger-automl-v1.json';
  const answer = '{"result": [1]}';

  test('is told as the promise of the document, with the ways to leave it out', async () => {
    serve(document, answer);
    const { outputs, error } = await step({ inputs: INPUTS });
    expect(outputs.verdict).toBe('failed');
    expect(error).toContain('- schema: expected an array, received ');
    expect(error).toContain("The endpoint's OpenAPI document describes the answer this way");
    expect(error).toContain("'swagger: { answer: ignore }'");
    expect(error).toContain('response schema of your own');
  });

  test('passes when the file ignores what the document says of the answer', async () => {
    serve(document, answer);
    const { report, log } = await runFile(
      scenario,
      'version: 1\ncases: [{ name: rows, request: { swagger: { answer: ignore } } }]\n',
    );
    expect(report.verdict).toBe('passed');
    expect(log).not.toContain('promises nothing');
  });

  test('passes when a schema of the user is used instead', async () => {
    serve(document, answer);
    const schema = '{"type": "object", "required": ["result"]}';
    const short = await step({
      inputs: { ...INPUTS, 'response-schema': 'schema.json' },
      files: { 'schema.json': schema },
    });
    const file = await runFile(
      scenario,
      'version: 1\ncases: [{ name: rows, request: { swagger: true }, expect: { schema: schema.json } }]\n',
      { files: { 'tests/schema.json': schema } },
    );
    expect(short.outputs.verdict).toBe('passed');
    expect(file.report.verdict).toBe('passed');
  });
});

describe('an example that is no sample is an error, and is shown', () => {
  test.each([
    [
      '04-swagger-azureml-examples-sklearn-diabetes-ncd.json',
      'has columns but no rows. MLflow gives it rows when the model is logged with an input_example.',
      '{"input_data":{"columns":["age","sex","bmi"',
    ],
    ['12-swagger-nan-literal.json', 'holds NaN at data[0].cabin, which JSON does not have', '"cabin":NaN'],
    ['13-swagger-undecorated-argument.json', 'has only "" for method', '"method":""'],
  ])('%s', async (document, why, shown) => {
    serve(document, [1]);
    const { outputs, error, sent } = await step({ inputs: INPUTS });
    expect(outputs.verdict).toBe('error');
    expect(error).toContain(`Its example request for POST /score ${why}`);
    expect(error).toContain(shown);
    expect(error).toContain("Give 'sample-request' a file of your own");
    expect(sent('scoring').filter(({ method }) => method === 'POST')).toEqual([]);
  });

  test('a filler that the model refuses', async () => {
    serve('03-swagger-automl-v1.json', { message: 'Column37 must be positive' }, 400);
    const { outputs, error } = await step({ inputs: INPUTS });
    expect(outputs.verdict).toBe('error');
    expect(error).toContain('Column37 must be positive');
    expect(error).toContain('{"data":[{"Column37":0,"Column38":0}]}');
    expect(error).toContain("Give 'sample-request' a file of your own");
  });

  test('but a sample that the model refuses is a failure', async () => {
    serve('02-swagger-integer-output-sample.json', { message: 'no' }, 400);
    const { outputs } = await step({ inputs: INPUTS });
    expect(outputs.verdict).toBe('failed');
  });
});
