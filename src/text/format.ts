const UNITS_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Longest duration that a timer of Node can wait, about 24 days. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * A duration such as `800ms`, `30s`, `2m`, `1h30m` in milliseconds; undefined when the text is none.
 * A number without a unit is refused: seconds and milliseconds are mixed up too easily.
 */
export function parseDuration(text: string): number | undefined {
  if (!/^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, count, unit] of text.matchAll(/([\d.]+)(ms|s|m|h|d)/g)) {
    total += Number(count) * (UNITS_MS[unit ?? ''] ?? 0);
  }
  // Timers take whole milliseconds, and 1.1 m is 66000.00000000001 of them.
  const ms = Math.round(total);
  return ms <= LONGEST_MS ? ms : undefined;
}

/** A duration for a person: the two largest units, e.g. `23 h 59 min`, `2 min`, `30 s`. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  const parts: readonly [number, string][] = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3_600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  if (first < 0) return '0 s';
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ');
}
