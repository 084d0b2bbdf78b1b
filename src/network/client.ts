import type http from 'node:http';
import {
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  type HttpClient,
  type PipelineRequest,
  type PipelineResponse,
  type PipelineRetryOptions,
  RestError,
} from '@azure/core-rest-pipeline';
import { quote } from '../secrets/untrusted.ts';
import { Failure } from '../text/failure.ts';
import { parseJson } from '../text/json.ts';
import { words } from '../text/words.ts';
import { agentFor } from './agents.ts';
import { ATTEMPT_MS, type AzureCall, type Call, within } from './deadlines.ts';
import { ServiceError, type ServiceResponse } from './service-error.ts';

/** Three retries, after about 0.4, 0.8 and 1.6 s, or after the time that the server's Retry-After gives. */
export const RETRY: PipelineRetryOptions = { maxRetries: 3, retryDelayInMs: 400, maxRetryDelayInMs: 10_000 };

export const USER_AGENT = { userAgentPrefix: 'azureml-endpoint-auth' } as const;

/** No redirect is followed: a bearer token must not go to another host, and no service of Azure's needs one. */
export const NO_REDIRECTS = { maxRetries: 0 } as const;

/** The largest response that is read. The log of a container may be long, but a larger one can only do harm. */
const MOST_BYTES = 256 * 2 ** 20;

const defaultClient = createDefaultHttpClient();

/**
 * The client of every call to Azure and to the ID-token service. An attempt that hangs is given up after
 * ATTEMPT_MS, so that there is time for another. A response that ends in the middle of its body is reported as a
 * broken connection: the retry policy repeats requests after those, but not after a body that cannot be parsed.
 */
export const httpClient: HttpClient = {
  async sendRequest(request) {
    const { abortSignal, agent } = request;
    const tooLong = AbortSignal.timeout(ATTEMPT_MS);
    const tooLarge = new AbortController();
    request.agent = agentFor(request.url, agent as http.Agent | undefined);
    request.abortSignal = AbortSignal.any([
      ...(abortSignal === undefined ? [] : [abortSignal as AbortSignal]),
      tooLong,
      tooLarge.signal,
    ]);
    request.onDownloadProgress = ({ loadedBytes }) => {
      if (loadedBytes > MOST_BYTES) tooLarge.abort();
    };
    try {
      const response = withRetryAfter(await defaultClient.sendRequest(request));
      if (response.status === 200 && response.bodyAsText === '') throw emptyResponse(request);
      return response;
    } catch (error) {
      if (tooLarge.signal.aborted) throw responseTooLarge(request);
      if (tooLong.aborted && !abortSignal?.aborted) throw attemptTimedOut(request);
      if (!(error instanceof RestError)) throw error;
      // A name server that is too busy: the retry policy knows only the code of an unknown name.
      if (error.code === 'EAI_AGAIN') throw Object.assign(error, { name: error.code, code: 'ENOTFOUND' });
      if (error.code !== RestError.PARSE_ERROR) throw error;
      throw new RestError('The response was cut', { code: 'ECONNRESET', request });
    } finally {
      // A retry sends this same request object, so what was changed here is set back.
      delete request.onDownloadProgress;
      if (abortSignal === undefined) delete request.abortSignal;
      else request.abortSignal = abortSignal;
    }
  },
};

/**
 * Every good response of these services has a body. An empty one comes from something on the way that broke, so it is
 * tried again: the retry policy looks at the code, the explanation of a lasting one at the name.
 */
function emptyResponse(request: PipelineRequest): RestError {
  const error = new RestError('The response was empty', { code: 'ECONNRESET', request });
  return Object.assign(error, { name: 'EmptyResponse' });
}

function responseTooLarge({ url }: PipelineRequest): Failure {
  return new Failure(
    `${quote(new URL(url).host, 200)} answered with more than ${MOST_BYTES / 2 ** 20} MiB, which none of these services does.\nCheck ${words.theInputs(['cloud'])}, and whether a proxy on the way answers in its place.`,
  );
}

/** The retry policy looks at the code; the message for a person is made from the deadline. */
function attemptTimedOut(request: PipelineRequest): RestError {
  const error = new RestError(`No answer within ${ATTEMPT_MS / 1_000} s`, { code: 'ETIMEDOUT', request });
  return Object.assign(error, { deadlineMs: ATTEMPT_MS });
}

/** The retry policy waits as long as a throttling server's Retry-After says. A response without one gets a second. */
function withRetryAfter(response: PipelineResponse): PipelineResponse {
  if (response.status === 429 && !response.headers.has('retry-after'))
    response.headers.set('retry-after', '1');
  return response;
}

const pipeline = createPipelineFromOptions({
  retryOptions: RETRY,
  userAgentOptions: USER_AGENT,
  redirectOptions: NO_REDIRECTS,
});

/**
 * GET a JSON document within the call's deadline, with retries.
 * @throws ServiceError, with a SyntaxError as its cause when the response is not JSON
 */
export function getJson(
  call: AzureCall,
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  return askForJson(call, 'GET', url, headers);
}

/** As {@link getJson}, for a service that makes what it is asked for, such as a token. */
export function postJson(
  call: AzureCall,
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  return askForJson(call, 'POST', url, { 'Content-Type': 'application/json', ...headers });
}

async function askForJson(
  call: AzureCall,
  method: 'GET' | 'POST',
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<unknown> {
  const host = new URL(url).host;
  try {
    return await within(call, async (abortSignal) => {
      const request = createPipelineRequest({
        url,
        method,
        ...(method === 'POST' ? { body: '' } : {}),
        headers: createHttpHeaders({ Accept: 'application/json', ...headers }),
        abortSignal,
      });
      const response = await pipeline.sendRequest(httpClient, request);
      if (response.status !== 200) {
        throw new ServiceError(call, host, serviceResponseOf(response), undefined, proxyHostOf(request));
      }
      const document = parseJson(response.bodyAsText ?? '');
      if (document === undefined) throw new SyntaxError('not JSON');
      return document;
    });
  } catch (error) {
    throw serviceErrorOf(call, host, error);
  }
}

export function serviceResponseOf(response: PipelineResponse): ServiceResponse {
  return { status: response.status, headers: response.headers.toJSON(), body: response.bodyAsText ?? '' };
}

/** The error of a client library's call, as a ServiceError. A RestError holds the service's response if there was one. */
export function serviceErrorOf(call: Call, host: string, error: unknown): ServiceError | Failure {
  if (error instanceof ServiceError || error instanceof Failure) return error;
  if (!(error instanceof RestError)) return new ServiceError(call, host, undefined, error);
  // A good status with a body that is not JSON did not come from the service, but from something on the way.
  const notOfTheService = error.code === RestError.PARSE_ERROR && (error.response?.status ?? 0) < 300;
  if (notOfTheService)
    return new ServiceError(call, host, undefined, new SyntaxError('not JSON', { cause: error }));
  const response = error.response && serviceResponseOf(error.response);
  return new ServiceError(call, host, response, error, error.request && proxyHostOf(error.request));
}

/** The host of the proxy that a request goes through, without user and password. */
export function proxyHostOf(request: PipelineRequest): string | undefined {
  const proxy = (request.agent as { readonly proxy?: unknown } | undefined)?.proxy;
  return proxy instanceof URL ? proxy.host : undefined;
}
