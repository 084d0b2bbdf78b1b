import { excerpt } from '../../secrets/excerpt.ts';
import { formatMilliseconds } from '../../text/format.ts';
import { shortJson } from '../plan/json-value.ts';
import type { Expectations, Mismatch } from '../plan/plan.ts';
import { contentMismatches } from './answer-form.ts';
import { mediaTypeOf } from './content-type.ts';
import { headerOf, type JudgedReply, notDecoded } from './reply-body.ts';

/** What an event stream must be: its type, how many events, how soon, and its end. */
export function streamMismatches(reply: JudgedReply, wanted: Expectations['stream']): readonly Mismatch[] {
  if (wanted === undefined) return [];
  const type = headerOf(reply, 'content-type');
  const { stream } = reply;
  if (reply.undecoded !== undefined)
    return [{ at: 'stream', wanted: 'text/event-stream', got: notDecoded(reply.undecoded) }];
  if (stream === undefined || mediaTypeOf(reply) !== 'text/event-stream') {
    return [{ at: 'stream', wanted: 'text/event-stream', got: excerpt(type ?? 'no content-type header') }];
  }
  if (stream.tooLong) {
    return [{ at: 'stream', wanted: 'events of at most 16 MiB', got: 'a longer one', isUnjudged: true }];
  }
  const { firstEventMs, minEvents, endsWith } = wanted;
  const found: Mismatch[] = [];
  const add = (place: string, wish: string, got: string): unknown =>
    found.push({ at: `stream ${place}`, wanted: wish, got });
  // Without a number of its own a stream must have an event.
  const least = Math.max(1, minEvents ?? 1);
  if (stream.events < least) add('min-events', `at least ${least}`, `${stream.events}`);
  if (firstEventMs !== undefined && !((stream.firstEventMs ?? Number.POSITIVE_INFINITY) <= firstEventMs)) {
    const got = stream.firstEventMs === undefined ? 'no event' : formatMilliseconds(stream.firstEventMs);
    add('first-event', `within ${firstEventMs} ms`, got);
  }
  if (endsWith !== undefined && stream.lastData?.trim() !== endsWith.trim()) {
    add(
      'ends-with',
      shortJson(endsWith),
      stream.lastData === undefined ? 'no event' : shortJson(stream.lastData),
    );
  }
  return [...found, ...contentMismatches(stream)];
}
