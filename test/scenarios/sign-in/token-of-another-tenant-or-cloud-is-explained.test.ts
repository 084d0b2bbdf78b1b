import { expect, test } from 'vitest';
import { openScenario } from '../../support/scenario.ts';

const { azure, step } = await openScenario();

test("the error names the subscription's tenant", async () => {
  const tenant = '22222222-3333-4444-8555-666666666666';
  azure.access.subscriptionTenantId = tenant;
  const { error } = await step();

  expect(error).toContain(
    `Subscription '${azure.subscriptionId}' does not trust the tenant '${azure.tenantId}' that signed in.`,
  );
  expect(error).toContain(`Set the input 'tenant-id' to '${tenant}', the tenant of the subscription.`);
});

test('the error says that the clouds are mixed up when the audience is wrong', async () => {
  const code = 'InvalidAuthenticationTokenAudience';
  const message =
    "The access token has been obtained for wrong audience or resource 'https://management.azure.com'. It should exactly match with one of the allowed audiences 'https://management.usgovcloudapi.net'.";
  azure.setFault('endpoint', {
    kind: 'body',
    status: 401,
    body: JSON.stringify({ error: { code, message } }),
  });
  const { error } = await step();

  expect(error).toContain(
    "The access token is for 'https://management.azure.com', which Resource Manager of 'LocalAzure' does not accept.",
  );
  expect(error).toContain("The clouds are mixed up. Check the input 'cloud'");
});

test('the error says how to make the service principal that is missing', async () => {
  azure.identity.principalMissing = true;
  const { error } = await step();

  expect(error).toContain(
    `Application '${azure.clientId}' has no service principal in tenant '${azure.tenantId}'.`,
  );
  expect(error).toContain(`az ad sp create --id ${azure.clientId}`);
});

test('the error says that an older cloud does not know the version of the API', async () => {
  azure.access.apiVersions = ['2022-02-01-preview'];
  const { error } = await step();

  expect(error).toContain("Resource Manager of 'LocalAzure' does not know the version");
  expect(error).toContain('It knows: 2022-02-01-preview.');
});
