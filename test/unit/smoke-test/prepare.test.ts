import { describe, expect, test } from 'vitest';
import { prepareSmokeTest } from '../../../src/smoke-test/prepare.ts';
import { Failure } from '../../../src/text/failure.ts';
import { inputsOf } from '../../support/gate.ts';
import { ENDPOINT } from '../../support/results.ts';
import { deployment, workspaceOf } from '../../support/smoke-test.ts';

const OVER_HTTP = { ...ENDPOINT, scoringUri: 'http://10.0.0.4/score' };

describe('a smoke test is prepared', () => {
  const workspace = workspaceOf({ deployments: async () => [deployment('blue'), deployment('green')] });

  test('with its scoring URI and the deployments under test', async () => {
    const inputs = inputsOf({ deployment: { kind: 'idle' } }, { allowInsecureHttp: false });
    expect(await prepareSmokeTest(workspace, ENDPOINT, inputs)).toEqual({
      scoringUri: 'https://churn.westeurope.inference.ml.azure.com/score',
      chosen: {
        candidate: deployment('green'),
        baseline: undefined,
        listed: [deployment('blue'), deployment('green')],
      },
    });
  });

  test('without a smoke test by the idle deployment where that is all that is asked', async () => {
    const { chosen } = await prepareSmokeTest(workspace, ENDPOINT, undefined, true);
    expect(chosen.candidate).toEqual(deployment('green'));
  });

  test('only for https, and otherwise nothing is requested from Resource Manager', async () => {
    const inputs = inputsOf({ deployment: { kind: 'idle' } }, { allowInsecureHttp: false });
    await expect(prepareSmokeTest(workspaceOf({}), OVER_HTTP, inputs)).rejects.toThrow(
      new Failure(
        'The scoring URI is http://10.0.0.4/score: over http the credential would be sent unencrypted, so nothing was sent. Give the endpoint a certificate, or set allow-insecure-http: true where the network is trusted.',
      ),
    );
  });

  test('also for http where that is allowed', async () => {
    const { scoringUri } = await prepareSmokeTest(workspace, OVER_HTTP, inputsOf());
    expect(scoringUri).toBe('http://10.0.0.4/score');
  });

  test('without a smoke test by a check of the scoring URI alone', async () => {
    expect(await prepareSmokeTest(workspaceOf({}), OVER_HTTP, undefined)).toEqual({
      scoringUri: 'http://10.0.0.4/score',
      chosen: { candidate: undefined, baseline: undefined },
    });
    await expect(
      prepareSmokeTest(workspaceOf({}), { ...ENDPOINT, scoringUri: 'x' }, undefined),
    ).rejects.toThrow(Failure);
  });
});
