import type http from 'node:http';
import type { Socket } from 'node:net';
import { Client } from 'undici';
import { AGENTS } from '../../network/agents.ts';
import type { Route } from './route.ts';
import {
  attemptTwice,
  createBodyReader,
  type Deadline,
  type Head,
  type Outgoing,
  StaleConnectionError,
  type Transport,
  type Wire,
} from './transport.ts';

/** A connection of which one request at a time makes use. It is opened, also again, when a request needs it. */
interface Connection {
  readonly client: Client;
  socket: Socket | undefined;
  /** How long opening it took; undefined when a request has been sent on it. */
  connectMs: number | undefined;
  /** Bytes that came after an answer with which the connection ends. */
  givenBack: number;
}

/** Node's client keeps a connection until the server closes it. */
const KEPT_MS = 600_000;

/** The request's own deadline is the only one. */
const OPTIONS = {
  allowH2: false,
  headersTimeout: 0,
  bodyTimeout: 0,
  keepAliveTimeout: KEPT_MS,
  keepAliveMaxTimeout: KEPT_MS,
} as const;

/** The connections that wait for a request, the last used one at the end. */
const idle = new Map<string, Connection[]>();
/** What TLS needs to open another connection in less time. */
const sessions = new Map<string, Buffer>();

/** An answer that this client does not read: an interim one (100), or another protocol (101). */
export class UnreadableAnswerError extends Error {}

/**
 * Sends a request straight to its server, with the least work that the processor can do for it: with many requests at
 * once, each waits for the work on all others.
 * @throws UnreadableAnswerError too
 */
export const sendPooled: Transport = (outgoing, wire, deadline) =>
  attemptTwice(
    () => send(connectionOf(outgoing.route), outgoing, wire, deadline),
    () => closeIdle(outgoing.route),
    deadline,
  );

function connectionOf(route: Route): Connection {
  const waiting = idle.get(route.connectionKey)?.pop();
  if (waiting !== undefined) return waiting;
  const connection: Connection = {
    client: new Client(route.url.origin, {
      ...OPTIONS,
      connect: (_options, done) =>
        open(connection, route, (error, socket) =>
          socket === undefined ? done(error ?? new Error('closed'), null) : done(null, socket),
        ),
    }),
    socket: undefined,
    connectMs: undefined,
    givenBack: 0,
  };
  return connection;
}

function open(
  connection: Connection,
  { url, connectionKey, connection: place }: Route,
  done: (error: Error | undefined, socket?: Socket) => void,
): void {
  const startedAt = performance.now();
  const isSecure = url.protocol === 'https:';
  const agent: http.Agent & { readonly options?: object } = AGENTS[isSecure ? 'https:' : 'http:'];
  const socket = agent.createConnection({
    ...agent.options,
    ...place,
    ...(isSecure ? { session: sessions.get(connectionKey) } : {}),
  }) as Socket;
  connection.socket = socket;
  // The client does not read on after such an answer, but gives the rest back.
  const unshift = socket.unshift.bind(socket);
  socket.unshift = (chunk: Buffer) => {
    connection.givenBack += chunk.length;
    unshift(chunk);
  };
  const fail = (error?: Error): void => {
    sessions.delete(connectionKey);
    done(error);
  };
  socket.once('error', fail);
  socket.once(isSecure ? 'secureConnect' : 'connect', () => {
    socket.off('error', fail);
    connection.connectMs = performance.now() - startedAt;
    done(undefined, socket);
  });
  socket.on('session', (session: Buffer) => sessions.set(connectionKey, session));
}

function keep(connection: Connection, { connectionKey }: Route): void {
  const waiting = idle.get(connectionKey);
  if (waiting === undefined) idle.set(connectionKey, [connection]);
  else waiting.push(connection);
}

function close({ client, socket }: Connection, error: Error): void {
  // A connection that is being opened is none of the client's yet.
  if (socket?.connecting) socket.destroy();
  client.destroy(error, () => undefined);
}

function closeIdle({ connectionKey }: Route): void {
  for (const each of idle.get(connectionKey) ?? []) close(each, new Error('idle for too long'));
  idle.delete(connectionKey);
}

function send(connection: Connection, outgoing: Outgoing, wire: Wire, deadline: Deadline): Promise<Head> {
  const { route, method, body } = outgoing;
  return new Promise((resolve, reject) => {
    const reader = createBodyReader(wire, outgoing.onChunk);
    let status = 0;
    let headers: Head['headers'] = {};
    let isReused = false;
    let before = 0;
    deadline.giveUp = () => close(connection, new Error('aborted'));
    connection.client.dispatch(
      { path: route.path, method, headers: outgoing.headers, body: body ?? null },
      {
        onRequestStart() {
          wire.sentAt = performance.now();
          wire.connectMs = connection.connectMs;
          isReused = connection.connectMs === undefined;
          connection.connectMs = undefined;
          before = connection.socket?.bytesRead ?? 0;
        },
        onResponseStart(_controller, code, received) {
          // What comes before the answer, such as 103 with hints for a browser.
          if (code < 200) return;
          wire.replied = true;
          status = code;
          headers = joined(received);
        },
        onResponseData: (_controller, chunk) => reader.take(chunk),
        onResponseEnd() {
          reader.end();
          // What came together with the last byte is read first.
          queueMicrotask(() => {
            const error = errorAfterEnd(connection);
            if (error !== undefined) return reject(error);
            keep(connection, route);
            resolve({ status, headers });
          });
        },
        onResponseError(_controller, error) {
          close(connection, error);
          const cause = systemError(error, wire);
          const isStale = isReused && !wire.replied && connection.socket?.bytesRead === before;
          reject(isStale ? new StaleConnectionError('closed', { cause }) : cause);
        },
      },
    );
  });
}

/** An answer went on after the length that it had announced: the error with which Node's client reports that. */
function errorAfterEnd({ socket, givenBack }: Connection): Error | undefined {
  const { code = 'UND_ERR_INFO' } = (socket?.errored ?? {}) as NodeJS.ErrnoException;
  // The client closes a connection that cannot be used again with an error for information alone.
  if (code !== 'UND_ERR_INFO')
    return Object.assign(new Error('Expected HTTP/ after the answer'), { code: 'HPE_INVALID_CONSTANT' });
  if (givenBack === 0) return undefined;
  return Object.assign(new Error('Data after `Connection: close`'), { code: 'HPE_CLOSED_CONNECTION' });
}

/** @param headers as the client reads them: names in lower case, those that are repeated as lists */
function joined(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const values: Record<string, string> = {};
  for (const name of Object.keys(headers)) {
    const value = headers[name] ?? '';
    values[name] = (typeof value === 'string' ? value : value.join(', ')).trim();
  }
  return values;
}

/**
 * What the parser says about a broken answer, and Node's code for it: this client's errors hold the words alone. The
 * first row that matches counts.
 */
const PARSER_CODES: readonly (readonly [RegExp, string])[] = [
  [/Expected HTTP/, 'HPE_INVALID_CONSTANT'],
  [/version|Expected dot/i, 'HPE_INVALID_VERSION'],
  [/status/i, 'HPE_INVALID_STATUS'],
  [/Connection: close/, 'HPE_CLOSED_CONNECTION'],
  [/chunk/i, 'HPE_INVALID_CHUNK_SIZE'],
  [/Content-Length (?:already|can't)/, 'HPE_UNEXPECTED_CONTENT_LENGTH'],
  [/Content-Length/, 'HPE_INVALID_CONTENT_LENGTH'],
  [/Transfer-Encoding/, 'HPE_INVALID_TRANSFER_ENCODING'],
  [/(?:)/, 'HPE_INVALID_HEADER_TOKEN'],
];

/** The client's own errors as Node's client reports the same. */
function systemError(error: Error & { readonly code?: unknown }, wire: Wire): Error {
  const { name, message, code } = error;
  const as = (systemCode = '') => Object.assign(new Error(message, { cause: error }), { code: systemCode });
  if (name === 'HTTPParserError') return as(PARSER_CODES.find(([words]) => words.test(message))?.[1]);
  switch (code) {
    case 'UND_ERR_SOCKET':
      return /^bad (?:response|upgrade)$/.test(message)
        ? new UnreadableAnswerError(message, { cause: error })
        : as('ECONNRESET');
    case 'UND_ERR_HEADERS_OVERFLOW':
      return as('HPE_HEADER_OVERFLOW');
    // Said of a body that was cut, and of every mistake in a head that has a length.
    case 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH':
      return as(wire.replied ? 'ECONNRESET' : 'HPE_INVALID_CONTENT_LENGTH');
    default:
      return error;
  }
}
