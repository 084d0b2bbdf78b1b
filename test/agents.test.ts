import http from 'node:http';
import https from 'node:https';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { AGENTS, agentFor, requestsSent } from '../src/agents.ts';

const proxyAgent = new http.Agent();
const URL_OF_ENDPOINT = 'https://churn.westeurope.inference.ml.azure.com/score';

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('the agent of a request', () => {
  test('keeps connections, one for each scheme', () => {
    vi.stubEnv('NO_PROXY', undefined);
    expect(agentFor(URL_OF_ENDPOINT, undefined)).toBe(AGENTS['https:']);
    expect(agentFor('http://104.214.29.152/score', undefined)).toBe(AGENTS['http:']);
    expect(AGENTS['https:']).toBeInstanceOf(https.Agent);
    expect(Object.values(AGENTS)).toEqual([
      expect.objectContaining({ keepAlive: true }),
      expect.objectContaining({ keepAlive: true }),
    ]);
  });

  test("is the proxy's where there is one", () => {
    vi.stubEnv('NO_PROXY', undefined);
    vi.stubEnv('no_proxy', undefined);
    expect(agentFor(URL_OF_ENDPOINT, proxyAgent)).toBe(proxyAgent);
  });

  test.each(['NO_PROXY', 'no_proxy'])('is not, where %s names the host', (name) => {
    vi.stubEnv('NO_PROXY', undefined);
    vi.stubEnv('no_proxy', undefined);
    vi.stubEnv(name, 'azure.com');
    expect(agentFor(URL_OF_ENDPOINT, proxyAgent)).toBe(AGENTS['https:']);
    expect(agentFor('http://azure.com.example/', proxyAgent)).toBe(proxyAgent);
  });
});

test('requests are sent at once when no connection is being made', async () => {
  await expect(requestsSent()).resolves.toBeUndefined();
});
