import type { Expectations } from '../plan/expectations.ts';
import type { StreamSummary } from '../request/event-stream.ts';
import type { Exchange } from '../request/exchange.ts';

/** Headers that the table and the form of an answer are judged by, whatever a case expects. */
const JUDGED_HEADERS = [
  'azureml-model-deployment',
  'content-encoding',
  'content-type',
  'location',
  'operation-location',
] as const;

/**
 * What two replies have in common that are judged alike: their status, their bytes, and the headers that are looked at.
 * A model often gives one answer many times, which then is judged once.
 * @returns undefined when the time of the reply decides too, or its body is not known
 */
export function sameAnswerKey(
  exchange: Exchange,
  stream: StreamSummary | undefined,
  { maxLatencyMs, headers: expected }: Expectations,
): string | undefined {
  if (exchange.kind !== 'reply' || stream !== undefined || maxLatencyMs !== undefined) return undefined;
  const { status, sha256, body, headers } = exchange;
  if (body === undefined) return undefined;
  const names = [...JUDGED_HEADERS, ...Object.keys(expected)];
  return [status, sha256, ...names.map((name) => (Object.hasOwn(headers, name) ? headers[name] : ''))].join(
    '\0',
  );
}
