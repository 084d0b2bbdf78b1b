import { describe, expect, test } from 'vitest';
import type { Workspace } from '../../../../src/azure/resource-manager/workspace.ts';
import { ServiceError } from '../../../../src/network/service-error.ts';
import {
  type DescriptionContext,
  describeExchange,
  describeMismatches,
} from '../../../../src/smoke-test/verdict/description.ts';
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
    situation: { cloud: 'AzureCloud', endpoint: ENDPOINT.address },
    asked: ASKED,
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
