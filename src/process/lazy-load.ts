import { setImmediate } from 'node:timers/promises';
import { requestsSent } from '../network/agents.ts';

let queue: Promise<unknown> | undefined;

/**
 * Loads modules one by one, and lets the network go on between them. Each `import()` is a file of its own in the
 * bundle, so that a step reads and compiles only what it needs. Loading blocks the process: the step's first requests
 * must be on their way before it starts, and while Azure answers them it costs no time of its own.
 */
export function load<T>(module: () => Promise<T>): Promise<T> {
  const loaded = (queue ?? requestsSent()).then(() => setImmediate()).then(module);
  queue = loaded.catch(() => undefined);
  return loaded;
}
