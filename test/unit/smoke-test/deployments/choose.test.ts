import { describe, expect, test } from 'vitest';
import type { Endpoint } from '../../../../src/azure/resource-manager/answers.ts';
import { chooseDeployments } from '../../../../src/smoke-test/deployments/choose.ts';
import type { DeploymentChoice } from '../../../../src/smoke-test/plan/plan.ts';
import { Failure } from '../../../../src/text/failure.ts';
import { ENDPOINT } from '../../../support/results.ts';
import { deployment, planOf, workspaceOf } from '../../../support/smoke-test.ts';

function choose(
  choice: DeploymentChoice,
  names: readonly string[],
  { traffic = { blue: 100, green: 0 }, baseline }: { traffic?: Endpoint['traffic']; baseline?: string } = {},
) {
  const workspace = workspaceOf({ deployments: async () => names.map((name) => deployment(name)) });
  const thresholds = {
    successRate: 1,
    latencyMs: {},
    baseline:
      baseline === undefined
        ? undefined
        : ({ from: 'deployment', deployment: baseline, ratios: { p95: 1.5 } } as const),
  };
  return chooseDeployments(workspace, { ...ENDPOINT, traffic }, planOf({ deployment: choice, thresholds }));
}

describe('a deployment that is named', () => {
  test.each(['green', 'Green', 'GREEN'])('is found in any case: %s', async (name) => {
    expect(await choose({ kind: 'named', name }, ['blue', 'green'])).toEqual({
      candidate: { name: 'green', provisioningState: 'Succeeded' },
      baseline: undefined,
      listed: [deployment('blue'), deployment('green')],
    });
  });

  test('has the name as Azure lists it', async () => {
    const { candidate } = await choose({ kind: 'named', name: 'green' }, ['blue', 'Green']);
    expect(candidate?.name).toBe('Green');
  });

  test('that does not exist is refused with a list of those that do, the likeliest first', async () => {
    const error = choose({ kind: 'named', name: 'gren' }, ['blue', 'green']);
    await expect(error).rejects.toThrow(
      new Failure("Endpoint 'churn' has no deployment 'gren'. It has: green (0 %), blue (100 %)."),
    );
  });

  test('of an endpoint without deployments is refused', async () => {
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

  test('may get mirrored requests, which are not live traffic', async () => {
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

  test('must exist', async () => {
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

  test('a baseline is found all the same', async () => {
    expect(await choose({ kind: 'traffic' }, ['blue', 'green'], { baseline: 'GREEN' })).toMatchObject({
      candidate: undefined,
      baseline: { name: 'green', provisioningState: 'Succeeded' },
    });
  });
});

describe('baseline: live', () => {
  const traffic = { blue: 60, green: 30, red: 10 };
  const names = ['red', 'green', 'blue'];

  test.each([
    ['red', 'blue'],
    ['blue', 'green'],
  ])('for the candidate %s is %s, which serves most of the others', async (name, live) => {
    const { baseline } = await choose({ kind: 'named', name }, names, { traffic, baseline: 'live' });
    expect(baseline?.name).toBe(live);
  });

  test('is refused where nothing else has traffic', async () => {
    const chosen = choose({ kind: 'named', name: 'green' }, ['blue', 'green'], {
      traffic: { green: 100 },
      baseline: 'live',
    });
    await expect(chosen).rejects.toThrow(
      new Failure(
        "baseline: live means the deployment with the most live traffic, and endpoint 'churn' has none other than 'green'. It has: blue (0 %), green (100 %). Name the deployment to compare with.",
      ),
    );
  });

  test('is refused where it would be compared with itself, as it is what traffic goes to', async () => {
    const chosen = choose({ kind: 'traffic' }, names, { traffic, baseline: 'live' });
    await expect(chosen).rejects.toThrow('it would be compared with itself. Name the deployment to test.');
  });
});

describe('a deployment that would be compared with itself is refused', () => {
  test.each([
    [{ kind: 'named', name: 'Green' }, 'green'],
    [{ kind: 'idle' }, 'green'],
  ] as const)('when the candidate is %j and the baseline %s', async (choice, baseline) => {
    await expect(choose(choice, ['blue', 'green'], { baseline })).rejects.toThrow(
      new Failure(
        "The baseline 'green' is the deployment under test: it would be compared with itself. Name another one.",
      ),
    );
  });

  test('when the test goes wherever traffic goes, and the baseline has all of it', async () => {
    await expect(choose({ kind: 'traffic' }, ['blue', 'green'], { baseline: 'Blue' })).rejects.toThrow(
      new Failure(
        "The baseline 'blue' has all of the live traffic, and the test goes wherever traffic goes: it would be compared with itself. Name the deployment to test.",
      ),
    );
  });

  test('when the test goes wherever traffic goes, and the baseline has a part of it', async () => {
    const options = { baseline: 'blue', traffic: { blue: 90, green: 10 } };
    await expect(choose({ kind: 'traffic' }, ['blue', 'green'], options)).rejects.toThrow(
      new Failure(
        "The baseline 'blue' has 90 % of the live traffic, and the test goes wherever traffic goes: it would be compared with itself. Name the deployment to test.",
      ),
    );
    const named = await choose({ kind: 'named', name: 'green' }, ['blue', 'green'], options);
    expect(named.baseline?.name).toBe('blue');
  });
});

test('a baseline that does not exist is refused with a list of those that do', async () => {
  const error = choose({ kind: 'named', name: 'green' }, ['blue', 'green'], { baseline: 'bleu' });
  await expect(error).rejects.toThrow(
    new Failure("Endpoint 'churn' has no deployment 'bleu'. It has: blue (100 %), green (0 %)."),
  );
});

describe('limits', () => {
  test('a deployment that the plan does not name is undefined, and not left out', async () => {
    expect(await chooseDeployments(workspaceOf({}), ENDPOINT, planOf())).toStrictEqual({
      candidate: undefined,
      baseline: undefined,
    });
    const workspace = workspaceOf({ deployments: async () => [deployment('blue'), deployment('green')] });
    const named = planOf({ deployment: { kind: 'named', name: 'green' } });
    expect(await chooseDeployments(workspace, ENDPOINT, named)).toStrictEqual({
      candidate: { name: 'green', provisioningState: 'Succeeded' },
      baseline: undefined,
      listed: [deployment('blue'), deployment('green')],
    });
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
});
