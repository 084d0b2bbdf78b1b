import { expect, test } from 'vitest';
import { startProxy } from '../../support/proxy.ts';
import { CLOSED_HOST, openScenario, SAMPLE } from '../../support/scenario.ts';

const { azure, step } = await openScenario();
const proxy = await startProxy();

test('goes through HTTPS_PROXY with every leg, the smoke test included', async () => {
  const { outputs } = await step({ inputs: { 'sample-request': SAMPLE }, env: { HTTPS_PROXY: proxy.url } });

  expect(outputs.verdict).toBe('passed');
  const hosts = [azure.oidc.issuer, azure.entraHost, azure.resourceManagerHost, azure.scoringHost];
  expect(new Set(proxy.asked)).toEqual(new Set(hosts.map((origin) => new URL(origin).host)));
});

test('goes past the proxy to what NO_PROXY names', async () => {
  const { outputs } = await step({
    inputs: { 'sample-request': SAMPLE },
    env: { HTTPS_PROXY: `http://${CLOSED_HOST}`, NO_PROXY: 'localhost' },
  });

  expect(outputs.verdict).toBe('passed');
});
