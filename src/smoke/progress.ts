import type { Progress } from './measure.ts';
import { summarize } from './statistics.ts';

/** How far apart the lines of a long run are. */
const EVERY_MS = 5_000;

/** A line of progress every few seconds, and none for a run that is shorter. */
export function createProgress(say: (line: string) => void, now = (): number => performance.now()): Progress {
  let lastAt = now();
  return (done, of, measurements) => {
    if (now() - lastAt < EVERY_MS) return;
    lastAt = now();
    const candidate = measurements.filter(({ target }) => target === 'candidate');
    const answered = candidate.filter(({ outcome }) => outcome !== 'unanswered');
    const p50 = summarize(answered.map(({ latencyMs }) => latencyMs))?.p50;
    const failed = measurements.filter(({ outcome }) => outcome !== 'passed').length;
    say(
      `${done} of ${of} requests done, ${p50 === undefined ? 'none answered yet' : `p50 ${Math.round(p50)} ms so far`}, ${failed} failed.`,
    );
  };
}
