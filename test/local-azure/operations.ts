import { jsonAnswer } from './answers.ts';
import { notFound, serviceError } from './arm-errors.ts';
import { containerLog } from './container-logs.ts';
import { deploymentResource, endpointResource } from './resources.ts';
import type { Action, AuthToken, DeploymentState, EndpointState, World } from './state.ts';
import { nowSeconds } from './tokens.ts';
import type { Answer, Call, Received } from './wire.ts';

/** What a request to Resource Manager asks of the Machine Learning service. */
export interface Operation {
  readonly call: Call;
  readonly method: 'GET' | 'POST';
  readonly action: Action;
  /** Resource ID that the action is performed on, as the caller wrote it. */
  readonly scope: string;
  readonly subscription: string;
  readonly group: string;
  readonly workspace: string;
  readonly endpoint: string;
  readonly deployment: string | undefined;
}

/** The service's answer to a caller who may ask. */
export function answerOperation(
  world: World,
  operation: Operation,
  received: Received,
  apiVersion: string,
): Answer {
  if (operation.call === 'endpoints') return listEndpoints(world, received.url, apiVersion);
  const endpoint = byName(world.endpoints, operation.endpoint);
  if (endpoint === undefined) return notFound();
  switch (operation.call) {
    case 'keys':
      return jsonAnswer(200, endpointKeys(endpoint));
    case 'token':
      return jsonAnswer(200, issueToken(world, endpoint));
    case 'deployments':
    case 'logs':
      return answerDeployments(world, endpoint, operation, received, apiVersion);
    default:
      return jsonAnswer(200, endpointResource(world, endpoint, apiVersion));
  }
}

function listEndpoints(world: World, url: URL, apiVersion: string): Answer {
  const name = url.searchParams.get('name')?.toLowerCase();
  const computeType = url.searchParams.get('computeType')?.toLowerCase();
  const resources = [...world.endpoints.values()]
    .filter((endpoint) => name === undefined || endpoint.name.toLowerCase() === name)
    .filter(({ compute }) => {
      const type = compute === null ? 'managed' : 'kubernetes';
      return computeType === undefined || computeType === type;
    })
    .map((endpoint) => endpointResource(world, endpoint, apiVersion));
  return onePage(world, url, resources, url.searchParams.get('count'));
}

function answerDeployments(
  world: World,
  endpoint: EndpointState,
  operation: Operation,
  { url, body }: Received,
  apiVersion: string,
): Answer {
  const resource = (deployment: DeploymentState): unknown => {
    const shown = deploymentResource(world, endpoint, deployment, apiVersion);
    deployment.provisioningState = deployment.upcomingStates.shift() ?? deployment.provisioningState;
    return shown;
  };
  if (operation.deployment === undefined) {
    const resources = [...endpoint.deployments.values()].map(resource);
    return onePage(world, url, resources, url.searchParams.get('$top'));
  }
  const deployment = byName(endpoint.deployments, operation.deployment);
  if (deployment === undefined) return notFound();
  return operation.call === 'deployments'
    ? jsonAnswer(200, resource(deployment))
    : answerLogs(deployment, body.toString());
}

function answerLogs(deployment: DeploymentState, body: string): Answer {
  let request: { readonly containerType?: unknown; readonly tail?: unknown } | null;
  try {
    request = JSON.parse(body);
  } catch {
    request = null;
  }
  if (typeof request !== 'object' || request === null) {
    return serviceError(400, 'UserError', 'The request is invalid.', { innerCode: 'BadArgument' });
  }
  const { containerType, tail } = request;
  const type = typeof containerType === 'string' ? containerType : 'InferenceServer';
  const content = containerLog(deployment, type, typeof tail === 'number' ? tail : undefined);
  return jsonAnswer(200, { content });
}

/** An endpoint of another mode has no keys, and says so with a success. */
function endpointKeys({ authMode, keys }: EndpointState): unknown {
  const usesKeys = authMode.toLowerCase() === 'key';
  return { primaryKey: usesKeys ? keys.primary : null, secondaryKey: usesKeys ? keys.secondary : null };
}

/** A token is given whatever the mode; the claims and the times are as recorded. */
function issueToken({ tokens, tenant }: World, endpoint: EndpointState): AuthToken {
  const now = nowSeconds();
  const expiryTimeUtc = now + endpoint.token.lifetimeSeconds;
  const accessToken = tokens.issue(`token of ${endpoint.name}`, {
    canRefresh: 'False',
    workspaceId: tenant.workspaceId,
    tid: tenant.tenantId,
    oid: tenant.objectId,
    actions: '["Microsoft.MachineLearningServices/workspaces/onlineEndpoints/score/action"]',
    endpointName: endpoint.name,
    serviceId: endpoint.name,
    exp: expiryTimeUtc,
    iss: 'azureml',
    aud: 'azureml',
  });
  const refreshAfterTimeUtc = now + Math.floor(endpoint.token.lifetimeSeconds / 2);
  return { accessToken, tokenType: 'Bearer', expiryTimeUtc, refreshAfterTimeUtc, ...endpoint.token.answer };
}

function onePage({ access }: World, url: URL, items: readonly unknown[], limit: string | null): Answer {
  const start = Number(url.searchParams.get('$skip') ?? 0);
  const size = limit === null ? (access.pageSize ?? items.length) : Number(limit);
  const end = start + Math.max(size, 1);
  const value = items.slice(start, end);
  if (end >= items.length) return jsonAnswer(200, { value });
  const nextLink = new URL(url);
  nextLink.searchParams.set('$skip', String(end));
  return jsonAnswer(200, { value, nextLink: nextLink.href });
}

/** Names match in any case. */
function byName<T>(items: ReadonlyMap<string, T>, name: string): T | undefined {
  return items.get(name) ?? [...items].find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
}
