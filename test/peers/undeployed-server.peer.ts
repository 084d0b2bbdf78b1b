import { afterAll, expect, inject, test } from 'vitest';
import { NO_AZURE, openScenario, type Seen } from '../support/scenario.ts';
import { type InferenceServer, startReadyServer } from './inference-server.ts';

// azureml-inference-server-http, unchanged and not deployed: the action asks it directly, as url says.

const ROWS = '{"data": [[1, 2, 3], [4, 5, 6]]}';

const { step } = await openScenario();
const programs = inject('environments').server;
const [good, documented, raising] = await Promise.all([
  startReadyServer('raw.py', programs),
  startReadyServer('numpy_arrays.py', programs),
  startReadyServer('raises.py', programs),
]);
afterAll(() => Promise.all([good, documented, raising].map((server) => server.close())));

function ask(server: InferenceServer, inputs: Readonly<Record<string, string>> = {}): Promise<Seen> {
  return step({
    inputs: { ...NO_AZURE, url: `${server.origin}/score`, 'sample-request': ROWS, ...inputs },
  });
}

test('a good script passes, and Azure is not asked', async () => {
  const { outputs, exchanges } = await ask(good);

  expect(outputs).toMatchObject({ verdict: 'passed', 'status-code': '200' });
  expect(exchanges).toEqual([]);
});

test('a script that raises is failed at once', async () => {
  const { outputs, error } = await ask(raising);

  expect(outputs.verdict).toBe('failed');
  expect(error).toContain("The scoring script's run() failed.");
});

test('the document that it serves gives the example request', async () => {
  const { outputs, error } = await ask(documented, { 'sample-request': 'swagger' });

  expect([outputs.verdict, error]).toEqual(['passed', '']);
});

test('a wrong path is told as that', async () => {
  const { outputs, error } = await ask(good, { url: `${good.origin}/invocations` });

  expect(outputs.verdict).toBe('error');
  expect(error).toContain('The server does not serve this path');
});
