import { formatLatency } from '../verdict/threshold-words.ts';
import { summarizeTimes } from './latencies.ts';
import type { Progress } from './measure.ts';

/** How far apart the lines of a long run are. */
const EVERY_MS = 5_000;

/** A line of progress every few seconds, and none for a run that is shorter. */
export function createProgress(say: (line: string) => void, now = (): number => performance.now()): Progress {
  let lastAt = now();
  return (done, of, measurements) => {
    if (now() - lastAt < EVERY_MS) return;
    lastAt = now();
    const candidate = measurements.filter(({ target }) => target === 'candidate');
    const baseline = measurements.length - candidate.length;
    const p50 = summarizeTimes(candidate, 'latencyMs')?.p50;
    const bad = candidate.filter(({ outcome }) => outcome !== 'passed').length;
    const total = `${done} of ${of} requests done${baseline === 0 ? '' : `, ${baseline} of them to the baseline; of the others`}`;
    const speed = p50 === undefined ? 'none answered yet' : `p50 ${formatLatency(p50)} so far`;
    say(`${total}, ${speed}, ${bad} did not pass.`);
  };
}
