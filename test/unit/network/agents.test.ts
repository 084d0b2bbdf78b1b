import http from 'node:http';
import https from 'node:https';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { AGENTS, agentFor, requestsSent } from '../../../src/network/agents.ts';

const proxyAgent = new http.Agent();
const URL_OF_ENDPOINT = 'https://churn.westeurope.inference.ml.azure.com/score';

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('the agent of a request', () => {
  test('each scheme has an agent that keeps connections open', () => {
    vi.stubEnv('NO_PROXY', undefined);
    expect(agentFor(URL_OF_ENDPOINT, undefined)).toBe(AGENTS['https:']);
    expect(agentFor('http://104.214.29.152/score', undefined)).toBe(AGENTS['http:']);
    expect(AGENTS['https:']).toBeInstanceOf(https.Agent);
    expect(Object.values(AGENTS)).toEqual([
      expect.objectContaining({ keepAlive: true }),
      expect.objectContaining({ keepAlive: true }),
    ]);
  });

  test('a proxy is used where there is one', () => {
    stubProxies({ HTTPS_PROXY: 'http://proxy.example' });
    expect(agentFor(URL_OF_ENDPOINT, proxyAgent)).toBe(proxyAgent);
  });

  test.each(['NO_PROXY', 'no_proxy'])('no proxy is used for a host that %s names', (name) => {
    stubProxies({ HTTPS_PROXY: 'http://proxy.example', [name]: 'azure.com' });
    expect(agentFor(URL_OF_ENDPOINT, proxyAgent)).toBe(AGENTS['https:']);
    expect(agentFor('https://azure.com.example/', proxyAgent)).toBe(proxyAgent);
  });

  test.each([
    'http://169.254.169.254/metadata/identity/oauth2/token',
    'http://[fe80::1]/token',
    'http://168.63.129.16/machine',
    'https://169.254.169.254/metadata/endpoints',
  ])('no proxy gets a request for %s, which is another address there', (url) => {
    stubProxies({ HTTP_PROXY: 'http://proxy.example', HTTPS_PROXY: 'http://proxy.example' });
    expect(agentFor(url, proxyAgent)).toBe(AGENTS[url.startsWith('https:') ? 'https:' : 'http:']);
  });
});

/** The proxy variables of the environment, and no other. */
function stubProxies(variables: Readonly<Record<string, string>>): void {
  for (const name of ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY', 'NO_PROXY'].flatMap((each) => [
    each,
    each.toLowerCase(),
  ])) {
    vi.stubEnv(name, variables[name]);
  }
}

describe('the proxy variables, read as curl reads them', () => {
  test.each(['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'])('%s is a proxy for https', (name) => {
    stubProxies({ [name]: 'http://proxy.example' });
    expect(agentFor(URL_OF_ENDPOINT, proxyAgent)).toBe(proxyAgent);
  });

  test('HTTP_PROXY is not a proxy for https', () => {
    stubProxies({ HTTP_PROXY: 'http://proxy.example' });
    expect(agentFor(URL_OF_ENDPOINT, proxyAgent)).toBe(AGENTS['https:']);
    expect(agentFor('http://104.214.29.152/score', proxyAgent)).toBe(proxyAgent);
  });

  test('HTTPS_PROXY is not a proxy for http', () => {
    stubProxies({ HTTPS_PROXY: 'http://proxy.example' });
    expect(agentFor('http://104.214.29.152/score', proxyAgent)).toBe(AGENTS['http:']);
  });

  test.each([
    [{ no_proxy: '*', NO_PROXY: '' }, false],
    [{ no_proxy: '', NO_PROXY: '*' }, true],
    [{ NO_PROXY: 'other.example,*' }, true],
    [{ NO_PROXY: ' * ' }, false],
  ])('with %j it is %s that the proxy is used', (variables, proxied) => {
    stubProxies({ HTTPS_PROXY: 'http://proxy.example', ...variables } as Record<string, string>);
    expect(agentFor(URL_OF_ENDPOINT, proxyAgent)).toBe(proxied ? proxyAgent : AGENTS['https:']);
  });
});

test('waiting for requests to be sent ends at once when no connection is being made', async () => {
  await expect(requestsSent()).resolves.toBeUndefined();
});
