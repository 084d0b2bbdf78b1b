import { excerpt } from '../../secrets/excerpt.ts';
import { formatMilliseconds } from '../../text/format.ts';
import { describeCondition } from '../plan/condition.ts';
import type { Mismatch, StreamExpectation } from '../plan/expectations.ts';
import { shortJson } from '../plan/json-value.ts';
import type { StreamSummary } from '../request/event-stream.ts';
import { type StreamForm, streamFormOf } from '../request/stream-form.ts';
import { contentMismatches } from './answer-form.ts';
import { asksForEmpty, type Judge, valueMismatches, wantsAbsence } from './condition-check.ts';
import { headerOf, type JudgedReply, limitOf, notDecoded, notKept } from './reply-body.ts';
import { textOfStream } from './stream-text.ts';

const TYPES = 'text/event-stream or application/x-ndjson';

/** What a stream must be: its type, how many events, how soon and how fast, what they say, and its end. */
export function streamMismatches(
  reply: JudgedReply,
  wanted: StreamExpectation | undefined,
  judge: Judge,
): readonly Mismatch[] {
  if (wanted === undefined) return [];
  const type = headerOf(reply, 'content-type');
  const { stream } = reply;
  if (reply.undecoded !== undefined)
    return [{ at: 'stream', wanted: TYPES, got: notDecoded(reply.undecoded) }];
  const form = streamFormOf(type);
  if (form === undefined || (stream === undefined && reply.body !== undefined))
    return [{ at: 'stream', wanted: TYPES, got: excerpt(type ?? 'no content-type header') }];
  if (stream === undefined)
    return [{ at: 'stream', wanted: 'one that can be read', got: notKept(reply), isUnjudged: true }];
  if (stream.tooLong)
    return [{ at: 'stream', wanted: 'events of at most 16 MiB', got: 'a longer one', isUnjudged: true }];
  return [
    ...eventMismatches(stream, wanted),
    ...textMismatches(reply, form, wanted, judge),
    ...contentMismatches(stream, form),
  ];
}

/** What is wrong with the events, whatever they say. */
function eventMismatches(stream: StreamSummary, wanted: StreamExpectation): readonly Mismatch[] {
  const { events, lastData } = stream;
  const { minEvents, endsWith, firstEventMs, maxGapMs, eventsPerSecond } = wanted;
  const found: Mismatch[] = [];
  const add = (place: string, wish: string, got: string): unknown =>
    found.push({ at: `stream ${place}`, wanted: wish, got });
  // Without a number of its own a stream must have an event.
  const least = Math.max(1, minEvents ?? 1);
  if (events < least) add('min-events', `at least ${least}`, `${events}`);
  if (firstEventMs !== undefined) found.push(...firstEventMismatches(stream, firstEventMs));
  if (maxGapMs !== undefined && stream.longestGapMs > maxGapMs)
    add('max-gap', `at most ${maxGapMs} ms`, formatMilliseconds(stream.longestGapMs));
  const rate = rateOf(stream);
  if (eventsPerSecond !== undefined && !(rate >= eventsPerSecond))
    add('events-per-second', `at least ${eventsPerSecond} a second`, rateWords(rate, events));
  if (endsWith !== undefined && lastData?.trim() !== endsWith.trim())
    add('ends-with', shortJson(endsWith), lastData === undefined ? 'no event' : shortJson(lastData));
  return found;
}

function firstEventMismatches(stream: StreamSummary, limitMs: number): readonly Mismatch[] {
  const { firstEventMs, events, isUnsearched } = stream;
  if (firstEventMs !== undefined && firstEventMs <= limitMs) return [];
  const place = { at: 'stream first-event', wanted: `within ${limitMs} ms` };
  if (firstEventMs !== undefined) return [{ ...place, got: formatMilliseconds(firstEventMs) }];
  if (isUnsearched)
    return [
      { ...place, got: 'no verdict: searching the events with content takes too long', isUnjudged: true },
    ];
  return [{ ...place, got: events === 0 ? 'no event' : 'no event with content' }];
}

/** Events a second from the first to the last; NaN for fewer than two. */
function rateOf({ events, spanMs }: StreamSummary): number {
  return events < 2 ? Number.NaN : ((events - 1) * 1_000) / spanMs;
}

function rateWords(rate: number, events: number): string {
  if (events < 2) return events === 0 ? 'no event' : 'only one event, which has no rate';
  // Rounded up, a rate that is too low could look like the limit.
  return `${Math.floor(rate * 1_000) / 1_000} a second`;
}

function textMismatches(
  reply: JudgedReply,
  form: StreamForm,
  { text: condition, content }: StreamExpectation,
  judge: Judge,
): readonly Mismatch[] {
  if (condition === undefined) return [];
  const at = 'stream text';
  const wanted = describeCondition(condition);
  const { body } = reply;
  if (body === undefined) return [{ at, wanted, got: notKept(reply), ...limitOf(reply) }];
  return judge(at, wanted, () => {
    const text = textOfStream(body, form, content);
    if (text === undefined || text === '') {
      if (wantsAbsence(condition)) return [];
      if (text === undefined) return [{ at, wanted, got: noText(content?.path) }];
      if (!asksForEmpty(condition)) return [{ at, wanted, got: 'an empty text' }];
    }
    return valueMismatches(at, text, condition);
  });
}

function noText(path: string | undefined): string {
  return path === undefined
    ? 'events in an unknown form; say where their text is, such as content: $.text'
    : `no string at ${path} of any event`;
}
