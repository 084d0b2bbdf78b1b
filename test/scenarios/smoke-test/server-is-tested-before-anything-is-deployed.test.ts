import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { NO_AZURE, openScenario, SAMPLE } from '../../support/scenario.ts';

const { step } = await openScenario();

const DOCUMENT = {
  swagger: '2.0',
  paths: {
    '/score': {
      post: {
        parameters: [{ in: 'body', schema: { $ref: '#/definitions/Input' } }],
        responses: { 200: { schema: { type: 'array', items: { type: 'number' } } } },
      },
    },
  },
  definitions: { Input: { type: 'object', example: { data: [[1]] } } },
};

let status = 200;
let answer = '[1.5]';
const heard: string[] = [];
const server = createServer(({ method, url, headers }, response) => {
  heard.push(`${method} ${url} ${headers.authorization ?? 'without a credential'}`);
  response.statusCode = status;
  response.setHeader('Content-Type', 'application/json');
  response.end(url === '/swagger.json' ? JSON.stringify(DOCUMENT) : answer);
});
await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
const origin = `http://localhost:${(server.address() as AddressInfo).port}`;
const url = `${origin}/score`;

afterAll(() => {
  server.close();
  server.closeAllConnections();
});

beforeEach(() => {
  status = 200;
  answer = '[1.5]';
  heard.length = 0;
});

test('a good answer passes, and neither Azure nor a sign-in is asked', async () => {
  const { outputs, log, exchanges, summary } = await step({
    inputs: { ...NO_AZURE, url, 'sample-request': SAMPLE },
  });

  expect(outputs.verdict).toBe('passed');
  expect(outputs['scoring-uri'] ?? '').toBe('');
  expect(outputs['endpoint-id'] ?? '').toBe('');
  expect(outputs).not.toHaveProperty('credential');
  expect(exchanges).toEqual([]);
  expect(new Set(heard)).toEqual(new Set(['POST /score without a credential']));
  expect(log).toContain('there is no sign-in, and no credential is sent');
  expect(log).toContain('Smoke test passed: The server localhost:');
  expect(summary).toContain(`Server ${new URL(url).host.replace(':', '&#58;')}: passed`);
});

test('a file with its expectations fails what answers wrongly', async () => {
  answer = '[7]';
  const { outputs, error } = await step({
    inputs: { ...NO_AZURE, url, 'smoke-test': 'smoke.yml' },
    files: {
      'smoke.yml': `version: 1\nwarm-up: 0s\ncases: [{ name: a, request: { json: [1] }, expect: { json: { "$[0]": { between: [1, 2] } } } }]\n`,
    },
  });

  expect(outputs.verdict).toBe('failed');
  expect(error).toContain('$');
  expect(error).toContain('7');
});

test('the document that the server serves gives the example', async () => {
  const { outputs } = await step({ inputs: { ...NO_AZURE, url, 'sample-request': 'swagger' } });

  expect(outputs.verdict).toBe('passed');
  expect(heard[0]).toBe('GET /swagger.json without a credential');
});

test('a credential comes from the variable, goes to the server, and shows nowhere', async () => {
  const key = 'k9Fh2mQx7Lw4';
  answer = JSON.stringify([`you sent ${key}`]);
  const { outputs, log } = await step({
    inputs: {
      ...NO_AZURE,
      url,
      'credential-env': 'CHURN_KEY',
      'allow-insecure-http': 'true',
      'sample-request': SAMPLE,
      'show-response': 'true',
    },
    env: { CHURN_KEY: key },
    secrets: [{ name: 'the key of the server', value: key }],
  });

  expect(outputs.verdict).toBe('passed');
  expect(heard.at(-1)).toBe(`POST /score Bearer ${key}`);
  expect(log).toContain('***');
});

test.each([
  [401, 'error', 'got no credential, or a wrong one'],
  [404, 'error', 'does not serve this path'],
  [500, 'failed', 'The server failed'],
])('%i is %s', async (code, verdict, words) => {
  status = code;
  answer = '{"detail": "no"}';
  const { outputs, error } = await step({
    inputs: { ...NO_AZURE, url, 'sample-request': SAMPLE, 'warm-up': '0s' },
  });

  expect(outputs.verdict).toBe(verdict);
  expect(error).toContain(words);
  expect(error).not.toContain('Azure Machine Learning itself');
});

test('a server that is not there is told by its address', async () => {
  const { outputs, error } = await step({
    inputs: { ...NO_AZURE, url: 'http://localhost:1/score', 'sample-request': SAMPLE, 'warm-up': '0s' },
  });

  expect(outputs.verdict).toBe('inconclusive');
  expect(error).toContain('The server');
  expect(error).toContain('localhost:1');
});
