import { setTimeout as sleep } from 'node:timers/promises';
import {
  inferenceServer,
  json,
  type Model,
  type ScoringAnswer,
  type ScoringScript,
} from './inference-server.ts';
import { BrokenOff } from './wire.ts';

/** What a container does instead of its usual work: a fixed answer, or another model's. */
export type Deed = ScoringAnswer | Model;

export const NOT_READY: ScoringAnswer = { refusal: 'model_not_ready' };
export const RESET: ScoringAnswer = { refusal: 'reset' };

/** A 429 of the front door. */
export function throttled(retryAfter?: string): ScoringAnswer {
  const headers = retryAfter === undefined ? {} : { 'Retry-After': retryAfter };
  return { refusal: 'too_many_pending_request', headers };
}

/** The first requests earn the deeds in their order; every later one is the model's own. */
export function coldStart(deeds: readonly Deed[], model: Model): Model {
  let requests = 0;
  return (request) => perform(deeds[requests++] ?? model, request);
}

/** The model's own answers `count` times, then the deed for ever: one that wears out. */
export function afterRequests(count: number, model: Model, deed: Deed): Model {
  let requests = 0;
  return (request) => perform(requests++ < count ? model : deed, request);
}

/** Each `n`th request earns the deed, the others are the model's own. */
export function everyNth(n: number, model: Model, deed: Deed): Model {
  let requests = 0;
  return (request) => perform(++requests % n === 0 ? deed : model, request);
}

export function slow(ms: number, model: Model): Model {
  return async (request) => {
    await sleep(ms, undefined, { signal: request.signal, ref: false });
    return model(request);
  };
}

/** A script that ends in `return json.dumps(…)`: its answer is a JSON string that holds JSON. */
export function doubleEncoded(script: ScoringScript): Model {
  return inferenceServer(async (parameters, request) => JSON.stringify(await script(parameters, request)));
}

/** Answers of one container that is not Microsoft's: no headers of the inference server. */
export function container(status: number, contentType: string, body: string): Model {
  return () => ({ status, headers: { 'Content-Type': contentType }, body });
}

export const invalidJson: Model = container(200, 'application/json', '{"predictions": [11055.97, ');
/** With the front door's own headers, so that nobody takes it for a page on the way. */
export const htmlPage: Model = container(200, 'text/html; charset=utf-8', '<html><h1>It works!</h1></html>');

export interface ChatStream {
  readonly words: readonly string[];
  /** Before each event. */
  readonly pauseMs?: number;
  /** False: the stream ends without `[DONE]`. */
  readonly done?: boolean;
  /** The connection breaks after as many events. */
  readonly breaksAfter?: number;
}

/** Chat completions as server-sent events, one word an event. */
export function chatStream({ words, pauseMs = 0, done = true, breaksAfter }: ChatStream): Model {
  const events = words.map((word) => JSON.stringify({ choices: [{ index: 0, delta: { content: word } }] }));
  if (done) events.push('[DONE]');
  async function* body(): AsyncGenerator<string> {
    for (const [index, event] of events.entries()) {
      if (index === breaksAfter) throw new BrokenOff();
      if (pauseMs > 0) await sleep(pauseMs, undefined, { ref: false });
      yield `data: ${event}\n\n`;
    }
  }
  return () => ({ status: 200, headers: { 'Content-Type': 'text/event-stream' }, body: body() });
}

/** A JSON string of as many bytes, on one line, never held whole. */
export function hugeAnswer(bytes: number, contentType = 'application/json'): Model {
  async function* body(): AsyncGenerator<string | Uint8Array> {
    const chunk = Buffer.alloc(1024 * 1024, 'a');
    yield '"';
    for (let left = bytes - 2; left > 0; left -= chunk.length) yield chunk.subarray(0, left);
    yield '"';
  }
  return () => ({ status: 200, headers: { 'Content-Type': contentType }, body: body() });
}

/** An answer that is well formed and wrong. */
export function wrongAnswer(value: unknown): Model {
  return () => json(200, value, { 'x-ms-run-function-failed': 'False' });
}

function perform(deed: Deed, request: Parameters<Model>[0]): ScoringAnswer | Promise<ScoringAnswer> {
  return typeof deed === 'function' ? deed(request) : deed;
}
