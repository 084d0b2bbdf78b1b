import https from 'node:https';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import { openWorkspace, type Workspace } from '../../src/azure/resource-manager/calls.ts';
import { guard } from '../../src/secrets/secret.ts';
import { issueCertificates } from '../local-azure/certificates.ts';
import { azureOf } from './azure.ts';

export const ADDRESS = { subscriptionId: 'sub', resourceGroup: 'rg', workspace: 'ws', name: 'churn' };
export const ACCESS_TOKEN = 'eyJ0eXAiOiJKV1QifQ.q8K3hYt0Zr7WvN2dXbLpE5sM.fC1uJgRaT4yHk9QwZx6VbN3m';

export interface ResourceManager {
  /** A workspace whose calls go to it. */
  readonly workspace: Workspace;
  /** Sets the body of all further responses. */
  respondWith(body: string): void;
  /** How many it has been sent. */
  requests(): number;
  close(): void;
}

/** A Resource Manager that sends the same JSON whatever it is asked, since the local Azure sends only valid responses. */
export async function startResourceManager(): Promise<ResourceManager> {
  let body = '';
  let requests = 0;
  const server = https.createServer((request, response) => {
    requests += 1;
    request.resume();
    response.setHeader('Content-Type', 'application/json').end(body);
  });
  const { caPem, certificatePem: cert, keyPem: key } = await issueCertificates();
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), caPem]);
  server.setSecureContext({ cert, key });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const resourceManager = `https://localhost:${(server.address() as AddressInfo).port}`;
  const secret = guard(ACCESS_TOKEN, 'The access token');
  const azure = azureOf(() => ({ secret, expiresOn: new Date(Date.now() + 3_600_000) }), { resourceManager });
  return {
    workspace: openWorkspace(azure, ADDRESS),
    respondWith(next) {
      body = next;
    },
    requests: () => requests,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
