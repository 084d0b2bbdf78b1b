import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Deployment } from '../../src/azure/resource-manager/answers.ts';
import type { Workspace } from '../../src/azure/resource-manager/calls.ts';
import type { Measured } from '../../src/smoke-test/measure/measure.ts';
import { NO_EXPECTATIONS } from '../../src/smoke-test/plan/expectations.ts';
import type { Case, Plan, RequestPlan } from '../../src/smoke-test/plan/plan.ts';
import type { StreamSummary } from '../../src/smoke-test/request/event-stream.ts';
import type { NoReply, Reply } from '../../src/smoke-test/request/exchange.ts';
import type { Sample } from '../../src/smoke-test/result.ts';
import type { Addressee } from '../../src/smoke-test/verdict/status-row.ts';
import type { Patience } from '../../src/smoke-test/warm-up/back-off.ts';

/** Where the requests of a test were sent. */
export const ADDRESSEE: Addressee = {
  endpoint: 'churn',
  host: 'churn.example',
  deployment: undefined,
  authMode: 'key',
  timeoutMs: 30_000,
};

const TIMED = {
  url: 'https://churn.example/score',
  latencyMs: 12,
  connectMs: undefined,
  askedDeployment: undefined,
  requestId: 'c0ffee00-0000-4000-8000-000000000001',
  proxyHost: undefined,
} as const;

export function replyOf(
  status: number,
  headers: Record<string, string> = {},
  body: string | Buffer = status === 200 ? '[1]' : '',
  changes: Partial<Reply> = {},
): Reply {
  const bytes = Buffer.from(body);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return {
    kind: 'reply',
    status,
    headers,
    body: bytes,
    undecoded: undefined,
    bytes: bytes.length,
    sha256,
    ...TIMED,
    ...changes,
  };
}

export function noReply<Kind extends NoReply<'timeout' | 'cut' | 'unreachable'>['kind']>(
  kind: Kind,
  cause: unknown = new Error('aborted'),
): NoReply<Kind> {
  return { kind, cause, ...TIMED };
}

/** What is kept of a good stream of two events, with changes. */
export function streamSummary(changes: Partial<StreamSummary> = {}): StreamSummary {
  return {
    events: 2,
    spoken: 1,
    firstEventMs: 4,
    spanMs: 1,
    longestGapMs: 1,
    lastData: '[DONE]',
    error: undefined,
    chat: 'none',
    finishReason: undefined,
    cutData: undefined,
    tooLong: false,
    isUnsearched: false,
    ...changes,
  };
}

export function systemError(code: string, message = `connect ${code}`): Error {
  return Object.assign(new Error(message), { code });
}

export function requestPlan(changes: Partial<RequestPlan> = {}): RequestPlan {
  return {
    method: 'POST',
    path: undefined,
    headers: {},
    contentType: 'application/json',
    body: { kind: 'bytes', bodies: [Buffer.from('[1]')], origin: 'inline JSON' },
    ...changes,
  };
}

export function caseOf(changes: Partial<Case> = {}): Case {
  return { name: 'two rows', request: requestPlan(), expect: NO_EXPECTATIONS, ...changes };
}

export function planOf(changes: Partial<Plan> = {}): Plan {
  return {
    deployment: { kind: 'traffic' },
    warmUpMs: 120_000,
    warmUpThrough: [],
    samples: 1,
    concurrency: 1,
    rate: undefined,
    timeoutMs: 30_000,
    connectTo: undefined,
    cases: [caseOf()],
    thresholds: { successRate: 1, latencyMs: {}, baseline: undefined },
    advisory: [],
    check: undefined,
    ...changes,
  };
}

/** A patience whose clock only moves while it waits. */
export interface FakePatience {
  readonly patience: Patience;
  readonly said: string[];
  /** Every pause, in milliseconds. */
  readonly slept: number[];
}

/** @param random every random number; with 0 a pause is half of its back-off, with almost 1 all of it */
export function fakePatience(budgetMs: number, random = 0, startMs = 0): FakePatience {
  let clock = startMs;
  const said: string[] = [];
  const slept: number[] = [];
  const patience = {
    deadline: startMs + budgetMs,
    now: () => clock,
    sleep: async (ms: number) => {
      slept.push(ms);
      clock += ms;
    },
    random: () => random,
    say: (line: string) => void said.push(line),
  };
  return { patience, said, slept };
}

/** A workspace with these calls; every other call fails the test. */
export function workspaceOf(answers: Partial<Workspace>): Workspace {
  const refuse = async (): Promise<never> => {
    throw new Error('was not to be asked');
  };
  return {
    endpoint: refuse,
    endpointNames: refuse,
    keys: refuse,
    token: refuse,
    deployments: refuse,
    deployment: refuse,
    logs: refuse,
    ...answers,
  };
}

export function deployment(name: string, provisioningState = 'Succeeded'): Deployment {
  return { name, provisioningState };
}

/** One request as a server got it. */
export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  /** Number of the connection, from 1. */
  readonly connection: number;
}

export interface LocalServer {
  readonly origin: string;
  readonly requests: Seen[];
}

/** A real server on loopback, closed when the test is over. */
export async function serve(
  respond: (response: ServerResponse, seen: Seen) => void | Promise<void>,
): Promise<LocalServer> {
  const requests: Seen[] = [];
  const connections = new Map<object, number>();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const seen: Seen = {
      method: request.method ?? '',
      url: request.url ?? '',
      headers: request.headers,
      rawHeaders: request.rawHeaders,
      body: Buffer.concat(chunks),
      connection: connections.get(request.socket) ?? 0,
    };
    requests.push(seen);
    await respond(response, seen);
  });
  server.on('connection', (socket) => connections.set(socket, connections.size + 1));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, requests };
}

/** What was measured, without a bad request unless the test has one. */
export function measuredOf(samples: readonly Sample[], changes: Partial<Measured> = {}): Measured {
  return {
    samples,
    firstBad: [],
    firstReply: undefined,
    goodReplies: new Map(),
    connectMs: undefined,
    stoppedBy: undefined,
    loopDelay: undefined,
    mostUnderWay: Number.MAX_SAFE_INTEGER,
    leastPlaces: Number.POSITIVE_INFINITY,
    ...changes,
  };
}
