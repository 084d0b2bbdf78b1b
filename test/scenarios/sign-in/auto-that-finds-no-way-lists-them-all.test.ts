import { expect, test } from 'vitest';
import { installAz } from '../../support/az.ts';
import { openScenario } from '../../support/scenario.ts';

const { azure, step } = await openScenario();
const az = await installAz(azure, 'no session');

test('names what each way needs, the recommended one first', async () => {
  const { error } = await step({
    inputs: { 'client-id': undefined, 'tenant-id': undefined },
    env: {
      PATH: az.path,
      ACTIONS_ID_TOKEN_REQUEST_URL: undefined,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: undefined,
      AZURE_POD_IDENTITY_AUTHORITY_HOST: azure.imdsHost,
    },
  });

  const [first, oidc, ...others] = error.split('\n');
  expect(first).toBe('There is no way to sign in to Azure.');
  expect(oidc).toBe(
    "- oidc (recommended) needs permissions: id-token: write on the job, client-id and tenant-id. Missing: client-id, tenant-id, the job's permissions: id-token: write.",
  );
  expect(others.map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
    '- client-secret',
    '- workload-identity',
    '- azure-cli',
    '- managed-identity',
    'Tried:',
    '- azure-cli:',
    '- managed-identity:',
  ]);
});
