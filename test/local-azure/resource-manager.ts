import { jsonAnswer } from './answers.ts';
import { armError, serviceError } from './arm-errors.ts';
import { createArmHeaders } from './arm-headers.ts';
import { callerOf } from './bearer.ts';
import { answerMetadata } from './metadata.ts';
import { answerOperation, type Operation } from './operations.ts';
import type { Action, World } from './state.ts';
import type { Answer, Call, Received, Route, Service } from './wire.ts';

const PROVIDER = 'Microsoft.MachineLearningServices';
const ENDPOINTS =
  /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/Microsoft\.MachineLearningServices\/workspaces\/([^/]+)\/onlineEndpoints(?:\/([^/]+))?(?:\/(listKeys|token|deployments))?(?:\/([^/]+))?(?:\/(getLogs))?\/?$/i;

/** Resource Manager: its metadata document, the subscriptions, and the online endpoints of the one workspace. */
export function resourceManagerService(world: World): Service {
  const commonHeaders = createArmHeaders(world);
  return (received) => {
    const { url } = received;
    const path = url.pathname.toLowerCase().replace(/\/$/, '');
    const apiVersion = apiVersionOf(url);
    if (path === '/metadata/endpoints') {
      return { call: 'metadata', answer: () => answerMetadata(world, apiVersion) };
    }
    const operation = operationOf(url.pathname);
    const route = (call: Call, answer: () => Answer): Route => ({
      call,
      answer: () =>
        withHeaders(apiVersion === null ? missingApiVersion() : answer(), commonHeaders(received)),
    });
    if (operation !== undefined) {
      return route(operation.call, () => answerEndpoints(world, operation, received, apiVersion ?? ''));
    }
    if (path === '/subscriptions') return route('other', () => answerSubscriptions(world, received));
    return route('other', () => answerUnknown(world, received, apiVersion ?? ''));
  };
}

/** The name of the parameter matches in any case, as the paths do. */
function apiVersionOf(url: URL): string | null {
  const [, value] = [...url.searchParams].find(([name]) => name.toLowerCase() === 'api-version') ?? [];
  return value === undefined || value === '' ? null : value;
}

function operationOf(pathname: string): Operation | undefined {
  const match = ENDPOINTS.exec(pathname);
  if (match === null) return undefined;
  const [subscription = '', group = '', workspace = '', endpoint, part, deployment, logs] = match.slice(1);
  const target = {
    scope: pathname.replace(/\/(listKeys|token|getLogs|deployments|onlineEndpoints)\/?$/i, ''),
    subscription,
    group,
    workspace,
  };
  const operation = (call: Call, method: 'GET' | 'POST', action: Action): Operation => ({
    ...target,
    call,
    method,
    action,
    endpoint: decodeURIComponent(endpoint ?? ''),
    deployment: deployment === undefined ? undefined : decodeURIComponent(deployment),
  });
  if (endpoint === undefined) return operation('endpoints', 'GET', 'read');
  if (part === undefined && deployment === undefined) return operation('endpoint', 'GET', 'read');
  switch (part?.toLowerCase()) {
    case 'listkeys':
      return deployment === undefined ? operation('keys', 'POST', 'listKeys/action') : undefined;
    case 'token':
      return deployment === undefined ? operation('token', 'POST', 'token/action') : undefined;
    case 'deployments':
      return logs === undefined
        ? operation('deployments', 'GET', 'deployments/read')
        : operation('logs', 'POST', 'deployments/getLogs/action');
    default:
      return undefined;
  }
}

/** Resource Manager's own checks come first, the service's after them. */
function answerEndpoints(world: World, operation: Operation, received: Received, apiVersion: string): Answer {
  const { tenant, access } = world;
  const { subscription, group, workspace, scope } = operation;
  const caller = callerOf(world, received.headers.authorization);
  if ('refusal' in caller) return caller.refusal;
  if (subscription.toLowerCase() !== tenant.subscriptionId) return subscriptionNotFound(subscription);
  if (received.method !== operation.method) return wrongMethod(received.method, operation.method);

  // Who has no rights learns nothing, not even that the resource does not exist.
  const refusedBy = access.denied.get(operation.action);
  const action = `${PROVIDER}/workspaces/onlineEndpoints/${operation.action}`;
  if (refusedBy === 'AuthorizationFailed') {
    const message = `The client '${caller.clientId}' with object id '${caller.objectId}' does not have authorization to perform action '${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`;
    return armError(403, 'AuthorizationFailed', message);
  }
  if (group.toLowerCase() !== tenant.resourceGroup.toLowerCase()) {
    return armError(404, 'ResourceGroupNotFound', `Resource group '${group}' could not be found.`);
  }
  if (!access.apiVersions.includes(apiVersion)) return unsupportedApiVersion(world, apiVersion);
  if (workspace.toLowerCase() !== tenant.workspace.toLowerCase()) {
    const message = `The Resource '${PROVIDER}/workspaces/${workspace}' under resource group '${group}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`;
    return armError(404, 'ResourceNotFound', message);
  }
  if (access.lock === 'ReadOnly' && operation.method === 'POST') {
    const locked = scope.replace(/\/onlineEndpoints\/.*$/i, '');
    const message = `The scope '${scope}' cannot perform write operation because following scope(s) are locked: '${locked}'. Please remove the lock and try again.`;
    return armError(409, 'ScopeLocked', message);
  }
  if (access.privateLink !== 'none') return privateLinkDenied(access.privateLink);
  if (refusedBy === 'ForbiddenError') {
    const message = `Identity(object id: ${caller.objectId}) does not have permissions for ${action} actions.`;
    return serviceError(403, 'UserError', message, { innerCode: 'ForbiddenError' });
  }
  return answerOperation(world, operation, received, apiVersion);
}

function answerSubscriptions(world: World, { method, headers }: Received): Answer {
  const caller = callerOf(world, headers.authorization);
  if ('refusal' in caller) return caller.refusal;
  if (method !== 'GET') return wrongMethod(method, 'GET');
  const { subscriptionId, tenantId } = world.tenant;
  return jsonAnswer(200, {
    value: [
      {
        id: `/subscriptions/${subscriptionId}`,
        authorizationSource: 'RoleBased',
        managedByTenants: [],
        subscriptionId,
        tenantId,
        displayName: 'Churn',
        state: 'Enabled',
        subscriptionPolicies: {
          locationPlacementId: 'Public_2014-09-01',
          quotaId: 'PayAsYouGo_2014-09-01',
          spendingLimit: 'Off',
        },
      },
    ],
    count: { type: 'Total', value: 1 },
  });
}

function answerUnknown(world: World, { url, headers }: Received, apiVersion: string): Answer {
  const caller = callerOf(world, headers.authorization);
  if ('refusal' in caller) return caller.refusal;
  const [, subscription, rest = ''] = /^\/subscriptions\/([^/]+)(\/.*)?$/i.exec(url.pathname) ?? [];
  if (subscription === undefined) {
    const message = 'The request did not have a subscription or a valid tenant level resource provider.';
    return armError(404, 'MissingSubscription', message);
  }
  if (subscription.toLowerCase() !== world.tenant.subscriptionId) return subscriptionNotFound(subscription);
  const [, namespace = '', types = ''] = /\/providers\/([^/]+)\/(.+)$/i.exec(rest) ?? [];
  const type = types
    .split('/')
    .filter((_, index) => index % 2 === 0)
    .join('/');
  const message = `The resource type '${type}' could not be found in the namespace '${namespace}' for api version '${apiVersion}'.`;
  return armError(404, 'InvalidResourceType', message);
}

function missingApiVersion(): Answer {
  const message = 'The api-version query parameter (?api-version=) is required for all requests.';
  return armError(400, 'MissingApiVersionParameter', message);
}

function unsupportedApiVersion({ access }: World, apiVersion: string): Answer {
  const supported = `The supported api-versions are '${access.apiVersions.join(', ')}'.`;
  const type = 'workspaces/onlineEndpoints';
  // Before that year there were no online endpoints at all.
  if (apiVersion < '2022') {
    const message = `The resource type '${type}' could not be found in the namespace '${PROVIDER}' for api version '${apiVersion}'. ${supported}`;
    return armError(404, 'InvalidResourceType', message);
  }
  const message = `No registered resource provider found for location 'westeurope' and API version '${apiVersion}' for type '${type}'. ${supported} The supported locations are 'westeurope, northeurope'.`;
  return armError(400, 'NoRegisteredProviderFound', message);
}

function subscriptionNotFound(subscription: string): Answer {
  return armError(404, 'SubscriptionNotFound', `The subscription '${subscription}' could not be found.`);
}

function wrongMethod(method: string, allowed: string): Answer {
  const message = `The requested resource does not support http method '${method}'.`;
  return armError(405, 'UnsupportedHttpMethod', message, { Allow: allowed });
}

function privateLinkDenied(status: '401' | '502'): Answer {
  const message =
    status === '401'
      ? 'User is not authorized to access provided resources due to none of the workspaces/registries are accessible from outside of the designated private link..'
      : 'Access to workspace was denied based on workspace private link configuration.';
  return serviceError(Number(status), 'UserError', message);
}

function withHeaders(answer: Answer, common: Readonly<Record<string, string>>): Answer {
  return { ...answer, headers: { ...common, ...answer.headers } };
}
