import { createHash, type Hash } from 'node:crypto';
import http, { type ClientRequest, type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { createHttpHeaders, type HttpClient, type PipelineRequest } from '@azure/core-rest-pipeline';
import { agentFor } from '../../network/agents.ts';
import { lookupSafely } from '../../network/link-local.ts';

/** A longer answer is measured and hashed to its end, but not kept. */
export const LONGEST_KEPT_BYTES = 16 * 1024 * 1024;

/** What one request met on the wire. Times are of `performance.now()`, in milliseconds. */
export interface Wire {
  /** When the request's first byte was written. */
  sentAt: number | undefined;
  /** When the answer's last byte was read. */
  endedAt: number | undefined;
  /** Look-up, TCP and TLS; undefined on a connection that was there. */
  connectMs: number | undefined;
  /** Whether the answer's head has come. */
  answered: boolean;
  bytes: number;
  /** Undefined when the answer was longer than is kept. */
  body: Buffer | undefined;
  sha256: string | undefined;
}

/**
 * The last link of the pipeline: it sends a request and reads the answer to its end, keeping times that the
 * pipeline's own client does not tell, and no more of the body than is needed.
 * @param onChunk sees every chunk of the body as it comes
 */
export function measuringClient(wire: Wire, onChunk?: (chunk: Buffer) => void): HttpClient {
  return {
    sendRequest: (request) =>
      new Promise((resolve, reject) => {
        const outgoing = start(request);
        const abort = (): void => {
          const aborted = new Error('aborted');
          outgoing.destroy(aborted);
          fail(aborted);
        };
        request.abortSignal?.addEventListener('abort', abort);
        const settle = (): void => request.abortSignal?.removeEventListener('abort', abort);
        const fail = (error: Error): void => {
          settle();
          reject(error);
        };
        watchConnection(outgoing, wire);
        const answered = (incoming: IncomingMessage): void => {
          settle();
          const headers = createHttpHeaders(headersOf(incoming));
          resolve({ request, status: incoming.statusCode ?? 0, headers });
        };
        outgoing.once('error', fail);
        outgoing.once('response', (incoming) => {
          wire.answered = true;
          readBody(incoming, wire, onChunk, fail, () => answered(incoming));
        });
        // Nobody asked for another protocol: it is an answer without a body.
        outgoing.once('upgrade', (incoming, socket) => {
          socket.destroy();
          wire.answered = true;
          wire.body = Buffer.alloc(0);
          wire.sha256 = createHash('sha256').digest('hex');
          wire.endedAt = performance.now();
          answered(incoming);
        });
        // Whatever else ends a request without a word.
        outgoing.once('close', () => {
          if (!wire.answered) fail(Object.assign(new Error('closed'), { code: 'ECONNRESET' }));
        });
        outgoing.end(request.body as Buffer | undefined);
      }),
  };
}

export function newWire(): Wire {
  return {
    sentAt: undefined,
    endedAt: undefined,
    connectMs: undefined,
    answered: false,
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

function watchConnection(outgoing: ClientRequest, wire: Wire): void {
  const createdAt = performance.now();
  const sent = (): void => {
    wire.sentAt = performance.now();
    if (!outgoing.reusedSocket) wire.connectMs = wire.sentAt - createdAt;
  };
  outgoing.once('socket', (socket: Socket & { readonly secureConnecting?: boolean }) => {
    if (socket.secureConnecting) socket.once('secureConnect', sent);
    else if (socket.connecting) socket.once('connect', sent);
    else sent();
  });
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
