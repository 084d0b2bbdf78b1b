import { randomUUID } from 'node:crypto';
import {
  createDefaultHttpClient,
  createEmptyPipeline,
  createHttpHeaders,
  createPipelineRequest,
  decompressResponsePolicy,
  type PipelineResponse,
  proxyPolicy,
} from '@azure/core-rest-pipeline';
import { proxyHostOf } from '../azure/http.ts';
import type { Secret } from '../secret.ts';
import type { Sample } from './sample.ts';

/** A longer answer is measured to its end, but not kept. */
export const LONGEST_KEPT_BYTES = 16 * 1024 * 1024;

export interface ScoringRequest {
  readonly scoringUri: string;
  readonly credential: Secret;
  readonly sample: Sample;
  readonly deployment: string | undefined;
  /** Limit of the whole exchange, the last byte of the answer included. */
  readonly timeoutMs: number;
}

/** What came back, all of it untrusted. */
export interface Answer {
  readonly kind: 'answer';
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Length of the body as it came, also of what was not kept. */
  readonly bytes: number;
  readonly latencyMs: number;
  /** Host of the proxy that the request went through. */
  readonly proxyHost: string | undefined;
}

/** Nothing whole came back. */
export interface NoAnswer<Kind extends 'timeout' | 'cut' | 'unreachable'> {
  readonly kind: Kind;
  readonly latencyMs: number;
  /** What the network said: a system error with a `code`. */
  readonly cause: unknown;
  /** Host of the proxy that the request went through. */
  readonly proxyHost: string | undefined;
}

export type Exchange = Answer | NoAnswer<'timeout'> | NoAnswer<'cut'> | NoAnswer<'unreachable'>;

const client = createDefaultHttpClient();

// No retries: a second request would hide what the first one met. No redirects: the credential goes to the
// scoring URI's origin only.
const pipeline = createEmptyPipeline();
pipeline.addPolicy(proxyPolicy());
pipeline.addPolicy(decompressResponsePolicy());

/** Sends one request and reads the answer to its last byte. Never throws. */
export async function score(request: ScoringRequest): Promise<Exchange> {
  const { scoringUri, credential, sample, deployment, timeoutMs } = request;
  const timeout = AbortSignal.timeout(timeoutMs);
  const startedAt = performance.now();
  const elapsed = (): number => performance.now() - startedAt;
  const outgoing = createPipelineRequest({
    url: scoringUri,
    method: 'POST',
    headers: createHttpHeaders({
      Accept: '*/*',
      Authorization: `Bearer ${credential.reveal()}`,
      'Content-Type': sample.contentType,
      'x-ms-client-request-id': randomUUID(),
      ...(deployment === undefined ? {} : { 'azureml-model-deployment': deployment }),
    }),
    body: sample.body,
    abortSignal: timeout,
    allowInsecureConnection: true,
    streamResponseStatusCodes: new Set([Number.POSITIVE_INFINITY]),
  });
  let answered = false;
  try {
    const response = await pipeline.sendRequest(client, outgoing);
    answered = true;
    const { body, bytes } = await readBody(response);
    return {
      kind: 'answer',
      status: response.status,
      headers: response.headers.toJSON(),
      body,
      bytes,
      latencyMs: elapsed(),
      proxyHost: proxyHostOf(outgoing),
    };
  } catch (cause) {
    const kind = timeout.aborted ? 'timeout' : answered ? 'cut' : 'unreachable';
    return { kind, latencyMs: elapsed(), cause, proxyHost: proxyHostOf(outgoing) };
  }
}

async function readBody(response: PipelineResponse): Promise<{ body: Buffer; bytes: number }> {
  const kept: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response.readableStreamBody ?? []) {
    const buffer = Buffer.from(chunk);
    bytes += buffer.length;
    if (bytes <= LONGEST_KEPT_BYTES) kept.push(buffer);
    else kept.length = 0;
  }
  return { body: Buffer.concat(kept), bytes };
}
