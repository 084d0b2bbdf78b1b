import { describe, expect, test } from 'vitest';
import type { Workspace } from '../../../../src/azure/resource-manager/workspace.ts';
import { ServiceError } from '../../../../src/network/service-error.ts';
import {
  type DescriptionContext,
  describeExchange,
  describeMismatches,
} from '../../../../src/smoke-test/verdict/description.ts';
import type { Addressee } from '../../../../src/smoke-test/verdict/status-table.ts';
import { Failure } from '../../../../src/text/failure.ts';
import { ENDPOINT } from '../../../support/results.ts';
import {
  ASKED,
  answer,
  deployment,
  noAnswer,
  systemError,
  workspaceOf,
} from '../../../support/smoke-test.ts';

function context(deployments?: Workspace['deployments']): DescriptionContext {
  return {
    workspace: workspaceOf(deployments === undefined ? {} : { deployments }),
    endpoint: ENDPOINT,
    scoringUri: 'https://churn.westeurope.inference.ml.azure.com/score',
    errorContext: { cloud: 'AzureCloud', endpoint: ENDPOINT.address },
    addressee: ASKED,
  };
}

describe('a 404 is told with the deployments', () => {
  const listed = async () => [deployment('blue'), deployment('green')];

  test('that there are', async () => {
    expect(await describeExchange(answer(404, {}, 'nothing'), context(listed))).toMatch(
      /^Endpoint 'churn' answered 404: nothing\n.+ It has: blue \(100 %\), green \(0 %\)\.$/s,
    );
  });

  test.each([
    ['the identity may not list them', new ServiceError('deployments', 'management.azure.com')],
    ['the list leads elsewhere', new Failure('on another host')],
  ])('unless %s', async (_why, error) => {
    const said = await describeExchange(
      answer(404, {}, 'nothing'),
      context(async () => {
        throw error;
      }),
    );
    expect(said).toMatch(/^Endpoint 'churn' answered 404: nothing\n/);
    expect(said).not.toContain('It has');
  });

  test('and a mistake of the step itself is none of the identity', async () => {
    const broken = context(async () => {
      throw new TypeError('a bug');
    });
    await expect(describeExchange(answer(404), broken)).rejects.toThrow(new TypeError('a bug'));
  });

  test('but other answers ask for no list', async () => {
    expect(await describeExchange(answer(424, {}, 'no'), context())).toMatch(
      /^Endpoint 'churn' answered 424: no\n/,
    );
    expect(await describeExchange(noAnswer('timeout'), context())).toContain('within the timeout of 30 s');
  });
});

test('a host that cannot be reached is explained', async () => {
  const said = await describeExchange(noAnswer('unreachable', systemError('ENOTFOUND')), context());
  expect(said).toContain("Endpoint 'churn'");
  expect(said).toContain('churn.westeurope.inference.ml.azure.com');
  expect(said).toContain('DNS');
});

describe('a proxy that answers in the place of the endpoint', () => {
  test('is named, with what to do', async () => {
    const refusal = answer(403, { server: 'squid' }, 'denied', { proxyHost: 'proxy.example:3128' });
    expect(await describeExchange(refusal, context())).toMatch(
      /^The proxy '?proxy\.example:3128'? did not let a request through to /,
    );
  });

  test.each([undefined, 'proxy.example:3128'])('asks for a password with a 407: %s', async (proxyHost) => {
    expect(await describeExchange(answer(407, {}, '', { proxyHost }), context())).toContain(
      'asks for a user and password before it lets requests through to ',
    );
  });

  test('is not blamed for what the endpoint answers through it', async () => {
    const through = answer(
      424,
      { 'x-request-id': '1', 'ms-azureml-model-error-reason': 'model_error' },
      'no',
      {
        proxyHost: 'proxy.example:3128',
      },
    );
    expect(await describeExchange(through, context())).toMatch(/^Endpoint 'churn' answered 424/);
  });
});

describe('mismatches', () => {
  const mismatches = Array.from({ length: 12 }, (_, index) => ({
    at: `json $[${index}]`,
    wanted: '1',
    got: '2',
  }));
  const examined = { outcome: 'failed', row: undefined, reason: 'x' } as const;

  test('are listed, ten at most', () => {
    const said = describeMismatches({ ...examined, mismatches }, answer(200), ASKED).split('\n');
    expect(said).toHaveLength(12);
    expect(said[0]).toBe("Endpoint 'churn' answered 200, and the answer is not what is expected:");
    expect(said[1]).toBe('- json $[0]: wanted 1, got 2');
    expect(said.at(-1)).toBe('- … and 2 more');
  });

  test('name the deployment that was asked for, and hold no command', () => {
    const [hostile] = [{ at: 'json $["\n::error::x"]', wanted: '1', got: '##[error]y' }];
    const asked = { ...ASKED, deployment: 'green' };
    expect(describeMismatches({ ...examined, mismatches: [hostile!] }, answer(422), asked)).toBe(
      'Deployment \'green\' answered 422, and the answer is not what is expected:\n- json $[" : :error::x"]: wanted 1, got ## [error]y',
    );
  });
});

describe('limits', () => {
  const ASKED: Addressee = {
    endpoint: 'churn',
    host: 'churn.example',
    deployment: 'green',
    authMode: 'key',
    timeoutMs: 30_000,
  };
  const PROXY = { proxyHost: 'proxy.example:3128' };

  const CONTEXT: DescriptionContext = {
    workspace: workspaceOf({}),
    endpoint: ENDPOINT,
    scoringUri: 'https://churn.westeurope.inference.ml.azure.com/score',
    errorContext: { cloud: 'AzureCloud', endpoint: ENDPOINT.address },
    addressee: ASKED,
  };

  describe('what is told, to the letter', () => {
    test('a good answer', async () => {
      expect(await describeExchange(answer(200, {}, '[1]'), CONTEXT)).toBe(
        "Deployment 'green' of endpoint 'churn' answered 200: [1]",
      );
    });

    test('a 404 whose deployments may not be listed', async () => {
      const workspace = workspaceOf({
        deployments: async () => {
          throw new ServiceError('deployments', 'management.azure.com');
        },
      });
      expect(await describeExchange(answer(404, {}, 'nothing'), { ...CONTEXT, workspace })).toBe(
        "Deployment 'green' of endpoint 'churn' answered 404: nothing\nThe front door knows no deployment 'green' that could answer, or it does not serve this path.",
      );
    });

    test.each([400, 403, 503])('a proxy that refuses with a %i', async (status) => {
      const refusal = answer(status, { server: 'squid' }, 'denied', PROXY);
      expect(await describeExchange(refusal, CONTEXT)).toBe(
        [
          `The proxy 'proxy.example:3128' did not let a request through to Endpoint 'churn' (churn.westeurope.inference.ml.azure.com): HTTP ${status}, denied`,
          'Allow the host in the proxy, or name it in NO_PROXY if it can be reached without. Check HTTPS_PROXY.',
        ].join('\n'),
      );
    });

    test('a proxy that refuses with nothing, or with more than is kept', async () => {
      const said = [
        "The proxy 'proxy.example:3128' did not let a request through to Endpoint 'churn' (churn.westeurope.inference.ml.azure.com): HTTP 403",
        'Allow the host in the proxy, or name it in NO_PROXY if it can be reached without. Check HTTPS_PROXY.',
      ].join('\n');
      expect(await describeExchange(answer(403, {}, '', PROXY), CONTEXT)).toBe(said);
      expect(await describeExchange(answer(403, {}, '', { ...PROXY, body: undefined }), CONTEXT)).toBe(said);
    });

    test('a proxy that wants a password, its name known or not', async () => {
      const what =
        "asks for a user and password before it lets requests through to Endpoint 'churn' (churn.westeurope.inference.ml.azure.com) (HTTP 407).\nPut them into HTTPS_PROXY (http://user:password@host:port), from a secret, or name the host in NO_PROXY.";
      expect(await describeExchange(answer(407, {}, '', PROXY), CONTEXT)).toBe(
        `The proxy 'proxy.example:3128' ${what}`,
      );
      expect(await describeExchange(answer(407), CONTEXT)).toBe(`A proxy ${what}`);
    });
  });

  describe('a proxy is not blamed', () => {
    test.each([200, 302, 399])('for a %i', async (status) => {
      const said = await describeExchange(answer(status, {}, 'x', PROXY), CONTEXT);
      expect(said).toMatch(new RegExp(`^Deployment 'green' of endpoint 'churn' answered ${status}: x`));
    });

    test('for what comes too late, or only in part', async () => {
      expect(await describeExchange({ ...noAnswer('timeout'), ...PROXY }, CONTEXT)).toMatch(
        /^Deployment 'green' of endpoint 'churn' \(churn\.example\) gave no whole answer within the timeout of 30 s\.\n/,
      );
      expect(await describeExchange({ ...noAnswer('cut'), ...PROXY }, CONTEXT)).toMatch(
        /^Deployment 'green' of endpoint 'churn' \(churn\.example\) began to answer, and the connection broke /,
      );
    });

    test('for a refusal when there is none', async () => {
      expect(await describeExchange(answer(403, { server: 'squid' }, 'denied'), CONTEXT)).toMatch(
        /^Deployment 'green' of endpoint 'churn' answered 403: denied\n/,
      );
    });
  });

  describe('mismatches', () => {
    const examined = { outcome: 'failed', row: undefined, reason: 'x' } as const;
    const list = (count: number) =>
      Array.from({ length: count }, (_, at) => ({ at: `json $[${at}]`, wanted: '1', got: '2' }));

    test.each([
      [9, 10, '- json $[8]: wanted 1, got 2'],
      [10, 11, '- json $[9]: wanted 1, got 2'],
      [11, 12, '- … and 1 more'],
      [12, 12, '- … and 2 more'],
    ])('%i are told in %i lines', (count, lines, last) => {
      const said = describeMismatches({ ...examined, mismatches: list(count) }, answer(200), ASKED).split(
        '\n',
      );
      expect([said.length, said.at(-1)]).toEqual([lines, last]);
    });

    test('of no whole answer have no status', () => {
      expect(describeMismatches({ ...examined, mismatches: list(1) }, noAnswer('cut'), ASKED)).toBe(
        "Deployment 'green' answered, and the answer is not what is expected:\n- json $[0]: wanted 1, got 2",
      );
    });
  });
});
