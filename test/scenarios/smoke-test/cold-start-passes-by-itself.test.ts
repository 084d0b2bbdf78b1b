import { describe, expect, test } from 'vitest';
import { coldStart, goodModel, json, NOT_READY, RESET, throttled } from '../../local-azure/index.ts';
import { notFoundOnce } from '../../support/preloaded-modules.ts';
import { runFile } from '../../support/run-smoke-test-file.ts';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const scenario = await openScenario();
const { azure, step } = scenario;
const INPUTS = { 'sample-request': SAMPLE };
const blue = (endpoint = 'churn-key') => azure.endpoints.get(endpoint)!.deployments.get('blue')!;
const waits = (log: string) => log.match(/^Not ready: .*$/gm) ?? [];

test('the log says what answered and how long is left', async () => {
  // The connection of the first request is used again: after its reset, the request is sent once more on a new one.
  blue().model = coldStart([NOT_READY, RESET, RESET, throttled('1')], goodModel);
  const { log, outputs, sent, annotations } = await step({ inputs: INPUTS });

  expect(outputs).toMatchObject({ verdict: 'passed', 'status-code': '200' });
  expect(waits(log)).toEqual([
    expect.stringMatching(/^Not ready: 424 model_not_ready\. Next try in 0\.[2-5] s; .+ left\.$/),
    expect.stringMatching(/^Not ready: ECONNRESET\. Next try in [01]\.\d s; .+ left\.$/),
    expect.stringMatching(/^Not ready: 429 too_many_pending_request\. Next try in [12]\.\d s; .+ left\.$/),
  ]);
  expect(sent('scoring')).toHaveLength(5);
  expect(annotations).toEqual([]);
});

test('a Retry-After that is a date is heeded, on Kubernetes', async () => {
  const until = new Date(Math.ceil(Date.now() / 1_000) * 1_000 + 3_000);
  blue('churn-k8s').model = coldStart(
    [{ refusal: 'model_not_ready', headers: { 'Retry-After': until.toUTCString() } }],
    goodModel,
  );
  const inputs = { ...INPUTS, endpoint: 'churn-k8s', 'allow-insecure-http': 'true' };
  const { log, outputs, sent } = await step({ inputs });

  expect(outputs.verdict).toBe('passed');
  expect(waits(log)).toEqual([expect.stringMatching(/^Not ready: 503\. Next try in \d\.\d s; /)]);
  // A timer may fire a moment early.
  expect(sent('scoring')[1]?.startedAt).toBeGreaterThan(until.getTime() - 20);
});

test('a Retry-After that is a date is read by the clock of the server', async () => {
  // An hour ahead of this machine.
  const at = (ms: number) => new Date(Date.now() + 3_600_000 + ms).toUTCString();
  blue('churn-k8s').model = coldStart(
    [{ refusal: 'model_not_ready', headers: { Date: at(0), 'Retry-After': at(2_000) } }],
    goodModel,
  );
  const inputs = { ...INPUTS, endpoint: 'churn-k8s', 'allow-insecure-http': 'true' };
  const { log, outputs } = await step({ inputs });

  expect(outputs.verdict).toBe('passed');
  expect(waits(log)).toEqual([expect.stringMatching(/^Not ready: 503\. Next try in 2\.0 s; /)]);
});

test('the requests of a warm-up are never measured', async () => {
  blue().model = coldStart([throttled('0')], goodModel);
  const { log, outputs, sent } = await step({ inputs: { ...INPUTS, samples: '3' } });

  expect(outputs.verdict).toBe('passed');
  // Cold, warm, and the samples.
  expect(sent('scoring')).toHaveLength(1 + 1 + 3);
  expect(log).toMatch(
    /Smoke test passed: Deployment 'blue' answered 3 requests, p50 [\d.]+ ms, p95 [\d.]+ ms\./,
  );
});

test('a deployment that stays cold is inconclusive', async () => {
  blue().model = coldStart(Array(50).fill(NOT_READY), goodModel);
  const { log, error, title, outputs, sent } = await step({ inputs: { ...INPUTS, 'warm-up': '600ms' } });

  expect(title).toBe('Smoke test is inconclusive');
  expect(error).toMatch(
    /^No usable answer within the warm-up of .+\. The last: Endpoint 'churn-key' answered 424 \(model_not_ready\)/,
  );
  expect(outputs).toMatchObject({ verdict: 'inconclusive', 'status-code': '424' });
  expect(waits(log)).toHaveLength(sent('scoring').length);
  expect(waits(log).at(-1)).toMatch(/the end of the warm-up\.$/);
});

test('nothing waits for a Retry-After past the end of the warm-up', async () => {
  blue().model = coldStart(Array(50).fill(throttled('3600')), goodModel);
  const { log, outputs, sent } = await step({ inputs: INPUTS });

  expect(outputs.verdict).toBe('inconclusive');
  expect(waits(log)).toEqual([expect.stringMatching(/^Not ready: 429 .* past the end of the warm-up\.$/)]);
  expect(sent('scoring')).toHaveLength(1);
});

test.each(['0', 'Thu, 01 Jan 1970 00:00:00 GMT'])(
  'Retry-After: %s makes no flood of requests',
  async (retryAfter) => {
    blue().model = coldStart(Array(10_000).fill(throttled(retryAfter)), goodModel);
    const { log, outputs, sent } = await step({ inputs: { ...INPUTS, 'warm-up': '1s' } });

    expect(outputs.verdict).toBe('inconclusive');
    expect(sent('scoring').length).toBeLessThan(15);
    expect(waits(log).length).toBeLessThan(15);
  },
);

test('the OpenAPI document is waited for, too', async () => {
  blue().model = coldStart([NOT_READY], goodModel);
  const { error } = await step({ inputs: { 'sample-request': 'swagger' } });

  expect(error).toContain('It has no example request for POST /score');
});

describe('a front door that knows no deployment yet', () => {
  const unrouted = {
    kind: 'status',
    status: 404,
    body: 'No valid deployments to route to. Please check that the endpoint has at least one deployment',
  } as const;

  test.each([
    ['traffic', {}],
    ['a deployment that is asked for by name', { deployment: 'green' }],
  ])('is waited for, as Resource Manager tells of %s', async (_, inputs) => {
    azure.setFault('scoring', { ...unrouted, times: 2 });
    const { log, outputs, sent } = await step({ inputs: { ...INPUTS, ...inputs } });

    expect(outputs.verdict).toBe('passed');
    expect(waits(log)).toEqual([
      expect.stringMatching(/^Not ready: 404\. /),
      expect.stringMatching(/^Not ready: 404\. /),
    ]);
    expect(sent('scoring')).toHaveLength(3);
  });

  test('is not waited for without traffic', async () => {
    azure.endpoints.get('churn-key')!.traffic = {};
    azure.setFault('scoring', { ...unrouted, times: 2 });
    const { error, outputs, sent } = await step({ inputs: INPUTS });

    expect(outputs.verdict).toBe('error');
    expect(error).toContain("Endpoint 'churn-key' has no deployment with traffic");
    expect(sent('scoring')).toHaveLength(1);
  });
});

test.each(['ENOTFOUND', 'EAI_AGAIN'] as const)(
  'a name that is not found yet is waited for: %s',
  async (code) => {
    const { log, outputs } = await step({ inputs: INPUTS, execArgv: notFoundOnce(code, /\/score$/) });

    expect(outputs.verdict).toBe('passed');
    expect(waits(log)).toEqual([expect.stringMatching(new RegExp(`^Not ready: ${code}\\. `))]);
  },
);

test('a model whose identity has no rights yet is waited for', async () => {
  const message =
    "(AuthorizationFailed) The client 'b3f1' does not have authorization to perform action 'Microsoft.MachineLearningServices/workspaces/connections/listsecrets/action'. If access was recently granted, please refresh your credentials.";
  blue().model = coldStart([json(500, { message })], goodModel);
  const { log, outputs } = await step({ inputs: INPUTS });

  expect(outputs.verdict).toBe('passed');
  expect(waits(log)).toEqual([expect.stringMatching(/^Not ready: 424 model_error\. /)]);
});

test('a server whose workers die is told as that', async () => {
  const message = 'Model "churn" has no worker to serve inference request.';
  blue('churn-k8s').model = () => json(503, { code: 503, type: 'ServiceUnavailableException', message });
  const inputs = { ...INPUTS, endpoint: 'churn-k8s', 'allow-insecure-http': 'true', 'warm-up': '0s' };
  const { error, outputs } = await step({ inputs });

  expect(outputs.verdict).toBe('inconclusive');
  expect(error).toContain(`answered 503: ${message}`);
  expect(error).toContain('its workers die while they load the model');
});

describe('warm-up-through', () => {
  const file = (through: string) => `version: 1
warm-up: 1m
${through}
cases: [{ name: rows, request: { json: { data: [[1]] } } }]
`;
  const loading = json(500, { message: 'the model is loading' });

  test('waits through a status that is named', async () => {
    blue().model = coldStart([loading], goodModel);
    azure.setFault('scoring', { kind: 'status', status: 403, body: 'not yet', times: 1 });
    const { log, outputs, scored } = await runFile(scenario, file('warm-up-through: [424, 403]'));

    expect(outputs.verdict).toBe('passed');
    expect(waits(log)).toEqual([
      expect.stringMatching(/^Not ready: 403\. /),
      expect.stringMatching(/^Not ready: 424 model_error\. /),
    ]);
    expect(scored).toHaveLength(3);
  });

  test('is inconclusive when the status lasts', async () => {
    blue().model = () => loading;
    const { error, outputs } = await runFile(
      scenario,
      file('warm-up-through: [424]').replace('warm-up: 1m', 'warm-up: 0s'),
    );

    expect(outputs).toMatchObject({ verdict: 'inconclusive', 'status-code': '424' });
    expect(error).toContain('the model is loading');
  });

  test('leaves every other status as it is', async () => {
    blue().model = coldStart([loading], goodModel);
    const { outputs, scored } = await runFile(scenario, file('warm-up-through: [403]'));

    expect(outputs.verdict).toBe('failed');
    expect(scored).toHaveLength(1);
  });
});
