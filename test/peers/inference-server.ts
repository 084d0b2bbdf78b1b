import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { buffer } from 'node:stream/consumers';
import type { ContainerAnswer, Model, ScoringAnswer, ScoringRequest } from '../local-azure/index.ts';

/** Microsoft's scoring container server with one of the scripts, as it runs in a deployment. */
export interface InferenceServer {
  /** Where it listens itself, without an endpoint before it. */
  readonly origin: string;
  /** All that the container has printed so far, which is what getLogs shows. */
  readonly log: string[];
  /** Passes requests on to the server, and its answers back. */
  readonly model: Model;
  /** Resolves when the log has such a line. @throws when the server ends without it */
  logged(pattern: RegExp): Promise<void>;
  /** Resolves when the server has ended by itself. */
  ended(): Promise<void>;
  close(): Promise<void>;
}

export interface ServerOptions {
  /** Of the script and the server, besides what every process has. */
  readonly env?: Readonly<Record<string, string>>;
}

/** @param programs of the Python environment `server` */
export async function startInferenceServer(
  script: string,
  programs: string,
  { env = {} }: ServerOptions = {},
): Promise<InferenceServer> {
  const [port, home] = await Promise.all([freePort(), mkdtemp(join(tmpdir(), 'inference-server-'))]);
  // Python leaves its compiled files beside the script.
  await copyFile(join(import.meta.dirname, 'scripts', script), join(home, script));
  const command = [
    join(import.meta.dirname, 'serve.py'),
    join(programs, 'azmlinfsrv'),
    ...['--entry_script', script],
    ...['--port', String(port)],
  ];
  const child = spawn(join(programs, 'python'), command, {
    cwd: home,
    env: { ...process.env, HOME: home, PYTHONUNBUFFERED: '1', ...env },
    windowsHide: true,
  });
  const exit = once(child, 'close');
  const log: string[] = [];
  const news = new EventEmitter().setMaxListeners(Number.POSITIVE_INFINITY);
  let ended = false;
  for (const stream of [child.stdout, child.stderr]) {
    createInterface(stream).on('line', (line) => {
      log.push(line);
      news.emit('news');
    });
  }
  child.on('close', () => {
    ended = true;
    news.emit('news');
  });
  return {
    origin: `http://127.0.0.1:${port}`,
    log,
    model: (request) => pass(port, request),
    async logged(pattern) {
      while (!log.some((line) => pattern.test(line))) {
        if (ended) throw new Error(`The inference server ended without ${pattern}:\n${log.join('\n')}`);
        await once(news, 'news');
      }
    },
    async ended() {
      await exit;
    },
    async close() {
      child.stdin.end();
      await exit;
      await rm(home, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** Ready to answer. */
export async function startReadyServer(
  ...args: Parameters<typeof startInferenceServer>
): Promise<InferenceServer> {
  const server = await startInferenceServer(...args);
  await server.logged(/ready for serving traffic/);
  return server;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('there is no free port');
  return address.port;
}

/** What belongs to the one connection, and not to what is said on it. */
const HOP_BY_HOP = new Set([
  'host',
  'connection',
  'keep-alive',
  'transfer-encoding',
  'date',
  'content-length',
]);

/** A container whose port is closed is not ready: it has not bound it yet, or it has crashed. */
async function pass(port: number, asked: ScoringRequest): Promise<ScoringAnswer> {
  const { method, query, body, signal } = asked;
  const path = query.size === 0 ? asked.path : `${asked.path}?${query}`;
  const headers = { ...withoutHops(asked.headers), 'content-length': body.length };
  const sent = httpRequest({ host: '127.0.0.1', port, method, path, headers, signal, agent: false });
  sent.end(body);
  try {
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    return await read(answer);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ECONNREFUSED') return { refusal: 'model_not_ready' };
    throw error;
  }
}

async function read(answer: IncomingMessage): Promise<ContainerAnswer> {
  return {
    status: answer.statusCode ?? 0,
    headers: withoutHops(answer.headers),
    body: await buffer(answer),
  };
}

function withoutHops(headers: IncomingMessage['headers']): Record<string, string> {
  const kept = Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name));
  return Object.fromEntries(kept.map(([name, value]) => [name, String(value)]));
}
