import { randomUUID } from 'node:crypto';
import { textAnswer } from './answers.ts';
import {
  type ContainerAnswer,
  SCRIPT_RAISED,
  type ScoringAnswer,
  type ScoringRequest,
} from './inference-server.ts';
import { refusalOf } from './scoring-credentials.ts';
import type { DeploymentState, EndpointState, World } from './state.ts';
import type { Answer, Body, Received, Service } from './wire.ts';

const NO_DEPLOYMENT =
  'No valid deployments to route to. Please check that the endpoint has at least one deployment with positive weight values or use a deployment specific header to route.';

/** The scoring front door of all endpoints, which makes Azure's answers of what the containers say. */
export function frontDoorService(world: World): Service {
  const positions = new Map<EndpointState, number>();
  const inFlight = new Map<DeploymentState, number>();

  /** Weighted by traffic. The golden ratio spreads even few requests evenly, and always in the same way. */
  function byTraffic(endpoint: EndpointState): DeploymentState | undefined {
    const weights = Object.entries(endpoint.traffic).filter(([, weight]) => weight > 0);
    const total = weights.reduce((sum, [, weight]) => sum + weight, 0);
    const position = positions.get(endpoint) ?? 0;
    positions.set(endpoint, position + 1);
    let rest = ((position * 0.618_033_988_75) % 1) * total;
    for (const [name, weight] of weights) {
      rest -= weight;
      if (rest < 0) return endpoint.deployments.get(name);
    }
    return undefined;
  }

  async function ask(
    deployment: DeploymentState,
    request: Omit<ScoringRequest, 'signal'>,
  ): Promise<ScoringAnswer | 'timeout'> {
    const limit = 2 * deployment.maxConcurrentRequestsPerInstance * deployment.instanceCount;
    const running = inFlight.get(deployment) ?? 0;
    if (running >= limit) return { refusal: 'too_many_pending_request' };
    inFlight.set(deployment, running + 1);
    const release = () => void inFlight.set(deployment, (inFlight.get(deployment) ?? 1) - 1);
    const answer = await withinTimeout(deployment, request);
    if (answer === 'timeout' || !('body' in answer) || !isStream(answer.body)) {
      release();
      return answer;
    }
    return { ...answer, body: released(answer.body, release) };
  }

  return (received) => ({
    call: 'scoring',
    answer: async () => {
      const target = targetOf(world, received);
      if (target === undefined) return envelope(received, textAnswer(404, ''));
      const { endpoint, path } = target;
      const refusal = refusalOf(world, endpoint, received.headers.authorization);
      if (refusal !== undefined) return envelope(received, textAnswer(refusal.status, refusal.text));

      const named = received.headers['azureml-model-deployment'];
      const deployment = typeof named === 'string' ? endpoint.deployments.get(named) : byTraffic(endpoint);
      if (deployment === undefined) return envelope(received, textAnswer(404, NO_DEPLOYMENT));

      const startedAt = performance.now();
      // An update leaves the old container in place until the new one is ready; nothing else serves.
      const serves = ['Succeeded', 'Updating', 'Scaling'].includes(deployment.provisioningState);
      const answer: ScoringAnswer | 'timeout' = serves
        ? await ask(deployment, {
            endpoint: endpoint.name,
            deployment: deployment.name,
            method: received.method,
            path,
            query: received.url.searchParams,
            headers: received.headers,
            body: received.body,
          })
        : { refusal: 'model_not_ready' };
      if (answer !== 'timeout' && 'refusal' in answer && answer.refusal === 'reset') return 'reset';
      const translate = endpoint.compute === null ? managedAnswer : kubernetesAnswer;
      const translated = translate(answer);
      return envelope(received, {
        ...translated,
        headers: {
          'azureml-model-deployment': deployment.name,
          'ms-azureml-model-time': String(Math.round(performance.now() - startedAt)),
          ...translated.headers,
        },
      });
    },
  });
}

/** The endpoint that a request is for, and the path that its container sees. */
function targetOf(
  { endpoints, tokens }: World,
  { url, headers }: Received,
): { readonly endpoint: EndpointState; readonly path: string } | undefined {
  const isTls = url.protocol === 'https:';
  const [, name, path = '/'] = /^\/api\/v1\/endpoint\/([^/]+)(\/.*)?$/.exec(url.pathname) ?? [];
  if (name !== undefined) {
    const endpoint = endpoints.get(name);
    const reachable = endpoint !== undefined && (isTls || endpoint.compute !== null);
    return reachable ? { endpoint, path } : undefined;
  }
  // In Azure every managed endpoint has a host of its own; here the credential tells them apart on other paths.
  const credential = headers.authorization?.replace(/^Bearer /i, '') ?? '';
  const managed = [...endpoints.values()].filter(({ compute }) => compute === null && isTls);
  const endpoint =
    managed.find(({ keys }) => keys.primary === credential || keys.secondary === credential) ??
    managed.find((candidate) => tokens.verify(credential)?.endpointName === candidate.name) ??
    managed.find(({ authMode }) => authMode === 'AADToken' && tokens.verify(credential) !== undefined);
  return endpoint === undefined ? undefined : { endpoint, path: url.pathname };
}

async function withinTimeout(
  { model, requestTimeoutMs }: DeploymentState,
  request: Omit<ScoringRequest, 'signal'>,
): Promise<ScoringAnswer | 'timeout'> {
  const abort = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<'timeout'>((resolve) => {
    timer = setTimeout(() => {
      resolve('timeout');
      abort.abort();
    }, requestTimeoutMs);
  });
  // A model that throws is a script that raises.
  const answer = (async () => model({ ...request, signal: abort.signal }))().catch(() => SCRIPT_RAISED);
  try {
    return await Promise.race([answer, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/** A managed endpoint passes a 200 on, and makes 424 of everything else that a container says. */
function managedAnswer(answer: ScoringAnswer | 'timeout'): Answer {
  if (answer === 'timeout') return textAnswer(408, '');
  if ('refusal' in answer) {
    const status = answer.refusal === 'too_many_pending_request' ? 429 : 424;
    return textAnswer(status, '', { 'ms-azureml-model-error-reason': answer.refusal, ...answer.headers });
  }
  if (answer.status === 200) return answer;
  return {
    ...answer,
    status: 424,
    headers: {
      ...answer.headers,
      'ms-azureml-model-error-reason': 'model_error',
      'ms-azureml-model-error-statuscode': String(answer.status),
    },
  };
}

/** On Kubernetes the container's status goes through, but for a crash of the script. */
function kubernetesAnswer(answer: ScoringAnswer | 'timeout'): Answer {
  if (answer === 'timeout') return textAnswer(504, '');
  if ('refusal' in answer) return textAnswer(503, '', answer.headers);
  return scriptFailed(answer) ? { ...answer, status: 502 } : answer;
}

function scriptFailed({ headers }: ContainerAnswer): boolean {
  return headers?.['x-ms-run-function-failed'] === 'True';
}

function envelope({ headers }: Received, answer: Answer): Answer {
  const clientRequestId = headers['x-ms-client-request-id'];
  const echoed =
    typeof clientRequestId === 'string' ? clientRequestId.replace(/[^A-Za-z0-9_-]/g, '').slice(0, 40) : '';
  const { 'x-request-id': _containers, ...rest } = answer.headers ?? {};
  return {
    ...answer,
    headers: {
      ...rest,
      Server: 'azureml-frontdoor',
      'X-Request-ID': randomUUID(),
      ...(echoed === '' ? {} : { 'x-ms-client-request-id': echoed }),
    },
  };
}

function isStream(body: Body | undefined): body is AsyncIterable<string | Uint8Array> {
  return body !== undefined && typeof body !== 'string' && !Buffer.isBuffer(body);
}

async function* released<T>(body: AsyncIterable<T>, release: () => void): AsyncIterable<T> {
  try {
    yield* body;
  } finally {
    release();
  }
}
