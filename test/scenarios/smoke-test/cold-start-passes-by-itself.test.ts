import { expect, test } from 'vitest';
import { coldStart, goodModel, NOT_READY, RESET, throttled } from '../../local-azure/index.ts';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const { azure, step } = await openScenario();
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
