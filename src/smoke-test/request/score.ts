import { randomUUID } from 'node:crypto';
import { brotliDecompressSync, gunzipSync, inflateSync, zstdDecompressSync } from 'node:zlib';
import {
  createEmptyPipeline,
  createHttpHeaders,
  createPipelineRequest,
  getDefaultProxySettings,
  type HttpMethods,
  type Pipeline,
  type PipelinePolicy,
  proxyPolicy,
} from '@azure/core-rest-pipeline';
import { proxyHostOf } from '../../network/client.ts';
import type { Secret } from '../../secrets/secret.ts';
import { LONGEST_KEPT_BYTES, measuringClient, newWire, type Wire } from './transport.ts';

export interface ScoringRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly contentType: string | undefined;
  readonly body: Buffer | undefined;
  readonly credential: Secret;
  /** Sent as `azureml-model-deployment`; undefined: traffic decides. */
  readonly deployment: string | undefined;
  /** Limit of the whole exchange, the last byte of the answer included. */
  readonly timeoutMs: number;
  /** Sees every chunk of the answer as it comes, and when, in milliseconds since the request was written. */
  readonly onChunk?: ((chunk: Buffer, afterMs: number) => void) | undefined;
}

interface Timed {
  /** From the first byte written to the last byte read; of a failed exchange, to its failure. */
  readonly latencyMs: number;
  /** Look-up, TCP and TLS; undefined on a connection that was there. */
  readonly connectMs: number | undefined;
  /** The deployment that was asked; undefined: traffic decided. */
  readonly asked: string | undefined;
  /** The `x-ms-client-request-id` that was sent. */
  readonly requestId: string;
  /** Host of the proxy that the request went through. */
  readonly proxyHost: string | undefined;
}

/** What came back, all of it untrusted. */
export interface Reply extends Timed {
  readonly kind: 'reply';
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined when it was longer than 16 MiB, and so not kept. */
  readonly body: Buffer | undefined;
  /** The content coding that could not be undone: then the body is as it came. */
  readonly undecoded: string | undefined;
  /** Length of the body as it came. */
  readonly bytes: number;
  /** Of the body as it came, in hex. */
  readonly sha256: string;
}

/** Nothing whole came back: in time, to its end, or at all. */
export interface NoReply<Kind extends 'timeout' | 'cut' | 'unreachable'> extends Timed {
  readonly kind: Kind;
  /** What the network said: a system error with a `code`. */
  readonly cause: unknown;
}

export type Exchange = Reply | NoReply<'timeout'> | NoReply<'cut'> | NoReply<'unreachable'>;

// No retries: a second request would hide what the first one met. No redirects: the credential goes to the
// scoring URI's origin only.
const pipelines = {
  'https:': pipelineThrough(proxyPolicy()),
  'http:': pipelineThrough(httpProxy()),
} as const;

function pipelineThrough(policy: PipelinePolicy | undefined): Pipeline {
  const pipeline = createEmptyPipeline();
  if (policy !== undefined) pipeline.addPolicy(policy);
  return pipeline;
}

/** The policy's own choice is the proxy for https, whatever the URL. */
function httpProxy(): PipelinePolicy | undefined {
  const { HTTP_PROXY, http_proxy, ALL_PROXY, all_proxy } = process.env;
  const url = http_proxy || HTTP_PROXY || all_proxy || ALL_PROXY;
  return url ? proxyPolicy(getDefaultProxySettings(url)) : undefined;
}

/** Sends one request and reads the answer to its last byte. Never throws. */
export async function score(request: ScoringRequest): Promise<Exchange> {
  const wire = newWire();
  const requestId = randomUUID();
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), request.timeoutMs);
  const startedAt = performance.now();
  const outgoing = createPipelineRequest({
    url: request.url,
    method: request.method as HttpMethods,
    headers: createHttpHeaders(headersOf(request, requestId)),
    ...(request.body === undefined ? {} : { body: request.body }),
    abortSignal: timeout.signal,
    allowInsecureConnection: true,
  });
  const { onChunk } = request;
  const client = measuringClient(
    wire,
    onChunk && ((chunk) => onChunk(chunk, performance.now() - (wire.sentAt ?? startedAt))),
  );
  const timed = (): Timed => ({
    latencyMs: (wire.endedAt ?? performance.now()) - (wire.sentAt ?? startedAt),
    connectMs: wire.connectMs,
    asked: request.deployment,
    requestId,
    proxyHost: proxyHostOf(outgoing),
  });
  try {
    const pipeline = pipelines[outgoing.url.startsWith('https:') ? 'https:' : 'http:'];
    const response = await pipeline.sendRequest(client, outgoing);
    const headers = response.headers.toJSON();
    return {
      kind: 'reply',
      status: response.status,
      headers,
      ...decoded(wire, headers['content-encoding']),
      bytes: wire.bytes,
      sha256: wire.sha256 ?? '',
      ...timed(),
    };
  } catch (cause) {
    const kind = timeout.signal.aborted ? 'timeout' : wire.answered ? 'cut' : 'unreachable';
    return { kind, cause, ...timed() };
  } finally {
    clearTimeout(timer);
  }
}

function headersOf(
  { headers, contentType, body, credential, deployment }: ScoringRequest,
  requestId: string,
): Record<string, string> {
  return {
    Accept: '*/*',
    // Measured bytes are the model's own; who wants compression asks for it with a header of the case.
    'Accept-Encoding': 'identity',
    ...(contentType === undefined ? {} : { 'Content-Type': contentType }),
    ...headers,
    ...(body === undefined ? {} : { 'Content-Length': String(body.length) }),
    Authorization: `Bearer ${credential.reveal()}`,
    'x-ms-client-request-id': requestId,
    ...(deployment === undefined ? {} : { 'azureml-model-deployment': deployment }),
  };
}

const DECODERS: Readonly<Record<string, (body: Buffer, options: { maxOutputLength: number }) => Buffer>> = {
  gzip: gunzipSync,
  'x-gzip': gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
  zstd: zstdDecompressSync,
  identity: (body) => body,
};

/**
 * Undoes the content codings, the last one first. A body that cannot be decoded, or is too long decoded, stays as it
 * came; what is expected of it is not met then.
 */
function decoded({ body }: Wire, encoding: string | undefined): Pick<Reply, 'body' | 'undecoded'> {
  let text = body;
  for (const coding of (encoding ?? '').split(',').reverse()) {
    const name = coding.trim().toLowerCase();
    if (text === undefined || name === '') continue;
    try {
      const decode = Object.hasOwn(DECODERS, name) ? DECODERS[name] : undefined;
      if (decode === undefined) return { body, undecoded: name };
      text = decode(text, { maxOutputLength: LONGEST_KEPT_BYTES });
    } catch {
      return { body, undecoded: name };
    }
  }
  return { body: text, undecoded: undefined };
}
