import type http from 'node:http';
import { isIP } from 'node:net';
import tls from 'node:tls';
import {
  createPipelineRequest,
  getDefaultProxySettings,
  type PipelinePolicy,
  type PipelineRequest,
  proxyPolicy,
} from '@azure/core-rest-pipeline';
import { AGENTS, agentFor } from '../../network/agents.ts';
import { proxyHostOf } from '../../network/client.ts';
import { type ConnectTo, formatConnectTo, unbracketed } from '../../network/connect-to.ts';
import { lookupSafely } from '../../network/link-local.ts';
import type { ScoringRequest } from './scoring-request.ts';

/** How requests to a URL travel. */
export interface Route {
  readonly url: URL;
  /** The URL's path and query. */
  readonly path: string;
  /** The same for all routes that may share a connection. */
  readonly connectionKey: string;
  /** Where the connection leads, and whose certificate it must show. */
  readonly connection: ConnectTo &
    Pick<tls.ConnectionOptions, 'servername' | 'checkServerIdentity'> & {
      readonly lookup: typeof lookupSafely;
    };
  /** Undefined: without a proxy. */
  readonly proxyAgent: http.Agent | undefined;
  readonly proxyHost: string | undefined;
}

const policies = { 'https:': proxyPolicy(), 'http:': httpProxy() } as const;
const routes = new Map<string, Route>();

/** Left to itself, the policy uses the proxy for https also for an http URL. */
function httpProxy(): PipelinePolicy | undefined {
  const { HTTP_PROXY, http_proxy, ALL_PROXY, all_proxy } = process.env;
  const url = http_proxy || HTTP_PROXY || all_proxy || ALL_PROXY;
  return url ? proxyPolicy(getDefaultProxySettings(url)) : undefined;
}

/** What a request says of its route. */
type Asked = Pick<ScoringRequest, 'url' | 'connectTo'>;

function keyOf({ url, connectTo }: Asked): string {
  return connectTo === undefined ? url : `${url} ${formatConnectTo(connectTo)}`;
}

/** The environment decides on the proxy once for each URL: to find it out costs as much as a request. */
export function knownRoute(asked: Asked): Route | undefined {
  return routes.get(keyOf(asked));
}

/** Finds the route of a request, which {@link knownRoute} knows from then on. */
export async function findRoute(asked: Asked): Promise<Route> {
  const url = new URL(asked.url);
  const isSecure = url.protocol === 'https:';
  const host = unbracketed(url.hostname);
  const { connectTo = { host, port: Number(url.port || (isSecure ? 443 : 80)) } } = asked;
  // As curl does: what goes elsewhere goes through a tunnel, as the proxy would look the URL's own name up.
  const probe = asked.connectTo === undefined ? url.href : url.href.replace(/^http:/, 'https:');
  const request = createPipelineRequest({ url: probe, allowInsecureConnection: true });
  await choose(policies[isSecure ? 'https:' : 'http:'], request);
  const agent = agentFor(url.href, request.agent as http.Agent | undefined);
  const isDirect = Object.values<http.Agent>(AGENTS).includes(agent);
  const route: Route = {
    url,
    path: `${url.pathname}${url.search}`,
    connectionKey: `${url.origin} ${formatConnectTo(connectTo)}`,
    connection: {
      ...connectTo,
      lookup: lookupSafely,
      ...(isSecure ? provenAs(host, asked.connectTo !== undefined) : {}),
    },
    proxyAgent: isDirect ? undefined : agent,
    proxyHost: isDirect ? undefined : proxyHostOf({ ...request, agent }),
  };
  routes.set(keyOf(asked), route);
  return route;
}

/**
 * Whoever answers must have a certificate for the URL's host, wherever the connection leads. Node verifies the name that
 * it tells the server. It tells no address, and would verify that of the connection. Node shares no connection whose
 * request has a verification of its own, so others have none.
 */
function provenAs(
  host: string,
  isElsewhere: boolean,
): Pick<Route['connection'], 'servername' | 'checkServerIdentity'> {
  if (isIP(host) === 0) return { servername: host };
  if (!isElsewhere) return { servername: '' };
  return {
    servername: '',
    checkServerIdentity: (_name, certificate) => tls.checkServerIdentity(host, certificate),
  };
}

/** Has the policy choose the request's agent, and sends nothing. */
async function choose(policy: PipelinePolicy | undefined, request: PipelineRequest): Promise<void> {
  await policy?.sendRequest(request, async () => ({ request, status: 0, headers: request.headers }));
}
