import http from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterAll } from 'vitest';

export interface Proxy {
  /** `127.0.0.1:40001` */
  readonly host: string;
  /** For HTTPS_PROXY. */
  readonly url: string;
  /** The hosts that it was asked for, in turn. */
  readonly asked: readonly string[];
}

/** A proxy for HTTPS: it opens tunnels, or answers every request for one with the same status. */
export async function startProxy(refusal?: {
  readonly status: number;
  readonly body: string;
}): Promise<Proxy> {
  const asked: string[] = [];
  const open = new Set<Socket>();
  const server = http.createServer();
  server.on('connection', (socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  });
  server.on('connect', (request, socket) => {
    asked.push(request.url ?? '');
    socket.on('error', () => undefined);
    if (refusal !== undefined) {
      const { status, body } = refusal;
      socket.end(
        `HTTP/1.1 ${status} ${http.STATUS_CODES[status]}\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
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
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { host, url: `http://${host}`, asked };
}

/** Connects the client of a CONNECT request with the host that it names, until one of them is gone. */
export function openTunnel({ url = '' }: http.IncomingMessage, socket: Duplex): void {
  const [host = '', port = ''] = url.split(':');
  const upstream = connect(Number(port), host, () => {
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    upstream.pipe(socket).pipe(upstream);
  });
  upstream.on('error', () => socket.destroy());
  socket.on('close', () => upstream.destroy());
}
