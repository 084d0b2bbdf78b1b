import { setImmediate } from 'node:timers/promises';
import { requestsSent } from '../network/agents.ts';

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
