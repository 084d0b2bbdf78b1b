import http from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterAll } from 'vitest';

/** A proxy for HTTPS and HTTP, as companies have it. */
export interface Proxy {
  /** `127.0.0.1:40001` */
  readonly host: string;
  /** For HTTPS_PROXY. */
  readonly url: string;
  /** What it was asked for: `CONNECT localhost:443`, `POST http://localhost/score`. */
  readonly asked: string[];
  /** Values of Proxy-Authorization, as they came. */
  readonly authorizations: (string | undefined)[];
}

export interface ProxyChoices {
  /** What Proxy-Authorization must be; anything else is answered with 407. */
  readonly authorization?: string;
  /** Refuses every tunnel. */
  readonly refusal?: { readonly status: number; readonly body: string };
}

export async function startProxy({ authorization, refusal }: ProxyChoices = {}): Promise<Proxy> {
  const asked: string[] = [];
  const authorizations: (string | undefined)[] = [];
  const open = new Set<Socket>();
  const lacksPassword = ({ headers }: http.IncomingMessage): boolean => {
    authorizations.push(headers['proxy-authorization']);
    return authorization !== undefined && headers['proxy-authorization'] !== authorization;
  };
  const server = http.createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    if (lacksPassword(request)) {
      response.writeHead(407, { 'Proxy-Authenticate': 'Basic realm="proxy"' }).end();
      return;
    }
    passOn(request, response);
  });
  server.on('connection', (socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  });
  server.on('connect', (request, socket) => {
    asked.push(`CONNECT ${request.url}`);
    socket.on('error', () => undefined);
    if (lacksPassword(request)) refuse(socket, { status: 407, body: '' });
    else if (refusal !== undefined) refuse(socket, refusal);
    else openTunnel(request, socket);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  afterAll(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  );
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { host, url: `http://${host}`, asked, authorizations };
}

/** Sends a request for an http URL to where it names, without what is the proxy's own. */
function passOn(request: http.IncomingMessage, response: http.ServerResponse): void {
  const { 'proxy-authorization': _, ...headers } = request.headers;
  const onward = http.request(request.url ?? '', { method: request.method ?? 'GET', headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', () => response.destroy());
  request.pipe(onward);
}

function refuse(socket: Duplex, { status, body }: { readonly status: number; readonly body: string }): void {
  const challenge = status === 407 ? 'Proxy-Authenticate: Basic realm="proxy"\r\n' : '';
  socket.end(
    `HTTP/1.1 ${status} ${http.STATUS_CODES[status]}\r\n${challenge}Content-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
  );
}

/** Connects the client of a CONNECT request with the host that it names, until one of them is gone. */
function openTunnel({ url = '' }: http.IncomingMessage, socket: Duplex): void {
  const [host = '', port = ''] = url.split(':');
  const upstream = connect(Number(port), host, () => {
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    upstream.pipe(socket).pipe(upstream);
  });
  upstream.on('error', () => socket.destroy());
  socket.on('close', () => upstream.destroy());
}
