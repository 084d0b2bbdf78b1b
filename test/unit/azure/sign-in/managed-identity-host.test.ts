import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { SignInSettings } from '../../../../src/azure/sign-in/settings.ts';
import { signIn } from '../../../../src/azure/sign-in/sign-in.ts';
import { Failure } from '../../../../src/text/failure.ts';
import { CLOUD } from '../../../support/azure.ts';

// In a file of its own: the library finds out once in a process on which platform it runs.
beforeEach(() => {
  vi.stubEnv('PATH', '/nowhere');
  vi.stubEnv('IDENTITY_ENDPOINT', 'https://127.0.0.1:9/identity');
  vi.stubEnv('IDENTITY_HEADER', 'a-header');
  vi.stubEnv('IDENTITY_SERVER_THUMBPRINT', 'a-thumbprint');
});

afterEach(() => vi.unstubAllEnvs());

function onServiceFabric(choice: SignInSettings['choice']): Promise<unknown> {
  const settings: SignInSettings = {
    choice,
    clientId: '31359c7f-bd7e-475c-86db-fdb8c937548e',
    tenantId: undefined,
    clientSecret: undefined,
    idTokens: undefined,
    federatedTokenFile: undefined,
  };
  return signIn({
    settings,
    cloudChoice: { kind: 'known', name: 'AzureCloud' },
    cloud: Promise.resolve(CLOUD),
    say: () => undefined,
  });
}

test('a client ID is refused on a platform that chooses the identity itself', async () => {
  const failed = onServiceFabric('managed-identity');
  await expect(failed).rejects.toThrow(Failure);
  await expect(failed).rejects.toThrow(
    /^This machine's managed identity cannot be used: .+ Service Fabric .+\nWhere .+ leave the input 'client-id'/,
  );
});

test('auto counts a platform that refuses the client ID as a method that does not work', async () => {
  await expect(onServiceFabric('auto')).rejects.toThrow(
    /^There is no way to sign in to Azure\.\n.*\n- managed-identity: .+ Service Fabric /s,
  );
});
