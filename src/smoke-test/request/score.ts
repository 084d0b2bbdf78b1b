import { randomUUID } from 'node:crypto';
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
import { proxyHostOf, USER_AGENT } from '../../network/client.ts';
import { codingsIn } from './codings.ts';
import { decodeBody } from './content-coding.ts';
import type { Exchange } from './exchange.ts';
import type { ScoringRequest } from './scoring-request.ts';
import { measuringClient, newWire } from './transport.ts';

// No retries: a second request would hide how the first one ended. No redirects: the credential goes to the
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

/** Left to itself, the policy uses the proxy for https also for an http URL. */
function httpProxy(): PipelinePolicy | undefined {
  const { HTTP_PROXY, http_proxy, ALL_PROXY, all_proxy } = process.env;
  const url = http_proxy || HTTP_PROXY || all_proxy || ALL_PROXY;
  return url ? proxyPolicy(getDefaultProxySettings(url)) : undefined;
}

/** Sends one request and reads the reply to its last byte. Never throws. */
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
  const timingOf = (endedAt = performance.now()) => ({
    url: request.url,
    latencyMs: endedAt - (wire.sentAt ?? startedAt),
    connectMs: wire.connectMs,
    askedDeployment: request.deployment,
    requestId,
    proxyHost: proxyHostOf(outgoing),
  });
  try {
    const pipeline = pipelines[outgoing.url.startsWith('https:') ? 'https:' : 'http:'];
    const response = await pipeline.sendRequest(client, outgoing);
    const headers = response.headers.toJSON();
    const timing = timingOf(wire.endedAt);
    const decoded = await within(
      timeout.signal,
      decodeBody(wire.body, codingsIn(headers['content-encoding'])),
    );
    return {
      kind: 'reply',
      status: response.status,
      headers,
      ...decoded,
      bytes: wire.bytes,
      sha256: wire.sha256 ?? '',
      ...timing,
    };
  } catch (cause) {
    const kind = timeout.signal.aborted ? 'timeout' : wire.replied ? 'cut' : 'unreachable';
    return { kind, cause, ...timingOf() };
  } finally {
    clearTimeout(timer);
  }
}

/** Gives work up at a signal. It may still go on, but nobody waits for it. */
async function within<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  signal.throwIfAborted();
  let give: (() => void) | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    give = () => reject(signal.reason as Error);
    signal.addEventListener('abort', give);
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    if (give !== undefined) signal.removeEventListener('abort', give);
  }
}

function headersOf(
  { headers, contentType, accept = '*/*', body, credential, deployment }: ScoringRequest,
  requestId: string,
): Record<string, string> {
  return {
    Accept: accept,
    // Firewalls refuse a request without one.
    'User-Agent': USER_AGENT.userAgentPrefix,
    // Measured bytes are the model's own; a case that wants compression asks for it with a header.
    'Accept-Encoding': 'identity',
    ...(contentType === undefined ? {} : { 'Content-Type': contentType }),
    ...revealed(headers),
    ...(body === undefined ? {} : { 'Content-Length': String(body.length) }),
    Authorization: `Bearer ${credential.reveal()}`,
    'x-ms-client-request-id': requestId,
    ...(deployment === undefined ? {} : { 'azureml-model-deployment': deployment }),
  };
}

function revealed(headers: ScoringRequest['headers']): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : value.reveal(),
    ]),
  );
}
