import { describe, expect, test } from 'vitest';
import type { Endpoint } from '../../../../src/azure/resource-manager/answers.ts';
import { requireScoringUri } from '../../../../src/smoke-test/request/scoring-uri.ts';
import { Failure } from '../../../../src/text/failure.ts';
import { ENDPOINT } from '../../../support/results.ts';

function endpoint(scoringUri: string | undefined, provisioningState = 'Succeeded'): Endpoint {
  return { ...ENDPOINT, scoringUri, provisioningState };
}

describe('a scoring URI', () => {
  test.each([
    'https://churn.westeurope.inference.ml.azure.com/score',
    'http://10.0.0.4/api/v1/service/churn/score',
  ])('may be %s', (uri) => {
    expect(requireScoringUri(endpoint(uri))).toBe(uri);
  });

  test.each([
    [
      'Creating',
      'Wait until the endpoint is created: az ml online-endpoint create without --no-wait does so.',
    ],
    [
      'updating',
      'Wait until the endpoint is created: az ml online-endpoint create without --no-wait does so.',
    ],
    ['Failed', 'Create the endpoint again; the studio shows the reason.'],
  ])('is missing while the endpoint is in state %s, and the message says what to do', (state, advice) => {
    expect(() => requireScoringUri(endpoint(undefined, state))).toThrow(
      new Failure(`Endpoint 'churn' has no scoring URI. Its provisioning state is '${state}'. ${advice}`),
    );
  });

  test.each([
    ['ftp://churn.example/score', 'ftp://churn.example/score'],
    ['file:///etc/passwd', 'file:///etc/passwd'],
    ['https://user@churn.example/score', 'https://***@churn.example/score'],
    ['https://user:password@churn.example/score', 'https://***@churn.example/score'],
    ['https://:password@churn.example/score', 'https://***@churn.example/score'],
    ['churn.example/score', 'churn.example/score'],
    ['', ''],
    ['x\n::error::y', 'x : :error::y'],
  ])('must not be %j, and no credential is sent there', (uri, quoted) => {
    expect(() => requireScoringUri(endpoint(uri))).toThrow(
      new Failure(
        `Endpoint 'churn' names '${quoted}' as its scoring URI. It must be an http(s) URL without a user name or password, so the credential was not sent there.`,
      ),
    );
  });

  test.each(['http://169.254.169.254/metadata/instance', 'https://[fe80::1]/score', 'http://168.63.129.16/'])(
    'must not be the link-local address %s, where a machine finds credentials',
    (uri) => {
      expect(() => requireScoringUri(endpoint(uri))).toThrow(
        new Failure(
          `Endpoint 'churn' names '${uri}' as its scoring URI. That is a link-local address, which machines use to get credentials, so nothing is sent there.`,
        ),
      );
    },
  );
});

describe('limits', () => {
  test.each(['xhttp://churn.example/score', 'httpx://churn.example/score', 'httpsx://churn.example/score'])(
    'a scheme that only looks like http is refused: %s',
    (scoringUri) => {
      expect(() => requireScoringUri({ ...ENDPOINT, scoringUri })).toThrow(
        new Failure(
          `Endpoint 'churn' names '${scoringUri}' as its scoring URI. It must be an http(s) URL without a user name or password, so the credential was not sent there.`,
        ),
      );
    },
  );

  test.each(['Recreating', 'CreatingFailed', 'Creating failed', ''])(
    'an endpoint in state %j is not one that is being made',
    (provisioningState) => {
      expect(() => requireScoringUri({ ...ENDPOINT, scoringUri: undefined, provisioningState })).toThrow(
        new Failure(
          `Endpoint 'churn' has no scoring URI. Its provisioning state is '${provisioningState}'. Create the endpoint again; the studio shows the reason.`,
        ),
      );
    },
  );
});
