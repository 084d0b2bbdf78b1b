import http, { type ClientRequest, type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { AGENTS } from '../../network/agents.ts';
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

/** Node's own client. Slower than `pooled-transport.ts`, but it is there already, and knows proxies and every answer that HTTP has. */
export const sendByNode: Transport = (outgoing, wire, deadline) => {
  const { proxyAgent, url } = outgoing.route;
  const agent = proxyAgent ?? AGENTS[url.protocol === 'https:' ? 'https:' : 'http:'];
  return attemptTwice(
    () => send(outgoing, agent, wire, deadline),
    () => closeIdleConnections(agent),
    deadline,
  );
};

function closeIdleConnections(agent: http.Agent): void {
  for (const sockets of Object.values(agent.freeSockets))
    for (const socket of sockets ?? []) socket.destroy();
}

function send(outgoing: Outgoing, agent: http.Agent, wire: Wire, deadline: Deadline): Promise<Head> {
  return new Promise((resolve, reject) => {
    const request = start(outgoing, agent);
    deadline.giveUp = () => {
      const aborted = new Error('aborted');
      request.destroy(aborted);
      fail(aborted);
    };
    const bytesReceived = watchConnection(request, wire);
    const fail = (error: Error): void => {
      const isStale = request.reusedSocket && !wire.replied && bytesReceived() === 0;
      reject(isStale ? new StaleConnectionError('closed', { cause: error }) : error);
    };
    const finish = (incoming: IncomingMessage): void =>
      resolve({ status: incoming.statusCode ?? 0, headers: headersOf(incoming) });
    request.once('error', fail);
    request.once('response', (incoming) => {
      wire.replied = true;
      const body = createBodyReader(wire, outgoing.onChunk);
      incoming.on('data', body.take);
      incoming.once('error', fail);
      incoming.once('end', () => {
        body.end();
        finish(incoming);
      });
    });
    // No request asks for another protocol: this counts as a reply without a body.
    request.once('upgrade', (incoming, socket) => {
      socket.destroy();
      wire.replied = true;
      createBodyReader(wire, undefined).end();
      finish(incoming);
    });
    // The connection may also close without an error event.
    request.once('close', () => {
      if (!wire.replied) fail(Object.assign(new Error('closed'), { code: 'ECONNRESET' }));
    });
    request.end(outgoing.body);
  });
}

function start({ route, method, headers }: Outgoing, agent: http.Agent): ClientRequest {
  const { url, connection } = route;
  // Node would take the Host header from where the connection leads.
  const options = {
    agent,
    method,
    headers: { Host: url.host, ...headers },
    ...connection,
    hostname: connection.host,
  };
  return url.protocol === 'https:' ? https.request(url, options) : http.request(url, options);
}

/** @returns how many bytes have come for this request */
function watchConnection(request: ClientRequest, wire: Wire): () => number {
  const createdAt = performance.now();
  let connection: Socket | undefined;
  let before = 0;
  const sent = (): void => {
    wire.sentAt = performance.now();
    if (!request.reusedSocket) wire.connectMs = wire.sentAt - createdAt;
  };
  request.once('socket', (socket: Socket & { readonly secureConnecting?: boolean }) => {
    connection = socket;
    before = socket.bytesRead;
    if (socket.secureConnecting) socket.once('secureConnect', sent);
    else if (socket.connecting) socket.once('connect', sent);
    else sent();
  });
  return () => (connection?.bytesRead ?? 0) - before;
}

function headersOf(incoming: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(incoming.headersDistinct).map(([name, values]) => [name, (values ?? []).join(', ')]),
  );
}
