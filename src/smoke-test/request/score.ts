import { randomUUID } from 'node:crypto';
import { USER_AGENT } from '../../network/client.ts';
import { RUNS_UNDICI } from '../../process/node-version.ts';
import { codingsIn } from './codings.ts';
import { decodeBody } from './content-coding.ts';
import type { Exchange } from './exchange.ts';
import { sendByNode } from './node-transport.ts';
import { findRoute, knownRoute } from './route.ts';
import type { ScoringRequest } from './scoring-request.ts';
import { type Deadline, type Head, newWire, type Outgoing, type Wire } from './transport.ts';

/** Loaded when it is needed: that takes as long as hundreds of requests gain by it. */
let pooled: typeof import('./pooled-transport.ts') | undefined;

/** Servers that answered what only Node's own client can read. */
const leftToNode = new Set<string>();

/**
 * Sends one request and reads the reply to its last byte. Never throws. No retries: a second request would hide how
 * the first one ended. No redirects: the credential goes to the scoring URI's origin only.
 */
export async function score(request: ScoringRequest): Promise<Exchange> {
  const wire = newWire();
  const requestId = randomUUID();
  const deadline: Deadline = { hasPassed: false, giveUp: undefined };
  const timer = setTimeout(pass, request.timeoutMs, deadline);
  const startedAt = performance.now();
  let route = knownRoute(request);
  const { method, body, onChunk } = request;
  const timingOf = (endedAt = performance.now()) => ({
    url: request.url,
    latencyMs: endedAt - (wire.sentAt ?? startedAt),
    connectMs: wire.connectMs,
    askedDeployment: request.deployment,
    toServer: request.toServer === true,
    requestId,
    proxyHost: route?.proxyHost,
  });
  try {
    route ??= await findRoute(request);
    const outgoing: Outgoing = {
      route,
      method,
      headers: headersOf(request, requestId),
      body,
      onChunk: onChunk && ((chunk) => onChunk(chunk, performance.now() - (wire.sentAt ?? startedAt))),
    };
    const { status, headers } = await send(outgoing, request, wire, deadline);
    const timing = timingOf(wire.endedAt);
    const codings = codingsIn(headers['content-encoding']);
    const decoded =
      codings.length === 0
        ? { body: wire.body, undecoded: undefined }
        : await within(deadline, decodeBody(wire.body, codings));
    return {
      kind: 'reply',
      status,
      headers,
      ...decoded,
      bytes: wire.bytes,
      sha256: wire.sha256 ?? '',
      ...timing,
    };
  } catch (cause) {
    const kind = deadline.hasPassed ? 'timeout' : wire.replied ? 'cut' : 'unreachable';
    return { kind, cause, ...timingOf() };
  } finally {
    clearTimeout(timer);
  }
}

function pass(deadline: Deadline): void {
  deadline.hasPassed = true;
  deadline.giveUp?.();
}

async function send(
  outgoing: Outgoing,
  { isAskedOnce = false }: ScoringRequest,
  wire: Wire,
  deadline: Deadline,
): Promise<Head> {
  const { proxyAgent, connectionKey } = outgoing.route;
  if (!RUNS_UNDICI || isAskedOnce || proxyAgent !== undefined || leftToNode.has(connectionKey))
    return sendByNode(outgoing, wire, deadline);
  pooled ??= await import('./pooled-transport.ts');
  const { sendPooled, UnreadableAnswerError } = pooled;
  if (deadline.hasPassed) throw new Error('aborted');
  try {
    return await sendPooled(outgoing, wire, deadline);
  } catch (error) {
    if (!(error instanceof UnreadableAnswerError) || deadline.hasPassed) throw error;
    // Asked once more than was meant: the warm-up has asked every server before it is measured.
    leftToNode.add(connectionKey);
    return sendByNode(outgoing, Object.assign(wire, newWire()), deadline);
  }
}

/** Gives work up at the deadline. It may still go on, but nobody waits for it. */
function within<T>(deadline: Deadline, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    deadline.giveUp = () => reject(new Error('aborted'));
    if (deadline.hasPassed) deadline.giveUp();
    work.then(resolve, reject);
  });
}

/** Names of headers of which a case cannot have its own, in lower case. */
const SET_HERE = new Set([
  'authorization',
  'azureml-model-deployment',
  'content-length',
  'x-ms-client-request-id',
]);

/** A case's headers replace those with the same name, in whatever case its letters are. */
function headersOf(
  { headers, contentType, accept = '*/*', body, credential, deployment }: ScoringRequest,
  requestId: string,
): Record<string, string> {
  const all: Record<string, string> = {
    Accept: accept,
    // Firewalls refuse a request without one.
    'User-Agent': USER_AGENT.userAgentPrefix,
    // Measured bytes are the model's own; a case that wants compression asks for it with a header.
    'Accept-Encoding': 'identity',
  };
  if (contentType !== undefined) all['Content-Type'] = contentType;
  for (const [name, value] of Object.entries(headers)) {
    const lower = name.toLowerCase();
    if (SET_HERE.has(lower)) continue;
    for (const same of Object.keys(all)) if (same.toLowerCase() === lower) delete all[same];
    all[name] = (typeof value === 'string' ? value : value.reveal()).trim();
  }
  if (body !== undefined) all['Content-Length'] = String(body.length);
  if (credential !== undefined) all.Authorization = `Bearer ${credential.reveal()}`;
  all['x-ms-client-request-id'] = requestId;
  if (deployment !== undefined) all['azureml-model-deployment'] = deployment;
  return all;
}
