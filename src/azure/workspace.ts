import type { OnlineDeployment, OnlineEndpoint } from '@azure/arm-machinelearning';
import { bearerTokenAuthenticationPolicyName } from '@azure/core-rest-pipeline';
import { type EndpointAddress, resourceId } from '../endpoint-address.ts';
import { guard, keepVisible, type Secret } from '../secret.ts';
import { type BoundedLeg, within } from './deadlines.ts';
import { jsonClient, legErrorOf, NO_REDIRECTS, onlyTo, RETRY, USER_AGENT } from './http.ts';
import type { Azure } from './login.ts';
import { MachineLearningClient } from './machine-learning-client.ts';

/** Deployment name → percentage of the live traffic. */
export type Traffic = Readonly<Record<string, number>>;

/** An online endpoint as Resource Manager describes it. All of it is remote text. */
export interface Endpoint {
  readonly address: EndpointAddress;
  readonly id: string;
  /** As Azure writes it: `Key`, `AMLToken`, `AADToken`, or what it may add. */
  readonly authMode: string;
  readonly scoringUri: string | undefined;
  readonly swaggerUri: string | undefined;
  readonly location: string;
  readonly provisioningState: string;
  readonly traffic: Traffic;
  readonly publicNetworkAccess: string;
}

export interface Keys {
  readonly primary: Secret | undefined;
  readonly secondary: Secret | undefined;
}

export interface EndpointToken {
  readonly secret: Secret | undefined;
  /** Unix seconds; 0 when Azure does not say. */
  readonly expiresOnSeconds: number;
  readonly refreshAfterSeconds: number;
}

/** The calls to Resource Manager. Each is one exchange (and its retries), and throws LegError. */
export interface Workspace {
  endpoint(): Promise<Endpoint>;
  endpointNames(): Promise<readonly string[]>;
  keys(): Promise<Keys>;
  token(): Promise<EndpointToken>;
  deployments(): Promise<readonly Deployment[]>;
  deployment(name: string): Promise<Deployment>;
  /** @param tail how many of the last lines */
  logs(deployment: string, container: ContainerType, tail: number): Promise<string>;
}

/** A deployment as Resource Manager describes it; remote text. */
export interface Deployment {
  readonly name: string;
  readonly provisioningState: string;
}

/** The containers that have a log; the storage initializer fetches the model. */
export const CONTAINER_TYPES = ['InferenceServer', 'StorageInitializer'] as const;
export type ContainerType = (typeof CONTAINER_TYPES)[number];

/** More names than this help nobody, and each page is an exchange. */
const MOST_NAMES = 100;

export function openWorkspace(azure: Azure, address: EndpointAddress): Workspace {
  const { resourceManager } = azure.cloud;
  const { host, origin } = new URL(resourceManager);
  const client = new MachineLearningClient(resourceManager, address.subscriptionId, {
    credential: {
      async getToken() {
        const { secret, expiresOn } = await azure.token(resourceManager);
        return { token: secret.reveal(), expiresOnTimestamp: expiresOn.getTime() };
      },
    },
    httpClient: jsonClient(origin),
    retryOptions: RETRY,
    redirectOptions: NO_REDIRECTS,
    userAgentOptions: USER_AGENT,
  });
  client.pipeline.addPolicy(onlyTo(origin), { beforePolicies: [bearerTokenAuthenticationPolicyName] });
  const group = [address.resourceGroup, address.workspace] as const;

  async function call<T>(
    leg: BoundedLeg,
    work: (options: { abortSignal: AbortSignal }) => Promise<T>,
  ): Promise<T> {
    try {
      // A failed sign-in is not this leg's: it is asked first, and outside of it.
      await azure.token(resourceManager);
      return await within(leg, (abortSignal) => work({ abortSignal }));
    } catch (error) {
      throw legErrorOf(leg, host, error);
    }
  }

  return {
    endpoint: () =>
      call('endpoint', async (options) =>
        readEndpoint(address, await client.onlineEndpoints.get(...group, address.name, options)),
      ),
    endpointNames: () =>
      call('endpoints', async (options) => {
        const found = await firstOf(client.onlineEndpoints.list(...group, options));
        return found.map(({ name }) => name ?? '').filter((name) => name !== '');
      }),
    keys: () =>
      call('keys', async (options) => {
        const { primaryKey, secondaryKey } = await client.onlineEndpoints.listKeys(
          ...group,
          address.name,
          options,
        );
        return {
          primary: primaryKey ? guard(primaryKey, 'The primary key') : undefined,
          secondary: secondaryKey ? guard(secondaryKey, 'The secondary key') : undefined,
        };
      }),
    token: () =>
      call('token', async (options) => {
        const answer = await client.onlineEndpoints.getToken(...group, address.name, options);
        return {
          secret: answer.accessToken ? guard(answer.accessToken, "The endpoint's token") : undefined,
          expiresOnSeconds: answer.expiryTimeUtc ?? 0,
          refreshAfterSeconds: answer.refreshAfterTimeUtc ?? 0,
        };
      }),
    deployments: () =>
      call('deployments', async (options) => {
        const found = client.onlineDeployments.list(...group, address.name, options);
        return (await firstOf(found)).map(readDeployment);
      }),
    deployment: (name) =>
      call('deployments', async (options) =>
        readDeployment(await client.onlineDeployments.get(...group, address.name, name, options)),
      ),
    logs: (deployment, containerType, tail) =>
      call('logs', async (options) => {
        const answer = await client.onlineDeployments.getLogs(
          ...group,
          address.name,
          deployment,
          { containerType, tail },
          options,
        );
        return answer.content ?? '';
      }),
  };
}

function readEndpoint(address: EndpointAddress, { id, location, properties }: OnlineEndpoint): Endpoint {
  const endpoint = {
    address,
    id: id ?? resourceId(address),
    authMode: properties.authMode ?? '',
    scoringUri: properties.scoringUri ?? undefined,
    swaggerUri: properties.swaggerUri ?? undefined,
    location: location ?? '',
    provisioningState: properties.provisioningState ?? '',
    traffic: sharesOf(properties.traffic ?? {}),
    publicNetworkAccess: properties.publicNetworkAccess ?? '',
  };
  const { scoringUri, swaggerUri, traffic } = endpoint;
  keepVisible(endpoint.id, scoringUri, swaggerUri, endpoint.location, ...Object.keys(traffic));
  return endpoint;
}

/** What is no number is no share of the traffic, whatever Resource Manager says. */
function sharesOf(traffic: Readonly<Record<string, unknown>>): Traffic {
  const shares = Object.entries(traffic).filter(([, share]) => typeof share === 'number');
  return Object.fromEntries(shares) as Traffic;
}

function readDeployment({ name, properties }: OnlineDeployment): Deployment {
  return { name: name ?? '', provisioningState: properties.provisioningState ?? '' };
}

async function firstOf<T>(list: AsyncIterable<T>): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const each of list) {
    found.push(each);
    if (found.length === MOST_NAMES) break;
  }
  return found;
}
