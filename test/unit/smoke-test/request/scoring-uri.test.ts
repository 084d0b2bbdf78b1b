import { describe, expect, test } from 'vitest';
import type { Endpoint } from '../../../../src/azure/resource-manager/answers.ts';
import { prepareSmokeTest, requireScoringUri } from '../../../../src/smoke-test/request/scoring-uri.ts';
import { Failure } from '../../../../src/text/failure.ts';
import { inputsOf } from '../../../support/gate.ts';
import { ENDPOINT } from '../../../support/results.ts';
import { deployment, workspaceOf } from '../../../support/smoke-test.ts';

function endpoint(scoringUri: string | undefined, provisioningState = 'Succeeded'): Endpoint {
  return { ...ENDPOINT, scoringUri, provisioningState };
}

describe('a scoring URI', () => {
  test.each([
    'https://churn.westeurope.inference.ml.azure.com/score',
    'http://10.0.0.4/api/v1/service/churn/score',
  ])('is %s', (uri) => {
    expect(requireScoringUri(endpoint(uri))).toBe(uri);
  });

  test.each([
    ['Creating', 'Wait until the endpoint is made: az ml online-endpoint create without --no-wait does so.'],
    ['updating', 'Wait until the endpoint is made: az ml online-endpoint create without --no-wait does so.'],
    ['Failed', 'Make the endpoint again, and read the reason in the studio.'],
  ])('that an endpoint in state %s has not is told with what to do', (state, advice) => {
    expect(() => requireScoringUri(endpoint(undefined, state))).toThrow(
      new Failure(`Endpoint 'churn' has no scoring URI. Its provisioning state is '${state}'. ${advice}`),
    );
  });

  test.each([
    ['ftp://churn.example/score', 'ftp://churn.example/score'],
    ['file:///etc/passwd', 'file:///etc/passwd'],
    ['https://user@churn.example/score', 'https://user@churn.example/score'],
    ['https://user:password@churn.example/score', 'https://user:password@churn.example/score'],
    ['https://:password@churn.example/score', 'https://:password@churn.example/score'],
    ['churn.example/score', 'churn.example/score'],
    ['', ''],
    ['x\n::error::y', 'x : :error::y'],
  ])('is not %j, where no credential is sent', (uri, quoted) => {
    expect(() => requireScoringUri(endpoint(uri))).toThrow(
      new Failure(
        `Endpoint 'churn' names '${quoted}' as its scoring URI. That is no http(s) address without a user name, so no credential is sent there.`,
      ),
    );
  });

  test.each(['http://169.254.169.254/metadata/instance', 'https://[fe80::1]/score', 'http://168.63.129.16/'])(
    'is not %s, behind which a machine finds credentials',
    (uri) => {
      expect(() => requireScoringUri(endpoint(uri))).toThrow(
        new Failure(
          `Endpoint 'churn' names '${uri}' as its scoring URI. That is a link-local address, where machines find credentials and no endpoint is, so nothing is sent there.`,
        ),
      );
    },
  );
});

describe('a smoke test is prepared', () => {
  const workspace = workspaceOf({ deployments: async () => [deployment('blue'), deployment('green')] });

  test('with where it goes and whom it asks', async () => {
    const inputs = inputsOf({ deployment: { kind: 'idle' } }, { allowInsecureHttp: false });
    expect(await prepareSmokeTest(workspace, ENDPOINT, inputs)).toEqual({
      scoringUri: 'https://churn.westeurope.inference.ml.azure.com/score',
      chosen: { candidate: { name: 'green', provisioningState: 'Succeeded' }, baseline: undefined },
    });
  });

  test('for no address over http, before Resource Manager is asked anything', async () => {
    const inputs = inputsOf({ deployment: { kind: 'idle' } }, { allowInsecureHttp: false });
    await expect(
      prepareSmokeTest(workspaceOf({}), endpoint('http://10.0.0.4/score'), inputs),
    ).rejects.toThrow(
      new Failure(
        'The scoring URI is http://10.0.0.4/score: over http the credential would travel in clear, so nothing was sent. Give the endpoint a certificate, or set allow-insecure-http: true where the network is trusted.',
      ),
    );
  });

  test('for an address over http where that is allowed', async () => {
    const { scoringUri } = await prepareSmokeTest(workspace, endpoint('http://10.0.0.4/score'), inputsOf());
    expect(scoringUri).toBe('http://10.0.0.4/score');
  });
});
