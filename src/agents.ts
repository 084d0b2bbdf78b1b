import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import { setImmediate, setTimeout } from 'node:timers/promises';

/** All connections of the step, kept open between requests. A proxy's agent, where there is one, replaces these. */
export const AGENTS = {
  'http:': new http.Agent({ keepAlive: true }),
  'https:': new https.Agent({ keepAlive: true }),
} as const;

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
