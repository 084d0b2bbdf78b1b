import { expect, test } from 'vitest';
import { openScenario } from '../../support/scenario.ts';

const { step } = await openScenario();

test('the error names the variable that is missing', async () => {
  const { error, exchanges } = await step({ inputs: { login: 'workload-identity' } });

  expect(error).toContain('login: workload-identity needs AZURE_FEDERATED_TOKEN_FILE, which is not set.');
  expect(exchanges.filter(({ call }) => call !== 'metadata')).toEqual([]);
});

test('the error names the file that cannot be read', async () => {
  const { error } = await step({
    inputs: { login: 'workload-identity' },
    env: { AZURE_FEDERATED_TOKEN_FILE: 'no/such/file' },
  });

  expect(error).toContain("AZURE_FEDERATED_TOKEN_FILE names 'no/such/file', which cannot be read (ENOENT).");
});
