import { bearerTokenAuthenticationPolicyName } from '@azure/core-rest-pipeline';
import { jsonClient, NO_REDIRECTS, onlyTo, RETRY, serviceErrorOf, USER_AGENT } from '../../network/client.ts';
import { type AzureCall, within } from '../../network/deadlines.ts';
import { guard, keepVisible, type Secret } from '../../secrets/secret.ts';
import { holdsSecret, quote } from '../../secrets/untrusted.ts';
import { Failure } from '../../text/failure.ts';
import { type EndpointAddress, resourceId } from '../resource-id.ts';
import type { Azure } from '../sign-in/sign-in.ts';
import { MachineLearningClient } from './client.ts';

/** Deployment name → percentage of the live traffic. */
export type Traffic = Readonly<Record<string, number>>;

/** An online endpoint as Resource Manager describes it. All of it is remote text. */
export interface Endpoint {
  readonly address: EndpointAddress;
  readonly id: string;
  /** As Azure writes it: `Key`, `AMLToken`, `AADToken`, or what it may add. */
  readonly authMode: string;
  readonly scoringUri: string | undefined;
  /** What stands in the scoring URI's place when that is no text, as JSON. */
  readonly unreadScoringUri?: string | undefined;
  readonly swaggerUri: string | undefined;
  readonly location: string;
  readonly provisioningState: string;
  readonly traffic: Traffic;
  readonly publicNetworkAccess: string;
}

export type KeyName = 'primary' | 'secondary';

export interface Keys {
  readonly primary: Secret | undefined;
  readonly secondary: Secret | undefined;
  readonly unread?: Readonly<Record<KeyName, Unread | undefined>>;
}

/** A credential that is no text: its kind, such as `an object`. What is in it nobody hears: it has no mask. */
export type Unread = 'a number' | 'a truth value' | 'a list' | 'an object';

export interface EndpointToken {
  readonly secret: Secret | undefined;
  readonly unread?: Unread | undefined;
  /** Unix seconds; 0 when Azure does not say. */
  readonly expiresOnSeconds: number;
  readonly refreshAfterSeconds: number;
}

/** The calls to Resource Manager. Each is one exchange (and its retries), and throws ServiceError. */
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

  // What comes is read outside of it: a value that cannot be used is no fault of the way to it.
  async function call<T>(
    leg: AzureCall,
    work: (options: { abortSignal: AbortSignal }) => Promise<T>,
  ): Promise<T> {
    try {
      // A failed sign-in is not this leg's: it is asked first, and outside of it.
      await azure.token(resourceManager);
      return await within(leg, (abortSignal) => work({ abortSignal }));
    } catch (error) {
      throw serviceErrorOf(leg, host, error);
    }
  }

  const { onlineEndpoints, onlineDeployments } = client;
  return {
    endpoint: async () =>
      readEndpoint(
        address,
        await call('endpoint', (options) => onlineEndpoints.get(...group, address.name, options)),
      ),
    endpointNames: async () => {
      const found = await call('endpoints', (options) => firstOf(onlineEndpoints.list(...group, options)));
      return found.map((each) => text(object(each).name)).filter((name) => name !== undefined);
    },
    keys: async () =>
      readKeys(await call('keys', (options) => onlineEndpoints.listKeys(...group, address.name, options))),
    token: async () =>
      readToken(await call('token', (options) => onlineEndpoints.getToken(...group, address.name, options))),
    deployments: async () => {
      const found = await call('deployments', (options) =>
        firstOf(onlineDeployments.list(...group, address.name, options)),
      );
      return found.map((each) => readDeployment(each)).filter(({ name }) => name !== '');
    },
    deployment: async (name) =>
      readDeployment(
        await call('deployments', (options) => onlineDeployments.get(...group, address.name, name, options)),
        name,
      ),
    logs: async (deployment, containerType, tail) => {
      const answer = await call('logs', (options) =>
        onlineDeployments.getLogs(...group, address.name, deployment, { containerType, tail }, options),
      );
      return text(object(answer).content) ?? '';
    },
  };
}

/** @throws Failure when it has no properties: the auth mode is one of them */
function readEndpoint(address: EndpointAddress, answer: unknown): Endpoint {
  const { id, location, properties } = object(answer);
  if (!isObject(properties)) {
    throw new Failure(
      `Resource Manager describes endpoint '${address.name}' with '${quote(json(properties) ?? 'nothing', 200)}' as its 'properties', where an object belongs.\nCheck the input 'cloud', and whether a proxy on the way rewrites what is answered.`,
    );
  }
  const { authMode, scoringUri, swaggerUri, provisioningState, traffic, publicNetworkAccess } = properties;
  const endpoint = {
    address,
    id: text(id) ?? resourceId(address),
    // What is no text is a mode that nobody knows, and is named like one.
    authMode: text(authMode) ?? json(authMode) ?? '',
    scoringUri: text(scoringUri),
    unreadScoringUri: text(scoringUri) === undefined ? json(scoringUri) : undefined,
    swaggerUri: text(swaggerUri),
    location: text(location) ?? '',
    provisioningState: text(provisioningState) ?? '',
    traffic: sharesOf(traffic),
    publicNetworkAccess: text(publicNetworkAccess) ?? '',
  };
  const shown = [endpoint.id, endpoint.scoringUri, endpoint.swaggerUri, endpoint.location];
  // What holds a part of a secret is never emitted as it is, and takes no mask from another one.
  for (const value of [...shown, ...Object.keys(endpoint.traffic)])
    if (value !== undefined && !holdsSecret(value)) keepVisible(value);
  return endpoint;
}

/** What is no number is no share of the traffic, whatever Resource Manager says. */
function sharesOf(traffic: unknown): Traffic {
  const shares = Object.entries(object(traffic)).map(([name, share]) => [name, number(share)] as const);
  return Object.fromEntries(shares.filter((entry): entry is [string, number] => entry[1] !== undefined));
}

function readKeys(answer: unknown): Keys {
  const { primaryKey, secondaryKey } = object(answer);
  return {
    primary: secret(primaryKey, 'The primary key'),
    secondary: secret(secondaryKey, 'The secondary key'),
    unread: { primary: unread(primaryKey), secondary: unread(secondaryKey) },
  };
}

function readToken(answer: unknown): EndpointToken {
  const { accessToken, expiryTimeUtc, refreshAfterTimeUtc } = object(answer);
  return {
    secret: secret(accessToken, "The endpoint's token"),
    unread: unread(accessToken),
    expiresOnSeconds: number(expiryTimeUtc) ?? 0,
    refreshAfterSeconds: number(refreshAfterTimeUtc) ?? 0,
  };
}

/** @param asked the name when the answer may be without it */
function readDeployment(answer: unknown, asked = ''): Deployment {
  const { name, properties } = object(answer);
  const { provisioningState } = object(properties);
  return { name: text(name) ?? asked, provisioningState: text(provisioningState) ?? '' };
}

// The readers of what Resource Manager answers. A value of another type is like one that is not there.

/** Undefined for an empty text too, which says nothing. */
function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function number(value: unknown): number | undefined {
  // JSON has numbers that are too large for one.
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function object(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {};
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function secret(value: unknown, what: string): Secret | undefined {
  const raw = text(value);
  return raw === undefined ? undefined : guard(raw, what);
}

/** A value for a message, when there is one. */
function json(value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  try {
    return JSON.stringify(value);
  } catch {
    return 'a value of endless depth';
  }
}

function unread(value: unknown): Unread | undefined {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'number') return 'a number';
  if (typeof value === 'boolean') return 'a truth value';
  return isObject(value) ? 'an object' : undefined;
}

async function firstOf(list: AsyncIterable<unknown>): Promise<readonly unknown[]> {
  const found: unknown[] = [];
  for await (const each of list) {
    found.push(each);
    if (found.length === MOST_NAMES) break;
  }
  return found;
}
