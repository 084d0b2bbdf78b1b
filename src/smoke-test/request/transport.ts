import { createHash, type Hash } from 'node:crypto';
import http, { type ClientRequest, type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import {
  createHttpHeaders,
  type HttpClient,
  type PipelineRequest,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';
import { agentFor } from '../../network/agents.ts';
import { lookupSafely } from '../../network/link-local.ts';

/** A longer reply is measured and hashed to its end, but its body is not kept. */
export const LONGEST_KEPT_BYTES = 16 * 1024 * 1024;

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

/**
 * The HTTP client at the end of the pipeline: it sends a request and reads the reply to its end. It takes the times
 * that the pipeline's own client does not report, and keeps no more of the body than is needed.
 * @param onChunk gets every chunk of the body as it comes
 */
export function measuringClient(wire: Wire, onChunk?: (chunk: Buffer) => void): HttpClient {
  return {
    async sendRequest(request) {
      try {
        return await send(request, wire, onChunk);
      } catch (error) {
        if (!(error instanceof StaleConnectionError) || request.abortSignal?.aborted) throw causeOf(error);
        closeIdleConnections(request.agent as http.Agent);
        return await send(request, wire, onChunk).catch((again: unknown) => {
          throw causeOf(again);
        });
      }
    },
  };
}

/**
 * A connection that was open already was closed, and not a byte of a reply has come. A server closes a connection that
 * has been idle for long: then it never saw the request, and it says nothing of the model.
 * @see RFC 9110, section 9.2.2, and RFC 9112, section 9.3.1
 */
class StaleConnectionError extends Error {}

function causeOf(error: unknown): unknown {
  return error instanceof StaleConnectionError ? error.cause : error;
}

/** Closes the connections that wait for a request: they may be as old as one that was found closed. */
function closeIdleConnections(agent: http.Agent): void {
  for (const sockets of Object.values(agent.freeSockets))
    for (const socket of sockets ?? []) socket.destroy();
}

function send(
  request: PipelineRequest,
  wire: Wire,
  onChunk: ((chunk: Buffer) => void) | undefined,
): Promise<PipelineResponse> {
  return new Promise((resolve, reject) => {
    const outgoing = start(request);
    const abort = (): void => {
      const aborted = new Error('aborted');
      outgoing.destroy(aborted);
      fail(aborted);
    };
    request.abortSignal?.addEventListener('abort', abort);
    const settle = (): void => request.abortSignal?.removeEventListener('abort', abort);
    const bytesReceived = watchConnection(outgoing, wire);
    const fail = (error: Error): void => {
      settle();
      const isStale = outgoing.reusedSocket && !wire.replied && bytesReceived() === 0;
      reject(isStale ? new StaleConnectionError('closed', { cause: error }) : error);
    };
    const finish = (incoming: IncomingMessage): void => {
      settle();
      const headers = createHttpHeaders(headersOf(incoming));
      resolve({ request, status: incoming.statusCode ?? 0, headers });
    };
    outgoing.once('error', fail);
    outgoing.once('response', (incoming) => {
      wire.replied = true;
      readBody(incoming, wire, onChunk, fail, () => finish(incoming));
    });
    // No request asks for another protocol: this counts as a reply without a body.
    outgoing.once('upgrade', (incoming, socket) => {
      socket.destroy();
      wire.replied = true;
      wire.body = Buffer.alloc(0);
      wire.sha256 = createHash('sha256').digest('hex');
      wire.endedAt = performance.now();
      finish(incoming);
    });
    // The connection may also close without an error event.
    outgoing.once('close', () => {
      if (!wire.replied) fail(Object.assign(new Error('closed'), { code: 'ECONNRESET' }));
    });
    outgoing.end(request.body as Buffer | undefined);
  });
}

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

function start(request: PipelineRequest): ClientRequest {
  const url = new URL(request.url);
  const secure = url.protocol === 'https:';
  const agent = agentFor(request.url, request.agent as http.Agent | undefined);
  request.agent = agent;
  const headers = request.headers.toJSON({ preserveCase: true });
  const options = { agent, method: request.method, headers, lookup: lookupSafely };
  return secure ? https.request(url, options) : http.request(url, options);
}

/** @returns how many bytes have come for this request */
function watchConnection(outgoing: ClientRequest, wire: Wire): () => number {
  const createdAt = performance.now();
  let connection: Socket | undefined;
  let before = 0;
  const sent = (): void => {
    wire.sentAt = performance.now();
    if (!outgoing.reusedSocket) wire.connectMs = wire.sentAt - createdAt;
  };
  outgoing.once('socket', (socket: Socket & { readonly secureConnecting?: boolean }) => {
    connection = socket;
    before = socket.bytesRead;
    if (socket.secureConnecting) socket.once('secureConnect', sent);
    else if (socket.connecting) socket.once('connect', sent);
    else sent();
  });
  return () => (connection?.bytesRead ?? 0) - before;
}

function readBody(
  incoming: IncomingMessage,
  wire: Wire,
  onChunk: ((chunk: Buffer) => void) | undefined,
  fail: (error: Error) => void,
  done: () => void,
): void {
  const hash: Hash = createHash('sha256');
  let kept: Buffer[] | undefined = [];
  incoming.on('data', (chunk: Buffer) => {
    wire.bytes += chunk.length;
    hash.update(chunk);
    if (wire.bytes > LONGEST_KEPT_BYTES) kept = undefined;
    kept?.push(chunk);
    onChunk?.(chunk);
  });
  incoming.once('error', fail);
  incoming.once('end', () => {
    wire.endedAt = performance.now();
    wire.body = kept === undefined ? undefined : Buffer.concat(kept);
    wire.sha256 = hash.digest('hex');
    done();
  });
}

/** Repeated headers are joined, as the fetch standard does; names in lower case. */
function headersOf(incoming: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(incoming.headersDistinct).map(([name, values]) => [name, (values ?? []).join(', ')]),
  );
}
