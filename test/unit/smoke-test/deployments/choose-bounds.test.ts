import { describe, expect, test } from 'vitest';
import type { Deployment } from '../../../../src/azure/resource-manager/answers.ts';
import {
  awaitDeployment,
  chooseDeployments,
  describeDeployments,
} from '../../../../src/smoke-test/deployments/choose.ts';
import { Failure } from '../../../../src/text/failure.ts';
import { ENDPOINT } from '../../../support/results.ts';
import { deployment, fakePatience, planOf, workspaceOf } from '../../../support/smoke-test.ts';

test('what is not asked for is undefined, and not left out', async () => {
  expect(await chooseDeployments(workspaceOf({}), ENDPOINT, planOf())).toStrictEqual({
    candidate: undefined,
    baseline: undefined,
  });
  const workspace = workspaceOf({ deployments: async () => [deployment('blue'), deployment('green')] });
  const named = planOf({ deployment: { kind: 'named', name: 'green' } });
  expect(await chooseDeployments(workspace, ENDPOINT, named)).toStrictEqual({
    candidate: { name: 'green', provisioningState: 'Succeeded' },
    baseline: undefined,
  });
});

test('the deployments are asked for once, for candidate and baseline', async () => {
  let asked = 0;
  const workspace = workspaceOf({
    deployments: async () => {
      asked += 1;
      return [deployment('blue'), deployment('green')];
    },
  });
  const thresholds = {
    successRate: 1,
    latencyMs: {},
    baseline: { deployment: 'blue', ratios: { p95: 1.5 } },
  };
  const idle = planOf({ deployment: { kind: 'idle' }, thresholds });
  const { candidate, baseline } = await chooseDeployments(workspace, ENDPOINT, idle);
  expect([candidate?.name, baseline?.name, asked]).toEqual(['green', 'blue', 1]);
});

test('an endpoint without deployments has no idle one', async () => {
  const workspace = workspaceOf({ deployments: async () => [] });
  await expect(
    chooseDeployments(workspace, ENDPOINT, planOf({ deployment: { kind: 'idle' } })),
  ).rejects.toThrow(
    new Failure(
      "deployment: idle means the one deployment with 0 % of the live traffic, and endpoint 'churn' has none. It has none at all. Name the one to test.",
    ),
  );
});

test.each([60, 61])('a name of %i characters is told up to its 60th', (length) => {
  expect(describeDeployments(ENDPOINT, ['n'.repeat(length)])).toBe(
    length === 60
      ? `It has: ${'n'.repeat(60)} (0 %).`
      : `It has: ${'n'.repeat(60)}… (61 characters in all) (0 %).`,
  );
});

describe('only the whole name of a state counts', () => {
  test.each([
    'FailedOver',
    'NotFailed',
    'CanceledByUser',
    'Uncanceled',
    'DeletingSoon',
    'Undeleting',
    'Recreating',
    'CreatingDone',
    'NotUpdating',
    'UpdatingDone',
    'Downscaling',
    'ScalingDone',
    'Failed Creating',
  ])('%s is asked at once', async (state) => {
    const { patience, slept } = fakePatience(120_000);
    expect(await awaitDeployment(workspaceOf({}), deployment('green', state), patience)).toEqual({
      ready: true,
    });
    expect(slept).toEqual([]);
  });
});

test('the pauses grow from try to try, and each state is told', async () => {
  const states = ['Updating', 'Scaling', 'Updating', 'Succeeded'];
  const workspace = workspaceOf({
    deployment: async (name): Promise<Deployment> => deployment(name, states.shift()),
  });
  const { patience, said, slept } = fakePatience(120_000);
  expect(await awaitDeployment(workspace, deployment('green', 'Creating'), patience)).toEqual({
    ready: true,
  });
  expect(slept).toEqual([250, 500, 1_000, 2_000]);
  expect(said.map((line) => line.split('.')[0])).toEqual([
    "Not ready: deployment 'green' is Creating",
    "Not ready: deployment 'green' is Updating",
    "Not ready: deployment 'green' is Scaling",
    "Not ready: deployment 'green' is Updating",
  ]);
});
