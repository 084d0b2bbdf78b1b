/** How much is kept for the next gap: bodies, and as much again for each exchange as its other parts may need. */
const MOST_HELD_BYTES = 32 * 2 ** 20;
const EXCHANGE_BYTES = 4_096;

/** The gaps between requests, in which the step may work without drawing out the time of any request. */
export interface Gaps {
  /** Before a worker's next request; waits while there is a gap. */
  enter(): Promise<void>;
  /** Something of this length waits for the next gap. */
  holds(bytes: number): void;
  /** After the worker's request. */
  leave(): Promise<void>;
}

/**
 * Whatever the step does while it times a request may make that request look slower than it was, and draws a ratio of
 * two deployments towards 1. So the work is done when no request is under way. One worker has a gap after each of its
 * turns. Of several, each waits for the others only when too much has gathered, so that they keep the load up.
 */
export function createGaps(work: () => Promise<void>): Gaps {
  let underWay = 0;
  let held = 0;
  let gap: PromiseWithResolvers<void> | undefined;
  return {
    async enter() {
      while (gap !== undefined) await gap.promise;
      underWay += 1;
    },
    holds(bytes) {
      held += bytes + EXCHANGE_BYTES;
    },
    async leave() {
      underWay -= 1;
      if (underWay > 0 && held < MOST_HELD_BYTES) return;
      gap ??= Promise.withResolvers();
      if (underWay > 0) return;
      try {
        await work();
      } finally {
        held = 0;
        gap.resolve();
        gap = undefined;
      }
    },
  };
}
