import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { type Described, swaggerDocument } from './swagger-documents.ts';
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
  | {
      readonly refusal: 'model_not_ready' | 'too_many_pending_request' | 'reset';
      /** That the front door sends along, such as Retry-After. */
      readonly headers?: Readonly<Record<string, string>>;
    };

export type Model = (request: ScoringRequest) => ScoringAnswer | Promise<ScoringAnswer>;

/** The `run()` of a scoring script: gets the parameters, returns what becomes the JSON answer, or throws. */
export type ScoringScript = (
  parameters: Readonly<Record<string, unknown>>,
  request: ScoringRequest,
) => unknown | Promise<unknown>;

/**
 * A container that runs a script as Microsoft's inference server does.
 * A POST is scored on any path, so that one model also stands for containers with routes of their own.
 * @param swagger what `/swagger.json` answers when it is asked for version 2 or for none; null: the script
 * cannot be described in version 2
 * @see https://github.com/microsoft/azureml-inference-server `server/routes.py`
 */
export function inferenceServer(
  run: ScoringScript,
  swagger: unknown = UNDECORATED_SWAGGER,
  laterVersions: Readonly<Partial<Record<'3' | '3.1', unknown>>> = {},
): Model {
  const documents = { ...(swagger === null ? {} : { 2: swagger }), ...laterVersions };
  return async (request) => {
    const { method, path, query, headers } = request;
    if (tooLong(headers['x-ms-client-request-id'])) {
      return said(431, 'x-ms-request-id and x-ms-client-request-id must not exceed 100 characters');
    }
    if (method === 'GET' && path === '/') {
      return { status: 200, headers: { 'Content-Type': 'text/html; charset=utf-8' }, body: 'Healthy' };
    }
    if (method === 'GET' && path === '/swagger.json') return document(documents, query.get('version') ?? '2');
    if (method === 'GET' && path === '/score') return missingParameter();
    if (method === 'GET') return said(404, NOT_FOUND);
    if (method !== 'POST') return said(405, 'The method is not allowed for the requested URL.');
    if (!/^application\/(?:.+\+)?json\s*(?:;|$)/i.test(headers['content-type'] ?? '')) {
      return said(415, 'Expects Content-Type to be application/json');
    }
    return score(run, request);
  };
}

async function score(run: ScoringScript, request: ScoringRequest): Promise<ContainerAnswer> {
  if (request.body.length === 0) return said(400, 'POST body is empty. Expecting a JSON dictionary.');
  let input: unknown;
  try {
    input = JSON.parse(request.body.toString());
  } catch {
    // Python names the position; the caller can do nothing with it that the text alone does not tell.
    const detail = 'Expecting value: line 1 column 1 (char 0)';
    return said(400, `POST body could not be decoded as JSON: ${detail}`);
  }
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    return said(400, 'POST body should be a JSON dictionary.');
  }
  if (Object.keys(input).length === 0) return missingParameter();
  const startedAt = performance.now();
  const answer = await attempt(() => run(input as Record<string, unknown>, request));
  if (answer.failed) return SCRIPT_RAISED;
  const time = (performance.now() - startedAt).toFixed(3);
  return json(200, answer.value, { ...NOT_FAILED, 'x-ms-run-fn-exec-ms': time });
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

/** A script need not be describable in every version: Swagger 2.0 knows no arrays of several types, say. */
function document(documents: Readonly<Record<string, unknown>>, version: string): ContainerAnswer {
  const found = documents[version.replace(/\.0$/, '')];
  if (found !== undefined) return json(200, found, NOT_FAILED);
  const supported = Object.keys(documents).sort().join(', ');
  const known = ['2', '3', '3.1'].includes(version.replace(/\.0$/, ''));
  return said(
    404,
    known
      ? `Swagger version [${version}] is not supported for the scoring script. Supported swagger versions: [${supported}].`
      : `Swagger version [${version}] is not valid. Supported versions: [${supported}].`,
  );
}

function missingParameter(): ContainerAnswer {
  return said(400, "A value is not provided for the 'data' parameter.");
}

function tooLong(header: string | readonly string[] | undefined): boolean {
  return typeof header === 'string' && header.length > 100;
}

/** An answer of the server's own, not of the script. */
function said(status: number, message: string): ContainerAnswer {
  return json(status, { message }, NOT_FAILED);
}

const NOT_FAILED = { 'x-ms-run-function-failed': 'False' };

const NOT_FOUND =
  'The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.';

/** What the inference server says of a script without `inference-schema` decorators: an empty example. */
const UNDECORATED: Described = {
  input: { type: 'object', example: {} },
  output: { type: 'object', example: {} },
};
const UNDECORATED_SWAGGER = swaggerDocument('2', UNDECORATED);
