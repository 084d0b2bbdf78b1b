import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { accessToken, armUrl, type ClientAnswer, field, send } from './client.ts';
import { inferenceServer, type LocalAzure, startLocalAzure } from './index.ts';

let azure: LocalAzure;
beforeAll(async () => {
  azure = await startLocalAzure({ validate: false });
});
afterEach(() => azure.reset());
afterAll(() => azure.close());

const TWO_ROWS = '{"data": [[1,2,3,4,5,6,7,8,9,10], [10,9,8,7,6,5,4,3,2,1]]}';

function score(
  endpoint: string,
  credential: string | null,
  body: string | Buffer = TWO_ROWS,
  headers: Record<string, string> = {},
): Promise<ClientAnswer> {
  return send(azure, azure.endpoints.get(endpoint)!.scoringUri!, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${credential}`, ...headers },
    body,
  });
}

const primaryKey = (endpoint = 'churn-key') => azure.endpoints.get(endpoint)!.keys.primary;
const sample = (file: string) => readFile(new URL(`../fixtures/samples/${file}`, import.meta.url));
const blue = () => azure.endpoints.get('churn-key')!.deployments.get('blue')!;

test('each endpoint takes the credential of its mode', async () => {
  const arm = { method: 'POST', headers: { authorization: `Bearer ${await accessToken(azure)}` } };
  const token = await send(azure, armUrl(azure, '/churn-token/token'), arm);
  const credentials = {
    'churn-key': primaryKey(),
    'churn-token': String(field(token.body, 'accessToken')),
    'churn-aad': await accessToken(azure, azure.dataPlaneAudience),
    'churn-k8s': primaryKey('churn-k8s'),
  };
  for (const [endpoint, credential] of Object.entries(credentials)) {
    const { status, body, headers } = await score(endpoint, credential);
    expect(status, endpoint).toBe(200);
    expect(JSON.parse(body)).toEqual([expect.closeTo(11055.977, 2), expect.closeTo(4503.08, 2)]);
    expect(headers).toMatchObject({ server: 'azureml-frontdoor', 'azureml-model-deployment': 'blue' });
    for (const stranger of Object.values(credentials).filter((value) => value !== credential)) {
      expect((await score(endpoint, stranger)).status, endpoint).toBe(401);
    }
  }
});

test('a wrong key and a missing header are told apart, in plain text', async () => {
  expect(await score('churn-key', 'wrong')).toMatchObject({ status: 401, body: 'key_auth_access_denied' });
  const uri = azure.endpoints.get('churn-key')!.scoringUri!;
  expect((await send(azure, uri, { method: 'POST' })).body).toBe('key_auth_bad_header_forbidden');
});

test('an Entra token needs the right to score', async () => {
  const token = await accessToken(azure, azure.dataPlaneAudience);
  azure.access.denied.set('score/action', 'AuthorizationFailed');
  const { status, body } = await score('churn-aad', token);
  expect(status).toBe(403);
  expect(body).toMatch(/^Microsoft Entra Token denied by policy/);
});

test('a request goes where its header says, else where traffic goes', async () => {
  const named = await score('churn-key', primaryKey(), TWO_ROWS, { 'azureml-model-deployment': 'green' });
  expect(named.headers['azureml-model-deployment']).toBe('green');
  azure.endpoints.get('churn-key')!.traffic = { blue: 75, green: 25 };
  const counts: Record<string, number> = {};
  for (let i = 0; i < 40; i += 1) {
    const { headers } = await score('churn-key', primaryKey());
    const deployment = String(headers['azureml-model-deployment']);
    counts[deployment] = (counts[deployment] ?? 0) + 1;
  }
  expect(counts).toEqual({ blue: expect.closeTo(30, -1), green: expect.closeTo(10, -1) });
});

test('without traffic, and for an unknown deployment, there is nowhere to go', async () => {
  const unknown = await score('churn-key', primaryKey(), TWO_ROWS, { 'azureml-model-deployment': 'nobody' });
  expect(unknown).toMatchObject({
    status: 404,
    body: expect.stringMatching(/^No valid deployments to route to/),
  });
  azure.endpoints.get('churn-key')!.traffic = {};
  expect((await score('churn-key', primaryKey())).status).toBe(404);
});

test('a script that raises is a 424 that names the 500', async () => {
  const answer = await score('churn-key', primaryKey(), TWO_ROWS, { 'azureml-model-deployment': 'broken' });
  expect(answer.status).toBe(424);
  expect(field(answer.body, 'message')).toMatch(/^An unexpected error occurred in scoring script/);
  expect(answer.headers).toMatchObject({
    'ms-azureml-model-error-reason': 'model_error',
    'ms-azureml-model-error-statuscode': '500',
    'azureml-model-deployment': 'broken',
    'x-ms-run-function-failed': 'True',
  });
});

test('what the inference server does not take is a 424 that names the 4xx', async () => {
  const cases = [
    { body: 'nonsense', status: '400', message: /^POST body could not be decoded as JSON: / },
    { body: '[1]', status: '400', message: /^POST body should be a JSON dictionary\.$/ },
    { body: '{}', status: '400', message: /^A value is not provided for the 'data' parameter\.$/ },
    { body: 'a,b', type: 'text/csv', status: '415', message: /^Expects Content-Type/ },
  ];
  for (const { body, type, status, message } of cases) {
    const answer = await score(
      'churn-key',
      primaryKey(),
      body,
      type === undefined ? {} : { 'content-type': type },
    );
    expect(answer.status).toBe(424);
    expect(answer.headers['ms-azureml-model-error-statuscode']).toBe(status);
    expect(field(answer.body, 'message')).toMatch(message);
  }
});

test('the sample requests of every kind of model earn a fitting answer', async () => {
  const answers: Record<string, unknown> = {};
  for (const file of [
    '01-sklearn-data-matrix',
    '03-mlflow-split-sklearn',
    '07-mlflow-input-data-bare-matrix',
    '17-tfserving-instances',
    '19-triton-v2-ensemble',
    '21-mnist-matrix-large',
    '22-llama3-chat-aml-schema',
    '25-hf-tgi-generate',
    '34-pf-web-classification',
  ]) {
    const { status, body } = await score('churn-key', primaryKey(), await sample(`${file}.json`));
    expect(status, file).toBe(200);
    answers[file.slice(0, 2)] = JSON.parse(body);
  }
  expect(answers).toMatchObject({
    '03': expect.any(Array),
    '07': [expect.any(Number), expect.any(Number)],
    '17': { predictions: [2.5, 3, 4.5] },
    '19': { outputs: [{ name: 'OUTPUT' }] },
    '21': expect.any(Array),
    '22': { output: expect.any(String) },
    '25': { generated_text: expect.any(String) },
    '34': { ok: true },
  });
});

test('a model that is slow, busy or not ready is answered for by the front door', async () => {
  blue().requestTimeoutMs = 30;
  blue().model = ({ signal }) => sleep(10_000, { status: 200 }, { signal });
  expect((await score('churn-key', primaryKey())).status).toBe(408);

  blue().requestTimeoutMs = 5_000;
  blue().model = () => sleep(400, { status: 200, body: '{}' });
  const answers = await Promise.all([1, 2, 3].map(() => score('churn-key', primaryKey())));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 429]);
  const busy = answers.find(({ status }) => status === 429);
  expect(busy).toMatchObject({
    body: '',
    headers: { 'ms-azureml-model-error-reason': 'too_many_pending_request' },
  });

  blue().model = () => ({ refusal: 'model_not_ready' });
  const cold = await score('churn-key', primaryKey());
  expect(cold).toMatchObject({
    status: 424,
    headers: { 'ms-azureml-model-error-reason': 'model_not_ready' },
  });
  blue().provisioningState = 'Creating';
  blue().model = inferenceServer(() => 1);
  expect((await score('churn-key', primaryKey())).status).toBe(424);
});

test('on Kubernetes the statuses are those of Kubernetes', async () => {
  const deployment = azure.endpoints.get('churn-k8s')!.deployments.get('blue')!;
  const answer = () => score('churn-k8s', primaryKey('churn-k8s'));
  const status = async () => (await answer()).status;
  deployment.model = inferenceServer(() => {
    throw new Error('raised');
  });
  expect(await answer()).toMatchObject({ status: 502, headers: { 'azureml-model-deployment': 'blue' } });
  deployment.model = () => ({ status: 404 });
  expect(await status()).toBe(404);
  deployment.model = () => ({ refusal: 'model_not_ready' });
  expect(await status()).toBe(503);
  deployment.requestTimeoutMs = 20;
  deployment.model = ({ signal }) => sleep(10_000, { status: 200 }, { signal });
  expect(await status()).toBe(504);
});

test('an answer may come in pieces, and a connection may be reset', async () => {
  blue().model = () => ({
    status: 200,
    headers: { 'Content-Type': 'text/event-stream' },
    body: (async function* () {
      yield 'data: 1\n\n';
      await sleep(10);
      yield 'data: [DONE]\n\n';
    })(),
  });
  expect((await score('churn-key', primaryKey())).body).toBe('data: 1\n\ndata: [DONE]\n\n');
  blue().model = () => ({ refusal: 'reset' });
  await expect(score('churn-key', primaryKey())).rejects.toMatchObject({ code: 'ECONNRESET' });
});

test('the request IDs are as the front door gives them', async () => {
  const { headers } = await score('churn-key', primaryKey(), TWO_ROWS, {
    'x-request-id': 'mine',
    'x-ms-client-request-id': `a b/${'c'.repeat(60)}`,
  });
  expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  expect(headers['x-ms-client-request-id']).toBe(`ab${'c'.repeat(38)}`);
});

test('a path of its own reaches the endpoint that the credential belongs to', async () => {
  const seen: string[] = [];
  azure.endpoints.get('churn-key')!.deployments.get('blue')!.model = ({ endpoint, path }) => {
    seen.push(`${endpoint} ${path}`);
    return { status: 200 };
  };
  const headers = { authorization: `Bearer ${primaryKey()}` };
  await send(azure, `${azure.scoringHost}/v1/chat/completions`, { method: 'POST', headers });
  expect(seen).toEqual(['churn-key /v1/chat/completions']);
  expect((await send(azure, `${azure.scoringHost}/v1/chat/completions`)).status).toBe(404);
});

test('the swagger document is served to whom may score', async () => {
  const uri = azure.endpoints.get('churn-key')!.swaggerUri!;
  expect((await send(azure, uri)).status).toBe(401);
  const { body } = await send(azure, uri, { headers: { authorization: `Bearer ${primaryKey()}` } });
  expect(field(body, 'definitions.ServiceInput.example')).toEqual({});
});
