import { createHttpHeaders, type HttpClient, type PipelineRequest } from '@azure/core-rest-pipeline';
import { httpClient, proxyHostOf, RETRY, serviceResponseOf, USER_AGENT } from '../../network/client.ts';
import type { Call } from '../../network/deadlines.ts';
import { ServiceError, type ServiceResponse } from '../../network/service-error.ts';
import type { Cloud } from '../clouds.ts';

/** How `@azure/identity` reaches a cloud's Entra, and what the last exchange with it was. */
export interface EntraClient {
  readonly options: {
    readonly authorityHost: string;
    readonly disableInstanceDiscovery: boolean;
    readonly httpClient: HttpClient;
    readonly retryOptions: typeof RETRY;
    readonly userAgentOptions: typeof USER_AGENT;
  };
  /** The library wraps what happened in texts of its own; this is what happened. */
  failure(leg: Call, error: unknown): ServiceError;
}

export function entraClient(cloud: Cloud): EntraClient {
  let lastHost = new URL(cloud.authority).host;
  let lastAnswer: ServiceResponse | undefined;
  let lastError: unknown;
  let proxyHost: string | undefined;

  const witness: HttpClient = {
    async sendRequest(request) {
      if (isDiscovery(cloud, request)) return discoveryDocument(cloud, request);
      lastHost = new URL(request.url).host;
      proxyHost = proxyHostOf(request);
      try {
        const response = await httpClient.sendRequest(request);
        lastAnswer = serviceResponseOf(response);
        lastError = undefined;
        return response;
      } catch (error) {
        lastAnswer = undefined;
        lastError = error;
        throw error;
      }
    },
  };

  return {
    options: {
      authorityHost: cloud.authority,
      disableInstanceDiscovery: !cloud.discoverable,
      httpClient: witness,
      retryOptions: RETRY,
      userAgentOptions: USER_AGENT,
    },
    failure(leg, error) {
      const about = (answer: ServiceResponse | undefined, cause: unknown): ServiceError =>
        new ServiceError(leg, lastHost, answer, cause, proxyHost);
      if (isDeadline(error)) return about(undefined, error);
      if (lastAnswer === undefined) return about(undefined, lastError ?? error);
      if (lastAnswer.status >= 300) return about(lastAnswer, error);
      // A good status that the library cannot use: its text quotes the body, which may hold a token.
      return about(undefined, new SyntaxError('not the format of a token'));
    },
  };
}

function isDeadline(error: unknown): boolean {
  return error instanceof Error && error.name === 'DeadlineError';
}

/**
 * Entra's endpoints stand at the same paths below every authority, and the library has them built in for
 * Microsoft's clouds. Asking another cloud for them would cost the step an exchange.
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
