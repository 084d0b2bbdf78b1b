import { createParser } from 'eventsource-parser';
import type { StreamForm } from './stream-form.ts';

/** Gets what a stream is cut into. All of it is remote text. */
export interface StreamParts {
  /** @param isLast the stream ended before the blank line or the line break that ends an event */
  readonly event: (name: string | undefined, data: string, isLast: boolean) => void;
  /** What stands at the end of the stream and is not the data of an event. */
  readonly rest: (text: string) => void;
  /** An event is longer than 16 Mi characters: it and everything after it is not read. */
  readonly tooLong: () => void;
}

export interface StreamSplitter {
  /** Takes the next bytes of the body, cut anywhere. */
  readonly feed: (chunk: Uint8Array) => void;
  /** Call it once, after the last byte. */
  readonly end: () => void;
}

/** Longest event that is read, in characters. */
const LONGEST_EVENT = 16 * 1024 * 1024;

/** Cuts a stream into its events, and keeps nothing of them. */
export function splitStream(form: StreamForm, parts: StreamParts): StreamSplitter {
  let isTooLong = false;
  const splitter = SPLITTERS[form]({
    ...parts,
    event(name, data, isLast) {
      if (!isTooLong) parts.event(name, data, isLast);
    },
    tooLong() {
      isTooLong = true;
      parts.tooLong();
    },
  });
  const decoder = new TextDecoder();
  return {
    feed(chunk) {
      if (!isTooLong) splitter.feed(decoder.decode(chunk, { stream: true }));
    },
    end() {
      if (!isTooLong) splitter.end();
    },
  };
}

interface TextSplitter {
  readonly feed: (text: string) => void;
  readonly end: () => void;
}

const SPLITTERS: Readonly<Record<StreamForm, (parts: StreamParts) => TextSplitter>> = {
  events: splitEvents,
  lines: splitLines,
};

/** @see https://html.spec.whatwg.org/multipage/server-sent-events.html */
function splitEvents(parts: StreamParts): TextSplitter {
  let ended = false;
  const parser = createParser({
    maxBufferSize: LONGEST_EVENT,
    onEvent: ({ event, data }) => parts.event(event, data, ended),
    onError({ type, line }) {
      if (type === 'max-buffer-size-exceeded') parts.tooLong();
      else if (ended && line !== undefined) parts.rest(line);
    },
  });
  return {
    feed: (text) => parser.feed(text),
    end() {
      ended = true;
      // Completes the event that no blank line has ended.
      parser.feed('\n\n');
    },
  };
}

/** Servers send blank lines to keep a connection open. */
function splitLines(parts: StreamParts): TextSplitter {
  // The pieces of a line that has not ended: joined once, so that a long line takes no longer than it must.
  let pieces: string[] = [];
  let length = 0;
  const take = (piece: string, isLast: boolean): void => {
    const line = pieces.length === 0 ? piece : pieces.join('') + piece;
    pieces = [];
    length = 0;
    if (line.length > LONGEST_EVENT) parts.tooLong();
    else if (line.trim() !== '') parts.event(undefined, line.replace(/\r$/, ''), isLast);
  };
  return {
    feed(text) {
      let from = 0;
      for (let to = text.indexOf('\n'); to >= 0; to = text.indexOf('\n', from)) {
        take(text.slice(from, to), false);
        from = to + 1;
      }
      if (from === text.length) return;
      pieces.push(text.slice(from));
      length += text.length - from;
      if (length <= LONGEST_EVENT) return;
      pieces = [];
      parts.tooLong();
    },
    end: () => take('', true),
  };
}
