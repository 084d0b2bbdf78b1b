import { formatLatency } from '../../text/format.ts';
import { summarizeTimes } from './latencies.ts';
import type { Progress } from './measure.ts';

/** The least time between two lines of progress. */
const EVERY_MS = 5_000;

/** Of how many requests the median is told: it is found while others are timed. */
const LATEST = 1_000;

/** Logs a line of progress every few seconds; a shorter run has none. */
export function createProgress(say: (line: string) => void, now = (): number => performance.now()): Progress {
  let lastAt = now();
  return ({ done, of, bad, latest }) => {
    if (now() - lastAt < EVERY_MS) return;
    lastAt = now();
    const candidate = latest(LATEST).filter(({ target }) => target === 'candidate');
    const p50 = summarizeTimes(candidate, 'latencyMs')?.p50;
    const speed = p50 === undefined ? 'none answered lately' : `p50 ${formatLatency(p50)} lately`;
    say(`${done} of ${of} requests done, ${speed}, ${bad} did not pass.`);
  };
}
