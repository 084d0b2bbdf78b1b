import { describe, expect, test } from 'vitest';
import { ServiceError } from '../../../src/network/service-error.ts';
import type { SmokeTestContext } from '../../../src/smoke-test/context.ts';
import { NO_EXPECTATIONS } from '../../../src/smoke-test/plan/expectations.ts';
import type { Plan } from '../../../src/smoke-test/plan/plan.ts';
import { smokeTest } from '../../../src/smoke-test/smoke-test.ts';
import { Failure } from '../../../src/text/failure.ts';
import { swaggerDocument } from '../../local-azure/swagger-documents.ts';
import { contextOf, inputsOf } from '../../support/gate.ts';
import { ENDPOINT } from '../../support/results.ts';
import { caseOf, deployment, requestPlan, type Seen, serve, workspaceOf } from '../../support/smoke-test.ts';

type Reply = (seen: Seen, requests: number) => readonly [status: number, body?: string, headers?: object];

/** Runs a smoke test against a server that replies so. */
async function run(
  reply: Reply,
  plan: Partial<Plan> = {},
  changes: Partial<SmokeTestContext> | ((origin: string) => Partial<SmokeTestContext>) = {},
) {
  const server = await serve((response, seen) => {
    const [status, body, headers = {}] = reply(seen, server.requests.length);
    response.writeHead(status, {
      'azureml-model-deployment': seen.headers['azureml-model-deployment'] ?? 'live',
      ...headers,
    });
    response.end(body ?? (status === 200 ? '[1]' : ''));
  });
  const said: string[] = [];
  const more = typeof changes === 'function' ? changes(server.origin) : changes;
  const context = contextOf(server, { say: (line) => said.push(line), ...more });
  const end = await smokeTest(context, inputsOf(plan));
  return { ...end, said, server };
}

const GREEN = { candidate: deployment('green'), baseline: undefined };

describe('before anything is sent', () => {
  test('a deployment that failed in Azure makes the verdict failed', async () => {
    const chosen = { candidate: deployment('green', 'Failed'), baseline: undefined };
    const { result, server } = await run(() => [200], {}, { chosen });
    expect(result).toMatchObject({
      verdict: 'failed',
      message:
        "Deployment 'green' of endpoint 'churn' has the provisioning state Failed: it will never answer. Its logs say why.",
      deployment: 'green',
      samples: [],
      statusCode: undefined,
    });
    expect(server.requests).toEqual([]);
  });

  test('a deployment that is still being made makes it inconclusive', async () => {
    const chosen = { candidate: deployment('green', 'Creating'), baseline: undefined };
    const { result, server } = await run(() => [200], {}, { chosen });
    expect(result).toMatchObject({
      verdict: 'inconclusive',
      message:
        "Deployment 'green' of endpoint 'churn' is still Creating at the end of the warm-up. Wait longer with 'warm-up'.",
    });
    expect(server.requests).toEqual([]);
  });

  test('a baseline that failed in Azure makes it inconclusive', async () => {
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

  test('an error of Azure itself is not a verdict', async () => {
    const error = new ServiceError('deployments', 'management.azure.com', {
      status: 403,
      headers: {},
      body: '',
    });
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
  test('lasts until the model replies, and is logged', async () => {
    const { result, said } = await run(
      (_seen, requests) => (requests < 3 ? [503] : [200, '[1]']),
      { samples: 2, warmUpMs: 60_000 },
      { workspace: workspaceOf({ deployments: async () => [deployment('blue')] }) },
    );
    expect(result).toMatchObject({ verdict: 'passed', warmUp: { requests: 3 } });
    expect(result.cases).toMatchObject([{ measured: 2, passed: 2 }]);
    expect(said).toEqual([
      expect.stringMatching(/^Not ready: 503\. Next try in 0\.[345] s; (?:1 min|5\d s) left\.$/),
      expect.stringMatching(/^Not ready: 503\. Next try in (?:0\.[5-9]|1\.0) s; (?:1 min|5\d s) left\.$/),
    ]);
  });

  test('without a usable reply is inconclusive, and the last exchange is described', async () => {
    const workspace = workspaceOf({ deployments: async () => [deployment('blue')] });
    const { result } = await run(() => [429, 'too many'], {}, { workspace });
    expect(result).toMatchObject({
      verdict: 'inconclusive',
      message: expect.stringMatching(
        /^No usable answer within the warm-up of 0 s\. The last: Endpoint 'churn' answered 429: too many\nThe deployment gets more requests than it can take\./,
      ),
      statusCode: 429,
      deployment: 'live',
      warmUp: { requests: 1 },
    });
  });

  const [GOOD, BAD] = [200, 503].map((status) => `/${status}`);
  const statusOf: Reply = ({ url }) => [Number(url.slice(1))];
  const TWO = [
    caseOf({ name: 'good', request: requestPlan({ path: GOOD }) }),
    caseOf({ name: 'bad', request: requestPlan({ path: BAD }) }),
  ];

  test('names the case that gets no reply', async () => {
    const workspace = workspaceOf({ deployments: async () => [deployment('blue')] });
    const { result } = await run(statusOf, { cases: TWO, samples: 2 }, { workspace });
    expect(result.message).toMatch(
      /^No usable answer to case 'bad' within the warm-up of 0 s\. The last: Endpoint 'churn' answered 503/,
    );
  });

  test('names the case that ends it', async () => {
    const cases = [TWO[0]!, caseOf({ name: 'refused', request: requestPlan({ path: '/400' }) })];
    const { result } = await run(statusOf, { cases, samples: 2 });
    expect(result.message).toMatch(/^Case 'refused', warming up: Endpoint 'churn' answered 400/);
  });

  test.each([
    [400, 2],
    [503, 2],
    [503, 1],
  ])('says which status the case expects instead of a %i, with %i samples', async (status, samples) => {
    const workspace = workspaceOf({ deployments: async () => [deployment('blue')] });
    const cases = [caseOf({ expect: { ...NO_EXPECTATIONS, status: [{ code: 422 }] } })];
    const { result } = await run(() => [status], { cases, samples }, { workspace });
    expect(result.message?.split('\n').at(-1)).toBe('The case expects status 422.');
  });

  test('of a part of a second is described as such', async () => {
    const { result } = await run(() => [503], { warmUpMs: 100 }, { chosen: GREEN });
    expect(result.message).toContain('No usable answer within the warm-up of 0.1 s. The last: ');
  });

  test.each([
    [424, 'failed'],
    [401, 'error'],
  ])('of several samples ends at once with a %i: %s', async (status, verdict) => {
    const { result, server } = await run(() => [status], { samples: 5 });
    expect(result).toMatchObject({ verdict, statusCode: status, samples: [] });
    expect(server.requests).toHaveLength(1);
  });
});

describe('wherever traffic goes, a first reply that is not usable', () => {
  const traffic = { Blue: 60, green: 40, red: 0 };

  /** Runs against an endpoint with this traffic, whose deployments have these states. */
  function runWith(
    states: Readonly<Record<string, string>>,
    {
      traffic: shares = traffic,
      reply = () => [503],
      warmUpMs = 0,
    }: Partial<{
      traffic: Readonly<Record<string, number>>;
      reply: Reply;
      warmUpMs: number;
    }> = {},
  ) {
    const deployments = Object.entries(states).map(([name, state]) => deployment(name, state));
    return run(reply, { warmUpMs }, (origin) => ({
      workspace: workspaceOf({ deployments: async () => deployments }),
      endpoint: { ...ENDPOINT, scoringUri: `${origin}/score`, traffic: shares },
    }));
  }

  test('fails at once when every deployment with traffic has failed', async () => {
    const states = { blue: 'Failed', green: 'failed', red: 'Succeeded' };
    const { result, server, said, suspect } = await runWith(states, { warmUpMs: 60_000 });
    expect(result).toMatchObject({
      verdict: 'failed',
      message: [
        "Every deployment of endpoint 'churn' that has traffic has failed in Azure: it will never answer. Its logs say why. The first answer: Endpoint 'churn' answered 503, with an empty body.",
        "The deployment is not ready to answer. Wait longer with 'warm-up', or look whether its containers keep restarting.",
      ].join('\n'),
      statusCode: 503,
      samples: [],
      warmUp: { requests: 1 },
    });
    expect([server.requests.length, said, suspect]).toEqual([1, [], 'candidate']);
  });

  test.each<[string, Readonly<Record<string, string>>, Readonly<Record<string, number>>]>([
    ['one of them has not failed', { blue: 'Failed', green: 'Succeeded', red: 'Failed' }, traffic],
    ['one of them is being updated', { blue: 'Failed', green: 'Updating' }, traffic],
    [
      'only one without traffic has failed',
      { blue: 'Succeeded', green: 'Succeeded', red: 'Failed' },
      traffic,
    ],
    ['none has traffic', { blue: 'Failed' }, { blue: 0 }],
    ['there is none', {}, traffic],
  ])('leads to a wait when %s', async (_what, states, shares) => {
    const { result } = await runWith(states, { traffic: shares });
    expect(result).toMatchObject({
      verdict: 'inconclusive',
      message: expect.stringMatching(/^No usable answer within the warm-up of 0 s\. The last: /),
    });
  });

  test.each([
    [
      'a refusal',
      new ServiceError('deployments', 'management.azure.com', { status: 403, headers: {}, body: '' }),
    ],
    ['a failure', new Failure('The list of deployments goes on on another host.')],
  ])('leads to a wait when the identity may not list the deployments: %s', async (_what, error) => {
    let asked = 0;
    const workspace = workspaceOf({
      deployments: async () => {
        asked++;
        throw error;
      },
    });
    const reply: Reply = (_seen, requests) => [requests < 3 ? 503 : 200];
    const { result, server } = await run(reply, { warmUpMs: 60_000 }, { workspace });
    expect(result).toMatchObject({ verdict: 'passed', warmUp: { requests: 3 } });
    expect([server.requests.length, asked]).toEqual([3, 1]);
  });

  test('does not hide another error', async () => {
    await expect(run(() => [503])).rejects.toThrow('was not to be asked');
  });

  test('of a deployment that is tested by name leads to a wait without a request to Resource Manager', async () => {
    const { result } = await run(() => [503], {}, { chosen: GREEN });
    expect(result.verdict).toBe('inconclusive');
  });
});

test('a baseline whose model fails says nothing about the candidate', async () => {
  const thresholds = {
    successRate: 1,
    latencyMs: {},
    baseline: { from: 'deployment', deployment: 'blue', ratios: { p50: 1 } },
  } as const;
  const chosen = { candidate: deployment('green'), baseline: deployment('blue') };
  const failing: Reply = ({ headers }) => [headers['azureml-model-deployment'] === 'blue' ? 424 : 200];
  const { result, suspect } = await run(failing, { samples: 2, thresholds }, { chosen });
  expect(result).toMatchObject({
    verdict: 'inconclusive',
    message: expect.stringContaining("Deployment 'blue' of endpoint 'churn' answered 424"),
    samples: [],
  });
  expect(suspect).toBe('baseline');
});

describe('the deployment whose containers may say why', () => {
  const CHOSEN = { candidate: deployment('green'), baseline: deployment('blue') };
  const NOTE = 'This is the baseline; it says nothing about the deployment under test.';
  const of = ({ headers }: Seen) => String(headers['azureml-model-deployment']);

  /** Two measured requests to each, after one good answer of each. */
  function compare(statusOf: (deployment: string) => number, ratio = 1_000) {
    const seen: Record<string, number> = {};
    const reply: Reply = (request) => {
      const name = of(request);
      seen[name] = (seen[name] ?? 0) + 1;
      return [seen[name] === 1 ? 200 : statusOf(name), '[1]'];
    };
    const baseline = { from: 'deployment', deployment: 'blue', ratios: { p50: ratio } } as const;
    const thresholds = { successRate: 1, latencyMs: {}, baseline };
    return run(reply, { samples: 2, thresholds }, { chosen: CHOSEN });
  }

  test('is the baseline when it alone failed', async () => {
    // A throttled request is no answer, so that there is nothing to compare with.
    const { result, suspect } = await compare((name) => (name === 'blue' ? 429 : 200));
    expect([result.verdict, suspect]).toEqual(['inconclusive', 'baseline']);
    expect(result.message?.split('\n').at(-1)).toBe(NOTE);
    expect(result.statusCode).toBe(200);
  });

  test('is the candidate when both were throttled', async () => {
    const { result, suspect } = await compare(() => 429);
    expect([result.verdict, suspect]).toEqual(['inconclusive', 'candidate']);
    expect(result.message).not.toContain(NOTE);
    expect(result.statusCode).toBe(429);
  });

  test('is the candidate when it alone was throttled', async () => {
    const { result, suspect } = await compare((name) => (name === 'green' ? 429 : 200));
    expect([result.verdict, suspect]).toEqual(['inconclusive', 'candidate']);
    expect(result.message).not.toContain(NOTE);
  });

  test('is the candidate when it failed', async () => {
    const { result, suspect } = await compare((name) => (name === 'green' ? 424 : 200));
    expect([result.verdict, suspect, result.statusCode]).toEqual(['failed', 'candidate', 424]);
  });

  test('is the candidate when it is too slow', async () => {
    const { result, suspect } = await compare(() => 200, 1e-9);
    expect([result.verdict, suspect]).toEqual(['failed', 'candidate']);
    expect(result.message).not.toContain(NOTE);
  });

  test('is the candidate when all requests passed', async () => {
    const { result, suspect } = await compare(() => 200);
    expect([result.verdict, suspect, result.message]).toEqual(['passed', 'candidate', undefined]);
  });
});

describe('a wrong reply', () => {
  test('is described with what was wanted and what came', async () => {
    const schema = {
      origin: 'response.schema.json',
      sources: [],
      validate: () => [{ at: 'schema /0', wanted: 'to be number', got: '"x"' }],
    };
    const cases = [caseOf({ expect: { ...NO_EXPECTATIONS, contentType: 'text/csv', schema } })];
    const { result } = await run(
      () => [200, '["x"]', { 'content-type': 'application/json' }],
      { cases },
      { chosen: GREEN },
    );
    expect(result).toMatchObject({
      verdict: 'failed',
      message: [
        "Deployment 'green' answered 200, but the answer is not as expected:",
        '- content-type: expected text/csv, received application/json',
        '- schema /0: expected to be number, received "x"',
      ].join('\n'),
      deployment: 'green',
      statusCode: 200,
    });
  });

  test('of another deployment than the one that was asked for is an error', async () => {
    const expect422 = { ...NO_EXPECTATIONS, status: [{ code: 200 }, { code: 422 }] };
    for (const status of [200, 422, 424]) {
      const { result } = await run(
        () => [status, '[1]', { 'azureml-model-deployment': 'blue' }],
        { cases: [caseOf({ expect: expect422 })] },
        { chosen: GREEN },
      );
      expect(result.verdict).toBe('error');
      expect(result.message).toContain(
        "A different deployment answered, not the one that was asked for, 'green'",
      );
    }
  });

  test('of a scoring script that failed is described with the place of its traceback', async () => {
    const raised = { 'x-ms-run-function-failed': 'True' };
    const { result } = await run(() => [200, '{"message": "KeyError"}', raised]);
    expect(result.verdict).toBe('failed');
    expect(result.message).toBe(
      "Endpoint 'churn' answered 200: KeyError\nThe scoring script's run() failed. Its container log has the traceback.",
    );
  });

  test('of one of several cases is described with its case and its number', async () => {
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
    expect(result.message).toMatch(/\n4 of 4 requests failed\.$/);
  });
});

describe('a case that expects another status than 2xx', () => {
  const ADVICE =
    "The model's container answered with an error. Its log says more; https://learn.microsoft.com/azure/machine-learning/how-to-troubleshoot-online-endpoints";

  test('is described with its expectation after the advice', async () => {
    const cases = [caseOf({ expect: { ...NO_EXPECTATIONS, status: [{ code: 422 }] } })];
    const { result } = await run(() => [424], { cases });
    expect(result.message).toBe(
      `Endpoint 'churn' answered 424, with an empty body.\n${ADVICE}\nThe case expects status 422.`,
    );
  });

  test('is not mentioned when 2xx is expected', async () => {
    const { result } = await run(() => [424]);
    expect(result.message).toBe(`Endpoint 'churn' answered 424, with an empty body.\n${ADVICE}`);
  });
});

describe('the status of the result', () => {
  const RATE = { successRate: 0.5, latencyMs: {}, baseline: undefined };

  test('is that of the first bad reply when the verdict is bad', async () => {
    const { result } = await run((_seen, requests) => [[200, 200, 424, 400][requests - 1] ?? 200], {
      samples: 3,
    });
    expect(result).toMatchObject({ verdict: 'failed', statusCode: 424 });
  });

  test('is that of the first reply when the verdict is good', async () => {
    const { result } = await run((_seen, requests) => [requests === 3 ? 424 : 200], {
      samples: 3,
      thresholds: RATE,
    });
    expect(result).toMatchObject({ verdict: 'passed', statusCode: 200 });
  });

  test("is never the baseline's", async () => {
    const thresholds = {
      ...RATE,
      baseline: { from: 'deployment', deployment: 'blue', ratios: { p50: 1_000 } },
    } as const;
    const chosen = { candidate: deployment('green'), baseline: deployment('blue') };
    const reply: Reply = ({ headers }, requests) => [
      headers['azureml-model-deployment'] === 'blue' && requests > 2 ? 429 : 200,
    ];
    const { result } = await run(reply, { samples: 2, thresholds }, { chosen });
    expect(result).toMatchObject({ verdict: 'inconclusive', statusCode: 200, deployment: 'green' });
  });
});

test('limits that ask for nothing do not make a run green in which no reply was good', async () => {
  const thresholds = { successRate: 0, latencyMs: {}, baseline: undefined };
  const { result } = await run(() => [400], { thresholds, check: { script: 'exit 0', timeoutMs: 60_000 } });
  expect(result).toMatchObject({
    verdict: 'failed',
    message: expect.stringMatching(/^No request got the expected answer\.\nEndpoint 'churn' answered 400/),
  });
});

describe('measuring', () => {
  test('ends with the verdict error when the credential is refused', async () => {
    const { result, server } = await run((_seen, requests) => [requests < 3 ? 200 : 403], { samples: 9 });
    expect(server.requests).toHaveLength(3);
    expect(result).toMatchObject({ verdict: 'error', statusCode: 403 });
    expect(result.message).toContain("Case 'two rows', request 2: Endpoint 'churn' answered 403");
    expect(result.message).toContain('this is not about roles in Azure');
  });

  test('sends requests to candidate and baseline by name, and compares them', async () => {
    const thresholds = {
      successRate: 1,
      latencyMs: {},
      baseline: { from: 'deployment', deployment: 'blue', ratios: { p50: 1_000 } },
    } as const;
    const chosen = { candidate: deployment('green'), baseline: deployment('blue') };
    const { result, server } = await run(() => [200], { samples: 3, thresholds }, { chosen });
    const names = server.requests.map(({ headers }) => headers['azureml-model-deployment']);
    expect(names).toEqual(['green', 'blue', 'green', 'blue', 'blue', 'green', 'green', 'blue']);
    expect(result).toMatchObject({ verdict: 'passed', deployment: 'green', baselineDeployment: 'blue' });
    expect([result.latency?.count, result.baselineLatency?.count]).toEqual([3, 3]);
    expect(result.thresholds.map(({ name }) => name)).toEqual(['success-rate', 'baseline.p50']);
  });

  test("sends the endpoint's own example, and judges the reply by its own schema", async () => {
    const document = swaggerDocument('2', {
      input: { type: 'object', example: { data: [1] } },
      output: { type: 'array' },
    });
    const cases = [caseOf({ request: requestPlan({ body: { kind: 'swagger' } }) })];
    const { result, server } = await run(
      ({ url }) => [200, url === '/score' ? '{}' : JSON.stringify(document)],
      { cases },
      (origin) => ({
        endpoint: { ...ENDPOINT, swaggerUri: `${origin}/swagger.json`, traffic: { live: 100 } },
      }),
    );
    expect(server.requests.map(({ method, url, body }) => `${method} ${url} ${body}`)).toEqual([
      'GET /swagger.json ',
      'POST /score {"data":[1]}',
    ]);
    expect(result).toMatchObject({
      verdict: 'failed',
      message: expect.stringContaining('- schema: expected an array, received {}'),
    });
  });

  /** The OpenAPI document is asked of a deployment in this state, which has no answer for it. */
  function askForDocument(state: string) {
    const cases = [caseOf({ request: requestPlan({ body: { kind: 'swagger' } }) })];
    return run(
      () => [503],
      { cases },
      (origin) => ({
        workspace: workspaceOf({ deployments: async () => [deployment('blue', state)] }),
        endpoint: { ...ENDPOINT, swaggerUri: `${origin}/swagger.json` },
      }),
    );
  }

  test('waits for the OpenAPI document, and describes the last exchange when it does not come', async () => {
    const { result, server } = await askForDocument('Succeeded');
    expect(server.requests.map(({ method, url }) => `${method} ${url}`)).toEqual(['GET /swagger.json']);
    expect(result).toMatchObject({
      verdict: 'inconclusive',
      message: [
        "No usable answer within the warm-up of 0 s. The last: Endpoint 'churn' answered 503, with an empty body.",
        "The deployment is not ready to answer. Wait longer with 'warm-up', or look whether its containers keep restarting.",
      ].join('\n'),
      statusCode: 503,
      samples: [],
      warmUp: { requests: 1 },
    });
  });

  test('does not wait for the OpenAPI document of deployments that have failed', async () => {
    const { result } = await askForDocument('Failed');
    expect(result).toMatchObject({ verdict: 'failed', statusCode: 503, warmUp: { requests: 1 } });
    expect(result.message).toMatch(/^Every deployment of endpoint 'churn' that has traffic has failed/);
  });

  test('reads a stream of events', async () => {
    const stream = { firstEventMs: 60_000, minEvents: 2, endsWith: '[DONE]' };
    const cases = [caseOf({ expect: { ...NO_EXPECTATIONS, stream } })];
    const events = { 'Content-Type': 'text/event-stream' };
    const { result } = await run(() => [200, 'data: a\n\ndata: [DONE]\n\n', events], { cases, samples: 2 });
    expect(result.verdict).toBe('passed');
    for (const { firstEventMs, latencyMs } of result.samples) {
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
      'response-check failed (exit code 3). It printed: ::error::no\n: :error::no',
    ],
  ])('%s', async (script, verdict, message) => {
    const { result } = await run(() => [200, '[1]'], { check: { script, timeoutMs: 60_000 } });
    expect(result).toMatchObject({ verdict, message });
  });

  test('does not run for a reply that is bad already', async () => {
    const { result } = await run(() => [424], { check: { script: 'exit 1', timeoutMs: 60_000 } });
    expect(result.verdict).toBe('failed');
    expect(result.message).not.toContain('response-check');
  });
});

test('the latencies of the result are those of the requests with a reply', async () => {
  const { result } = await run((_seen, requests) => [requests === 3 ? 429 : 200], { samples: 3 });
  expect(result.samples.map(({ outcome }) => outcome)).toEqual(['passed', 'unanswered', 'passed']);
  expect(result.latency?.count).toBe(2);
  expect(result).toMatchObject({ verdict: 'inconclusive', statusCode: 429 });
});

test('the result says how it was measured', async () => {
  const before = Date.now();
  const { result, firstReply } = await run(() => [200, '[1]'], { samples: 2, concurrency: 2 });
  expect(result).toMatchObject({ samplesPerCase: 2, concurrency: 2, baselineDeployment: undefined });
  expect(result.startedAt.getTime()).toBeGreaterThanOrEqual(before);
  expect(Number.isInteger(result.seed) && result.seed >= 0 && result.seed < 2 ** 31).toBe(true);
  expect(result.durationMs).toBeGreaterThanOrEqual(result.warmUp.ms);
  expect(firstReply?.body?.toString()).toBe('[1]');
});
