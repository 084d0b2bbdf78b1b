import { createHash, type Hash, hash } from 'node:crypto';
import type { Route } from './route.ts';

/** A longer reply is measured and hashed to its end, but its body is not kept. */
export const LONGEST_KEPT_BYTES = 16 * 1024 * 1024;

/** A body up to this is hashed at its end, which costs less than to hash its parts. */
const HASHED_AT_ONCE_BYTES = 64 * 1024;

/** A request as it goes out. */
export interface Outgoing {
  readonly route: Route;
  readonly method: string;
  /** As they are sent, besides those of the connection: no two names differ in their letters' case alone. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
  /** Gets every chunk of the reply's body as it comes. */
  readonly onChunk: ((chunk: Buffer) => void) | undefined;
}

/** What a reply begins with. Repeated headers are joined with commas, as the fetch standard does. */
export interface Head {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** What is measured of one request on its connection. Times are of `performance.now()`, in milliseconds. */
export interface Wire {
  /** When the request's first byte was written. */
  sentAt: number | undefined;
  /** When the reply's last byte was read. */
  endedAt: number | undefined;
  /** Name look-up, TCP and TLS; undefined on a connection that was already open. */
  connectMs: number | undefined;
  /** Whether the reply's head has come. */
  replied: boolean;
  bytes: number;
  /** Undefined when it was longer than is kept. */
  body: Buffer | undefined;
  sha256: string | undefined;
}

/** When an exchange is given up. An `AbortSignal` for each would cost a tenth of the whole request. */
export interface Deadline {
  hasPassed: boolean;
  /** What gives up the part of the exchange that is under way. */
  giveUp: (() => void) | undefined;
}

/**
 * Sends a request and reads the reply to its end, with its times in `wire`. A connection that was open already and is
 * found closed is replaced once.
 * @throws Error with a system error's or a parser's `code`
 */
export type Transport = (outgoing: Outgoing, wire: Wire, deadline: Deadline) => Promise<Head>;

export function newWire(): Wire {
  return {
    sentAt: undefined,
    endedAt: undefined,
    connectMs: undefined,
    replied: false,
    bytes: 0,
    body: undefined,
    sha256: undefined,
  };
}

/** Reads a body into `wire`. */
export interface BodyReader {
  take(chunk: Buffer): void;
  /** The last byte has come. */
  end(): void;
}

export function createBodyReader(wire: Wire, onChunk: Outgoing['onChunk']): BodyReader {
  let kept: Buffer[] | undefined = [];
  let running: Hash | undefined;
  return {
    take(chunk) {
      wire.bytes += chunk.length;
      kept?.push(chunk);
      if (running !== undefined) running.update(chunk);
      else if (wire.bytes > HASHED_AT_ONCE_BYTES) {
        running = createHash('sha256');
        for (const each of kept ?? []) running.update(each);
      }
      if (wire.bytes > LONGEST_KEPT_BYTES) kept = undefined;
      onChunk?.(chunk);
    },
    end() {
      wire.endedAt = performance.now();
      wire.body = kept?.length === 1 ? kept[0] : kept && Buffer.concat(kept);
      wire.sha256 = running?.digest('hex') ?? hash('sha256', wire.body ?? Buffer.alloc(0));
    },
  };
}

/**
 * A connection that was open already was closed, and not a byte of a reply has come. A server closes a connection that
 * has been idle for long: then it never saw the request, and it says nothing of the model.
 * @see RFC 9110, section 9.2.2, and RFC 9112, section 9.3.1
 */
export class StaleConnectionError extends Error {}

/**
 * Makes an attempt, and another one when a connection was stale: on a new connection, as those that wait may be as old.
 * @param closeIdle closes the connections that wait for a request
 */
export function attemptTwice(
  attempt: () => Promise<Head>,
  closeIdle: () => void,
  deadline: Deadline,
): Promise<Head> {
  const fail = (error: unknown): never => {
    throw causeOf(error);
  };
  return attempt().catch((error: unknown) => {
    if (!(error instanceof StaleConnectionError) || deadline.hasPassed) return fail(error);
    closeIdle();
    return attempt().catch(fail);
  });
}

function causeOf(error: unknown): unknown {
  return error instanceof StaleConnectionError ? error.cause : error;
}
