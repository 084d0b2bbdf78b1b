import { expect, test } from 'vitest';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const { azure, step } = await openScenario();
const INPUTS = { 'sample-request': SAMPLE, deployment: 'broken' };
const broken = () => azure.endpoints.get('churn-key')!.deployments.get('broken')!;

/** Headings and lines of the groups. */
function groups(stdout: string): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  let lines: string[] | undefined;
  for (const line of stdout.split('\n')) {
    const heading = /^::group::(.*)$/.exec(line)?.[1];
    if (heading !== undefined) {
      lines = [];
      found[heading] = lines;
    } else if (line === '::endgroup::') lines = undefined;
    else lines?.push(line);
  }
  return found;
}

test('the last lines of each container stand in a group', async () => {
  broken().logs.InferenceServer = Array.from({ length: 30 }, (_, index) => `line ${index + 1}`);
  const { stdout, outputs, sent } = await step({ inputs: { ...INPUTS, 'logs-on-failure': '3' } });

  expect(outputs.verdict).toBe('failed');
  expect(sent('logs').map(({ body }) => JSON.parse(body))).toEqual([
    { containerType: 'InferenceServer', tail: 3 },
    { containerType: 'StorageInitializer', tail: 3 },
  ]);
  expect(groups(stdout)).toMatchObject({
    'The last 3 lines of container InferenceServer:': ['line 28', 'line 29', 'line 30'],
    'The last 3 lines of container StorageInitializer:': [
      expect.any(String),
      '2026-03-03 20:17:12 INFO Downloading model churn:7',
      '2026-03-03 20:17:40 INFO Done',
    ],
  });
});

test('commands and secrets in a log are defused', async () => {
  const { primary } = azure.endpoints.get('churn-key')!.keys;
  const half = Math.floor(primary!.length / 2);
  broken().logs.InferenceServer = [
    '::error::planted',
    '##[warning]planted',
    '::add-mask::westeurope',
    '::endgroup::',
    `Authorization: Bearer ${primary}`,
    `${primary!.slice(0, half)}`,
    `${primary!.slice(half)}`,
    `{"key": "${Buffer.from(primary!).toString('base64')}"}`,
    '\u001b[31mTraceback\u001b[0m\r::set-output name=verdict::passed',
  ];
  const { log, stdout, annotations, masks, outputs } = await step({ inputs: INPUTS });

  // That no secret leaks is checked after every step.
  expect(annotations).toHaveLength(1);
  expect(masks).not.toContain('westeurope');
  expect(outputs.verdict).toBe('failed');
  expect(log).toContain('Authorization: Bearer ***');
  expect(Object.keys(groups(stdout))).toHaveLength(2);
});

test('logs that may not be read are no second failure', async () => {
  azure.access.denied.set('deployments/getLogs/action', 'AuthorizationFailed');
  const { log, stdout, error, annotations, outputs, sent } = await step({ inputs: INPUTS });

  expect(annotations).toHaveLength(1);
  expect(error).toContain('An unexpected error occurred in scoring script.');
  expect(outputs.verdict).toBe('failed');
  expect(log).toContain(
    "The log of container InferenceServer of deployment 'broken' cannot be shown: the identity is not allowed to read it; that needs the action Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments/getLogs/action.",
  );
  expect(sent('logs')).toHaveLength(1);
  expect(groups(stdout)).toEqual({});
});

test('an empty log is told as that', async () => {
  broken().logs = {};
  azure.setFault('logs', { kind: 'body', body: '{"content":""}' });
  const { log } = await step({ inputs: INPUTS });

  expect(log).toContain('Container InferenceServer has not logged anything.');
});

test('the logs are those of the deployment with the traffic when none is named', async () => {
  azure.setFault('scoring', { kind: 'status', status: 424, body: 'oh' });
  const { sent } = await step({ inputs: { 'sample-request': SAMPLE } });

  expect(sent('logs').map(({ url }) => new URL(url).pathname.split('/').at(-2))).toEqual(['blue', 'blue']);
});

test('no logs are asked for when nobody wants them, nor when the test passed', async () => {
  const unwanted = await step({ inputs: { ...INPUTS, 'logs-on-failure': '0' } });
  const passed = await step({ inputs: { 'sample-request': SAMPLE } });

  for (const { stdout, sent } of [unwanted, passed]) {
    expect(sent('logs')).toEqual([]);
    expect(groups(stdout)).toEqual({});
  }
});
