import { parseJson } from '../../text/json.ts';
import type { ContentPath } from '../plan/expectations.ts';
import { chatAnswerIn } from './chat-answer.ts';
import { searchContent } from './content-search.ts';
import { reportedError } from './reported-error.ts';
import type { StreamForm } from './stream-form.ts';
import { saidIn } from './stream-said.ts';
import { splitStream } from './stream-split.ts';

/** What is kept of a stream. */
export interface StreamSummary {
  /** Events with data. Comments, which servers send to keep a connection open, are not counted. */
  readonly events: number;
  /** Those of them whose data is neither blank nor `[DONE]`. */
  readonly spoken: number;
  /**
   * When the first event with content was complete, on the reader's clock; undefined when none came. Content is what
   * `content` of the case finds or what is known to be a part of the answer; in an unknown form, any data but `[DONE]`.
   */
  readonly firstEventMs: number | undefined;
  /** From the first event, with content or not, to the last one. */
  readonly spanMs: number;
  /** Longest time between two events; 0 for fewer than two. */
  readonly longestGapMs: number;
  /** Data of the last event, its start when it is long; undefined when none came. Remote text. */
  readonly lastData: string | undefined;
  /** The first error that an event reports, its start when it is long. Remote text. */
  readonly error: string | undefined;
  /** Of a stream of chat completions: whether it holds a word, or calls a tool. */
  readonly chat: 'none' | 'silent' | 'spoken';
  /** Why the chat says that it ended. Remote text. */
  readonly finishReason: string | undefined;
  /** The start of what follows the last event and is not one. Remote text. */
  readonly cutData: string | undefined;
  /** An event was longer than 16 Mi characters: it and everything after it was not read. */
  readonly tooLong: boolean;
  /** Looking for content took too long and was given up, so that `firstEventMs` may be missing. */
  readonly isUnsearched: boolean;
}

export interface StreamReader {
  /** Takes the next bytes of the body, cut anywhere. */
  readonly feed: (chunk: Uint8Array) => void;
  /** Call it once, after the last byte. */
  readonly summary: () => StreamSummary;
}

/** Longest start of an event's data that is kept, in characters. */
const KEPT_DATA = 65_536;

/** The data that ends a stream of chat completions. */
export const DONE = '[DONE]';

/**
 * Reads a stream and keeps only its summary, however long it is. A server-sent event ends with a blank line, a JSON
 * line with a line break. Servers that leave out the one at the end are common, so data after the last one is an event
 * too when it is whole: `[DONE]`, or JSON.
 * @param now milliseconds since the request was sent
 * @param content where the content of an event is, when it is not in a form that is known
 */
export function createStreamReader(form: StreamForm, now: () => number, content?: ContentPath): StreamReader {
  const search = content && searchContent(content);
  let events = 0;
  let spoken = 0;
  let firstEventMs: number | undefined;
  let firstMs = 0;
  let lastMs = 0;
  let longestGapMs = 0;
  let lastData: string | undefined;
  let error: string | undefined;
  let chat: StreamSummary['chat'] = 'none';
  let finishReason: string | undefined;
  let cutData: string | undefined;
  let tooLong = false;
  let ended = false;

  const time = (ms: number): void => {
    if (events === 0) firstMs = ms;
    else longestGapMs = Math.max(longestGapMs, ms - lastMs);
    lastMs = ms;
  };

  /** Data is parsed only where that may tell something: this runs while requests are timed. */
  const look = (name: string | undefined, data: string): void => {
    const mayReport = error === undefined && (name === 'error' || data.includes('"error"'));
    const mayChat = chat !== 'spoken' && data.includes('"choices"');
    const mayBegin = firstEventMs === undefined && name !== 'error' && name !== 'ping';
    if (!mayReport && !mayChat && !mayBegin) return;
    const value = parseJson(data);
    const reported = mayReport ? (reportedError(value) ?? (name === 'error' ? data : undefined)) : undefined;
    error ??= reported?.slice(0, KEPT_DATA);
    if (mayBegin && reported === undefined && (search?.finds(value) ?? saidIn(value)?.isContent ?? true))
      firstEventMs = lastMs;
    const answer = mayChat ? chatAnswerIn(value) : undefined;
    if (answer === undefined) return;
    chat = answer.isSpoken ? 'spoken' : 'silent';
    finishReason = answer.finishReason ?? finishReason;
  };

  const splitter = splitStream(form, {
    event(name, data, isLast) {
      const text = data.trim();
      if (isLast && text !== DONE && parseJson(text) === undefined) {
        cutData = data.slice(0, KEPT_DATA);
        return;
      }
      time(now());
      events += 1;
      lastData = data.length > KEPT_DATA ? data.slice(0, KEPT_DATA) : data;
      if (text === '' || text === DONE) return;
      spoken += 1;
      look(name, data);
    },
    rest(text) {
      cutData ??= text.slice(0, KEPT_DATA);
    },
    tooLong() {
      tooLong = true;
    },
  });
  return {
    feed: splitter.feed,
    summary() {
      if (!ended) splitter.end();
      ended = true;
      const spanMs = lastMs - firstMs;
      const isUnsearched = search?.isGivenUp() ?? false;
      const times = { firstEventMs, spanMs, longestGapMs };
      const content = { lastData, error, chat, finishReason, cutData };
      return { events, spoken, ...times, ...content, tooLong, isUnsearched };
    },
  };
}
