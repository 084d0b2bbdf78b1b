import { createHttpHeaders, type HttpClient, type PipelineRequest } from '@azure/core-rest-pipeline';
import { httpClient, proxyHostOf, RETRY, serviceResponseOf, USER_AGENT } from '../../network/client.ts';
import { type Call, DeadlineError } from '../../network/deadlines.ts';
import { ServiceError, type ServiceResponse } from '../../network/service-error.ts';
import type { Cloud } from '../clouds.ts';

/** The options with which `@azure/identity` reaches a cloud's Entra, and a memory of the last exchange with it. */
export interface EntraClient {
  readonly options: {
    readonly authorityHost: string;
    readonly disableInstanceDiscovery: boolean;
    readonly httpClient: HttpClient;
    readonly retryOptions: typeof RETRY;
    readonly userAgentOptions: typeof USER_AGENT;
  };
  /** What really happened. The library's own error replaces Entra's response by a text. */
  failure(call: Call, error: unknown): ServiceError;
}

/**
 * @param meetMachine for managed identities: gets the address at which this machine gives tokens, before the first
 *   request goes there. No proxy is asked for that address, because at the proxy it is another machine's.
 */
export function entraClient(cloud: Cloud, meetMachine?: (address: URL) => Promise<void>): EntraClient {
  let lastHost = new URL(cloud.authority).host;
  let lastResponse: ServiceResponse | undefined;
  let lastError: unknown;
  let proxyHost: string | undefined;
  let meeting: Promise<void> | undefined;

  const rememberingClient: HttpClient = {
    async sendRequest(request) {
      if (isDiscovery(cloud, request)) return discoveryDocument(cloud, request);
      lastHost = new URL(request.url).host;
      const ofMachine = meetMachine !== undefined && !request.url.startsWith(`${cloud.authority}/`);
      if (ofMachine) delete request.agent;
      proxyHost = proxyHostOf(request);
      try {
        if (ofMachine) {
          meeting ??= meetMachine(new URL(request.url));
          await meeting;
        }
        const response = await httpClient.sendRequest(request);
        lastResponse = serviceResponseOf(response);
        lastError = undefined;
        return response;
      } catch (error) {
        lastResponse = undefined;
        lastError = error;
        throw error;
      }
    },
  };

  return {
    options: {
      authorityHost: cloud.authority,
      disableInstanceDiscovery: !cloud.discoverable,
      httpClient: rememberingClient,
      retryOptions: RETRY,
      userAgentOptions: USER_AGENT,
    },
    failure(call, error) {
      const about = (response: ServiceResponse | undefined, cause: unknown): ServiceError =>
        new ServiceError(call, lastHost, response, cause, proxyHost);
      if (error instanceof DeadlineError) return about(undefined, error);
      if (lastError instanceof ServiceError) return lastError;
      if (lastResponse === undefined) return about(undefined, lastError ?? error);
      if (lastResponse.status >= 300) return about(lastResponse, error);
      // The library cannot use a good response, and its error quotes the body, which may hold a token.
      return about(undefined, new SyntaxError('not the format of a token'));
    },
  };
}

/**
 * Whether the library asks for Entra's own description of its endpoints. They have the same paths in every cloud,
 * and for Microsoft's clouds the library knows them. For other clouds it would ask, which costs an exchange, so the
 * description is made here.
 */
function isDiscovery(cloud: Cloud, { url }: PipelineRequest): boolean {
  return (
    cloud.identityProvider === 'AAD' &&
    url.startsWith(`${cloud.authority}/`) &&
    url.includes('/.well-known/openid-configuration')
  );
}

function discoveryDocument(
  cloud: Cloud,
  request: PipelineRequest,
): Awaited<ReturnType<HttpClient['sendRequest']>> {
  const tenant = new URL(request.url).pathname.split('/')[1] ?? '';
  const base = `${cloud.authority}/${tenant}`;
  const document = {
    issuer: `${base}/v2.0`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    token_endpoint: `${base}/oauth2/v2.0/token`,
    jwks_uri: `${base}/discovery/v2.0/keys`,
  };
  return {
    request,
    status: 200,
    headers: createHttpHeaders({ 'Content-Type': 'application/json' }),
    bodyAsText: JSON.stringify(document),
  };
}
