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
 * The agent of a request: the proxy's, which the pipeline has put there, unless NO_PROXY exempts the URL.
 * The pipeline reads NO_PROXY too, but knows neither `*` nor networks nor names below a name.
 */
export function agentFor(url: string, proxyAgent: http.Agent | undefined): http.Agent {
  const direct = AGENTS[url.startsWith('https:') ? 'https:' : 'http:'];
  if (proxyAgent === undefined) return direct;
  const noProxy = process.env.NO_PROXY ?? process.env.no_proxy ?? '';
  return bypassesProxy(url, noProxy) ? direct : proxyAgent;
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
