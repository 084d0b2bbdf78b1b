import { formatLatency } from '../../text/format.ts';
import { summarizeTimes } from './latencies.ts';
import type { Progress } from './measure.ts';

/** The least time between two lines of progress. */
const EVERY_MS = 5_000;

/** Logs a line of progress every few seconds; a shorter run has none. */
export function createProgress(say: (line: string) => void, now = (): number => performance.now()): Progress {
  let lastAt = now();
  return (done, of, samples) => {
    if (now() - lastAt < EVERY_MS) return;
    lastAt = now();
    const candidate = samples.filter(({ target }) => target === 'candidate');
    const baseline = samples.length - candidate.length;
    const p50 = summarizeTimes(candidate, 'latencyMs')?.p50;
    const bad = candidate.filter(({ outcome }) => outcome !== 'passed').length;
    const total = `${done} of ${of} requests done${baseline === 0 ? '' : `, ${baseline} of them to the baseline; of the others`}`;
    const speed = p50 === undefined ? 'none answered yet' : `p50 ${formatLatency(p50)} so far`;
    say(`${total}, ${speed}, ${bad} did not pass.`);
  };
}
