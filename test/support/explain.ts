import type { ErrorContext } from '../../src/azure/errors/error-context.ts';
import { explain } from '../../src/azure/errors/explain.ts';
import type { Call } from '../../src/network/deadlines.ts';
import { ServiceError } from '../../src/network/service-error.ts';
import entra from '../fixtures/azure-errors/entra.json' with { type: 'json' };
import resourceManager from '../fixtures/azure-errors/resource-manager.json' with { type: 'json' };

export const CLIENT = '31359c7f-bd7e-475c-86db-fdb8c937548e';
export const TENANT = '2b0623dd-90fa-4c5c-bee8-8dc18bd4d948';
export const OBJECT = '1a327ac2-0000-4000-8000-00000000000b';
export const SUBSCRIPTION = 'ff2e23ae-7d7c-4cbd-99b8-116bb94dca6e';

/** Everything is known. */
export const CONTEXT: ErrorContext = {
  cloud: 'AzureCloud',
  signInMethod: 'oidc',
  tenantId: TENANT,
  clientId: CLIENT,
  objectId: OBJECT,
  assertion: {
    issuer: 'https://token.actions.githubusercontent.com',
    subject: 'repo:octo/churn:ref:refs/heads/main',
    audience: 'api://AzureADTokenExchange',
  },
  endpoint: { subscriptionId: SUBSCRIPTION, resourceGroup: 'rg-ml', workspace: 'ws-prod', name: 'churn' },
};

/** Nothing is known but the cloud. */
export const UNKNOWN_CONTEXT: ErrorContext = { cloud: 'AzureCloud' };

/** What `explain` says of a response that was really seen, by its name in the fixtures. */
export function resourceManagerSaid(
  name: string,
  call: Call = 'endpoint',
  context: ErrorContext = CONTEXT,
): string {
  const { status, body, headers } =
    resourceManager.errors.find((error) => error.name === name) ?? missing(name);
  return explainResponse(call, status, body, context, headers as Record<string, string> | undefined);
}

/** What `explain` says of a refusal by Entra. */
export function entraSaid(code: number, context: ErrorContext = CONTEXT): string {
  const { status, body } = entra.errors.find((error) => error.code === code) ?? missing(String(code));
  return explainResponse('sign-in', status, body, context);
}

export function explainResponse(
  call: Call,
  status: number,
  body: unknown,
  context: ErrorContext = CONTEXT,
  headers: Readonly<Record<string, string>> = {},
): string {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return explain(new ServiceError(call, HOSTS[call], { status, headers, body: text }), context);
}

export function explainCause(call: Call, cause: unknown, context: ErrorContext = CONTEXT): string {
  return explain(new ServiceError(call, HOSTS[call], undefined, cause), context);
}

export function firstLine(message: string): string {
  return message.split('\n')[0] ?? '';
}

const ARM = 'management.azure.com';
const HOSTS: Readonly<Record<Call, string>> = {
  metadata: 'arm.local',
  'ID token': 'pipelines.actions.githubusercontent.com',
  'sign-in': 'login.microsoftonline.com',
  'managed identity probe': '169.254.169.254',
  endpoint: ARM,
  endpoints: ARM,
  keys: ARM,
  token: ARM,
  deployments: ARM,
  logs: ARM,
  scoring: 'churn.westeurope.inference.ml.azure.com',
};

function missing(name: string): never {
  throw new Error(`No fixture is named ${name}`);
}
