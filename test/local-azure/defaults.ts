import { randomBytes, randomUUID } from 'node:crypto';
import { START_LOG } from './container-logs.ts';
import { BROKEN_LOG, brokenModel } from './models.ts';
import {
  type AccessState,
  API_VERSIONS,
  createDeployment,
  createEndpoint,
  type EndpointState,
  type FederatedCredential,
  type IdentityState,
  type Origins,
  randomKey,
  type Tenant,
} from './state.ts';

/** Makes up the tenant of one run. */
export function createTenant(dataPlaneAudience: string): Tenant {
  return {
    tenantId: randomUUID(),
    clientId: randomUUID(),
    objectId: randomUUID(),
    clientSecret: `3Xp8Q~${randomBytes(26).toString('base64url').slice(0, 34)}`,
    managedIdentity: { clientId: randomUUID(), objectId: randomUUID() },
    subscriptionId: randomUUID(),
    resourceGroup: 'rg-churn',
    workspace: 'ws-churn',
    workspaceId: randomUUID(),
    dataPlaneAudience,
  };
}

export function initialIdentity(
  tenant: Tenant,
  origins: Origins,
  federatedCredentials: readonly FederatedCredential[],
): IdentityState {
  return {
    secretExpired: false,
    secretRevoked: false,
    federatedCredentials: federatedCredentials.map((credential) => ({ ...credential })),
    olderWording: false,
    conditionalAccess: false,
    clockSkewSeconds: 0,
    principalMissing: false,
    resources: [origins.resourceManager, `${origins.resourceManager}/`, tenant.dataPlaneAudience],
    accessTokenLifetimeSeconds: 3_599,
    idTokenLifetimeSeconds: 300,
    idTokenClaims: {},
    managedIdentity: 'none',
  };
}

export function initialAccess(tenant: Tenant): AccessState {
  return {
    denied: new Map(),
    lock: 'none',
    privateLink: 'none',
    subscriptionTenantId: tenant.tenantId,
    apiVersions: [...API_VERSIONS],
    pageSize: undefined,
    dataPlaneAudiences: [tenant.dataPlaneAudience],
  };
}

/** Makes the default endpoints anew each time it is called, always with the same keys. */
export function defaultEndpoints(origins: Origins, tenant: Tenant): () => EndpointState[] {
  const keys = Array.from({ length: 4 }, () => ({ primary: randomKey(), secondary: randomKey() }));
  const cluster = `/subscriptions/${tenant.subscriptionId}/resourceGroups/${tenant.resourceGroup}/providers/Microsoft.MachineLearningServices/workspaces/${tenant.workspace}/computes/k8s`;
  const modes = [
    { name: 'churn-key', authMode: 'Key', compute: null },
    { name: 'churn-token', authMode: 'AMLToken', compute: null },
    { name: 'churn-aad', authMode: 'AADToken', compute: null },
    { name: 'churn-k8s', authMode: 'Key', compute: cluster },
  ];
  return () =>
    modes.map(({ name, ...mode }, index) => {
      const deployments = ['blue', 'green'].map((deployment) =>
        createDeployment(deployment, { logs: logsOf([...START_LOG]) }),
      );
      if (name === 'churn-key') {
        const logs = logsOf([...START_LOG, ...BROKEN_LOG]);
        deployments.push(createDeployment('broken', { model: brokenModel, logs }));
      }
      return createEndpoint(name, origins, {
        ...mode,
        keys: { ...keys[index]! },
        traffic: Object.fromEntries(
          deployments.map((deployment) => [deployment.name, deployment.name === 'blue' ? 100 : 0]),
        ),
        deployments: new Map(deployments.map((deployment) => [deployment.name, deployment])),
      });
    });
}

function logsOf(inferenceServer: string[]): Record<string, string[]> {
  const storageInitializer = [
    '2026-03-03 20:17:12 INFO Downloading model churn:7',
    '2026-03-03 20:17:40 INFO Done',
  ];
  return { InferenceServer: inferenceServer, StorageInitializer: storageInitializer };
}
