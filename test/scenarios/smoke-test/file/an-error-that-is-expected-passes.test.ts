import { describe, expect, test } from 'vitest';
import { type Order, obedientModel } from '../../../support/models.ts';
import { runFile, serve } from '../../../support/run-smoke-test-file.ts';
import { openScenario } from '../../../support/scenario.ts';

const scenario = await openScenario();
const KUBERNETES = { inputs: { endpoint: 'churn-k8s', 'allow-insecure-http': 'true' } };

function file(expected: string, order: Order): string {
  return `version: 1
warm-up: 0s
cases:
  - { name: refused, request: { json: ${JSON.stringify(order)} }, expect: ${expected} }
`;
}

describe('of a managed endpoint, which makes 424 of every error of the model', () => {
  const order = { status: 422, answer: { error: 'no rows' } };

  test.each(['{ status: 424, json: { $.error: no rows } }', '{ status: 4xx }', '{ status: [200, 424] }'])(
    '%s passes',
    async (expected) => {
      serve(scenario, 'blue', obedientModel);
      const { outputs, report } = await runFile(scenario, file(expected, order));
      expect(outputs).toMatchObject({ verdict: 'passed', 'status-code': '424' });
      expect(report.measurements).toMatchObject([{ outcome: 'passed', status: 424 }]);
    },
  );

  test('with another body it fails', async () => {
    serve(scenario, 'blue', obedientModel);
    const { outputs, error } = await runFile(
      scenario,
      file('{ status: 424, json: { $.error: no columns } }', order),
    );
    expect(outputs).toMatchObject({ verdict: 'failed', 'status-code': '424' });
    expect(error).toContain(`- json $['error']: wanted "no columns", got "no rows"`);
  });

  test('a good answer in its place fails', async () => {
    serve(scenario, 'blue', obedientModel);
    const { outputs, error } = await runFile(scenario, file('{ status: 424 }', { answer: [1] }));
    expect(outputs).toMatchObject({ verdict: 'failed', 'status-code': '200' });
    expect(error).toContain('- status: wanted 424, got 200');
  });

  test('one that is not expected fails', async () => {
    serve(scenario, 'blue', obedientModel);
    const { outputs, error } = await runFile(scenario, file('{ status: [200, 404] }', order));
    expect(outputs).toMatchObject({ verdict: 'failed', 'status-code': '424' });
    expect(error).toContain("answered 424 (model_error, the model's own status 422): no rows");
  });
});

describe('of an endpoint on Kubernetes, which passes statuses on', () => {
  test.each([
    [404, '404'],
    [503, '[404, 503]'],
    [422, '4xx'],
    [201, '201'],
  ])('%i passes %s', async (status, expected) => {
    serve(scenario, 'blue', obedientModel, 'churn-k8s');
    const { outputs } = await runFile(
      scenario,
      file(`{ status: ${expected} }`, { status, answer: {} }),
      KUBERNETES,
    );
    expect(outputs).toMatchObject({ verdict: 'passed', 'status-code': String(status) });
  });

  test.each([
    [404, '503', 'error'],
    [422, '2xx', 'failed'],
    [422, '5xx', 'failed'],
    [202, '[200, 201]', 'failed'],
    [503, '4xx', 'inconclusive'],
  ])('%i with %s: %s', async (status, expected, verdict) => {
    serve(scenario, 'blue', obedientModel, 'churn-k8s');
    const { outputs } = await runFile(
      scenario,
      file(`{ status: ${expected.startsWith('[') ? expected : `[${expected}]`} }`, { status, answer: {} }),
      KUBERNETES,
    );
    expect(outputs).toMatchObject({ verdict, 'status-code': String(status) });
  });
});
