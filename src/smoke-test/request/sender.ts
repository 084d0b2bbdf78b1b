import type { Case } from '../plan/plan.ts';
import { codingsIn } from './codings.ts';
import type { TimedChunk } from './compressed-stream.ts';
import type { StreamSummary } from './event-stream.ts';
import type { Exchange } from './exchange.ts';
import { score } from './score.ts';
import { requestTo, type Target, type TargetName } from './scoring-request.ts';
import { LONGEST_KEPT_BYTES } from './transport.ts';

/** A request that was sent, and what came back. */
export interface SentRequest {
  readonly exchange: Exchange;
  /** Undefined for a case that does not expect a stream. */
  readonly stream: StreamSummary | undefined;
}

/**
 * Sends the `index`th request of a case, counted from 0. Whatever becomes of the request, it does not throw.
 * @throws ServiceError, Failure when the credential has expired and cannot be replaced
 */
export type SendRequest = (target: TargetName, each: Case, index: number) => Promise<SentRequest>;

/** Sends the requests of cases, and reads the reply as an event stream where the case expects one. */
export function createSender(targets: Readonly<Record<TargetName, Target>>): SendRequest {
  return async (name, { request, expect }, index) => {
    const target = targets[name];
    await target.renewCredential?.();
    const scoring = requestTo(target, request, index);
    if (expect.stream === undefined) return { exchange: await score(scoring), stream: undefined };
    const { createEventStreamReader } = await import('./event-stream.ts');
    let elapsedMs = 0;
    const reader = createEventStreamReader(() => elapsedMs);
    const chunks: TimedChunk[] = [];
    let kept = 0;
    const exchange = await score({
      ...scoring,
      // Servers that can answer both ways stream only to a client that takes a stream.
      accept: 'text/event-stream, application/json;q=0.9, */*;q=0.8',
      onChunk: (chunk, afterMs) => {
        elapsedMs = afterMs;
        reader.feed(chunk);
        kept += chunk.length;
        if (kept <= LONGEST_KEPT_BYTES) chunks.push({ bytes: chunk, afterMs });
      },
    });
    return { exchange, stream: (await compressedStream(exchange, chunks)) ?? reader.summary() };
  };
}

/** Only the reply's head says that it is compressed; undefined when it is not, or cannot be decoded. */
async function compressedStream(
  exchange: Exchange,
  chunks: readonly TimedChunk[],
): Promise<StreamSummary | undefined> {
  if (exchange.kind !== 'reply' || exchange.body === undefined || exchange.undecoded !== undefined)
    return undefined;
  const codings = codingsIn(exchange.headers['content-encoding']);
  if (codings.length === 0) return undefined;
  const { readCompressedStream } = await import('./compressed-stream.ts');
  return readCompressedStream(chunks, codings);
}
