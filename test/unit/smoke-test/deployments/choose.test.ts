import { describe, expect, test } from 'vitest';
import type { Deployment, Endpoint } from '../../../../src/azure/resource-manager/answers.ts';
import {
  awaitDeployment,
  chooseDeployments,
  describeDeployments,
  shareOf,
} from '../../../../src/smoke-test/deployments/choose.ts';
import type { DeploymentChoice } from '../../../../src/smoke-test/plan/plan.ts';
import { Failure } from '../../../../src/text/failure.ts';
import { ENDPOINT } from '../../../support/results.ts';
import { deployment, fakePatience, planOf, workspaceOf } from '../../../support/smoke-test.ts';

function choose(
  choice: DeploymentChoice,
  names: readonly string[],
  { traffic = { blue: 100, green: 0 }, baseline }: { traffic?: Endpoint['traffic']; baseline?: string } = {},
) {
  const workspace = workspaceOf({ deployments: async () => names.map((name) => deployment(name)) });
  const thresholds = {
    successRate: 1,
    latencyMs: {},
    baseline: baseline === undefined ? undefined : { deployment: baseline, ratios: { p95: 1.5 } },
  };
  return chooseDeployments(workspace, { ...ENDPOINT, traffic }, planOf({ deployment: choice, thresholds }));
}

describe('a deployment that is named', () => {
  test.each(['green', 'Green', 'GREEN'])('is found in any case: %s', async (name) => {
    expect(await choose({ kind: 'named', name }, ['blue', 'green'])).toEqual({
      candidate: { name: 'green', provisioningState: 'Succeeded' },
      baseline: undefined,
    });
  });

  test('has the name as Azure lists it', async () => {
    const { candidate } = await choose({ kind: 'named', name: 'green' }, ['blue', 'Green']);
    expect(candidate?.name).toBe('Green');
  });

  test('and is not there is told with those that are, the likeliest first', async () => {
    const error = choose({ kind: 'named', name: 'gren' }, ['blue', 'green']);
    await expect(error).rejects.toThrow(
      new Failure("Endpoint 'churn' has no deployment 'gren'. It has: green (0 %), blue (100 %)."),
    );
  });

  test('of an endpoint without any is told so', async () => {
    await expect(choose({ kind: 'named', name: 'green' }, [])).rejects.toThrow(
      new Failure("Endpoint 'churn' has no deployment 'green'. It has none at all."),
    );
  });
});

describe('the idle deployment', () => {
  test('is the one with 0 % of the traffic', async () => {
    const { candidate } = await choose({ kind: 'idle' }, ['blue', 'green']);
    expect(candidate?.name).toBe('green');
  });

  test('need not be in the traffic at all, as a new one is not', async () => {
    const { candidate } = await choose({ kind: 'idle' }, ['blue', 'green'], { traffic: { blue: 100 } });
    expect(candidate?.name).toBe('green');
  });

  test('is idle although it gets mirrored requests: those are not in the live traffic', async () => {
    const mirrored = { ...ENDPOINT, traffic: { blue: 100 }, mirrorTraffic: { green: 10 } };
    const workspace = workspaceOf({ deployments: async () => [deployment('blue'), deployment('green')] });
    const { candidate } = await chooseDeployments(
      workspace,
      mirrored,
      planOf({ deployment: { kind: 'idle' } }),
    );
    expect(candidate?.name).toBe('green');
  });

  test('has no traffic under its name in any case of letters', async () => {
    const { candidate } = await choose({ kind: 'idle' }, ['BLUE', 'green'], {
      traffic: { blue: 100, Green: 0 },
    });
    expect(candidate?.name).toBe('green');
  });

  test('may be named constructor', async () => {
    const { candidate } = await choose({ kind: 'idle' }, ['blue', 'constructor'], {
      traffic: { blue: 100 },
    });
    expect(candidate?.name).toBe('constructor');
  });

  test('must be there', async () => {
    const error = choose({ kind: 'idle' }, ['blue', 'green'], { traffic: { blue: 90, green: 10 } });
    await expect(error).rejects.toThrow(
      new Failure(
        "deployment: idle means the one deployment with 0 % of the live traffic, and endpoint 'churn' has none. It has: blue (90 %), green (10 %). Name the one to test.",
      ),
    );
  });

  test('must be the only one', async () => {
    await expect(choose({ kind: 'idle' }, ['blue', 'green', 'red'])).rejects.toThrow(
      new Failure(
        "deployment: idle means the one deployment with 0 % of the live traffic, and endpoint 'churn' has 2 of them. It has: blue (100 %), green (0 %), red (0 %). Name the one to test.",
      ),
    );
  });

  test('is the only deployment of an endpoint that has no traffic yet', async () => {
    const { candidate } = await choose({ kind: 'idle' }, ['blue'], { traffic: {} });
    expect(candidate?.name).toBe('blue');
  });
});

describe('wherever traffic goes', () => {
  test('Resource Manager is not asked', async () => {
    expect(await chooseDeployments(workspaceOf({}), ENDPOINT, planOf())).toEqual({
      candidate: undefined,
      baseline: undefined,
    });
  });

  test('a baseline is looked for all the same', async () => {
    expect(await choose({ kind: 'traffic' }, ['blue', 'green'], { baseline: 'GREEN' })).toEqual({
      candidate: undefined,
      baseline: { name: 'green', provisioningState: 'Succeeded' },
    });
  });
});

describe('who would be compared with itself is refused', () => {
  test.each([
    [{ kind: 'named', name: 'Green' }, 'green'],
    [{ kind: 'idle' }, 'green'],
  ] as const)('%j with the baseline %s', async (choice, baseline) => {
    await expect(choose(choice, ['blue', 'green'], { baseline })).rejects.toThrow(
      new Failure(
        "The baseline 'green' is the deployment under test: it would be compared with itself. Name another one.",
      ),
    );
  });

  test('the one that has all traffic, wherever traffic goes', async () => {
    await expect(choose({ kind: 'traffic' }, ['blue', 'green'], { baseline: 'Blue' })).rejects.toThrow(
      new Failure(
        "The baseline 'blue' has all of the live traffic, and the test goes wherever traffic goes: it would be compared with itself. Name the deployment to test.",
      ),
    );
  });

  test('but not one that shares the traffic', async () => {
    const options = { baseline: 'blue', traffic: { blue: 90, green: 10 } };
    expect((await choose({ kind: 'traffic' }, ['blue', 'green'], options)).baseline?.name).toBe('blue');
  });
});

test('a baseline that is not there is told with those that are', async () => {
  const error = choose({ kind: 'named', name: 'green' }, ['blue', 'green'], { baseline: 'bleu' });
  await expect(error).rejects.toThrow(
    new Failure("Endpoint 'churn' has no deployment 'bleu'. It has: blue (100 %), green (0 %)."),
  );
});

test.each([
  ['blue', 90],
  ['BLUE', 90],
  ['green', 10],
  ['gREEN', 10],
  ['red', 0],
  ['constructor', 0],
])('the share of %s is %i %', (name, share) => {
  expect(shareOf({ ...ENDPOINT, traffic: { blue: 90, Green: 10 } }, name)).toBe(share);
});

test('deployments are listed with their share, whatever they are named', () => {
  expect(describeDeployments(ENDPOINT, ['Blue', 'constructor'])).toBe(
    'It has: Blue (100 %), constructor (0 %).',
  );
});

test('names of deployments hold no command', () => {
  expect(describeDeployments(ENDPOINT, ['a\n::error::x'])).toBe('It has: a : :error::x (0 %).');
});

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

  test.each(['Succeeded', 'succeeded', 'SomethingNew', ''])('that is %j is asked at once', async (state) => {
    const { patience, said, slept } = fakePatience(120_000);
    expect(await awaitDeployment(workspaceOf({}), deployment('green', state), patience)).toEqual({
      ready: true,
    });
    expect([said, slept]).toEqual([[], []]);
  });

  test.each(['Failed', 'Canceled', 'Deleting', 'failed'])('that is %s never will be ready', async (state) => {
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

  test('that fails while it is waited for is not waited for any longer', async () => {
    const { patience, slept } = fakePatience(120_000);
    const { workspace } = becoming('Failed');
    expect(await awaitDeployment(workspace, deployment('green', 'Creating'), patience)).toEqual({
      ready: false,
      state: 'Failed',
      outOfTime: false,
    });
    expect(slept).toEqual([250]);
  });

  test('that takes too long is given up', async () => {
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

  test('that Azure describes with a command is told without it', async () => {
    const { patience, said } = fakePatience(0);
    await awaitDeployment(workspaceOf({}), deployment('a\n##[error]x', 'Creating'), patience);
    expect(said).toEqual([
      "Not ready: deployment 'a ## [error]x' is Creating. That was the end of the warm-up.",
    ]);
  });
});
