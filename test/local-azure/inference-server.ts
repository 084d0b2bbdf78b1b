import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Body } from './wire.ts';

/** A scoring request as the container receives it. */
export interface ScoringRequest {
  readonly endpoint: string;
  readonly deployment: string;
  readonly method: string;
  /** Behind the endpoint's own address, such as `/score`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Aborted when the front door gives up on the container. */
  readonly signal: AbortSignal;
}

/** What the container says, before the front door makes Azure's answer of it. */
export interface ContainerAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Body;
}

/** A container's answer, or why the front door got none from it. `reset` breaks the caller's connection. */
export type ScoringAnswer =
  | ContainerAnswer
  | { readonly refusal: 'model_not_ready' | 'too_many_pending_request' | 'reset' };

export type Model = (request: ScoringRequest) => ScoringAnswer | Promise<ScoringAnswer>;

/** The `run()` of a scoring script: gets the parameters, returns what becomes the JSON answer, or throws. */
export type ScoringScript = (
  parameters: Readonly<Record<string, unknown>>,
  request: ScoringRequest,
) => unknown | Promise<unknown>;

/**
 * A container that runs a script as Microsoft's inference server does.
 * A POST is scored on any path, so that one model also stands for containers with routes of their own.
 * @see https://github.com/microsoft/azureml-inference-server `server/routes.py`
 */
export function inferenceServer(run: ScoringScript, swagger: unknown = UNDECORATED_SWAGGER): Model {
  return async (request) => {
    const { method, path } = request;
    if (method === 'GET' && path === '/') {
      return { status: 200, headers: { 'Content-Type': 'text/html; charset=utf-8' }, body: 'Healthy' };
    }
    if (method === 'GET' && path === '/swagger.json') return json(200, swagger);
    if (method === 'GET' && path === '/score') return missingParameter();
    if (method === 'GET') return json(404, { message: 'Not Found' });
    if (method !== 'POST') return json(405, { message: 'Method not allowed' });
    if (tooLong(request.headers['x-ms-client-request-id'])) {
      return json(431, {
        message: 'x-ms-request-id and x-ms-client-request-id must not exceed 100 characters',
      });
    }
    if (request.headers['content-type']?.split(';')[0]?.trim().toLowerCase() !== 'application/json') {
      return json(415, { message: 'Expects Content-Type to be application/json' });
    }
    return score(run, request);
  };
}

async function score(run: ScoringScript, request: ScoringRequest): Promise<ContainerAnswer> {
  let input: unknown;
  try {
    input = JSON.parse(request.body.toString());
  } catch {
    // Python names the position; the caller can do nothing with it that the text alone does not tell.
    const detail = 'Expecting value: line 1 column 1 (char 0)';
    return json(400, { message: `POST body could not be decoded as JSON: ${detail}` });
  }
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    return json(400, { message: 'POST body should be a JSON dictionary.' });
  }
  if (Object.keys(input).length === 0) return missingParameter();
  const startedAt = performance.now();
  const answer = await attempt(() => run(input as Record<string, unknown>, request));
  const headers = {
    'x-ms-run-fn-exec-ms': (performance.now() - startedAt).toFixed(3),
    'x-ms-run-function-failed': answer.failed ? 'True' : 'False',
  };
  return answer.failed
    ? { ...SCRIPT_RAISED, headers: { ...SCRIPT_RAISED.headers, ...headers } }
    : json(200, answer.value, headers);
}

/** What the server says when the script raises. */
export const SCRIPT_RAISED: ContainerAnswer = {
  status: 500,
  headers: { 'Content-Type': 'application/json', 'x-ms-run-function-failed': 'True' },
  body: '{"message": "An unexpected error occurred in scoring script. Check the logs for more info."}',
};

async function attempt(
  work: () => unknown,
): Promise<{ readonly failed: false; readonly value: unknown } | { readonly failed: true }> {
  try {
    return { failed: false, value: await work() };
  } catch {
    return { failed: true };
  }
}

/** The answer of a container that serializes JSON as Python does. */
export function json(
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): ContainerAnswer {
  const requestId = randomUUID();
  return {
    status,
    headers: { 'Content-Type': 'application/json', 'x-request-id': requestId, ...headers },
    body: JSON.stringify(value),
  };
}

function missingParameter(): ContainerAnswer {
  return json(400, { message: "A value is not provided for the 'data' parameter." });
}

function tooLong(header: string | readonly string[] | undefined): boolean {
  return typeof header === 'string' && header.length > 100;
}

/** What the inference server says of a script without `inference-schema` decorators: an empty example. */
const UNDECORATED_SWAGGER = {
  swagger: '2.0',
  info: {
    title: 'ML service',
    description: 'API specification for the Azure Machine Learning service',
    version: '1.0',
  },
  schemes: ['https'],
  consumes: ['application/json'],
  produces: ['application/json'],
  securityDefinitions: {
    Bearer: {
      type: 'apiKey',
      name: 'Authorization',
      in: 'header',
      description: 'For example: Bearer abc123',
    },
  },
  paths: {
    '/score': {
      post: {
        operationId: 'RunMLService',
        description: 'Run web service',
        security: [{ Bearer: [] }],
        parameters: [
          { name: 'serviceInputPayload', in: 'body', schema: { $ref: '#/definitions/ServiceInput' } },
        ],
        responses: {
          200: {
            description: 'The service processed the input',
            schema: { $ref: '#/definitions/ServiceOutput' },
          },
          default: { description: 'The service failed', schema: { $ref: '#/definitions/ErrorResponse' } },
        },
      },
    },
  },
  definitions: {
    ServiceInput: { type: 'object', example: {} },
    ServiceOutput: { type: 'object', example: {} },
    ErrorResponse: {
      type: 'object',
      properties: { status_code: { type: 'integer', format: 'int32' }, message: { type: 'string' } },
    },
  },
};
