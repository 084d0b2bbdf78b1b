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
