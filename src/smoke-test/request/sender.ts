import type { Case } from '../plan/plan.ts';
import type { StreamSummary } from './event-stream.ts';
import type { Exchange } from './exchange.ts';
import { score } from './score.ts';
import { requestTo, type Target, type TargetName } from './scoring-request.ts';

/** A request that was sent, and what came back. */
export interface SentRequest {
  readonly exchange: Exchange;
  /** Undefined for a case that does not expect a stream. */
  readonly stream: StreamSummary | undefined;
}

/** Sends the `index`th request of a case, counted from 0. Never throws. */
export type SendRequest = (target: TargetName, each: Case, index: number) => Promise<SentRequest>;

/** Sends the requests of cases, and reads the reply as an event stream where the case expects one. */
export function createSender(targets: Readonly<Record<TargetName, Target>>): SendRequest {
  return async (name, { request, expect }, index) => {
    const scoring = requestTo(targets[name], request, index);
    if (expect.stream === undefined) return { exchange: await score(scoring), stream: undefined };
    const { createEventStreamReader } = await import('./event-stream.ts');
    let elapsedMs = 0;
    const reader = createEventStreamReader(() => elapsedMs);
    const exchange = await score({
      ...scoring,
      // Servers that can answer both ways stream only to a client that takes a stream.
      accept: 'text/event-stream, application/json;q=0.9, */*;q=0.8',
      onChunk: (chunk, afterMs) => {
        elapsedMs = afterMs;
        reader.feed(chunk);
      },
    });
    return { exchange, stream: reader.summary() };
  };
}
