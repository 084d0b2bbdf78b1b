import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { armExchange } from './arm-exchange.ts';
import {
  isForOidcTokens,
  oidcTokenService,
  type ServiceConnection,
  serviceConnection,
} from './azure-devops.ts';
import { issueCertificates } from './certificates.ts';
import { createTenant, defaultEndpoints, initialAccess, initialIdentity } from './defaults.ts';
import { entraService } from './entra.ts';
import { frontDoorService } from './front-door.ts';
import { imdsService } from './imds.ts';
import { rememberedKeys } from './keys.ts';
import { type GitHubOidc, gitHubOidc, oidcService } from './oidc.ts';
import { resourceManagerService } from './resource-manager.ts';
import { originsOf, startServers } from './servers.ts';
import {
  type AccessState,
  createEndpoint,
  type EndpointState,
  type IdentityState,
  TOKEN_EXCHANGE_AUDIENCE,
  type World,
} from './state.ts';
import { createTokenService, type NamedSecret } from './tokens.ts';
import { createValidation } from './validation.ts';
import { type Call, createWire, type Exchange, type Fault } from './wire.ts';
import { serviceAccountToken } from './workload-identity.ts';

export type { ServiceConnection } from './azure-devops.ts';
export type {
  ContainerAnswer,
  Model,
  ScoringAnswer,
  ScoringRequest,
  ScoringScript,
} from './inference-server.ts';
export { inferenceServer, json } from './inference-server.ts';
export { goodModel } from './models.ts';
export type { GitHubOidc } from './oidc.ts';
export { SAMPLE_MODELS } from './sample-models.ts';
export * from './scripted-models.ts';
export type {
  AccessState,
  Action,
  AuthToken,
  DeploymentState,
  EndpointState,
  FederatedCredential,
  IdentityState,
} from './state.ts';
export { createDeployment } from './state.ts';
export { swaggerDocument } from './swagger-documents.ts';
export type { NamedSecret } from './tokens.ts';
export type { Call, Exchange, Fault } from './wire.ts';

export interface LocalAzureOptions {
  /** Every answer waits as long. */
  readonly delayMs?: number;
  /** Whether exchanges with Resource Manager are held against the OpenAPI documents; true unless said. */
  readonly validate?: boolean;
  /** Audience for scoring with an Entra token; must hold `ml`. */
  readonly dataPlaneAudience?: string;
}

/** Azure on loopback: real servers with a certificate authority of their own, and levers to make them fail. */
export interface LocalAzure {
  readonly metadataUrl: string;
  /** Removed by {@link close}. */
  readonly caFile: string;
  readonly caPem: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly objectId: string;
  readonly clientSecret: string;
  readonly managedIdentity: { readonly clientId: string; readonly objectId: string };
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly workspace: string;
  readonly dataPlaneAudience: string;
  readonly oidc: GitHubOidc;
  /** A service connection of Azure DevOps that federates a workload identity. */
  readonly connection: ServiceConnection;
  /** For `AZURE_POD_IDENTITY_AUTHORITY_HOST`. */
  readonly imdsHost: string;
  readonly resourceManagerHost: string;
  readonly entraHost: string;
  readonly scoringHost: string;
  readonly scoringHttpHost: string;
  /** Holds an assertion that Entra accepts, as a Kubernetes cluster projects it. */
  readonly federatedTokenFile: string;
  readonly identity: IdentityState;
  readonly access: AccessState;
  readonly endpoints: Map<string, EndpointState>;
  readonly exchanges: readonly Exchange[];
  /** What breaks the OpenAPI documents, and failures of the local Azure itself; complete after {@link settled}. */
  readonly violations: readonly string[];
  addEndpoint(name: string, overrides?: Partial<EndpointState>): EndpointState;
  setDelay(call: Call | '*', ms: number): void;
  setFault(call: Call, fault: Fault | undefined): void;
  /** Every secret in play: keys, tokens and assertions issued so far, the client secret, the request token. */
  secrets(): readonly NamedSecret[];
  settled(): Promise<void>;
  /** Back to the start. Issued tokens stay valid, and stay listed. */
  reset(): void;
  close(): Promise<void>;
}

export async function startLocalAzure(options: LocalAzureOptions = {}): Promise<LocalAzure> {
  const { delayMs = 0, validate = true, dataPlaneAudience = 'https://ml.local-azure.example' } = options;
  const [certificates, tokens, directory] = await Promise.all([
    issueCertificates(),
    createTokenService(),
    mkdtemp(path.join(tmpdir(), 'local-azure-')),
  ]);
  const validation = createValidation();
  const wire = createWire(delayMs, (exchange, answer) => {
    const pair = validate ? armExchange(exchange, answer, origins) : undefined;
    if (pair !== undefined) validation.submit(pair);
  });
  const servers = await startServers(wire, certificates, (error) => {
    validation.violations.push(`The local Azure failed: ${String(error)}`);
  });
  const origins = originsOf(servers);
  const tenant = createTenant(dataPlaneAudience);
  const oidc = gitHubOidc(servers.oidc.origin, tokens);
  const connection = serviceConnection(servers.oidc.origin, tokens);
  const cluster = { issuer: `${origins.oidc}/kubernetes`, subject: 'system:serviceaccount:ci:runner' };
  const federation = [oidc, cluster, connection].map(({ issuer, subject }) => {
    return { issuer, subject, audience: TOKEN_EXCHANGE_AUDIENCE };
  });
  const identity = initialIdentity(tenant, origins, federation);
  const access = initialAccess(tenant);
  const makeEndpoints = defaultEndpoints(origins, tenant);
  const endpoints = new Map<string, EndpointState>();
  const fill = () => {
    for (const endpoint of makeEndpoints()) endpoints.set(endpoint.name, endpoint);
  };
  fill();

  const world: World = { origins, tenant, identity, access, endpoints, tokens };
  const frontDoor = frontDoorService(world);
  servers.resourceManager.serve(resourceManagerService(world));
  servers.entra.serve(entraService(world));
  const ofGitHub = oidcService(world, oidc);
  const ofAzureDevOps = oidcTokenService(world, connection);
  servers.oidc.serve((request) =>
    (isForOidcTokens(request.url.pathname) ? ofAzureDevOps : ofGitHub)(request),
  );
  servers.scoring.serve(frontDoor);
  servers.scoringHttp.serve(frontDoor);
  servers.imds.serve(imdsService(world));

  const caFile = path.join(directory, 'ca.pem');
  const federatedTokenFile = path.join(directory, 'federated-token');
  const assertion = serviceAccountToken(tokens, cluster);
  await Promise.all([writeFile(caFile, certificates.caPem), writeFile(federatedTokenFile, assertion)]);

  const keys = rememberedKeys(endpoints);
  keys.remember();

  return {
    metadataUrl: `${origins.resourceManager}/metadata/endpoints?api-version=2022-09-01`,
    caFile,
    caPem: certificates.caPem,
    tenantId: tenant.tenantId,
    clientId: tenant.clientId,
    objectId: tenant.objectId,
    clientSecret: tenant.clientSecret,
    managedIdentity: tenant.managedIdentity,
    subscriptionId: tenant.subscriptionId,
    resourceGroup: tenant.resourceGroup,
    workspace: tenant.workspace,
    dataPlaneAudience,
    oidc,
    connection,
    imdsHost: origins.imds,
    resourceManagerHost: origins.resourceManager,
    entraHost: origins.entra,
    scoringHost: origins.scoring,
    scoringHttpHost: origins.scoringHttp,
    federatedTokenFile,
    identity,
    access,
    endpoints,
    exchanges: wire.exchanges,
    violations: validation.violations,
    addEndpoint(name, overrides) {
      const endpoint = createEndpoint(name, origins, overrides);
      endpoints.set(name, endpoint);
      return endpoint;
    },
    setDelay: wire.setDelay,
    setFault: wire.setFault,
    secrets() {
      return [...keys.remember(), ...tokens.issued, { name: 'client secret', value: tenant.clientSecret }];
    },
    settled: validation.settled,
    reset() {
      keys.remember();
      wire.reset();
      validation.reset();
      Object.assign(identity, initialIdentity(tenant, origins, federation));
      Object.assign(access, initialAccess(tenant));
      endpoints.clear();
      fill();
    },
    async close() {
      await Promise.all([...Object.values(servers).map((server) => server.close()), validation.close()]);
      await rm(directory, { recursive: true, force: true });
    },
  };
}
