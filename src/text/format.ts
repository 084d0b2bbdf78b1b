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
 * A duration such as `800ms`, `30s`, `2m`, `1h30m` in milliseconds; undefined when the text is not one.
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

/** A latency for a person: `8.4 ms`, `812 ms`, `1.25 s`. */
export function formatLatency(ms: number): string {
  if (ms < 9.95) return `${trimmed(ms, 1)} ms`;
  return Math.round(ms) < 1_000 ? `${Math.round(ms)} ms` : `${trimmed(ms / 1_000, 2)} s`;
}

/** Milliseconds that are compared with a limit in milliseconds: `1250.4 ms`. */
export function formatMilliseconds(ms: number): string {
  return `${Math.round(ms * 10) / 10} ms`;
}

/** A measured value for a person: `812 ms`, `99.5 %`, `1.5×`. */
export function formatMeasure(value: number, unit: 'share' | 'ms' | 'ratio'): string {
  switch (unit) {
    case 'share':
      return `${trimmed(value * 100, 2)} %`;
    case 'ms':
      return formatLatency(value);
    case 'ratio':
      // A limit of 0.004 is not one of 0.
      return `${value < 0.01 ? Number(value.toPrecision(2)) : trimmed(value, 2)}×`;
  }
}

/** A number with at most `digits` decimals, without zeros at the end. */
export function trimmed(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)));
}

/** ISO 8601 in UTC, to the second, as Azure's own times are: `2026-03-04T05:06:07Z`. */
export function isoSeconds(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, 'Z');
}

/** A span of time for a person, to the millisecond when it is short. */
export function formatSpan(ms: number): string {
  return ms < 10_000 ? formatLatency(ms) : formatDuration(ms);
}

/** `0.4 s`, `2 min 5 s` */
export function formatWait(ms: number): string {
  return ms < 9_950 ? `${(ms / 1_000).toFixed(1)} s` : formatDuration(ms);
}
