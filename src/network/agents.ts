import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { bypassesProxy } from './no-proxy.ts';

/** All connections of the step but those through a proxy, kept open between requests. */
export const AGENTS = {
  'http:': new http.Agent({ keepAlive: true }),
  'https:': new https.Agent({ keepAlive: true }),
} as const;

/**
 * The agent of a request: the proxy's, which the pipeline has put there, unless the environment exempts the URL.
 * The pipeline takes HTTP_PROXY for https, too, and of NO_PROXY knows neither `*` nor networks nor names below a name.
 * @see curl(1), environment: the names in lower case come first
 */
export function agentFor(url: string, proxyAgent: http.Agent | undefined): http.Agent {
  const direct = AGENTS[url.startsWith('https:') ? 'https:' : 'http:'];
  if (proxyAgent === undefined) return direct;
  const { https_proxy, HTTPS_PROXY, all_proxy, ALL_PROXY, no_proxy, NO_PROXY } = process.env;
  const forHttps = https_proxy || HTTPS_PROXY || all_proxy || ALL_PROXY;
  if (direct === AGENTS['https:'] && !forHttps) return direct;
  return bypassesProxy(url, no_proxy ?? NO_PROXY ?? '') ? direct : proxyAgent;
}

/** Longest wait for handshakes; a slower network is far enough away to do them between two modules. */
const HEAD_START_MS = 30;

/** Resolves when the connections that are being made can carry their requests. Never rejects. */
export async function requestsSent(): Promise<void> {
  await setImmediate();
  const sockets = Object.values(AGENTS['https:'].sockets).flatMap((list) => list ?? []);
  const abort = new AbortController();
  const connected = sockets.map((socket) => once(socket, 'secureConnect', abort).catch(() => undefined));
  await Promise.race([Promise.all(connected), setTimeout(HEAD_START_MS, undefined, { ref: false })]);
  abort.abort();
  await setImmediate();
}
