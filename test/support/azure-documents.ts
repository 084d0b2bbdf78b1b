import type { LocalAzure } from '../local-azure/index.ts';
import { endpointIdOf } from './azure.ts';

/** The metadata document of a cloud, as its Resource Manager gives it. */
export function metadataDocument(
  azure: LocalAzure,
  { resourceManager = azure.resourceManagerHost, entra = azure.entraHost, name = 'LocalAzure' } = {},
): string {
  return JSON.stringify([
    {
      name,
      portal: azure.dataPlaneAudience.replace('ml', 'portal'),
      authentication: {
        loginEndpoint: entra,
        audiences: [resourceManager],
        tenant: 'common',
        identityProvider: 'AAD',
      },
      resourceManager,
      suffixes: { storage: 'core.local-azure.example' },
    },
  ]);
}

/** What Resource Manager says of an endpoint, with properties that no OpenAPI document would let through. */
export function endpointDocument(
  azure: LocalAzure,
  properties: Readonly<Record<string, unknown>>,
  fields: Readonly<Record<string, unknown>> = {},
): string {
  const name = 'churn-key';
  return JSON.stringify({
    id: endpointIdOf(azure, name),
    name,
    type: 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints',
    location: 'westeurope',
    tags: {},
    kind: 'Managed',
    properties: {
      authMode: 'Key',
      description: null,
      properties: {},
      scoringUri: `${azure.scoringHost}/api/v1/endpoint/${name}/score`,
      swaggerUri: `${azure.scoringHost}/api/v1/endpoint/${name}/swagger.json`,
      compute: null,
      provisioningState: 'Succeeded',
      publicNetworkAccess: 'Enabled',
      traffic: { blue: 100, green: 0 },
      mirrorTraffic: {},
      ...properties,
    },
    ...fields,
  });
}
