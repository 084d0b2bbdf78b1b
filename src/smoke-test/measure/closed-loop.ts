/** What a loop asks of whoever measures. */
export interface Turns {
  /** Sends the `index`th request of the case, to each deployment that is asked. */
  readonly send: (index: number) => Promise<void>;
  readonly isOver: () => boolean;
  /** Works on the replies that wait, while no request is under way. */
  readonly work: () => Promise<void>;
  /** Whether so much waits that the requests must. */
  readonly isFull: () => boolean;
  /** How many requests may be under way. */
  readonly places: () => number;
}

/**
 * Sends `count` requests; each of `concurrency` workers sends its next one when it has the reply to the one before.
 * Whatever the step does while it times a request may make that request look slower than it was, and draws a ratio of
 * two deployments towards 1. So the work is done when no request is under way. One worker has a gap after each of its
 * turns. Of several, each waits for the others only when too much has gathered, so that they keep the load up.
 * @returns the most requests that were under way at once
 */
export async function closedLoop(count: number, concurrency: number, turns: Turns): Promise<number> {
  let next = 0;
  let underWay = 0;
  let most = 0;
  let isPausing = false;
  let waiting: (() => void)[] = [];
  const changed = (): void => {
    const all = waiting;
    waiting = [];
    for (const wake of all) wake();
  };
  const enter = async (): Promise<void> => {
    while (isPausing || underWay >= Math.max(1, turns.places())) {
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
    underWay += 1;
    most = Math.max(most, underWay);
  };
  const leave = async (): Promise<void> => {
    underWay -= 1;
    isPausing ||= turns.isFull();
    if (underWay > 0) {
      if (!isPausing) changed();
      return;
    }
    // The last one that was under way, or the only one.
    isPausing = true;
    try {
      await turns.work();
    } finally {
      isPausing = false;
      changed();
    }
  };
  const worker = async (): Promise<void> => {
    while (next < count && !turns.isOver()) {
      const index = next++;
      await enter();
      // What the gap brought to light may have ended it.
      if (!turns.isOver()) await turns.send(index);
      await leave();
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, count) }, worker));
  return most;
}
