import type { Cloud } from '../../src/azure/clouds.ts';
import type { AccessToken, Azure } from '../../src/azure/sign-in/sign-in.ts';

/** A key like those that Azure makes, for tests that need one. It opens nothing. */
export const KEY = 'q8K3hYt0Zr7WvN2dXbLpE5sMfC1uJgRa';

/** Where an endpoint lies; a local Azure is one such place. */
export interface Place {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly workspace: string;
}

/** The resource ID of an endpoint. */
export function endpointIdOf({ subscriptionId, resourceGroup, workspace }: Place, name: string): string {
  return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.MachineLearningServices/workspaces/${workspace}/onlineEndpoints/${name}`;
}

/** A private cloud. Nothing listens at its addresses. */
export const CLOUD: Cloud = {
  name: 'LocalCloud',
  resourceManager: 'https://arm.local',
  authority: 'https://login.local',
  dataPlaneAudience: 'https://ml.arm.local',
  discoverable: false,
  identityProvider: 'AAD',
};

/** A signed-in identity. @param token gives the access token for an audience, or throws */
export function azureOf(
  token: (audience: string) => AccessToken | Promise<AccessToken>,
  changes: Partial<Cloud> = {},
): Azure {
  return {
    cloud: { ...CLOUD, ...changes },
    token: async (audience) => token(audience),
    subscriptionId: async () => undefined,
    errorContext: () => ({}),
  };
}
