import { describe, expect, test } from 'vitest';
import type { Workspace } from '../../../../src/azure/resource-manager/calls.ts';
import { ServiceError } from '../../../../src/network/service-error.ts';
import { NO_EXPECTATIONS, type StatusMatcher } from '../../../../src/smoke-test/plan/expectations.ts';
import {
  type DescriptionContext,
  describeExchange,
  describeMismatches,
  expectedStatus,
} from '../../../../src/smoke-test/verdict/description.ts';
import { Failure } from '../../../../src/text/failure.ts';
import { ENDPOINT } from '../../../support/results.ts';
import {
  ADDRESSEE,
  caseOf,
  deployment,
  noReply,
  replyOf,
  systemError,
  workspaceOf,
} from '../../../support/smoke-test.ts';

const GREEN = { ...ADDRESSEE, deployment: 'green' };
const PROXY = { proxyHost: 'proxy.example:3128' };

function context(deployments?: Workspace['deployments']): DescriptionContext {
  return {
    workspace: workspaceOf(deployments === undefined ? {} : { deployments }),
    endpoint: ENDPOINT,
    scoringUri: 'https://churn.westeurope.inference.ml.azure.com/score',
    errorContext: { cloud: 'AzureCloud', endpoint: ENDPOINT.address },
    addressee: GREEN,
  };
}

describe('the description of a 404', () => {
  const KNOWS_NONE =
    "Deployment 'green' of endpoint 'churn' answered 404: nothing\nThe front door knows no deployment 'green' that could answer, or it does not serve this path.";

  test('lists the deployments that there are', async () => {
    const listed = async () => [deployment('blue'), deployment('green')];
    expect(await describeExchange(replyOf(404, {}, 'nothing'), context(listed))).toBe(
      `${KNOWS_NONE} It has: blue (100 %), green (0 %).`,
    );
  });

  test.each([
    ['the identity may not list them', new ServiceError('deployments', 'management.azure.com')],
    ['the list leads to another host', new Failure('on another host')],
  ])('lists none when %s', async (_why, error) => {
    const refuse = async () => {
      throw error;
    };
    expect(await describeExchange(replyOf(404, {}, 'nothing'), context(refuse))).toBe(KNOWS_NONE);
  });

  test('does not hide a mistake of the program', async () => {
    const broken = context(async () => {
      throw new TypeError('a bug');
    });
    await expect(describeExchange(replyOf(404), broken)).rejects.toThrow(new TypeError('a bug'));
  });
});

test('the description of another status does not list the deployments', async () => {
  expect(await describeExchange(replyOf(424, {}, 'no'), context())).toMatch(
    /^Deployment 'green' of endpoint 'churn' answered 424: no\n/,
  );
  expect(await describeExchange(replyOf(200, {}, '[1]'), context())).toBe(
    "Deployment 'green' of endpoint 'churn' answered 200: [1]",
  );
});

test('a host that cannot be reached is explained', async () => {
  const said = await describeExchange(noReply('unreachable', systemError('ENOTFOUND')), context());
  expect(said).toContain("Endpoint 'churn'");
  expect(said).toContain('churn.westeurope.inference.ml.azure.com');
  expect(said).toContain('DNS');
});

describe('a proxy that replies in the place of the endpoint is named', () => {
  const DENIED =
    "The proxy 'proxy.example:3128' did not let a request through to Endpoint 'churn' (churn.westeurope.inference.ml.azure.com): HTTP";
  const ADVICE =
    'Allow the host in the proxy, or name it in NO_PROXY if it can be reached without. Check HTTPS_PROXY.';

  test.each([400, 403, 503])('with what to do about its %i', async (status) => {
    const refusal = replyOf(status, { server: 'squid' }, 'denied', PROXY);
    expect(await describeExchange(refusal, context())).toBe(`${DENIED} ${status}, denied\n${ADVICE}`);
  });

  test.each([{}, { body: undefined }])('without a body that can be shown: %j', async (changes) => {
    const refusal = replyOf(403, {}, '', { ...PROXY, ...changes });
    expect(await describeExchange(refusal, context())).toBe(`${DENIED} 403\n${ADVICE}`);
  });

  test.each([
    [PROXY, "The proxy 'proxy.example:3128'"],
    [{}, 'A proxy'],
  ])('when it asks for a password: %j', async (changes, who) => {
    expect(await describeExchange(replyOf(407, {}, '', changes), context())).toBe(
      `${who} asks for a user and password before it lets requests through to Endpoint 'churn' (churn.westeurope.inference.ml.azure.com) (HTTP 407).\nPut them into HTTPS_PROXY (http://user:password@host:port), from a secret, or name the host in NO_PROXY.`,
    );
  });
});

describe('a proxy is not blamed', () => {
  test('for a refusal of the endpoint that came through it', async () => {
    const headers = { 'x-request-id': '1', 'ms-azureml-model-error-reason': 'model_error' };
    expect(await describeExchange(replyOf(424, headers, 'no', PROXY), context())).toMatch(
      /^Deployment 'green' of endpoint 'churn' answered 424/,
    );
  });

  test.each([200, 302, 399])('for a %i', async (status) => {
    const said = await describeExchange(replyOf(status, {}, 'x', PROXY), context());
    expect(said).toMatch(new RegExp(`^Deployment 'green' of endpoint 'churn' answered ${status}: x`));
  });

  test('for a reply that comes too late, or only in part', async () => {
    expect(await describeExchange({ ...noReply('timeout'), ...PROXY }, context())).toMatch(
      /^Deployment 'green' of endpoint 'churn' \(churn\.example\) did not finish its answer within the timeout of 30 s\.\n/,
    );
    expect(await describeExchange({ ...noReply('cut'), ...PROXY }, context())).toMatch(
      /^Deployment 'green' of endpoint 'churn' \(churn\.example\) began to answer, but the connection broke /,
    );
  });

  test('for a refusal when there is no proxy', async () => {
    expect(await describeExchange(replyOf(403, { server: 'squid' }, 'denied'), context())).toMatch(
      /^Deployment 'green' of endpoint 'churn' answered 403: denied\n/,
    );
  });
});

describe('the expectations that were not met', () => {
  const judgement = { outcome: 'failed', row: undefined, reason: 'x' } as const;
  const list = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ at: `json $[${at}]`, wanted: '1', got: '2' }));

  test('are listed after the one who replied', () => {
    expect(describeMismatches({ ...judgement, mismatches: list(1) }, replyOf(200), ADDRESSEE)).toBe(
      "Endpoint 'churn' answered 200, but the answer is not as expected:\n- json $[0]: expected 1, received 2",
    );
  });

  test('give no command to the runner', () => {
    const hostile = { at: 'json $["\n::error::x"]', wanted: '1', got: '##[error]y' };
    expect(describeMismatches({ ...judgement, mismatches: [hostile] }, replyOf(422), GREEN)).toBe(
      'Deployment \'green\' answered 422, but the answer is not as expected:\n- json $[" : :error::x"]: expected 1, received ## [error]y',
    );
  });

  test('say last what to do about a schema, when it is the schema that is not met', () => {
    const said = (at: string) =>
      describeMismatches(
        { ...judgement, mismatches: [{ at, wanted: 'a number', got: '"x"' }] },
        replyOf(200),
        GREEN,
        'Leave it out.',
      ).split('\n');
    expect(said('schema /0')).toEqual([
      expect.any(String),
      '- schema /0: expected a number, received "x"',
      'Leave it out.',
    ]);
    expect(said('schema').at(-1)).toBe('Leave it out.');
    expect(said('json $[0]').at(-1)).toBe('- json $[0]: expected a number, received "x"');
  });

  describe('limits', () => {
    test.each([
      [10, 11, '- json $[9]: expected 1, received 2'],
      [11, 12, '- … and 1 more'],
      [12, 12, '- … and 2 more'],
    ])('%i of them are listed in %i lines', (count, lines, last) => {
      const said = describeMismatches({ ...judgement, mismatches: list(count) }, replyOf(200), GREEN);
      expect([said.split('\n').length, said.split('\n').at(-1)]).toEqual([lines, last]);
    });

    test('without a complete reply there is no status', () => {
      expect(describeMismatches({ ...judgement, mismatches: list(1) }, noReply('cut'), GREEN)).toBe(
        "Deployment 'green' answered, but the answer is not as expected:\n- json $[0]: expected 1, received 2",
      );
    });
  });
});

describe('the status that a case expects', () => {
  const expecting = (...status: readonly StatusMatcher[]) =>
    caseOf({ expect: { ...NO_EXPECTATIONS, status } });

  test.each<[readonly StatusMatcher[], string]>([
    [[{ code: 422 }], '422'],
    [[{ code: 422 }, { class: 5 }], '422 or 5xx'],
    [[{ class: 2 }, { code: 404 }], '2xx or 404'],
    [[{ code: 2 }], '2'],
    [[{ class: 5 }], '5xx'],
  ])('%j is named when it did not come', (status, words) => {
    expect(expectedStatus(replyOf(424), expecting(...status))).toBe(`\nThe case expects status ${words}.`);
  });

  test('is named when something before the model sent it', () => {
    const refused = replyOf(401, {}, 'key_auth_access_denied');
    expect(expectedStatus(refused, expecting({ class: 4 }))).toBe(
      '\nThe case expects status 4xx from the model, but this one did not come from the model: something in front of it refused the request.',
    );
  });

  test('is named when it does not tell who refused', () => {
    expect(expectedStatus(replyOf(408), expecting({ class: 4 }))).toBe(
      '\nThe case expects status 4xx from the model, but this answer does not say who refused: it counts only if the case names exactly the status 408.',
    );
  });

  test.each<[string, Parameters<typeof expectedStatus>]>([
    ['is 2xx', [replyOf(424), expecting({ class: 2 })]],
    ['came, although the script failed', [replyOf(200), expecting({ code: 200 })]],
    ['is compared with no reply', [noReply('timeout'), expecting({ code: 422 })]],
    ['is not that of a case', [replyOf(424), undefined]],
  ])('is not named when it %s', (_why, [exchange, of]) => {
    expect(expectedStatus(exchange, of)).toBe('');
  });
});
