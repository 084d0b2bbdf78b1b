import { expect, test } from 'vitest';
import { installAz } from '../../support/az.ts';
import { openScenario } from '../../support/scenario.ts';

const { azure, step } = await openScenario();
const az = await installAz(azure, 'no session');

test('The message says that a step before this one must log in.', async () => {
  const { error } = await step({ inputs: { login: 'azure-cli' }, env: { PATH: az.path } });

  expect(error).toContain('The Azure CLI gave no token');
  expect(error).toContain('Run azure/login (or az login) in a step before this one, in the same job.');
});
