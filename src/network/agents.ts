import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { isLinkLocal } from './link-local.ts';
import { bypassesProxy } from './no-proxy.ts';

/** The agents of all connections of the step but those through a proxy. They keep connections open between requests. */
export const AGENTS = {
  'http:': new http.Agent({ keepAlive: true }),
  'https:': new https.Agent({ keepAlive: true }),
} as const;

/**
 * The agent of a request. The pipeline has chosen the proxy's agent when there is a proxy, and this corrects its
 * choice to curl's: the pipeline takes the proxy for http also for https URLs and the other way round, and in NO_PROXY
 * it understands neither `*` nor networks, nor that a name covers the names below it. Unlike curl, no proxy gets a
 * request for a link-local address: at the proxy it is the address of another machine's service.
 * @see curl(1), environment: the names in lower case come first
 */
export function agentFor(url: string, proxyAgent: http.Agent | undefined): http.Agent {
  const { protocol, hostname } = new URL(url);
  const direct = AGENTS[protocol === 'https:' ? 'https:' : 'http:'];
  if (proxyAgent === undefined || isLinkLocal(hostname)) return direct;
  const { http_proxy, HTTP_PROXY, https_proxy, HTTPS_PROXY } = process.env;
  const { all_proxy, ALL_PROXY, no_proxy, NO_PROXY } = process.env;
  const ofScheme = direct === AGENTS['https:'] ? https_proxy || HTTPS_PROXY : http_proxy || HTTP_PROXY;
  if (!(ofScheme || all_proxy || ALL_PROXY)) return direct;
  return bypassesProxy(url, no_proxy ?? NO_PROXY ?? '') ? direct : proxyAgent;
}

/** Longest wait for handshakes. On a slower network they are completed later, between the loading of two modules. */
const HEAD_START_MS = 30;

/** Resolves when the TLS handshakes in progress are done, so that their requests have been sent. Never rejects. */
export async function requestsSent(): Promise<void> {
  await setImmediate();
  const sockets = Object.values(AGENTS['https:'].sockets).flatMap((list) => list ?? []);
  const abort = new AbortController();
  const connected = sockets.map((socket) => once(socket, 'secureConnect', abort).catch(() => undefined));
  await Promise.race([Promise.all(connected), setTimeout(HEAD_START_MS, undefined, { ref: false })]);
  abort.abort();
  await setImmediate();
}
