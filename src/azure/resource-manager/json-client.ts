import {
  type HttpClient,
  type PipelinePolicy,
  type PipelineRequest,
  type PipelineResponse,
  RestError,
} from '@azure/core-rest-pipeline';
import { httpClient } from '../../network/client.ts';
import { quote } from '../../secrets/untrusted.ts';
import { Failure } from '../../text/failure.ts';
import { parseJson } from '../../text/json.ts';
import { CHECK_CLOUD_AND_PROXY } from '../errors/advice.ts';

/**
 * The client for Resource Manager, whose every good response is JSON. A good response that is not JSON is an
 * error here, because the package's operations would take it for an empty one.
 * @param origin the only origin that requests may go to; a `nextLink` in a list could name another one
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

/**
 * Refuses a request to another origin before the package's own policies see it. The one that adds the token
 * refuses plain http, too, but its message would not say what to do.
 */
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
  const requested = new URL(url).origin;
  if (requested === origin) return;
  throw new Failure(
    `${quote(origin)} names a next page elsewhere, at ${quote(requested)}. The token is not sent there.\n${CHECK_CLOUD_AND_PROXY}`,
  );
}

function isJson({ headers, bodyAsText }: PipelineResponse): boolean {
  const type = headers.get('content-type') ?? '';
  return /^application\/(?:[\w.+-]+\+)?json\b/i.test(type) && parseJson(bodyAsText ?? '') !== undefined;
}
