import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, inject, test } from 'vitest';
import { createDeployment, type DeploymentState } from '../local-azure/index.ts';
import { openScenario, type Seen, type StepRequest } from '../support/scenario.ts';
import { type InferenceServer, startInferenceServer, startReadyServer } from './inference-server.ts';
import { responseOf } from './seen.ts';

// azureml-inference-server-http, unchanged, behind the front door: the action judges its real answers and logs.

const ROWS = '{"data": [[1, 2, 3], [4, 5, 6]]}';
const RAISED = 'An unexpected error occurred in scoring script. Check the logs for more info.';

const { azure, step } = await openScenario();
const programs = inject('environments').server;
const servers = new Map<string, InferenceServer>();
afterAll(() => Promise.all([...servers.values()].map((server) => server.close())));

const READY = [
  'numpy_arrays',
  'standard_types',
  'broken_promise',
  'mixed_types',
  'raw',
  'dumps',
  'not_a_number',
  'swallows',
  'raises',
  'raw_http',
];
await Promise.all([
  ...READY.map(async (script) => servers.set(script, await startReadyServer(`${script}.py`, programs))),
  startReadyServer('never_ends.py', programs, { env: { SCORING_TIMEOUT_MS: '200' } }).then((server) =>
    servers.set('never_ends', server),
  ),
]);

/** Deploys a server as the one deployment with traffic, and runs the step on it. */
async function judge(
  server: InferenceServer,
  request: StepRequest = {},
  { endpoint = 'churn-key', ...deployment }: Partial<DeploymentState> & { readonly endpoint?: string } = {},
): Promise<Seen> {
  const state = azure.endpoints.get(endpoint)!;
  const logs = { InferenceServer: server.log };
  state.deployments.set('real', createDeployment('real', { model: server.model, logs, ...deployment }));
  state.traffic = { real: 100 };
  return step({
    ...request,
    inputs: { endpoint, 'sample-request': ROWS, 'logs-on-failure': '0', ...request.inputs },
  });
}

const serverOf = (script: string): InferenceServer => servers.get(script)!;

const SCHEMA = (schema: unknown): Pick<StepRequest, 'inputs' | 'files'> => ({
  inputs: { 'response-schema': 'schema.json' },
  files: { 'schema.json': JSON.stringify(schema) },
});

describe('a good answer', () => {
  test.each([
    ['numpy_arrays', '[6.0, 15.0]'],
    ['raw', '[6, 15]'],
    ['dumps', String.raw`"{\"predictions\": [6, 15]}"`],
  ])('of %s passes, and its bytes are the response file', async (script, body) => {
    const seen = await judge(serverOf(script));

    expect(seen.outputs).toMatchObject({ verdict: 'passed', 'status-code': '200', deployment: 'real' });
    expect(responseOf(seen)?.toString()).toBe(body);
    expect(seen.outputs['response-file']).toMatch(/\.json$/);
  });

  test('that is a JSON string of JSON is read as that JSON', async () => {
    const schema = { type: 'object', required: ['predictions'] };
    const { outputs } = await judge(serverOf('dumps'), SCHEMA(schema));

    expect(outputs.verdict).toBe('passed');
  });

  test('of bytes is the response file, byte for byte', async () => {
    const { outputs, ...seen } = await judge(serverOf('raw_http'), { inputs: { 'show-response': 'true' } });

    expect(outputs.verdict).toBe('passed');
    const expected = Buffer.concat([
      Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)),
      Buffer.from(ROWS),
    ]);
    expect(responseOf({ outputs, ...seen })?.equals(expected)).toBe(true);
    expect(outputs['response-file']).not.toMatch(/\.json$/);
    expect(seen.log).toContain(`Response: ${expected.length} bytes, image/png`);
  });

  test('with NaN in it is no JSON', async () => {
    const unchecked = await judge(serverOf('not_a_number'));
    const checked = await judge(serverOf('not_a_number'), SCHEMA({ type: 'array' }));

    for (const { error, outputs } of [unchecked, checked]) {
      expect(outputs).toMatchObject({ verdict: 'failed', 'status-code': '200' });
      expect(error).toContain('received application/json: [NaN] (JSON has no NaN and no Infinity)');
    }
  });

  test('of a script that swallowed its exception fails, whether something is expected or not', async () => {
    const unchecked = await judge(serverOf('swallows'));
    const checked = await judge(serverOf('swallows'), SCHEMA({ type: 'array' }));

    expect(unchecked.outputs).toMatchObject({ verdict: 'failed', 'status-code': '200' });
    expect(unchecked.error).toContain(`body: expected a result, received an error: KeyError('rows')`);
    expect(checked.outputs).toMatchObject({ verdict: 'failed', 'status-code': '200' });
    expect(checked.error).toContain(`schema: expected an array, received {"error":"KeyError('rows')"}`);
  });
});

describe('a script that raises', () => {
  test("fails the deployment, and the log of the container is shown with the script's own exception", async () => {
    const seen = await judge(serverOf('raises'), { inputs: { 'logs-on-failure': '100' } });

    expect(seen.outputs).toMatchObject({ verdict: 'failed', 'status-code': '424', deployment: 'real' });
    expect(seen.error).toContain(`answered 424 (model_error, the model's own status 500): ${RAISED}`);
    expect(seen.error).toContain("The scoring script's run() failed. Its container log has the traceback.");
    expect(seen.log).toMatch(/The last \d+ lines of container InferenceServer:/);
    expect(seen.log).toContain('azmlinfsrv - Encountered Exception: Traceback (most recent call last):');
    expect(seen.log).toContain('ValueError: no such model');
    expect(seen.log).toContain('UserScriptException: Caught an unhandled exception from the user script');
    // The container printed a command. It is shown, and not obeyed: that there is one annotation is checked for all.
    expect(serverOf('raises').log).toContain('::error title=Forged::from the container');
    expect(seen.annotations.map(({ properties }) => properties.title)).toEqual(['Smoke test failed']);
  });

  test('is 502 on Kubernetes', async () => {
    const request = { inputs: { 'allow-insecure-http': 'true' } };
    const { error, outputs } = await judge(serverOf('raises'), request, { endpoint: 'churn-k8s' });

    expect(outputs).toMatchObject({ verdict: 'failed', 'status-code': '502' });
    expect(error).toContain(`answered 502: ${RAISED}`);
  });

  test('is told from one that takes longer than the server lets it', async () => {
    const { error, outputs } = await judge(serverOf('never_ends'));

    expect(outputs).toMatchObject({ verdict: 'failed', 'status-code': '424' });
    expect(error).toContain(
      "answered 424 (model_error, the model's own status 500): Scoring timeout after 200 ms",
    );
    expect(error).toContain("The scoring script's run() failed.");
  });

  test('already in its init() leaves a failed deployment, whose log says why', async () => {
    const server = await startInferenceServer('init_raises.py', programs);
    servers.set('init_raises', server);
    await server.ended();
    const failed = await judge(
      server,
      { inputs: { 'logs-on-failure': '100', deployment: 'real' } },
      { provisioningState: 'Failed' },
    );
    // Azure may still call it Succeeded when its container dies later: nothing listens then.
    const died = await judge(server, { inputs: { 'warm-up': '1s' } });

    expect(failed.outputs.verdict).toBe('failed');
    expect(failed.log).toContain("azmlinfsrv - User's init function failed");
    expect(failed.log).toContain("No such file or directory: '/no/such/folder/model.pkl'");
    expect(died.outputs.verdict).toBe('inconclusive');
    expect(died.error).toContain('model_not_ready');
  });
});

describe('a request that the server refuses', () => {
  test.each([
    ['{"rows": [[1]]}', 400, "A value is not provided for the 'data' parameter."],
    ['[[1, 2, 3]]', 400, 'POST body should be a JSON dictionary.'],
    ['row.csv', 415, 'Expects Content-Type to be application/json'],
    [
      'broken.json',
      400,
      'POST body could not be decoded as JSON: Expecting value: line 1 column 11 (char 10)',
    ],
    ['{"data": [["a"]]}', 500, RAISED],
  ])('%s is 424 with the own status %i', async (sample, status, message) => {
    const files = { 'row.csv': '1,2,3\n', 'broken.json': '{"data": [' };
    const { error, outputs } = await judge(serverOf('numpy_arrays'), {
      inputs: { 'sample-request': sample },
      files,
    });

    expect(outputs).toMatchObject({ verdict: 'failed', 'status-code': '424' });
    expect(error).toContain(`answered 424 (model_error, the model's own status ${status}): ${message}`);
  });

  test.each([
    [400, "The model's container answered with an error."],
    [429, "The model's container answered with an error."],
    [503, "The scoring script's run() failed."],
  ])('with a status of the script itself (%i) is judged as that', async (status, advice) => {
    const file = `version: 1
cases:
  - name: own status
    request: { json: {}, headers: { x-wanted-status: "${status}" } }
`;
    const { error, outputs } = await judge(serverOf('raw_http'), {
      inputs: { 'sample-request': undefined, 'smoke-test': 'smoke-test.yml' },
      files: { 'smoke-test.yml': file },
    });

    expect(outputs).toMatchObject({ verdict: 'failed', 'status-code': '424' });
    expect(error).toContain(`the model's own status ${status}): as the script wants it`);
    expect(error).toContain(advice);
  });
});

describe('sample-request: swagger', () => {
  const inputs = { 'sample-request': 'swagger' };

  test.each(['', '?version=2', '?version=3', '?version=3.1'])(
    'sends the example of the real document%s and holds the answer against its schema',
    async (query) => {
      azure.endpoints.get('churn-key')!.swaggerUri += query;
      const numpy = await judge(serverOf('numpy_arrays'), { inputs });
      const standard = await judge(serverOf('standard_types'), { inputs });
      const broken = await judge(serverOf('broken_promise'), { inputs });

      expect(JSON.parse(numpy.sent('scoring').at(-1)?.body ?? '')).toEqual({ data: [[1, 2, 3]] });
      expect(responseOf(numpy)?.toString()).toBe('[6.0]');
      expect(numpy.outputs.verdict).toBe('passed');
      expect(JSON.parse(standard.sent('scoring').at(-1)?.body ?? '')).toEqual({
        question: 'Who sang it?',
        options: { words: 3, languages: ['en'] },
      });
      expect(standard.outputs.verdict).toBe('passed');
      expect(broken.outputs.verdict).toBe('failed');
      expect(broken.error).toContain('schema /predictions/0: expected a number, received "none"');
    },
  );

  test.each(['', '?version=3'])('says that an undecorated script%s gives no example', async (query) => {
    azure.endpoints.get('churn-key')!.swaggerUri += query;
    const { error, outputs, sent } = await judge(serverOf('raw'), { inputs });

    expect(outputs.verdict).toBe('error');
    expect(error).toContain("The OpenAPI document of endpoint 'churn-key' gives no sample request.");
    expect(error).toContain('It has no example request for POST /score');
    expect(sent('scoring').map(({ method }) => method)).toEqual(['GET']);
  });

  test('finds the later version of a script that version 2 cannot describe', async () => {
    const { outputs, sent } = await judge(serverOf('mixed_types'), { inputs });

    const [first, second, request] = sent('scoring');
    expect(first).toMatchObject({ method: 'GET', status: 424 });
    expect(second).toMatchObject({ method: 'GET', status: 200 });
    expect(JSON.parse(request?.body ?? '')).toEqual({ row: [1, 'red'] });
    expect(outputs.verdict).toBe('passed');
  });
});

test('waits while a slow init() holds the requests, and passes once the model is loaded', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'slow-init-'));
  const model = join(folder, 'model.pkl');
  const server = await startInferenceServer('slow_init.py', programs, { env: { MODEL_IS_THERE: model } });
  servers.set('slow_init', server);
  await server.logged(/Invoking user's init function/);

  const running = judge(server, {}, { requestTimeoutMs: 200 });
  let over = false;
  running.finally(() => (over = true)).catch(() => undefined);
  // The model is there once the front door has given up on a request, and not before.
  const gaveUp = () => azure.exchanges.some(({ call, status }) => call === 'scoring' && status === 408);
  while (!over && !gaveUp()) await sleep(20);
  await writeFile(model, '');
  await server.logged(/ready for serving traffic/);
  const { outputs, log } = await running;
  await rm(folder, { recursive: true });

  expect(existsSync(model)).toBe(false);
  expect(outputs).toMatchObject({ verdict: 'passed', 'status-code': '200' });
  expect(log).toMatch(/408/);
});
