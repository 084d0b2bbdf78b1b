import { once } from 'node:events';
import https from 'node:https';
import { setImmediate, setTimeout } from 'node:timers/promises';

/** Longest wait for handshakes; a slower network is far enough away to do them between two modules. */
const HEAD_START_MS = 30;

let queue: Promise<unknown> | undefined;

/**
 * Loads modules one by one, and lets the network go on between them: loading blocks the process, and the
 * step's first requests must be on their way before it. What is loaded then costs no time of its own.
 */
export function load<T>(module: () => Promise<T>): Promise<T> {
  const loaded = (queue ?? requestsSent()).then(() => setImmediate()).then(module);
  queue = loaded.catch(() => undefined);
  return loaded;
}

/** Resolves when the connections that are being made can carry their requests. Never rejects. */
async function requestsSent(): Promise<void> {
  await setImmediate();
  const sockets = Object.values(https.globalAgent.sockets).flatMap((list) => list ?? []);
  const abort = new AbortController();
  const connected = sockets.map((socket) => once(socket, 'secureConnect', abort).catch(() => undefined));
  await Promise.race([Promise.all(connected), setTimeout(HEAD_START_MS, undefined, { ref: false })]);
  abort.abort();
  await setImmediate();
}
