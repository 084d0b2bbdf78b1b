import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterEach, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import type { SignInSettings } from '../../../../src/azure/sign-in/settings.ts';
import { signIn } from '../../../../src/azure/sign-in/sign-in.ts';
import { announceMasksTo } from '../../../../src/secrets/secret.ts';
import { CLOUD } from '../../../support/azure.ts';

// In a file of its own: the library keeps what it knows of a machine's identity for the life of the process.
beforeAll(() => announceMasksTo(() => undefined));
afterEach(() => vi.unstubAllEnvs());

test('auto uses a managed identity when az has no session', async () => {
  const requests: string[] = [];
  const imds = createServer((request, response) => {
    requests.push(request.url ?? '');
    const token = {
      access_token: 'an-access-token-of-this-machine',
      expires_in: '86399',
      expires_on: String(Math.floor(Date.now() / 1_000) + 86_399),
      resource: CLOUD.resourceManager,
      token_type: 'Bearer',
    };
    response.setHeader('Content-Type', 'application/json');
    // A token may take longer than it takes to find out that something listens.
    setTimeout(() => response.end(JSON.stringify(token)), 1_500);
  }).listen(0, '127.0.0.1');
  onTestFinished(() => {
    imds.close();
    imds.closeAllConnections();
  });
  await once(imds, 'listening');
  const { port } = imds.address() as { port: number };
  vi.stubEnv('PATH', '/nowhere');
  vi.stubEnv('AZURE_POD_IDENTITY_AUTHORITY_HOST', `http://127.0.0.1:${port}`);
  for (const name of ['IDENTITY_ENDPOINT', 'IDENTITY_HEADER', 'MSI_ENDPOINT', 'AZURE_FEDERATED_TOKEN_FILE']) {
    vi.stubEnv(name, undefined);
  }
  const settings: SignInSettings = {
    choice: 'auto',
    clientId: undefined,
    tenantId: undefined,
    clientSecret: undefined,
    idTokens: undefined,
    federatedTokenFile: undefined,
  };
  const said: string[] = [];
  const azure = await signIn({
    settings,
    cloudChoice: { kind: 'known', name: 'AzureCloud' },
    cloud: Promise.resolve(CLOUD),
    say: (line) => said.push(line),
  });

  expect(said).toEqual([
    `Asking 127.0.0.1:${port} for a token of this machine's own managed identity (no client-id is given).`,
    'Signed in with managed-identity: a managed identity answers.',
  ]);
  expect(azure.errorContext()).toEqual({ signInMethod: 'managed-identity' });
  expect(requests.at(-1)).toContain('resource=https%3A%2F%2Farm.local');
});
