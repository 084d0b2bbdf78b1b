import { describe, expect, test } from 'vitest';
import type { Deployment } from '../../../../src/azure/resource-manager/answers.ts';
import { awaitDeployment } from '../../../../src/smoke-test/deployments/provisioning.ts';
import { deployment, fakePatience, workspaceOf } from '../../../support/smoke-test.ts';

describe('a deployment', () => {
  /** A workspace in which the deployment takes one state after the other. */
  function becoming(...states: readonly string[]) {
    const asked: string[] = [];
    const workspace = workspaceOf({
      deployment: async (name): Promise<Deployment> => {
        const state = states[Math.min(asked.length, states.length - 1)];
        asked.push(name);
        return deployment(name, state);
      },
    });
    return { workspace, asked };
  }

  test.each(['Succeeded', 'succeeded', 'SomethingNew', ''])('that is %j is ready at once', async (state) => {
    const { patience, said, slept } = fakePatience(120_000);
    expect(await awaitDeployment(workspaceOf({}), deployment('green', state), patience)).toEqual({
      ready: true,
    });
    expect([said, slept]).toEqual([[], []]);
  });

  test.each(['Failed', 'Canceled', 'Deleting', 'failed'])('that is %s will never be ready', async (state) => {
    const { patience, slept } = fakePatience(120_000);
    expect(await awaitDeployment(workspaceOf({}), deployment('green', state), patience)).toEqual({
      ready: false,
      state,
      outOfTime: false,
    });
    expect(slept).toEqual([]);
  });

  test.each(['Creating', 'Updating', 'Scaling', 'creating'])('that is %s is waited for', async (state) => {
    const { patience, said, slept } = fakePatience(120_000);
    const { workspace, asked } = becoming(state, 'Succeeded');
    expect(await awaitDeployment(workspace, deployment('green', state), patience)).toEqual({ ready: true });
    expect(asked).toEqual(['green', 'green']);
    expect(slept).toEqual([250, 500]);
    expect(said).toEqual([
      `Not ready: deployment 'green' is ${state}. Next try in 0.3 s; 2 min left.`,
      `Not ready: deployment 'green' is ${state}. Next try in 0.5 s; 2 min left.`,
    ]);
  });

  test('that fails in the meantime ends the wait', async () => {
    const { patience, slept } = fakePatience(120_000);
    const { workspace } = becoming('Failed');
    expect(await awaitDeployment(workspace, deployment('green', 'Creating'), patience)).toEqual({
      ready: false,
      state: 'Failed',
      outOfTime: false,
    });
    expect(slept).toEqual([250]);
  });

  test('that takes too long ends the wait', async () => {
    const { patience, said } = fakePatience(1_000);
    const { workspace, asked } = becoming('Updating');
    expect(await awaitDeployment(workspace, deployment('green', 'Creating'), patience)).toEqual({
      ready: false,
      state: 'Updating',
      outOfTime: true,
    });
    expect(asked).toEqual(['green', 'green']);
    expect(said.at(-1)).toBe(
      "Not ready: deployment 'green' is Updating. The next try would be in 1.0 s, past the end of the warm-up.",
    );
  });

  test('whose name holds a command is logged without it', async () => {
    const { patience, said } = fakePatience(0);
    await awaitDeployment(workspaceOf({}), deployment('a\n##[error]x', 'Creating'), patience);
    expect(said).toEqual([
      "Not ready: deployment 'a ## [error]x' is Creating. That was the end of the warm-up.",
    ]);
  });
});

describe('limits', () => {
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
  ])('the unknown state %s is ready at once', async (state) => {
    const { patience, slept } = fakePatience(120_000);
    expect(await awaitDeployment(workspaceOf({}), deployment('green', state), patience)).toEqual({
      ready: true,
    });
    expect(slept).toEqual([]);
  });

  test('the pauses grow from try to try, and each state is logged', async () => {
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
});
