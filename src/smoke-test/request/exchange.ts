interface Timed {
  /** Where the request was sent. */
  readonly url: string;
  /** From the first byte written to the last byte read; of a failed exchange, to its failure. */
  readonly latencyMs: number;
  /** Name look-up, TCP and TLS; undefined on a connection that was already open. */
  readonly connectMs: number | undefined;
  /** The deployment that the request asked for; undefined: traffic decided. */
  readonly askedDeployment: string | undefined;
  /** It was sent to a server without Azure before it: whatever is refused, that server refuses. */
  readonly toServer?: boolean;
  /** The `x-ms-client-request-id` that was sent. */
  readonly requestId: string;
  /** Host of the proxy that the request went through. */
  readonly proxyHost: string | undefined;
}

export interface Undecoded {
  /** Remote text. */
  readonly coding: string;
  /** It is not known here, the body is not in it, or it is one of more than two. */
  readonly why: 'unknown' | 'broken' | 'too many';
}

/** What an endpoint sent back. All of it is untrusted. */
export interface Reply extends Timed {
  readonly kind: 'reply';
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined when it was longer than 16 MiB, as it came or decoded, and so was not kept. */
  readonly body: Buffer | undefined;
  /** The content coding that could not be undone: then the body is as it came. */
  readonly undecoded: Undecoded | undefined;
  /** Length of the body as it came. */
  readonly bytes: number;
  /** Of the body as it came, in hex. */
  readonly sha256: string;
}

/** No complete reply: not in time (`timeout`), not to its end (`cut`), or no reply at all (`unreachable`). */
export interface NoReply<Kind extends 'timeout' | 'cut' | 'unreachable'> extends Timed {
  readonly kind: Kind;
  /** What the network reported: a system error with a `code`. */
  readonly cause: unknown;
}

/** Whether a status says that the request was served: 200 to 299. */
export function isGoodStatus(status: number): boolean {
  return status >= 200 && status < 300;
}

/** A request with what came back. */
export type Exchange = Reply | NoReply<'timeout'> | NoReply<'cut'> | NoReply<'unreachable'>;
