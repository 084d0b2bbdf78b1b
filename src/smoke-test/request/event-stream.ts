import { createParser } from 'eventsource-parser';

/** What is kept of an event stream. */
export interface StreamSummary {
  /** Events with data. Comments, which servers send to keep a connection open, are not counted. */
  readonly events: number;
  /** When the first event was complete, on the reader's clock; undefined when none came. */
  readonly firstEventMs: number | undefined;
  /** Data of the last event, its start when it is long; undefined when none came. Remote text. */
  readonly lastData: string | undefined;
  /** An event was longer than 16 Mi characters: it and everything after it was not read. */
  readonly tooLong: boolean;
}

export interface EventStreamReader {
  /** Takes the next bytes of the body, cut anywhere. */
  readonly feed: (chunk: Uint8Array) => void;
  readonly summary: () => StreamSummary;
}

/** Longest event that is read, in characters. */
const LONGEST_EVENT = 16 * 1024 * 1024;

/** Longest start of an event's data that is kept, in characters. */
const KEPT_DATA = 65_536;

/**
 * Reads a stream of server-sent events and keeps only its summary, however long it is. An event ends with
 * a blank line; data after the last blank line is not an event.
 * @param now milliseconds since the request was sent
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export function createEventStreamReader(now: () => number): EventStreamReader {
  const decoder = new TextDecoder();
  let events = 0;
  let firstEventMs: number | undefined;
  let lastData: string | undefined;
  let tooLong = false;
  const parser = createParser({
    maxBufferSize: LONGEST_EVENT,
    onEvent({ data }) {
      events += 1;
      firstEventMs ??= now();
      lastData = data.length > KEPT_DATA ? data.slice(0, KEPT_DATA) : data;
    },
    onError({ type }) {
      if (type === 'max-buffer-size-exceeded') tooLong = true;
    },
  });
  return {
    feed(chunk) {
      if (!tooLong) parser.feed(decoder.decode(chunk, { stream: true }));
    },
    summary: () => ({ events, firstEventMs, lastData, tooLong }),
  };
}
