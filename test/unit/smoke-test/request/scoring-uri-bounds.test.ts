import { expect, test } from 'vitest';
import { requireScoringUri } from '../../../../src/smoke-test/request/scoring-uri.ts';
import { Failure } from '../../../../src/text/failure.ts';
import { ENDPOINT } from '../../../support/results.ts';

test.each(['xhttp://churn.example/score', 'httpx://churn.example/score', 'httpsx://churn.example/score'])(
  'a scheme that only looks like http gets no credential: %s',
  (scoringUri) => {
    expect(() => requireScoringUri({ ...ENDPOINT, scoringUri })).toThrow(
      new Failure(
        `Endpoint 'churn' names '${scoringUri}' as its scoring URI. That is no http(s) address without a user name, so no credential is sent there.`,
      ),
    );
  },
);

test.each(['Recreating', 'CreatingFailed', 'Creating failed', ''])(
  'only an endpoint that is being made is waited for: %j',
  (provisioningState) => {
    expect(() => requireScoringUri({ ...ENDPOINT, scoringUri: undefined, provisioningState })).toThrow(
      new Failure(
        `Endpoint 'churn' has no scoring URI. Its provisioning state is '${provisioningState}'. Make the endpoint again, and read the reason in the studio.`,
      ),
    );
  },
);
