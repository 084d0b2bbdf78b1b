import { describe, expect, test } from 'vitest';
import { ServiceError } from '../../../../src/network/service-error.ts';
import {
  type DescriptionContext,
  describeExchange,
  describeMismatches,
} from '../../../../src/smoke-test/verdict/description.ts';
import type { Addressee } from '../../../../src/smoke-test/verdict/status-table.ts';
import { ENDPOINT } from '../../../support/results.ts';
import { answer, noAnswer, workspaceOf } from '../../../support/smoke-test.ts';

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
  situation: { cloud: 'AzureCloud', endpoint: ENDPOINT.address },
  asked: ASKED,
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
    const said = describeMismatches({ ...examined, mismatches: list(count) }, answer(200), ASKED).split('\n');
    expect([said.length, said.at(-1)]).toEqual([lines, last]);
  });

  test('of no whole answer have no status', () => {
    expect(describeMismatches({ ...examined, mismatches: list(1) }, noAnswer('cut'), ASKED)).toBe(
      "Deployment 'green' answered, and the answer is not what is expected:\n- json $[0]: wanted 1, got 2",
    );
  });
});
