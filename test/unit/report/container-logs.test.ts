import { expect, test } from 'vitest';
import type { Workspace } from '../../../src/azure/resource-manager/workspace.ts';
import { ServiceError } from '../../../src/network/service-error.ts';
import { gate } from '../../../src/report/console.ts';
import type { Chosen } from '../../../src/smoke-test/deployments/choose.ts';
import type { SmokeTestInputs } from '../../../src/smoke-test/settings.ts';
import { fakeHost, inputsOf, subjectOf } from '../../support/gate.ts';
import { ENDPOINT } from '../../support/results.ts';
import { deployment, serve, workspaceOf } from '../../support/smoke-test.ts';

type Asked = Parameters<Workspace['logs']>;

/** Runs the gate against a model that raises, in a workspace whose logs are these. */
async function run(
  logs: Workspace['logs'],
  {
    headers = {},
    status = 424,
    traffic = ENDPOINT.traffic,
    chosen = { candidate: undefined, baseline: undefined },
    inputs = {},
  }: {
    headers?: Record<string, string>;
    status?: number;
    traffic?: Readonly<Record<string, number>>;
    chosen?: Chosen;
    inputs?: Partial<SmokeTestInputs>;
  } = {},
) {
  const { origin } = await serve((response) => {
    response.writeHead(status, headers);
    response.end();
  });
  const asked: Asked[] = [];
  const workspace = workspaceOf({
    deployments: async () => [],
    logs: (...call) => {
      asked.push(call);
      return logs(...call);
    },
  });
  const subject = subjectOf({ origin });
  const host = fakeHost();
  const { outcome } = await gate(
    host.host,
    { ...subject, workspace, chosen, endpoint: { ...subject.endpoint, traffic } },
    inputsOf({}, { logsOnFailure: 100, ...inputs }),
  );
  return { ...host, asked, outcome };
}

function refused(status: number | undefined): Workspace['logs'] {
  const answer = status === undefined ? undefined : { status, headers: {}, body: '' };
  return async () => {
    throw new ServiceError('logs', 'management.azure.com', answer, new Error('x'));
  };
}

test('a bad verdict shows the end of the log of each container', async () => {
  const { asked, of, told } = await run(async (_name, container) =>
    container === 'InferenceServer' ? 'Traceback\n::error::x\nKeyError\n' : '',
  );
  expect(asked).toEqual([
    ['blue', 'InferenceServer', 100],
    ['blue', 'StorageInitializer', 100],
  ]);
  expect(of('group')).toEqual([
    'The last 3 lines of container InferenceServer:\nTraceback\n: :error::x\nKeyError',
  ]);
  expect(told.slice(-3).map((line) => line.split(':')[0])).toEqual(['error', 'group', 'info']);
  expect(of('info')).toEqual(['Container StorageInitializer has logged nothing.']);
});

test('no more lines are asked for than are to be shown', async () => {
  const { asked, of } = await run(async () => 'one\ntwo\nthree\n', { inputs: { logsOnFailure: 2 } });
  expect(asked.map(([, , lines]) => lines)).toEqual([2, 2]);
  expect(of('group')[0]).toBe('The last 2 lines of container InferenceServer:\ntwo\nthree');
});

test('a good verdict, and a wish for no lines, ask for no log', async () => {
  expect((await run(async () => 'x', { status: 200 })).asked).toEqual([]);
  expect((await run(async () => 'x', { inputs: { logsOnFailure: 0 } })).asked).toEqual([]);
});

test('an identity that may not read logs is told the action, once, and the verdict stands', async () => {
  const { asked, of, outcome } = await run(refused(403));
  expect(outcome.verdict).toBe('failed');
  expect(asked).toHaveLength(1);
  expect(of('error')).toHaveLength(1);
  expect(of('info')).toEqual([
    "The log of container InferenceServer of deployment 'blue' cannot be shown: the identity may not read it, which takes the action Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments/getLogs/action.",
  ]);
});

test('a log that cannot be had is told for each container', async () => {
  const { of, outcome } = await run(refused(404));
  expect(outcome.verdict).toBe('failed');
  expect(of('info')).toEqual(
    ['InferenceServer', 'StorageInitializer'].map(
      (container) =>
        `The log of container ${container} of deployment 'blue' cannot be shown: Resource Manager answered 404.`,
    ),
  );
});

test('a log that nobody answers for is not waited for twice', async () => {
  const { of, outcome } = await run(refused(undefined));
  expect(outcome.verdict).toBe('failed');
  expect(of('info')).toEqual([
    "The log of container InferenceServer of deployment 'blue' cannot be shown: Resource Manager (management.azure.com), asked for a container's log, gave no answer: x\nCheck the network of the runner: its DNS, its firewall and its proxy.",
  ]);
});

test('a mistake of the step itself is not taken for a log that cannot be had', async () => {
  const broken: Workspace['logs'] = async () => {
    throw new TypeError('a bug');
  };
  await expect(run(broken)).rejects.toThrow(new TypeError('a bug'));
});

test.each([
  [
    'the one asked for',
    { chosen: { candidate: deployment('red'), baseline: undefined }, headers: {} },
    'red',
  ],
  ['the one that answered', { headers: { 'azureml-model-deployment': 'green' } }, 'green'],
  ['the one with most traffic', { traffic: { green: 10, blue: 70, red: 20 } }, 'blue'],
  [
    'the one with most traffic, when a header names none that Azure knows',
    { headers: { 'azureml-model-deployment': '../../keys' } },
    'blue',
  ],
  [
    'the one with most traffic, when a header names what every object has',
    { headers: { 'azureml-model-deployment': 'constructor' } },
    'blue',
  ],
])('the log is that of %s', async (_whose, situation, name) => {
  const { asked } = await run(async () => '', situation);
  expect(asked.map(([deploymentName]) => deploymentName)).toEqual([name, name]);
});

test('the log is that of a baseline that could not be made', async () => {
  const chosen = { candidate: deployment('green'), baseline: deployment('red', 'Failed') };
  const { asked, outcome } = await run(async () => '', { chosen });
  expect(outcome.verdict).toBe('inconclusive');
  expect(asked.map(([deploymentName]) => deploymentName)).toEqual(['red', 'red']);
});

test('without any deployment there is no log to show', async () => {
  const { asked, outcome } = await run(async () => 'x', { status: 404, traffic: {} });
  expect(outcome.verdict).toBe('error');
  expect(asked).toEqual([]);
});
