import { expect, test } from 'vitest';
import { openScenario } from '../../support/scenario.ts';

const { azure, step } = await openScenario();

test('the error says that the machine lacks the identity that client-id names', async () => {
  azure.identity.managedIdentity = 'system';
  const { error } = await step({
    inputs: { login: 'managed-identity' },
    env: { AZURE_POD_IDENTITY_AUTHORITY_HOST: azure.imdsHost },
  });

  expect(error).toContain(`This machine has no managed identity with client ID '${azure.clientId}'.`);
  expect(error).toContain('it is the client ID, not the object ID');
});

test('the error says that the machine has no identity of its own', async () => {
  const { error } = await step({
    inputs: { login: 'managed-identity', 'client-id': undefined },
    env: { AZURE_POD_IDENTITY_AUTHORITY_HOST: azure.imdsHost },
  });

  expect(error).toContain('This machine has no system-assigned managed identity.');
});

test('the error says that the machine is not in Azure', async () => {
  const { error } = await step({
    inputs: { login: 'managed-identity' },
    env: { AZURE_POD_IDENTITY_AUTHORITY_HOST: azure.scoringHttpHost },
  });

  expect(error).toContain('On a GitHub-hosted runner use login: oidc.');
});
