import { formatMeasure } from '../../text/format.ts';
import type { ThresholdResult } from '../result.ts';

/**
 * What was measured, and its limit. A missed threshold never reads as equal to its limit: both are then shown
 * unrounded, such as `800.2 ms` and `800 ms`.
 */
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
  return { measured: formatExactly(measured, unit), limit: formatExactly(limit, unit) };
}

function formatExactly(value: number, unit: ThresholdResult['unit']): string {
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
