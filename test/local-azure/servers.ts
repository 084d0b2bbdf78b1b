import http, { type RequestListener } from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Certificates } from './certificates.ts';
import type { Origins } from './state.ts';
import type { Service, Wire } from './wire.ts';

/** A server that listens already; its service may come later, because services need to know each other's ports. */
export interface LocalServer {
  readonly origin: string;
  serve(service: Service): void;
  close(): Promise<void>;
}

export type Servers = Readonly<Record<keyof Origins, LocalServer>>;

export async function startServers(
  wire: Wire,
  certificates: Certificates,
  report: (error: unknown) => void,
): Promise<Servers> {
  const secure = () => listen(wire, certificates, report);
  const [resourceManager, entra, oidc, scoring, scoringHttp, imds] = await Promise.all([
    secure(),
    secure(),
    secure(),
    secure(),
    listen(wire, undefined, report),
    listen(wire, undefined, report, '127.0.0.1'),
  ]);
  return { resourceManager, entra, oidc, scoring, scoringHttp, imds };
}

export function originsOf(servers: Servers): Origins {
  const { resourceManager, entra, oidc, scoring, scoringHttp, imds } = servers;
  return {
    resourceManager: resourceManager.origin,
    entra: entra.origin,
    oidc: oidc.origin,
    scoring: scoring.origin,
    scoringHttp: scoringHttp.origin,
    imds: imds.origin,
  };
}

/**
 * Listens on a free port of 127.0.0.1.
 * @param certificates undefined for plain HTTP
 * @param host how clients name it
 */
async function listen(
  wire: Wire,
  certificates: Certificates | undefined,
  report: (error: unknown) => void,
  host = 'localhost',
): Promise<LocalServer> {
  let service: Service | undefined;
  // Resetting a connection takes the socket below TLS; the port on the other side tells which it is.
  const sockets = new Map<number | undefined, Socket>();
  const listener: RequestListener = (request, response) => {
    const socket = sockets.get(request.socket.remotePort) ?? request.socket;
    wire.serve(service!, request, response, socket).catch((error: unknown) => {
      // A caller who hangs up is no failure of the server.
      if (!request.socket.destroyed) report(error);
      response.destroy();
    });
  };
  const server =
    certificates === undefined
      ? http.createServer(listener)
      : https.createServer({ cert: certificates.certificatePem, key: certificates.keyPem }, listener);
  // Longer than a client keeps a connection, so that none is closed while a request is on its way.
  server.keepAliveTimeout = 60_000;
  server.on('connection', (socket: Socket) => {
    const port = socket.remotePort;
    sockets.set(port, socket);
    socket.on('close', () => sockets.delete(port));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const scheme = certificates === undefined ? 'http' : 'https';
  return {
    origin: `${scheme}://${host}:${(server.address() as AddressInfo).port}`,
    serve(given) {
      service = given;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
