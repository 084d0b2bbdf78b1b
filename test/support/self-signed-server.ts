import 'reflect-metadata';
import { KeyObject, webcrypto } from 'node:crypto';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import * as x509 from '@peculiar/x509';
import { afterAll } from 'vitest';

const ECDSA = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

export interface CertificateChoices {
  /** The one host name in it. */
  readonly name: string;
  readonly notAfter: Date;
}

export interface TlsServer {
  /** `localhost:40001` */
  readonly host: string;
  /** PEM; who trusts it trusts the server. */
  readonly certificate: string;
}

/** A server that presents a certificate of its own making. Nobody should get as far as to a request. */
export async function startTlsServer({ name, notAfter }: CertificateChoices): Promise<TlsServer> {
  const keys = await webcrypto.subtle.generateKey(ECDSA, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    serialNumber: '01',
    keys,
    signingAlgorithm: ECDSA,
    notBefore: new Date('2020-01-01'),
    notAfter,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: name }]),
    ],
  });
  const cert = `${certificate.toString('pem')}\n`;
  const key = KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' }).toString();
  const server = https.createServer({ cert, key }, (_, response) => response.end());
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  afterAll(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  return { host: `localhost:${(server.address() as AddressInfo).port}`, certificate: cert };
}
