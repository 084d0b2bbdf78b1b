import { bearerTokenAuthenticationPolicyName } from '@azure/core-rest-pipeline';
import { NO_REDIRECTS, RETRY, serviceErrorOf, USER_AGENT } from '../../network/client.ts';
import { type AzureCall, within } from '../../network/deadlines.ts';
import { quote } from '../../secrets/untrusted.ts';
import { Failure } from '../../text/failure.ts';
import type { EndpointAddress } from '../resource-id.ts';
import type { Azure } from '../sign-in/sign-in.ts';
import {
  type Deployment,
  type Endpoint,
  type EndpointToken,
  isDeploymentName,
  type Keys,
  readDeployment,
  readEndpoint,
  readKeys,
  readLog,
  readName,
  readToken,
} from './answers.ts';
import { jsonClient, onlyTo } from './json-client.ts';
import { MachineLearningClient } from './machine-learning-client.ts';

/** The calls to Resource Manager. Each is one exchange (and its retries), and throws ServiceError. */
export interface Workspace {
  endpoint(): Promise<Endpoint>;
  endpointNames(): Promise<readonly string[]>;
  keys(): Promise<Keys>;
  token(): Promise<EndpointToken>;
  /** Without entries whose name breaks Azure's rules. */
  deployments(): Promise<readonly Deployment[]>;
  /** @throws Failure for a name that breaks Azure's rules, as `logs` does: nothing is sent */
  deployment(name: string): Promise<Deployment>;
  /** @param tail how many of the last lines */
  logs(deployment: string, container: ContainerType, tail: number): Promise<string>;
}

/** The containers that have a log; the storage initializer fetches the model. */
export const CONTAINER_TYPES = ['InferenceServer', 'StorageInitializer'] as const;
type ContainerType = (typeof CONTAINER_TYPES)[number];

/** Longer lists would not make a message more helpful, and each page is an exchange. */
const MOST_ENTRIES = 100;

export function openWorkspace(azure: Azure, address: EndpointAddress): Workspace {
  const { resourceManager } = azure.cloud;
  const { host, origin } = new URL(resourceManager);
  const client = new MachineLearningClient(resourceManager, address.subscriptionId, {
    credential: {
      async getToken() {
        const { secret } = await azure.token(resourceManager);
        // It is kept there, and asked for anew in time. One that has expired, the pipeline does not keep as well.
        return { token: secret.reveal(), expiresOnTimestamp: 0 };
      },
    },
    httpClient: jsonClient(origin),
    retryOptions: RETRY,
    redirectOptions: NO_REDIRECTS,
    userAgentOptions: USER_AGENT,
  });
  client.pipeline.addPolicy(onlyTo(origin), { beforePolicies: [bearerTokenAuthenticationPolicyName] });
  const group = [address.resourceGroup, address.workspace] as const;

  /** What comes back is read outside of this: an error of a reader is not an error of the call. */
  async function send<T>(
    call: AzureCall,
    work: (options: { abortSignal: AbortSignal }) => Promise<T>,
  ): Promise<T> {
    try {
      // Signing in has a deadline and messages of its own, so it is done before this call's time starts.
      await azure.token(resourceManager);
      return await within(call, (abortSignal) => work({ abortSignal }));
    } catch (error) {
      throw serviceErrorOf(call, host, error);
    }
  }

  const { onlineEndpoints, onlineDeployments } = client;
  return {
    endpoint: async () =>
      readEndpoint(
        address,
        await send('endpoint', (options) => onlineEndpoints.get(...group, address.name, options)),
      ),
    endpointNames: async () => {
      const entries = await send('endpoints', (options) => firstOf(onlineEndpoints.list(...group, options)));
      return entries.map(readName).filter((name) => name !== undefined);
    },
    keys: async () =>
      readKeys(await send('keys', (options) => onlineEndpoints.listKeys(...group, address.name, options))),
    token: async () =>
      readToken(await send('token', (options) => onlineEndpoints.getToken(...group, address.name, options))),
    deployments: async () => {
      const entries = await send('deployments', (options) =>
        firstOf(onlineDeployments.list(...group, address.name, options)),
      );
      return entries.map((entry) => readDeployment(entry)).filter(({ name }) => isDeploymentName(name));
    },
    deployment: async (name) => {
      requireDeploymentName(name);
      return readDeployment(
        await send('deployments', (options) => onlineDeployments.get(...group, address.name, name, options)),
        name,
      );
    },
    logs: async (deployment, containerType, tail) => {
      requireDeploymentName(deployment);
      return readLog(
        await send('logs', (options) =>
          onlineDeployments.getLogs(...group, address.name, deployment, { containerType, tail }, options),
        ),
      );
    },
  };
}

/** The library takes any name; `..` would lead to another resource, and another operation. */
function requireDeploymentName(name: string): void {
  if (isDeploymentName(name)) return;
  throw new Failure(`'${quote(name, 100)}' is not the name of a deployment, so Azure is not asked about it.`);
}

async function firstOf(list: AsyncIterable<unknown>): Promise<readonly unknown[]> {
  const entries: unknown[] = [];
  for await (const entry of list) {
    entries.push(entry);
    if (entries.length === MOST_ENTRIES) break;
  }
  return entries;
}
