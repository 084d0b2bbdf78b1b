import type { DeploymentState, EndpointState, World } from './state.ts';

const PROVIDER = 'Microsoft.MachineLearningServices';

export function workspaceId({ tenant }: World): string {
  const { subscriptionId, resourceGroup, workspace } = tenant;
  return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/${PROVIDER}/workspaces/${workspace}`;
}

/** An endpoint as Resource Manager shows it, in the recorded shape. */
export function endpointResource(world: World, endpoint: EndpointState, apiVersion: string): unknown {
  const id = `${workspaceId(world)}/onlineEndpoints/${endpoint.name}`;
  return {
    id,
    name: endpoint.name,
    type: `${PROVIDER}/workspaces/onlineEndpoints`,
    properties: {
      description: endpoint.description,
      properties: {
        'azureml.onlineendpointid': id.toLowerCase(),
        AzureAsyncOperationUri: operationUri(world, endpoint.location, 'oeidp', apiVersion),
      },
      scoringUri: endpoint.scoringUri,
      swaggerUri: endpoint.swaggerUri,
      authMode: endpoint.authMode,
      provisioningState: endpoint.provisioningState,
      compute: endpoint.compute,
      traffic: endpoint.traffic,
      // The one stable version without it is the oldest.
      ...(apiVersion === '2022-10-01' ? {} : { mirrorTraffic: endpoint.mirrorTraffic }),
      publicNetworkAccess: endpoint.publicNetworkAccess,
    },
    systemData: SYSTEM_DATA,
    tags: endpoint.tags,
    location: endpoint.location,
    ...(endpoint.compute === null ? { kind: 'Managed' } : {}),
    identity: {
      type: 'SystemAssigned',
      principalId: '7d0a3f51-2c4e-4b86-9f1d-35e8a6c7b902',
      tenantId: world.tenant.tenantId,
    },
  };
}

/** A deployment as Resource Manager shows it, in the recorded shape. */
export function deploymentResource(
  world: World,
  endpoint: EndpointState,
  deployment: DeploymentState,
  apiVersion: string,
): unknown {
  const workspace = workspaceId(world);
  const managed = endpoint.compute === null;
  return {
    id: `${workspace}/onlineEndpoints/${endpoint.name}/deployments/${deployment.name}`,
    name: deployment.name,
    type: `${PROVIDER}/workspaces/onlineEndpoints/deployments`,
    properties: {
      description: null,
      properties: { AzureAsyncOperationUri: operationUri(world, endpoint.location, 'odidp', apiVersion) },
      codeConfiguration: {
        codeId: `${workspace}/codes/38b4fd9c-442f-42f8-8b87-601e5c35a88e/versions/1`,
        scoringScript: 'score.py',
      },
      environmentId: `${workspace}/environments/churn/versions/3`,
      environmentVariables: {},
      scaleSettings: { scaleType: 'Default' },
      requestSettings: {
        maxQueueWait: 'PT0S',
        requestTimeout: `PT${deployment.requestTimeoutMs / 1000}S`,
        maxConcurrentRequestsPerInstance: deployment.maxConcurrentRequestsPerInstance,
      },
      modelMountPath: null,
      appInsightsEnabled: false,
      livenessProbe: PROBE,
      readinessProbe: PROBE,
      provisioningState: deployment.provisioningState,
      instanceType: managed ? deployment.instanceType : 'defaultinstancetype',
      model: `${workspace}/models/churn/versions/7`,
      egressPublicNetworkAccess: 'Enabled',
      endpointComputeType: managed ? 'Managed' : 'Kubernetes',
      // Without it, Microsoft's Python client cannot list a deployment on Kubernetes.
      ...(managed ? {} : { containerResourceRequirements: CONTAINER_RESOURCES }),
    },
    systemData: SYSTEM_DATA,
    tags: {},
    location: endpoint.location,
    ...(managed ? { kind: 'Managed' } : {}),
    sku: { name: 'Default', tier: 'Standard', capacity: deployment.instanceCount },
  };
}

const PROBE = {
  failureThreshold: 30,
  successThreshold: 1,
  timeout: 'PT2S',
  period: 'PT10S',
  initialDelay: 'PT10S',
};

const CONTAINER_RESOURCES = {
  containerResourceRequests: { cpu: '0.1', memory: '0.5Gi' },
  containerResourceLimits: { cpu: '1', memory: '2Gi' },
};

const SYSTEM_DATA = {
  createdAt: '2026-03-03T20:17:59.3439606+00:00',
  createdBy: 'Octo Cat',
  createdByType: 'User',
  lastModifiedAt: '2026-03-03T20:17:59.3439606+00:00',
};

function operationUri(
  { origins, tenant }: World,
  location: string,
  kind: string,
  apiVersion: string,
): string {
  const operation = `${kind}:${tenant.workspaceId}:aed27aba-8ccf-4ff7-b49c-ed5627669f2e`;
  return `${origins.resourceManager}/subscriptions/${tenant.subscriptionId}/providers/${PROVIDER}/locations/${location}/mfeOperationsStatus/${operation}?api-version=${apiVersion}`;
}
