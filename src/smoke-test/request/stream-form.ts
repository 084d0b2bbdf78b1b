/** How a stream is cut into events: server-sent events, or a JSON value on each line. */
export type StreamForm = 'events' | 'lines';

/** None of the names of JSON lines is registered, so servers use several. */
const JSON_LINES = /^application\/(?:x-)?(?:ndjson|jsonl|json-?lines)$/;

/** Undefined for a type that is not a stream's. */
export function streamFormOf(contentType: string | undefined): StreamForm | undefined {
  const type = mediaTypeIn(contentType);
  if (type === 'text/event-stream') return 'events';
  return JSON_LINES.test(type) ? 'lines' : undefined;
}

/**
 * The media type in a header in lower case, without parameters; empty when there is none. A server may put it in
 * quotation marks, and a gateway may add it again.
 */
export function mediaTypeIn(contentType: string | undefined): string {
  return (contentType ?? '').split(/[;,]/, 1)[0]!.replaceAll('"', '').trim().toLowerCase();
}
