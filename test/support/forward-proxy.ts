import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterAll } from 'vitest';
import { openTunnel } from './proxy.ts';

/** A proxy for HTTPS and HTTP, as companies have it. */
export interface ForwardProxy {
  /** `127.0.0.1:40001` */
  readonly host: string;
  /** What it was asked for: `CONNECT localhost:443`, `POST http://localhost/score`. */
  readonly asked: string[];
  /** Values of Proxy-Authorization, as they came. */
  readonly authorizations: (string | undefined)[];
}

/** @param authorization what it wants in Proxy-Authorization; without it the answer is 407 */
export async function startForwardProxy(authorization?: string): Promise<ForwardProxy> {
  const asked: string[] = [];
  const authorizations: (string | undefined)[] = [];
  const open = new Set<Socket>();
  const refuses = ({ headers }: http.IncomingMessage): boolean => {
    authorizations.push(headers['proxy-authorization']);
    return authorization !== undefined && headers['proxy-authorization'] !== authorization;
  };
  const server = http.createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    if (refuses(request)) {
      response.writeHead(407, { 'Proxy-Authenticate': 'Basic realm="proxy"' }).end();
      return;
    }
    const { 'proxy-authorization': _, ...headers } = request.headers;
    const onward = http.request(request.url ?? '', { method: request.method ?? 'GET', headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  server.on('connection', (socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  });
  server.on('connect', (request, socket) => {
    asked.push(`CONNECT ${request.url}`);
    socket.on('error', () => undefined);
    if (refuses(request)) {
      socket.end(
        'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n',
      );
      return;
    }
    openTunnel(request, socket);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  afterAll(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  );
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, asked, authorizations };
}
