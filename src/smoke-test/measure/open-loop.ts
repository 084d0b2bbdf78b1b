import { setTimeout as sleep } from 'node:timers/promises';

/** When the requests of an open loop are due. */
export interface Schedule {
  readonly count: number;
  /** Milliseconds from one to the next. */
  readonly everyMs: number;
}

/** What an open loop asks of whoever measures. */
export interface Arrivals {
  /**
   * Sends the `index`th request.
   * @param waitedMs how long it waited for a place; undefined when there was one
   */
  readonly send: (index: number, waitedMs: number | undefined) => Promise<void>;
  readonly isOver: () => boolean;
  readonly now: () => number;
}

/**
 * Sends requests when they are due, whether or not the last one is back, as users do. A request that finds no place free
 * waits for one, and its wait counts: a stall of the deployment delays all that are due meanwhile, and a loop that only
 * measured what it sent would hide them.
 * @param places how many requests may be under way at once
 * @returns the most that were
 */
export async function openLoop(
  { count, everyMs }: Schedule,
  places: () => number,
  arrivals: Arrivals,
): Promise<number> {
  const { send, isOver, now } = arrivals;
  const beganAt = now();
  const queue: number[] = [];
  const running = new Set<Promise<void>>();
  let first = 0;
  let most = 0;
  let failure: { readonly error: unknown } | undefined;
  const start = (index: number, waitedMs: number | undefined): void => {
    const own = send(index, waitedMs)
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .finally(() => {
        running.delete(own);
        startWaiting();
      });
    running.add(own);
    most = Math.max(most, running.size);
  };
  const isEnded = (): boolean => failure !== undefined || isOver();
  const startWaiting = (): void => {
    while (first < queue.length && running.size < places() && !isEnded()) {
      const index = queue[first++]!;
      start(index, now() - beganAt - index * everyMs);
    }
  };
  for (let index = 0; index < count && !isEnded(); index++) {
    const inMs = beganAt + index * everyMs - now();
    if (inMs > 0) await sleep(inMs);
    if (isEnded()) break;
    if (running.size < places()) start(index, undefined);
    else queue.push(index);
  }
  while (running.size > 0) await Promise.race(running);
  if (failure !== undefined) throw failure.error;
  return most;
}
