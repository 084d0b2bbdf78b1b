/** The names that lead to an endpoint in Resource Manager. Each keeps Azure's rule for such a name (naming-rules.ts). */
export interface EndpointAddress {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly workspace: string;
  readonly name: string;
}

/** The parts of a resource ID: subscription, resource group, workspace and name. */
export const RESOURCE_ID =
  /^\/?subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/Microsoft\.MachineLearningServices\/workspaces\/([^/]+)\/onlineEndpoints\/([^/]+)\/?$/i;

/** The resource ID as Resource Manager writes it. */
export function resourceId({ subscriptionId, resourceGroup, workspace, name }: EndpointAddress): string {
  return `${workspaceId({ subscriptionId, resourceGroup, workspace })}/onlineEndpoints/${name}`;
}

export function workspaceId(address: Omit<EndpointAddress, 'name'>): string {
  const { subscriptionId, resourceGroup, workspace } = address;
  return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.MachineLearningServices/workspaces/${workspace}`;
}
