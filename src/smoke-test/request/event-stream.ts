import { createParser } from 'eventsource-parser';
import { parseJson } from '../../text/json.ts';
import { chatAnswerIn } from './chat-answer.ts';
import { reportedError } from './reported-error.ts';

/** What is kept of an event stream. */
export interface StreamSummary {
  /** Events with data. Comments, which servers send to keep a connection open, are not counted. */
  readonly events: number;
  /** Those of them whose data is neither blank nor `[DONE]`. */
  readonly spoken: number;
  /** When the first event was complete, on the reader's clock; undefined when none came. */
  readonly firstEventMs: number | undefined;
  /** Data of the last event, its start when it is long; undefined when none came. Remote text. */
  readonly lastData: string | undefined;
  /** The first error that an event reports, its start when it is long. Remote text. */
  readonly error: string | undefined;
  /** Of a stream of chat completions: whether it holds a word, or calls a tool. */
  readonly chat: 'none' | 'silent' | 'spoken';
  /** Why the chat says that it ended. Remote text. */
  readonly finishReason: string | undefined;
  /** The start of data after the last blank line that is not whole. Remote text. */
  readonly cutData: string | undefined;
  /** An event was longer than 16 Mi characters: it and everything after it was not read. */
  readonly tooLong: boolean;
}

export interface EventStreamReader {
  /** Takes the next bytes of the body, cut anywhere. */
  readonly feed: (chunk: Uint8Array) => void;
  /** Call it once, after the last byte. */
  readonly summary: () => StreamSummary;
}

/** Longest event that is read, in characters. */
const LONGEST_EVENT = 16 * 1024 * 1024;

/** Longest start of an event's data that is kept, in characters. */
const KEPT_DATA = 65_536;

/** The data that ends a stream of chat completions. */
const DONE = '[DONE]';

/**
 * Reads a stream of server-sent events and keeps only its summary, however long it is. An event ends with a blank line.
 * Servers that leave out the one at the end are common, so data after the last blank line is an event too when it is
 * whole: `[DONE]`, or JSON.
 * @param now milliseconds since the request was sent
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export function createEventStreamReader(now: () => number): EventStreamReader {
  const decoder = new TextDecoder();
  let events = 0;
  let spoken = 0;
  let firstEventMs: number | undefined;
  let lastData: string | undefined;
  let error: string | undefined;
  let chat: StreamSummary['chat'] = 'none';
  let finishReason: string | undefined;
  let cutData: string | undefined;
  let tooLong = false;
  let ended = false;

  const look = (name: string | undefined, data: string): void => {
    const mayReport = error === undefined && (name === 'error' || data.includes('"error"'));
    const mayChat = chat !== 'spoken' && data.includes('"choices"');
    if (!mayReport && !mayChat) return;
    const value = parseJson(data);
    if (mayReport)
      error = (reportedError(value) ?? (name === 'error' ? data : undefined))?.slice(0, KEPT_DATA);
    const answer = mayChat ? chatAnswerIn(value) : undefined;
    if (answer === undefined) return;
    chat = answer.isSpoken ? 'spoken' : 'silent';
    finishReason = answer.finishReason ?? finishReason;
  };

  const parser = createParser({
    maxBufferSize: LONGEST_EVENT,
    onEvent({ event, data }) {
      const text = data.trim();
      if (ended && text !== DONE && parseJson(text) === undefined) {
        cutData = data.slice(0, KEPT_DATA);
        return;
      }
      events += 1;
      firstEventMs ??= now();
      lastData = data.length > KEPT_DATA ? data.slice(0, KEPT_DATA) : data;
      if (text === '' || text === DONE) return;
      spoken += 1;
      look(event, data);
    },
    onError({ type, line }) {
      if (type === 'max-buffer-size-exceeded') tooLong = true;
      else if (ended) cutData ??= line?.slice(0, KEPT_DATA);
    },
  });
  return {
    feed(chunk) {
      if (!tooLong) parser.feed(decoder.decode(chunk, { stream: true }));
    },
    summary() {
      if (!ended && !tooLong) {
        ended = true;
        // Completes the event that no blank line has ended.
        parser.feed('\n\n');
      }
      return { events, spoken, firstEventMs, lastData, error, chat, finishReason, cutData, tooLong };
    },
  };
}
