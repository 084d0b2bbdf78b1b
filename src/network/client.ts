import type http from 'node:http';
import {
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  type HttpClient,
  type PipelinePolicy,
  type PipelineRequest,
  type PipelineResponse,
  type PipelineRetryOptions,
  RestError,
} from '@azure/core-rest-pipeline';
import { quote } from '../secrets/untrusted.ts';
import { Failure } from '../text/failure.ts';
import { agentFor } from './agents.ts';
import { ATTEMPT_MS, type AzureCall, type Call, within } from './deadlines.ts';
import { ServiceError, type ServiceResponse } from './service-error.ts';

/** Passing faults are met by three retries after about 0.4, 0.8 and 1.6 s, or when the server's Retry-After says. */
export const RETRY: PipelineRetryOptions = { maxRetries: 3, retryDelayInMs: 400, maxRetryDelayInMs: 10_000 };

export const USER_AGENT = { userAgentPrefix: 'azureml-endpoint-auth' } as const;

/** No redirect is followed: what is asked answers itself, and a bearer token must not travel. */
export const NO_REDIRECTS = { maxRetries: 0 } as const;

/** A container's log may be long; an answer past this is made to exhaust the step. */
const MOST_BYTES = 256 * 2 ** 20;

const client = createDefaultHttpClient();

/**
 * The client of every leg. One attempt that hangs is given up so that there is time for the next; an answer
 * that is cut in mid-body is a broken connection, which retries know, and no matter of format.
 */
export const httpClient: HttpClient = {
  async sendRequest(request) {
    const { abortSignal, agent } = request;
    const attempt = AbortSignal.timeout(ATTEMPT_MS);
    const tooMuch = new AbortController();
    request.agent = agentFor(request.url, agent as http.Agent | undefined);
    request.abortSignal = AbortSignal.any([
      ...(abortSignal === undefined ? [] : [abortSignal as AbortSignal]),
      attempt,
      tooMuch.signal,
    ]);
    request.onDownloadProgress = ({ loadedBytes }) => {
      if (loadedBytes > MOST_BYTES) tooMuch.abort();
    };
    try {
      return askAgainSoon(await client.sendRequest(request));
    } catch (error) {
      if (tooMuch.signal.aborted) {
        throw new Failure(
          `${quote(new URL(request.url).host, 200)} answered with more than ${MOST_BYTES / 2 ** 20} MiB, which no service of Azure's or GitHub's does.\nCheck the input 'cloud', and whether a proxy on the way answers in its place.`,
        );
      }
      if (attempt.aborted && !abortSignal?.aborted) {
        // The code is for the retries, the deadline for the message.
        const late = new RestError(`No answer within ${ATTEMPT_MS / 1_000} s`, {
          code: 'ETIMEDOUT',
          request,
        });
        throw Object.assign(late, { deadlineMs: ATTEMPT_MS });
      }
      if (!(error instanceof RestError) || error.code !== RestError.PARSE_ERROR) throw error;
      throw new RestError('The answer was cut', { code: 'ECONNRESET', request });
    } finally {
      // The same request is sent again when it is tried again.
      delete request.onDownloadProgress;
      if (abortSignal === undefined) delete request.abortSignal;
      else request.abortSignal = abortSignal;
    }
  },
};

/** Retries wait for a throttling server's Retry-After; one that says none is given a second. */
function askAgainSoon(response: PipelineResponse): PipelineResponse {
  if (response.status === 429 && !response.headers.has('retry-after'))
    response.headers.set('retry-after', '1');
  return response;
}

/**
 * For a service whose every good answer is JSON: the generated client would take another one for empty.
 * @param origin where the service is. Its token goes nowhere else, wherever a `nextLink` leads
 */
export function jsonClient(origin: string): HttpClient {
  return {
    async sendRequest(request) {
      requireOrigin(request, origin);
      const response = await httpClient.sendRequest(request);
      if (response.status >= 300 || isJson(response)) return response;
      const { status: statusCode } = response;
      throw new RestError('not JSON', { code: RestError.PARSE_ERROR, statusCode, request, response });
    },
  };
}

/** Refuses what leads elsewhere before a policy with words of its own does. */
export function onlyTo(origin: string): PipelinePolicy {
  return {
    name: 'onlyTo',
    sendRequest(request, next) {
      requireOrigin(request, origin);
      return next(request);
    },
  };
}

function requireOrigin({ url }: PipelineRequest, origin: string): void {
  const there = new URL(url).origin;
  if (there === origin) return;
  throw new Failure(
    `${quote(origin)} names a next page elsewhere, at ${quote(there)}. The token is not sent there.\nCheck the input 'cloud', and whether a proxy on the way rewrites what is answered.`,
  );
}

function isJson({ headers, bodyAsText }: PipelineResponse): boolean {
  if (!/^application\/(?:[\w.+-]+\+)?json\b/i.test(headers.get('content-type') ?? '')) return false;
  try {
    JSON.parse(bodyAsText ?? '');
    return true;
  } catch {
    return false;
  }
}

const pipeline = createPipelineFromOptions({
  retryOptions: RETRY,
  userAgentOptions: USER_AGENT,
  redirectOptions: NO_REDIRECTS,
});

/**
 * GET a JSON document within the leg's deadline, with retries.
 * @throws ServiceError
 */
export async function getJson(
  leg: AzureCall,
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  const host = new URL(url).host;
  try {
    return await within(leg, async (abortSignal) => {
      const request = createPipelineRequest({
        url,
        headers: createHttpHeaders({ Accept: 'application/json', ...headers }),
        abortSignal,
      });
      const response = await pipeline.sendRequest(httpClient, request);
      if (response.status !== 200) {
        throw new ServiceError(leg, host, serviceResponseOf(response), undefined, proxyHostOf(request));
      }
      return JSON.parse(response.bodyAsText ?? '') as unknown;
    });
  } catch (error) {
    throw serviceErrorOf(leg, host, error);
  }
}

export function serviceResponseOf(response: PipelineResponse): ServiceResponse {
  return { status: response.status, headers: response.headers.toJSON(), body: response.bodyAsText ?? '' };
}

/** The failure of a client library's call, whose RestError holds the service's answer if there was one. */
export function serviceErrorOf(leg: Call, host: string, error: unknown): ServiceError | Failure {
  if (error instanceof ServiceError || error instanceof Failure) return error;
  if (!(error instanceof RestError)) return new ServiceError(leg, host, undefined, error);
  // A good status with a body that is no JSON is no answer of the service's, but of something on the way.
  const unreadable = error.code === RestError.PARSE_ERROR && (error.response?.status ?? 0) < 300;
  if (unreadable)
    return new ServiceError(leg, host, undefined, new SyntaxError('not JSON', { cause: error }));
  const answer = error.response === undefined ? undefined : serviceResponseOf(error.response);
  return new ServiceError(leg, host, answer, error, error.request && proxyHostOf(error.request));
}

/** The host of the proxy that a request goes through, without user and password. */
export function proxyHostOf(request: PipelineRequest): string | undefined {
  const proxy = (request.agent as { readonly proxy?: unknown } | undefined)?.proxy;
  return proxy instanceof URL ? proxy.host : undefined;
}
