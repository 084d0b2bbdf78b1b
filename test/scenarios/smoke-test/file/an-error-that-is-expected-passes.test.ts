import { describe, expect, test } from 'vitest';
import { coldStart, type Fault, NOT_READY, throttled } from '../../../local-azure/index.ts';
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
    expect(error).toContain(`- json $.error: expected "no columns", received "no rows"`);
  });

  test('a good answer in its place fails', async () => {
    serve(scenario, 'blue', obedientModel);
    const { outputs, error } = await runFile(scenario, file('{ status: 424 }', { answer: [1] }));
    expect(outputs).toMatchObject({ verdict: 'failed', 'status-code': '200' });
    expect(error).toContain('- status: expected 424, received 200');
  });

  test('one that is not expected fails', async () => {
    serve(scenario, 'blue', obedientModel);
    const { outputs, error } = await runFile(scenario, file('{ status: [200, 404] }', order));
    expect(outputs).toMatchObject({ verdict: 'failed', 'status-code': '424' });
    expect(error).toContain("answered 424 (model_error, the model's own status 422): no rows");
  });
});

describe('of something before the model is not the expected one', () => {
  const text = (status: number, body: string, headers: Record<string, string> = {}): Fault => ({
    kind: 'status',
    status,
    headers: { 'Content-Type': 'text/plain', ...headers },
    body,
  });
  const because = (value: string) => ({ 'ms-azureml-model-error-reason': value });

  test.each<readonly [what: string, fault: Fault, expected: string, verdict: string]>([
    ['a model that is not ready', text(424, '', because('model_not_ready')), '424', 'inconclusive'],
    [
      'a model that is not ready, and a class',
      text(424, '', because('model_not_ready')),
      '4xx',
      'inconclusive',
    ],
    ['a refused key', text(401, 'key_auth_access_denied'), '4xx', 'error'],
    ['a refused key, and that very status', text(401, 'key_auth_access_denied'), '401', 'error'],
    ['no deployment', text(404, 'No valid deployments to route to.'), '[404, 424]', 'inconclusive'],
    ['a model that is too slow, or who knows', text(408, ''), '4xx', 'inconclusive'],
    ['a proxy', text(407, ''), '407', 'error'],
    ['too many requests', text(429, '', because('too_many_pending_request')), '429', 'inconclusive'],
    ['too many requests, and a class', text(429, ''), '4xx', 'inconclusive'],
    ['a firewall', text(403, '<html><title>403 Forbidden</title></html>'), '4xx', 'error'],
  ])('%s', async (_, fault, expected, verdict) => {
    scenario.azure.setFault('scoring', fault);
    const { outputs, error } = await runFile(scenario, file(`{ status: ${expected} }`, { answer: [1] }));
    expect(outputs.verdict).toBe(verdict);
    expect(error).toMatch(/The case expects status .* from the model/);
  });

  test.each([
    [408, '408'],
    [413, '[200, 413]'],
  ])('%i counts when %s names it, as it does not tell who refused', async (status, expected) => {
    scenario.azure.setFault('scoring', text(status, ''));
    const { outputs } = await runFile(scenario, file(`{ status: ${expected} }`, { answer: [1] }));
    expect(outputs).toMatchObject({ verdict: 'passed', 'status-code': `${status}` });
  });

  test('but waited for, when it passes by itself', async () => {
    serve(scenario, 'blue', coldStart([NOT_READY, throttled()], obedientModel));
    const cold = file('{ status: 4xx, json: { $.error: no rows } }', {
      status: 422,
      answer: { error: 'no rows' },
    });
    const { outputs, log, scored } = await runFile(scenario, cold.replace('warm-up: 0s', 'warm-up: 1m'));
    expect(outputs).toMatchObject({ verdict: 'passed', 'status-code': '424' });
    expect(log.match(/^Not ready: .*?\./gm)).toEqual([
      'Not ready: 424 model_not_ready.',
      'Not ready: 429 too_many_pending_request.',
    ]);
    expect(scored).toHaveLength(3);
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
