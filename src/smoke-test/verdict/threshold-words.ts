import type { ThresholdResult } from '../result.ts';

/** A latency for a person: `8.4 ms`, `812 ms`, `1.25 s`. */
export function formatLatency(ms: number): string {
  if (ms < 9.95) return `${trimmed(ms, 1)} ms`;
  return Math.round(ms) < 1_000 ? `${Math.round(ms)} ms` : `${trimmed(ms / 1_000, 2)} s`;
}

/** A value of a threshold for a person: `812 ms`, `99.5 %`, `1.5×`. */
export function formatMeasure(value: number, unit: ThresholdResult['unit']): string {
  switch (unit) {
    case 'share':
      return `${trimmed(value * 100, 2)} %`;
    case 'ms':
      return formatLatency(value);
    case 'ratio':
      return `${trimmed(value, 2)}×`;
  }
}

/** What was measured, and its limit. Rounding must not make what was missed look equal to its limit. */
export function formatThreshold({
  unit,
  measured,
  limit,
  met,
}: Pick<ThresholdResult, 'unit' | 'measured' | 'limit' | 'met'>): {
  readonly measured: string | undefined;
  readonly limit: string;
} {
  const words = { measured: undefined, limit: formatMeasure(limit, unit) };
  if (measured === undefined) return words;
  const rounded = formatMeasure(measured, unit);
  if (met || rounded !== words.limit) return { ...words, measured: rounded };
  return { measured: exactly(measured, unit), limit: exactly(limit, unit) };
}

function exactly(value: number, unit: ThresholdResult['unit']): string {
  const number = Number((unit === 'share' ? value * 100 : value).toPrecision(12));
  return `${number}${{ share: ' %', ms: ' ms', ratio: '×' }[unit]}`;
}

/** `p95 is 912 ms; the limit is 800 ms.` */
export function describeMissed(threshold: ThresholdResult): string {
  const { name, note } = threshold;
  const { measured, limit } = formatThreshold(threshold);
  const said = measured === undefined ? 'could not be measured' : `is ${measured}`;
  return `${name} ${said}; the limit is ${limit}.${note === undefined ? '' : ` ${note}`}`;
}

/** A number with at most `digits` decimals, and no zeros at their end. */
export function trimmed(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)));
}
