import type { Sample } from '../../smoke-test/result.ts';

export type PointsByOutcome = Readonly<Record<Sample['outcome'], readonly Sample[]>>;

/** More marks than this would make the plot a blot, and the page heavy. */
const MOST: Readonly<Record<Sample['outcome'], number>> = {
  passed: 3_000,
  failed: 600,
  unanswered: 600,
};

export function byOutcome(points: readonly Sample[]): PointsByOutcome {
  const only = (outcome: Sample['outcome']) => points.filter((point) => point.outcome === outcome);
  return { passed: only('passed'), failed: only('failed'), unanswered: only('unanswered') };
}

/** The points that are drawn: all, or a selection that keeps the fastest and slowest of each stretch of time. */
export function thinned(points: PointsByOutcome): PointsByOutcome {
  return {
    passed: thin(points.passed, MOST.passed),
    failed: thin(points.failed, MOST.failed),
    unanswered: thin(points.unanswered, MOST.unanswered),
  };
}

/** The first, the fastest and the slowest point of each stretch. Nothing is random: the same result gives the same page. */
function thin(points: readonly Sample[], most: number): readonly Sample[] {
  if (points.length <= most) return points;
  const inTime = [...points].sort((a, b) => a.startedAtMs - b.startedAtMs);
  const stretches = Math.floor(most / 3);
  const kept: Sample[] = [];
  for (let index = 0; index < stretches; index++) {
    const stretch = inTime.slice(
      Math.floor((index * inTime.length) / stretches),
      Math.floor(((index + 1) * inTime.length) / stretches),
    );
    const [first] = stretch;
    if (first === undefined) continue;
    const fastest = stretch.reduce((best, point) => (point.latencyMs < best.latencyMs ? point : best), first);
    const slowest = stretch.reduce((best, point) => (point.latencyMs > best.latencyMs ? point : best), first);
    kept.push(...new Set([first, fastest, slowest]));
  }
  return kept;
}
