import { randomBytes } from 'node:crypto';
import { goodModel, type Model } from './models.ts';
import type { TokenService } from './tokens.ts';

/** The origins of the services, such as `https://localhost:40001`. */
export interface Origins {
  readonly resourceManager: string;
  readonly entra: string;
  readonly oidc: string;
  readonly scoring: string;
  /** For endpoints on Kubernetes: no TLS. */
  readonly scoringHttp: string;
  readonly imds: string;
}

/** Who and what exists, fixed for one run. */
export interface Tenant {
  readonly tenantId: string;
  readonly clientId: string;
  /** Of the service principal. */
  readonly objectId: string;
  readonly clientSecret: string;
  readonly managedIdentity: { readonly clientId: string; readonly objectId: string };
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly workspace: string;
  readonly workspaceId: string;
  /** Audience of an Entra token that scores. */
  readonly dataPlaneAudience: string;
}

export interface FederatedCredential {
  issuer: string;
  subject: string;
  audience: string;
}

/** What Entra, GitHub's token service and the instance metadata service know of the identity. */
export interface IdentityState {
  secretExpired: boolean;
  /** The secret was deleted: it is wrong like every other text. */
  secretRevoked: boolean;
  federatedCredentials: FederatedCredential[];
  /** Entra says AADSTS70021, as it did until 2024, instead of naming what differs. */
  olderWording: boolean;
  conditionalAccess: boolean;
  /** How far Entra's clock is ahead of the runner's. */
  clockSkewSeconds: number;
  /** No service principal in the tenant: Entra issues a token without `oid`. */
  principalMissing: boolean;
  /** Audiences that Entra knows. */
  resources: string[];
  accessTokenLifetimeSeconds: number;
  idTokenLifetimeSeconds: number;
  /** Claims of GitHub's ID token that differ from the default ones, `sub` among them. */
  idTokenClaims: Record<string, unknown>;
  managedIdentity: 'none' | 'system' | 'user';
}

/** An action without its prefix `Microsoft.MachineLearningServices/workspaces/onlineEndpoints/`; `workspace/read` is apart. */
export type Action =
  | 'read'
  | 'listKeys/action'
  | 'token/action'
  | 'score/action'
  | 'deployments/read'
  | 'deployments/getLogs/action'
  | 'workspace/read';

/** What Resource Manager and the front door permit. */
export interface AccessState {
  /** Denied actions, and whether Resource Manager itself or the service behind it refuses. */
  denied: Map<Action, 'AuthorizationFailed' | 'ForbiddenError'>;
  lock: 'none' | 'ReadOnly';
  /** The workspace is closed to public networks; the value is the status of the refusal. */
  privateLink: 'none' | '401' | '502';
  /** Another tenant than the token's makes the token one of the wrong issuer. */
  subscriptionTenantId: string;
  apiVersions: string[];
  /** Items on one page of a list; undefined: all. */
  pageSize: number | undefined;
  /** Audiences that the front door accepts from an Entra token. */
  dataPlaneAudiences: string[];
}

export interface AuthToken {
  accessToken: string | null;
  expiryTimeUtc: number;
  refreshAfterTimeUtc: number;
  tokenType: string | null;
}

export interface EndpointState {
  readonly name: string;
  /** `Key`, `AMLToken`, `AADToken`; any other is a mode of the future. */
  authMode: string;
  keys: { primary: string | null; secondary: string | null };
  /** `answer`: fields that POST token answers instead of the true ones. */
  token: { lifetimeSeconds: number; answer: Partial<AuthToken> };
  provisioningState: string;
  scoringUri: string | null;
  swaggerUri: string | null;
  /** Percentages by deployment. */
  traffic: Record<string, number>;
  mirrorTraffic: Record<string, number>;
  /** Resource ID of the Kubernetes cluster; null for a managed endpoint. */
  compute: string | null;
  publicNetworkAccess: 'Enabled' | 'Disabled';
  location: string;
  description: string | null;
  tags: Record<string, string>;
  deployments: Map<string, DeploymentState>;
}

export interface DeploymentState {
  readonly name: string;
  provisioningState: string;
  /** States to come: whenever Resource Manager is asked for the deployment, the next one follows. */
  upcomingStates: string[];
  model: Model;
  /** Longer, and the front door answers 408. */
  requestTimeoutMs: number;
  /** More than twice this many at once on every instance, and the front door answers 429. */
  maxConcurrentRequestsPerInstance: number;
  instanceCount: number;
  instanceType: string;
  /** Lines of log by container type. */
  logs: Record<string, string[]>;
}

/** All that the services share. */
export interface World {
  readonly origins: Origins;
  readonly tenant: Tenant;
  readonly identity: IdentityState;
  readonly access: AccessState;
  readonly endpoints: Map<string, EndpointState>;
  readonly tokens: TokenService;
}

export const TOKEN_EXCHANGE_AUDIENCE = 'api://AzureADTokenExchange';

export const API_VERSIONS = [
  '2022-02-01-preview',
  '2022-10-01',
  '2023-04-01-preview',
  '2024-04-01',
  '2024-10-01',
  '2025-12-01',
  '2026-09-01',
] as const;

/** As long as the keys that are seen in public code. */
export function randomKey(): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  return Array.from(randomBytes(32), (byte) => alphabet[byte % alphabet.length]).join('');
}

export function createEndpoint(
  name: string,
  origins: Origins,
  overrides: Partial<EndpointState> = {},
): EndpointState {
  // Only an endpoint on Kubernetes is reached without TLS.
  const origin = (overrides.compute ?? null) === null ? origins.scoring : origins.scoringHttp;
  const base = `${origin}/api/v1/endpoint/${name}`;
  return {
    name,
    authMode: 'Key',
    keys: { primary: randomKey(), secondary: randomKey() },
    token: { lifetimeSeconds: 86_340, answer: {} },
    provisioningState: 'Succeeded',
    scoringUri: `${base}/score`,
    swaggerUri: `${base}/swagger.json`,
    traffic: {},
    mirrorTraffic: {},
    compute: null,
    publicNetworkAccess: 'Enabled',
    location: 'westeurope',
    description: null,
    tags: {},
    deployments: new Map(),
    ...overrides,
  };
}

export function createDeployment(name: string, overrides: Partial<DeploymentState> = {}): DeploymentState {
  return {
    name,
    provisioningState: 'Succeeded',
    upcomingStates: [],
    model: goodModel,
    requestTimeoutMs: 5_000,
    maxConcurrentRequestsPerInstance: 1,
    instanceCount: 1,
    instanceType: 'Standard_DS3_v2',
    logs: {},
    ...overrides,
  };
}
