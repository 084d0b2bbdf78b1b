import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { idToken } from './client.ts';
import { type LocalAzure, startLocalAzure } from './index.ts';

let azure: LocalAzure;
beforeAll(async () => {
  azure = await startLocalAzure();
});
afterAll(() => azure.close());

const PROGRAM = `
import { AzurePipelinesCredential, ClientAssertionCredential, ClientSecretCredential, ManagedIdentityCredential, WorkloadIdentityCredential } from '@azure/identity';
import { AzureMachineLearningWorkspaces } from '@azure/arm-machinelearning';
const { azure, assertion } = JSON.parse(process.env.LOCAL_AZURE);
const options = { authorityHost: azure.entraHost, disableInstanceDiscovery: true };
const credentials = [
  new ClientSecretCredential(azure.tenantId, azure.clientId, azure.clientSecret, options),
  new ClientAssertionCredential(azure.tenantId, azure.clientId, async () => assertion, options),
  new WorkloadIdentityCredential({ ...azure, tokenFilePath: azure.federatedTokenFile, ...options }),
  new ManagedIdentityCredential(),
  new AzurePipelinesCredential(azure.tenantId, azure.clientId, azure.connection.id, azure.connection.accessToken, options),
];
const found = [];
for (const credential of credentials) {
  const client = new AzureMachineLearningWorkspaces(credential, azure.subscriptionId, {
    endpoint: azure.resourceManagerHost,
    credentialScopes: azure.resourceManagerHost + '/.default',
  });
  const where = [azure.resourceGroup, azure.workspace];
  const names = [];
  for await (const endpoint of client.onlineEndpoints.list(...where)) names.push(endpoint.name);
  const { scoringUri } = await client.onlineEndpoints.get(...where, 'churn-key').then((e) => e.properties ?? e.endpointProperties);
  const { primaryKey } = await client.onlineEndpoints.listKeys(...where, 'churn-key');
  const { tokenType } = await client.onlineEndpoints.getToken(...where, 'churn-token');
  const { content } = await client.onlineDeployments.getLogs(...where, 'churn-key', 'broken', { tail: 5 });
  const { token } = await credential.getToken(azure.dataPlaneAudience + '/.default');
  found.push({ names, scoringUri, primaryKey, tokenType, log: content.includes('UserScriptException'), token: token.length > 0 });
}
console.log(JSON.stringify(found));
`;

test("Microsoft's own client libraries work against it unchanged", async () => {
  const { entraHost, resourceManagerHost, tenantId, clientId, clientSecret, subscriptionId } = azure;
  const { resourceGroup, workspace, dataPlaneAudience, federatedTokenFile } = azure;
  azure.identity.managedIdentity = 'system';
  const facts = { entraHost, resourceManagerHost, tenantId, clientId, clientSecret, subscriptionId };
  const payload = {
    azure: {
      ...facts,
      connection: azure.connection,
      resourceGroup,
      workspace,
      dataPlaneAudience,
      federatedTokenFile,
    },
    assertion: await idToken(azure),
  };
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', PROGRAM], {
    cwd: new URL('../..', import.meta.url),
    env: {
      ...process.env,
      NODE_EXTRA_CA_CERTS: azure.caFile,
      AZURE_POD_IDENTITY_AUTHORITY_HOST: azure.imdsHost,
      SYSTEM_OIDCREQUESTURI: azure.connection.requestUri,
      LOCAL_AZURE: JSON.stringify(payload),
    },
  });
  const expected = {
    names: ['churn-key', 'churn-token', 'churn-aad', 'churn-k8s'],
    scoringUri: azure.endpoints.get('churn-key')!.scoringUri,
    primaryKey: azure.endpoints.get('churn-key')!.keys.primary,
    tokenType: 'Bearer',
    log: true,
    token: true,
  };
  expect(JSON.parse(stdout)).toEqual([expected, expected, expected, expected, expected]);
  await azure.settled();
  expect(azure.violations).toEqual([]);
}, 20_000);
