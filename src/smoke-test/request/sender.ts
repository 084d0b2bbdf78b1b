import type { Case } from '../plan/plan.ts';
import { codingsIn } from './codings.ts';
import type { StreamReader, StreamSummary } from './event-stream.ts';
import type { Exchange } from './exchange.ts';
import type { TimedChunk } from './kept-stream.ts';
import { score } from './score.ts';
import { requestTo, type Target, type TargetName } from './scoring-request.ts';
import { type StreamForm, streamFormOf } from './stream-form.ts';
import { LONGEST_KEPT_BYTES } from './transport.ts';

/** A request that was sent, and what came back. */
export interface SentRequest {
  readonly exchange: Exchange;
  /** Undefined for a case that does not expect a stream, and for a stream that was too long to be read. */
  readonly stream: StreamSummary | undefined;
}

/**
 * Sends the `index`th request of a case, counted from 0. Whatever becomes of the request, it does not throw.
 * @throws ServiceError, Failure when the credential has expired and cannot be replaced
 */
export type SendRequest = (target: TargetName, each: Case, index: number) => Promise<SentRequest>;

/** Sends the requests of cases, and reads the reply as a stream where the case expects one. */
export function createSender(targets: Readonly<Record<TargetName, Target>>): SendRequest {
  return async (name, { request, expect }, index) => {
    const target = targets[name];
    await target.renewCredential?.();
    const scoring = requestTo(target, request, index);
    if (expect.stream === undefined) return { exchange: await score(scoring), stream: undefined };
    const { content } = expect.stream;
    const { createStreamReader } = await import('./event-stream.ts');
    let elapsedMs = 0;
    const reader = createStreamReader('events', () => elapsedMs, content);
    const chunks: TimedChunk[] = [];
    let kept = 0;
    const exchange = await score({
      ...scoring,
      // Servers that can answer both ways stream only to a client that takes a stream.
      accept: 'text/event-stream, application/x-ndjson, application/jsonl, application/json;q=0.9, */*;q=0.8',
      onChunk: (chunk, afterMs) => {
        elapsedMs = afterMs;
        reader.feed(chunk);
        kept += chunk.length;
        if (kept <= LONGEST_KEPT_BYTES) chunks.push({ bytes: chunk, afterMs });
      },
    });
    const createReader = (form: StreamForm) => (now: () => number) => createStreamReader(form, now, content);
    return { exchange, stream: await streamOf(exchange, reader, chunks, createReader) };
  };
}

/**
 * Server-sent events are read as they come. Only the reply's head says that it is compressed or has JSON lines: then
 * what was kept of it is read.
 */
async function streamOf(
  exchange: Exchange,
  events: StreamReader,
  chunks: readonly TimedChunk[],
  createReader: (form: StreamForm) => (now: () => number) => StreamReader,
): Promise<StreamSummary | undefined> {
  if (exchange.kind !== 'reply') return events.summary();
  const { headers, body, undecoded } = exchange;
  const form = streamFormOf(headers['content-type']) ?? 'events';
  const codings = codingsIn(headers['content-encoding']);
  if (undecoded !== undefined || (codings.length === 0 && form === 'events')) return events.summary();
  if (body === undefined) return undefined;
  const { readKeptStream } = await import('./kept-stream.ts');
  return (await readKeptStream(chunks, codings, createReader(form))) ?? events.summary();
}
