import { setImmediate } from 'node:timers/promises';

/** All items; between two of them other work is done, such as hearing a signal, because each may take a while. */
export async function inPieces<T>(items: Iterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for (const item of items) {
    all.push(item);
    await setImmediate();
  }
  return all;
}
