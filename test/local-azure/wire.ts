import { once } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** The kinds of request that a caller makes; `other` is what no service knows. */
export type Call =
  | 'metadata'
  | 'id-token'
  | 'discovery'
  | 'sign-in'
  | 'imds'
  | 'endpoint'
  | 'endpoints'
  | 'keys'
  | 'token'
  | 'deployments'
  | 'logs'
  | 'scoring'
  | 'other';

/** A header with several values is sent as often. */
export type Headers = Readonly<Record<string, string | readonly string[]>>;

/**
 * What goes wrong in a call instead of the true answer.
 * `reset`: the connection is reset · `truncated`: the true answer, cut after half of the promised bytes ·
 * `hang`: no answer at all · `status` and `body`: another answer.
 * It begins after `after` untouched exchanges (0 unless said) and lasts for `times` of them (for ever unless said).
 */
export type Fault = (
  | { readonly kind: 'reset' }
  | { readonly kind: 'truncated' }
  | { readonly kind: 'hang' }
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly headers?: Headers;
      readonly body?: string;
    }
  | { readonly kind: 'body'; readonly body: string; readonly contentType?: string; readonly status?: number }
) & { readonly times?: number; readonly after?: number };

/** One request and what became of it. Times are milliseconds since 1970, with fractions. */
export interface Exchange {
  readonly call: Call;
  readonly method: string;
  /** With scheme, host and port. */
  readonly url: string;
  /** Of the request. */
  readonly headers: IncomingHttpHeaders;
  /** Of the request, read as UTF-8; `bytes` has it as sent. */
  readonly body: string;
  readonly bytes: Buffer;
  readonly startedAt: number;
  /** When the last byte was handed to the connection; undefined before, and for ever when there was no answer. */
  readonly endedAt: number | undefined;
  readonly status: number | undefined;
}

export interface Received {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export type Body = string | Buffer | AsyncIterable<string | Uint8Array>;

/** Thrown by a body that breaks the connection off where it stands. */
export class BrokenOff extends Error {}

export interface Answer {
  readonly status: number;
  readonly headers?: Headers;
  readonly body?: Body;
}

/** Which call a request belongs to, and how to answer it. `reset` breaks the connection. */
export interface Route {
  readonly call: Call;
  answer(): Answer | 'reset' | Promise<Answer | 'reset'>;
}

export type Service = (received: Received) => Route;

/** Told of every true exchange as its answer goes out; those under a fault are left out. */
export type Observer = (exchange: Exchange, answer: Answer) => void;

/** What all services share: the record of exchanges, the delays and the faults. */
export interface Wire {
  readonly exchanges: Exchange[];
  setDelay(call: Call | '*', ms: number): void;
  setFault(call: Call, fault: Fault | undefined): void;
  reset(): void;
  /** Serves one request. `socket` is the connection below TLS. */
  serve(service: Service, request: IncomingMessage, response: ServerResponse, socket: Socket): Promise<void>;
}

type OpenExchange = { -readonly [K in keyof Exchange]: Exchange[K] };

export function createWire(delayMs: number, observe: Observer): Wire {
  const exchanges: OpenExchange[] = [];
  const delays = new Map<Call | '*', number>([['*', delayMs]]);
  const faults = new Map<Call, { readonly fault: Fault; seen: number }>();

  function faultDue(call: Call): Fault | undefined {
    const plan = faults.get(call);
    if (plan === undefined) return undefined;
    const position = plan.seen - (plan.fault.after ?? 0);
    plan.seen += 1;
    return position >= 0 && position < (plan.fault.times ?? Number.POSITIVE_INFINITY)
      ? plan.fault
      : undefined;
  }

  return {
    exchanges,
    setDelay: (call, ms) => void delays.set(call, ms),
    setFault(call, fault) {
      if (fault === undefined) faults.delete(call);
      else faults.set(call, { fault, seen: 0 });
    },
    reset() {
      exchanges.length = 0;
      faults.clear();
      delays.clear();
      delays.set('*', delayMs);
    },
    async serve(service, request, response, socket) {
      const startedAt = now();
      const received = await receive(request);
      const route = service(received);
      const exchange: OpenExchange = {
        call: route.call,
        method: received.method,
        url: received.url.href,
        headers: received.headers,
        body: received.body.toString(),
        bytes: received.body,
        startedAt,
        endedAt: undefined,
        status: undefined,
      };
      exchanges.push(exchange);
      const fault = faultDue(route.call);
      const delay = delays.get(route.call) ?? delays.get('*') ?? 0;
      // A timer of 0 ms would still cost a millisecond.
      if (delay > 0) await sleep(delay, undefined, { ref: false });

      if (fault?.kind === 'hang') return;
      const answer = fault?.kind === 'reset' ? 'reset' : (substitute(fault) ?? (await route.answer()));
      if (answer === 'reset') {
        socket.resetAndDestroy();
        return;
      }
      exchange.status = answer.status;
      if (fault?.kind === 'truncated') {
        await sendHalf(response, answer);
        socket.destroy();
        return;
      }
      const sent = send(response, answer);
      // Once the answer is on its way and before the caller can have it, so that who then waits misses nothing.
      if (fault === undefined) observe(exchange, answer);
      try {
        await sent;
      } catch (error) {
        if (!(error instanceof BrokenOff)) throw error;
        socket.destroy();
        return;
      }
      exchange.endedAt = now();
    },
  };
}

function now(): number {
  return performance.timeOrigin + performance.now();
}

async function receive(request: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const scheme = 'encrypted' in request.socket ? 'https' : 'http';
  return {
    method: request.method ?? '',
    url: new URL(`${scheme}://${request.headers.host ?? 'localhost'}${request.url ?? '/'}`),
    headers: request.headers,
    body: Buffer.concat(chunks),
  };
}

function substitute(fault: Fault | undefined): Answer | undefined {
  if (fault?.kind === 'status') {
    return { status: fault.status, headers: fault.headers ?? {}, body: fault.body ?? '' };
  }
  if (fault?.kind === 'body') {
    const headers = { 'Content-Type': fault.contentType ?? 'application/json; charset=utf-8' };
    return { status: fault.status ?? 200, headers, body: fault.body };
  }
  return undefined;
}

async function send(response: ServerResponse, { status, headers, body }: Answer): Promise<void> {
  response.statusCode = status;
  setHeaders(response, headers);
  if (body === undefined || typeof body === 'string' || Buffer.isBuffer(body)) {
    response.end(body);
  } else {
    response.flushHeaders();
    for await (const chunk of body) {
      if (response.destroyed) return;
      if (!response.write(chunk)) await drained(response);
    }
    response.end();
  }
}

function setHeaders(response: ServerResponse, headers: Headers = {}): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}

/** Until more can be written, or nothing ever will be. */
async function drained(response: ServerResponse): Promise<void> {
  const settled = new AbortController();
  const options = { signal: settled.signal };
  await Promise.race([once(response, 'drain', options), once(response, 'close', options)]);
  // Takes the other listener away.
  settled.abort();
}

/** The first chunk of a stream, or the first half of a text whose whole length was promised. */
async function sendHalf(response: ServerResponse, { status, headers, body }: Answer): Promise<void> {
  let first: string | Uint8Array = '';
  if (body === undefined || typeof body === 'string' || Buffer.isBuffer(body)) {
    const whole = Buffer.from(body ?? '');
    response.setHeader('Content-Length', Math.max(whole.length, 2));
    first = whole.subarray(0, Math.floor(whole.length / 2));
  } else {
    for await (const chunk of body) {
      first = chunk;
      break;
    }
  }
  response.statusCode = status;
  setHeaders(response, headers);
  response.flushHeaders();
  await new Promise((resolve) => response.write(first.length === 0 ? ' ' : first, resolve));
}
