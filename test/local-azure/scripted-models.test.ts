import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { accessToken, armUrl, field, send } from './client.ts';
import {
  afterRequests,
  chatStream,
  coldStart,
  doubleEncoded,
  everyNth,
  goodModel,
  hugeAnswer,
  inferenceServer,
  type LocalAzure,
  type Model,
  NOT_READY,
  RESET,
  startLocalAzure,
  swaggerDocument,
  throttled,
  wrongAnswer,
} from './index.ts';

let azure: LocalAzure;
beforeAll(async () => {
  azure = await startLocalAzure();
});
afterEach(() => azure.reset());
afterAll(() => azure.close());

const blue = () => azure.endpoints.get('churn-key')!.deployments.get('blue')!;

function ask(path = '/score', method = 'POST') {
  const { scoringUri, keys } = azure.endpoints.get('churn-key')!;
  return send(azure, scoringUri!.replace(/\/score$/, path), {
    method,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${keys.primary}` },
    ...(method === 'POST' ? { body: '{"data": [[1, 2]]}' } : {}),
  });
}

async function statuses(model: Model, count: number): Promise<(number | 'reset')[]> {
  blue().model = model;
  const seen: (number | 'reset')[] = [];
  for (let index = 0; index < count; index++) {
    seen.push(
      await ask().then(
        ({ status }) => status,
        () => 'reset' as const,
      ),
    );
  }
  return seen;
}

test('deeds come when they are due', async () => {
  expect(await statuses(coldStart([NOT_READY, RESET, throttled()], goodModel), 4)).toEqual([
    424,
    'reset',
    429,
    200,
  ]);
  expect(await statuses(afterRequests(2, goodModel, { status: 500 }), 4)).toEqual([200, 200, 424, 424]);
  expect(await statuses(everyNth(2, goodModel, throttled('7')), 4)).toEqual([200, 429, 200, 429]);
  blue().model = () => throttled('7');
  expect((await ask()).headers).toMatchObject({
    'retry-after': '7',
    'ms-azureml-model-error-reason': 'too_many_pending_request',
  });
});

test('answers may be wrong, encoded twice, or long', async () => {
  blue().model = wrongAnswer('no number');
  expect((await ask()).body).toBe('"no number"');
  blue().model = doubleEncoded(() => [1, 2]);
  expect((await ask()).body).toBe('"[1,2]"');
  blue().model = hugeAnswer(3 * 1024 * 1024);
  const { body } = await ask();
  expect([body.length, JSON.parse(body).length]).toEqual([3 * 1024 * 1024, 3 * 1024 * 1024 - 2]);
});

test('a chat streams its words, to the end or not', async () => {
  const words = ['The', ' answer'];
  blue().model = chatStream({ words, pauseMs: 1 });
  const { body, headers } = await ask();
  expect(headers['content-type']).toBe('text/event-stream');
  const events = body.split('\n\n').filter((event) => event !== '');
  expect(events).toHaveLength(3);
  expect(events[1]).toBe('data: {"choices":[{"index":0,"delta":{"content":" answer"}}]}');
  expect(events[2]).toBe('data: [DONE]');
  blue().model = chatStream({ words, done: false });
  expect((await ask()).body).not.toContain('[DONE]');
  blue().model = chatStream({ words, breaksAfter: 1 });
  await expect(ask()).rejects.toThrow();
  await azure.settled();
  expect(azure.violations).toEqual([]);
});

test('a document is asked for by its version', async () => {
  const described = { input: { type: 'object', example: { data: [1] } }, output: { type: 'array' } };
  blue().model = inferenceServer(() => [1], null, { '3.1': swaggerDocument('3.1', described) });
  const later = await ask('/swagger.json?version=3.1', 'GET');
  expect([later.status, field(later.body, 'openapi')]).toEqual([200, '3.1.0']);
  const second = await ask('/swagger.json', 'GET');
  expect(second.status).toBe(424);
  expect(field(second.body, 'message')).toContain('Supported swagger versions: [3.1].');
});

test('a deployment changes its state with each time that it is asked for', async () => {
  Object.assign(blue(), { provisioningState: 'Creating', upcomingStates: ['Updating', 'Succeeded'] });
  const headers = { authorization: `Bearer ${await accessToken(azure)}` };
  const state = async () => {
    const { body } = await send(azure, armUrl(azure, '/churn-key/deployments/blue'), { headers });
    return JSON.parse(body).properties.provisioningState;
  };
  expect([await state(), await state(), await state(), await state()]).toEqual([
    'Creating',
    'Updating',
    'Succeeded',
    'Succeeded',
  ]);
});
