import { expect, test } from 'vitest';
import { openScenario } from '../../support/scenario.ts';

const { azure, step } = await openScenario();

test.each([
  [
    'AADSTS700211',
    { issuer: 'https://token.example' },
    "none of its federated credentials has the ID token's issuer.",
  ],
  [
    'AADSTS700212',
    { audience: 'api://AzureADTokenExchangeUSGov' },
    "none of its federated credentials has the ID token's audience.",
  ],
  [
    'AADSTS7002138',
    { subject: 'repo:Octo/Churn:ref:refs/heads/main' },
    "differs from the ID token's subject in upper and lower case only.",
  ],
])('%s', async (code, difference, reason) => {
  azure.identity.federatedCredentials = azure.identity.federatedCredentials.map((credential) => ({
    ...credential,
    ...difference,
  }));
  const { error } = await step();

  expect(error).toContain(`(${code}): `);
  expect(error).toContain(reason);
  expect(error).toContain(`subject: '${azure.oidc.subject}'`);
});
