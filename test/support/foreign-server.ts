import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';
import { issueCertificates } from '../local-azure/certificates.ts';

/** A server that should hear nothing; who trusts `caPem` would trust it. */
export interface ForeignServer {
  /** `https://localhost:40001` */
  readonly origin: string;
  readonly host: string;
  readonly caPem: string;
  /** What it was asked, in turn: method, path and the credential that came along. */
  readonly heard: readonly string[];
  /** Connections that were opened, whatever became of them. */
  readonly connections: () => number;
}

/** Starts a server with a valid certificate for `localhost` from an authority of its own. */
export async function startForeignServer(answer = '{"value":[]}'): Promise<ForeignServer> {
  const { caPem, certificatePem: cert, keyPem: key } = await issueCertificates();
  const heard: string[] = [];
  let connections = 0;
  const server = https.createServer({ cert, key }, ({ method, url, headers }, response) => {
    heard.push(`${method} ${url} ${headers.authorization ?? 'without a credential'}`);
    response.setHeader('Content-Type', 'application/json');
    response.end(answer);
  });
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  afterAll(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  const host = `localhost:${(server.address() as AddressInfo).port}`;
  return { origin: `https://${host}`, host, caPem, heard, connections: () => connections };
}
