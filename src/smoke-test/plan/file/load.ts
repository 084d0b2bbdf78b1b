import { MOST_SAMPLES, type Rate } from '../plan.ts';
import { child, type DocumentNode, stringAt } from './document-node.ts';
import type { MistakeCollector } from './mistakes.ts';
import { readDuration } from './values.ts';

/** The most requests at once in an open loop that names none: its rate decides, not the number of places. */
export const MOST_AT_ONCE = 256;

const SECONDS: Readonly<Record<string, number>> = { s: 1, min: 60, h: 3_600 };

/** How many requests of each case an open loop sends. */
export function requestsAt({ perSecond, durationMs }: Rate): number {
  return Math.max(1, Math.round((perSecond * durationMs) / 1_000));
}

/** `rate: 20/s` with `duration: 60s`; undefined for a closed loop, and when there is a mistake. */
export function readRate(root: DocumentNode, mistakes: MistakeCollector): Rate | undefined {
  const rate = child(root, 'rate');
  const duration = child(root, 'duration');
  const samples = child(root, 'samples');
  if (rate !== undefined && samples !== undefined)
    mistakes.value(
      samples,
      "With a 'rate', the 'duration' says how many requests there are. Leave one of the two out.",
    );
  if (rate !== undefined && duration === undefined)
    mistakes.value(rate, 'Say for how long, such as duration: 60s.');
  if (rate === undefined && duration !== undefined)
    mistakes.value(
      duration,
      'Say at which rate, such as rate: 20/s. Without one, samples says how many requests there are.',
    );
  const perSecond = perSecondOf(stringAt(rate) ?? '');
  const durationMs = readDuration(duration, 1, mistakes);
  if (rate === undefined || perSecond === undefined || durationMs === undefined) return undefined;
  const found = { perSecond, durationMs };
  const requests = requestsAt(found);
  if (requests > MOST_SAMPLES)
    mistakes.value(
      rate,
      `That is ${requests} requests of each case; at most ${MOST_SAMPLES} are allowed. Take a lower rate or a shorter duration.`,
    );
  return found;
}

function perSecondOf(text: string): number | undefined {
  const [, count, unit = ''] = /^([\d.]+)\/(s|min|h)$/.exec(text) ?? [];
  return count === undefined ? undefined : Number(count) / SECONDS[unit]!;
}
