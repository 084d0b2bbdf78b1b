import { describe, expect, test } from 'vitest';
import { LegError } from '../../src/azure/failure.ts';
import { NO_EXPECTATIONS, type Plan } from '../../src/smoke/plan.ts';
import { type Subject, smokeTest } from '../../src/smoke/smoke-test.ts';
import { swaggerDocument } from '../local-azure/swagger-documents.ts';
import { ENDPOINT } from '../report/results.ts';
import { inputsOf, subjectOf } from './gate-support.ts';
import { caseOf, deployment, requestPlan, type Seen, serve, workspaceOf } from './support.ts';

type Reply = (seen: Seen, requests: number) => readonly [status: number, body?: string, headers?: object];

/** Runs a smoke test against a server that replies so. */
async function run(
  reply: Reply,
  plan: Partial<Plan> = {},
  changes: Partial<Subject> | ((origin: string) => Partial<Subject>) = {},
) {
  const server = await serve((response, seen) => {
    const [status, body = '', headers = {}] = reply(seen, server.requests.length);
    response.writeHead(status, {
      'azureml-model-deployment': seen.headers['azureml-model-deployment'] ?? 'live',
      ...headers,
    });
    response.end(body);
  });
  const said: string[] = [];
  const more = typeof changes === 'function' ? changes(server.origin) : changes;
  const subject = subjectOf(server, { say: (line) => said.push(line), ...more });
  const end = await smokeTest(subject, inputsOf(plan));
  return { ...end, said, server };
}

const GREEN = { candidate: deployment('green'), baseline: undefined };

describe('before anything is sent', () => {
  test('a deployment that failed is told so at once', async () => {
    const chosen = { candidate: deployment('green', 'Failed'), baseline: undefined };
    const { result, server } = await run(() => [200], {}, { chosen });
    expect(result).toMatchObject({
      verdict: 'failed',
      message:
        "Deployment 'green' of endpoint 'churn' has the provisioning state Failed: it will never answer. Its logs say why.",
      deployment: 'green',
      measurements: [],
      statusCode: undefined,
    });
    expect(server.requests).toEqual([]);
  });

  test('a deployment that stays in the making is inconclusive', async () => {
    const chosen = { candidate: deployment('green', 'Creating'), baseline: undefined };
    const { result, server } = await run(() => [200], {}, { chosen });
    expect(result).toMatchObject({
      verdict: 'inconclusive',
      message:
        "Deployment 'green' of endpoint 'churn' is still Creating at the end of the warm-up. Wait longer with 'warm-up'.",
    });
    expect(server.requests).toEqual([]);
  });

  test('a baseline must be ready too, and that it is not says nothing about the candidate', async () => {
    const chosen = { candidate: deployment('green'), baseline: deployment('blue', 'Failed') };
    const { result, suspect } = await run(() => [200], {}, { chosen });
    expect(result).toMatchObject({
      verdict: 'inconclusive',
      message: expect.stringContaining(
        "Deployment 'blue' of endpoint 'churn' has the provisioning state Failed",
      ),
      baselineDeployment: 'blue',
    });
    expect(suspect).toBe('baseline');
  });

  test('Azure that cannot be asked is no verdict on the model', async () => {
    const error = new LegError('deployments', 'management.azure.com', { status: 403, headers: {}, body: '' });
    const workspace = workspaceOf({
      deployment: async () => {
        throw error;
      },
    });
    const chosen = { candidate: deployment('green', 'Creating'), baseline: undefined };
    await expect(run(() => [200], { warmUpMs: 60_000 }, { chosen, workspace })).rejects.toBe(error);
  });
});

describe('the warm-up', () => {
  test('goes on until the model answers, and is told', async () => {
    const { result, said } = await run((_seen, requests) => (requests < 3 ? [503] : [200, '[1]']), {
      samples: 2,
      warmUpMs: 60_000,
    });
    expect(result).toMatchObject({ verdict: 'passed', warmUp: { requests: 3 } });
    expect(result.cases).toMatchObject([{ measured: 2, passed: 2 }]);
    expect(said).toEqual([
      expect.stringMatching(/^Not ready: 503\. Next try in 0\.[345] s; 1 min left\.$/),
      expect.stringMatching(/^Not ready: 503\. Next try in (?:0\.[5-9]|1\.0) s; (?:1 min|59 s) left\.$/),
    ]);
  });

  test('that never ends well is inconclusive, and says what was seen last', async () => {
    const { result } = await run(() => [429, 'too many']);
    expect(result).toMatchObject({
      verdict: 'inconclusive',
      message: expect.stringMatching(
        /^No usable answer within the warm-up of 0 s\. The last: Endpoint 'churn' answered 429: too many\nThe deployment has more requests than it takes\./,
      ),
      statusCode: 429,
      deployment: 'live',
      warmUp: { requests: 1 },
    });
  });

  test.each([
    [424, 'failed'],
    [401, 'error'],
    [302, 'error'],
  ])('of several samples ends at once with a %i: %s', async (status, verdict) => {
    const { result, server } = await run(() => [status], { samples: 5 });
    expect(result).toMatchObject({ verdict, statusCode: status, measurements: [] });
    expect(server.requests).toHaveLength(1);
  });
});

test('a baseline whose model fails says nothing about the candidate', async () => {
  const thresholds = { successRate: 1, latencyMs: {}, baseline: { deployment: 'blue', ratios: { p50: 1 } } };
  const chosen = { candidate: deployment('green'), baseline: deployment('blue') };
  const failing: Reply = ({ headers }) => [headers['azureml-model-deployment'] === 'blue' ? 424 : 200];
  const { result, suspect } = await run(failing, { samples: 2, thresholds }, { chosen });
  expect(result).toMatchObject({
    verdict: 'inconclusive',
    message: expect.stringContaining("Deployment 'blue' of endpoint 'churn' answered 424"),
    measurements: [],
  });
  expect(suspect).toBe('baseline');
});

describe('a wrong answer', () => {
  test('is told with what was wanted and what came', async () => {
    const schema = {
      origin: 'response.schema.json',
      validate: () => [{ at: 'schema /0', wanted: 'to be number', got: '"x"' }],
    };
    const cases = [caseOf({ expect: { ...NO_EXPECTATIONS, deployment: 'green', schema } })];
    const { result } = await run(
      () => [200, '["x"]', { 'azureml-model-deployment': 'blue' }],
      { cases },
      { chosen: GREEN },
    );
    expect(result).toMatchObject({
      verdict: 'failed',
      message: [
        'success-rate is 0 %; the limit is 100 %.',
        "Deployment 'green' answered 200, and the answer is not what is expected:",
        '- deployment: wanted green, got blue',
        '- schema /0: wanted to be number, got "x"',
      ].join('\n'),
      deployment: 'blue',
      statusCode: 200,
    });
  });

  test('of the script itself is told with the place of its traceback', async () => {
    const raised = { 'x-ms-run-function-failed': 'True' };
    const { result } = await run(() => [200, '{"message": "KeyError"}', raised]);
    expect(result.verdict).toBe('failed');
    expect(result.message).toBe(
      "success-rate is 0 %; the limit is 100 %.\nEndpoint 'churn' answered 200: KeyError\nThe scoring script's run() failed. Its container log has the traceback.",
    );
  });

  test('of one case is told with its case, and how often it came', async () => {
    const cases = [caseOf({ name: 'good' }), caseOf({ name: 'bad', request: requestPlan({ path: '/bad' }) })];
    const { result } = await run(({ url }, requests) => [url === '/bad' && requests > 6 ? 424 : 200], {
      cases,
      samples: 4,
    });
    // Four good ones with their warm-up, then the warm-up of the other case.
    expect(result.cases.map(({ passed, measured }) => [passed, measured])).toEqual([
      [4, 4],
      [0, 4],
    ]);
    expect(result.message).toContain("Case 'bad', request 1: Endpoint 'churn' answered 424");
    expect(result.message).toMatch(/ 4 of 4 requests failed\.$/);
  });
});

describe('measuring', () => {
  test('ends with the verdict error when the credential is refused', async () => {
    const { result, server } = await run((_seen, requests) => [requests < 3 ? 200 : 403], { samples: 9 });
    expect(server.requests).toHaveLength(3);
    expect(result).toMatchObject({ verdict: 'error', statusCode: 200 });
    expect(result.message).toContain("Case 'two rows', request 2: Endpoint 'churn' answered 403");
    expect(result.message).toContain("'AzureML Data Scientist'");
  });

  test('asks the candidate and the baseline by name, and compares them', async () => {
    const thresholds = {
      successRate: 1,
      latencyMs: {},
      baseline: { deployment: 'blue', ratios: { p50: 1_000 } },
    };
    const chosen = { candidate: deployment('green'), baseline: deployment('blue') };
    const { result, server } = await run(() => [200], { samples: 3, thresholds }, { chosen });
    const names = server.requests.map(({ headers }) => headers['azureml-model-deployment']);
    expect(names).toEqual(['green', 'blue', 'green', 'blue', 'blue', 'green', 'green', 'blue']);
    expect(result).toMatchObject({ verdict: 'passed', deployment: 'green', baselineDeployment: 'blue' });
    expect([result.latency?.count, result.baselineLatency?.count]).toEqual([3, 3]);
    expect(result.thresholds.map(({ name }) => name)).toEqual(['success-rate', 'baseline.p50']);
  });

  test("sends the endpoint's own example, and judges the answer by its own schema", async () => {
    const document = swaggerDocument('2', {
      input: { type: 'object', example: { data: [1] } },
      output: { type: 'array' },
    });
    const cases = [caseOf({ request: requestPlan({ body: { kind: 'swagger' } }) })];
    const { result, server } = await run(
      ({ url }) => [200, url === '/score' ? '{}' : JSON.stringify(document)],
      { cases },
      (origin) => ({ endpoint: { ...ENDPOINT, swaggerUri: `${origin}/swagger.json` } }),
    );
    expect(server.requests.map(({ method, url, body }) => `${method} ${url} ${body}`)).toEqual([
      'GET /swagger.json ',
      'POST /score {"data":[1]}',
    ]);
    expect(result).toMatchObject({
      verdict: 'failed',
      message: expect.stringContaining('- schema: wanted to be array, got {}'),
    });
  });

  test('reads a stream of events', async () => {
    const stream = { firstEventMs: 60_000, minEvents: 2, endsWith: '[DONE]' };
    const cases = [caseOf({ expect: { ...NO_EXPECTATIONS, stream } })];
    const events = { 'Content-Type': 'text/event-stream' };
    const { result } = await run(() => [200, 'data: a\n\ndata: [DONE]\n\n', events], { cases, samples: 2 });
    expect(result.verdict).toBe('passed');
    for (const { firstEventMs, latencyMs } of result.measurements) {
      expect(firstEventMs).toBeGreaterThan(0);
      expect(firstEventMs).toBeLessThanOrEqual(latencyMs);
    }
  });
});

describe("the user's own script", () => {
  test.each([
    ['test "$(cat)" = "[1]"', 'passed', undefined],
    [
      'echo "::error::no"; echo "::error::no"; exit 3',
      'failed',
      'response-check wanted exit code 0, got exit code 3: ::error::no\n: :error::no',
    ],
  ])('%s', async (script, verdict, message) => {
    const { result } = await run(() => [200, '[1]'], { check: { script }, timeoutMs: 60_000 });
    expect(result).toMatchObject({ verdict, message });
  });

  test('is not asked about an answer that is bad already', async () => {
    const { result } = await run(() => [424], { check: { script: 'exit 1' } });
    expect(result.verdict).toBe('failed');
    expect(result.message).not.toContain('response-check');
  });
});

test('the latencies of the result are those of the requests that were answered', async () => {
  const { result } = await run((_seen, requests) => [requests === 3 ? 429 : 200], { samples: 3 });
  expect(result.measurements.map(({ outcome }) => outcome)).toEqual(['passed', 'unanswered', 'passed']);
  expect(result.latency?.count).toBe(2);
  expect(result).toMatchObject({ verdict: 'inconclusive', statusCode: 200 });
});

test('the result says how it was measured', async () => {
  const before = Date.now();
  const { result, firstAnswer } = await run(() => [200, '[1]'], { samples: 2, concurrency: 2 });
  expect(result).toMatchObject({ samples: 2, concurrency: 2, baselineDeployment: undefined });
  expect(result.startedAt.getTime()).toBeGreaterThanOrEqual(before);
  expect(Number.isInteger(result.seed) && result.seed >= 0 && result.seed < 2 ** 31).toBe(true);
  expect(result.durationMs).toBeGreaterThanOrEqual(result.warmUp.ms);
  expect(firstAnswer?.body?.toString()).toBe('[1]');
});
