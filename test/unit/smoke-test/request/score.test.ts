import { createHash } from 'node:crypto';
import { getEventListeners, once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { createPipelineRequest } from '@azure/core-rest-pipeline';
import { afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { AGENTS } from '../../../../src/network/agents.ts';
import { announceMasksTo, guard, type Secret } from '../../../../src/secrets/secret.ts';
import { createEventStreamReader } from '../../../../src/smoke-test/request/event-stream.ts';
import type { Exchange, Reply } from '../../../../src/smoke-test/request/exchange.ts';
import { score } from '../../../../src/smoke-test/request/score.ts';
import type { ScoringRequest } from '../../../../src/smoke-test/request/scoring-request.ts';
import { measuringClient, newWire } from '../../../../src/smoke-test/request/transport.ts';
import { startTlsServer } from '../../../support/self-signed-server.ts';
import { type LocalServer, type Seen, serve } from '../../../support/smoke-test.ts';

const KEY = 'the-primary-key-0123456789';
let credential: Secret;

beforeAll(() => {
  announceMasksTo(() => undefined);
  credential = guard(KEY, 'The key');
});

function requestTo({ origin }: LocalServer, changes: Partial<ScoringRequest> = {}): ScoringRequest {
  return {
    url: `${origin}/score`,
    method: 'POST',
    headers: {},
    contentType: 'application/json',
    body: Buffer.from('[1]'),
    credential,
    deployment: undefined,
    timeoutMs: 60_000,
    ...changes,
  };
}

async function answered(request: ScoringRequest): Promise<Reply> {
  const exchange = await score(request);
  if (exchange.kind !== 'reply') throw new Error(`${exchange.kind}`, { cause: exchange.cause });
  return exchange;
}

/** The request as the server saw it. */
async function seenWith(changes: Partial<ScoringRequest>): Promise<Seen> {
  const server = await serve((response) => void response.end('[2]'));
  await answered(requestTo(server, changes));
  return server.requests[0]!;
}

function sha256(body: Buffer): string {
  return createHash('sha256').update(body).digest('hex');
}

describe('what is sent', () => {
  test('is the body, byte for byte', async () => {
    const body = Buffer.from(Array.from({ length: 1_024 }, (_, index) => index % 256));
    const seen = await seenWith({ body, contentType: 'image/png' });
    expect(seen.body.equals(body)).toBe(true);
    expect([seen.method, seen.url]).toEqual(['POST', '/score']);
    expect(seen.headers).toMatchObject({ 'content-type': 'image/png', 'content-length': '1024' });
    expect(seen.headers).not.toHaveProperty('transfer-encoding');
  });

  test('is an empty body with its length', async () => {
    const seen = await seenWith({ body: Buffer.alloc(0) });
    expect(seen.headers['content-length']).toBe('0');
  });

  test('is no body with a GET', async () => {
    const seen = await seenWith({ method: 'GET', body: undefined, contentType: undefined });
    expect([seen.method, seen.body.length]).toEqual(['GET', 0]);
    expect(seen.headers).not.toHaveProperty('content-type');
    expect(seen.headers).not.toHaveProperty('content-length');
    expect(seen.headers).not.toHaveProperty('transfer-encoding');
  });

  test('has the credential, and asks for no compression', async () => {
    const { headers } = await seenWith({});
    expect(headers).toMatchObject({
      authorization: `Bearer ${KEY}`,
      accept: '*/*',
      'accept-encoding': 'identity',
    });
    expect(headers).not.toHaveProperty('azureml-model-deployment');
  });

  test('names the deployment that is to answer', async () => {
    const { headers } = await seenWith({ deployment: 'green' });
    expect(headers['azureml-model-deployment']).toBe('green');
  });

  test('has the headers of the case, as they are written, and none of them twice', async () => {
    const { headers, rawHeaders } = await seenWith({
      headers: {
        'X-Trace': 'a',
        accept: 'application/json',
        'ACCEPT-ENCODING': 'gzip',
        'content-type': 'text/x',
      },
    });
    expect(rawHeaders).toContain('X-Trace');
    expect(headers).toMatchObject({
      'x-trace': 'a',
      accept: 'application/json',
      'accept-encoding': 'gzip',
      'content-type': 'text/x',
    });
    const names = rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
    expect(new Set(names).size).toBe(names.length);
  });

  test.each(['lower', 'upper'])(
    'keeps its own headers, whatever the case says in %s case',
    async (letters) => {
      const evil = ['Authorization', 'x-ms-client-request-id', 'azureml-model-deployment', 'Content-Length'];
      const headers = Object.fromEntries(
        evil.map((name) => [letters === 'lower' ? name.toLowerCase() : name.toUpperCase(), 'evil']),
      );
      const seen = await seenWith({ headers, deployment: 'green' });
      expect(seen.headers).toMatchObject({
        authorization: `Bearer ${KEY}`,
        'azureml-model-deployment': 'green',
        'content-length': '3',
      });
      expect(JSON.stringify(seen.rawHeaders)).not.toContain('evil');
    },
  );

  test('has an id of its own each time, which the exchange tells', async () => {
    const server = await serve((response) => void response.end());
    const ids = [
      (await score(requestTo(server))).requestId,
      (await score(requestTo(server, { timeoutMs: 50_000 }))).requestId,
    ];
    expect(server.requests.map(({ headers }) => headers['x-ms-client-request-id'])).toEqual(ids);
    expect(new Set(ids).size).toBe(2);
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9-]{1,40}$/);
  });
});

describe('an answer', () => {
  test('is told with all that came', async () => {
    const server = await serve((response) => {
      response.writeHead(424, { 'Content-Type': 'application/json', 'X-Twice': ['a', 'b'] });
      response.end('{"message":"no"}');
    });
    expect(await answered(requestTo(server))).toEqual({
      kind: 'reply',
      status: 424,
      headers: expect.objectContaining({ 'content-type': 'application/json', 'x-twice': 'a, b' }),
      body: Buffer.from('{"message":"no"}'),
      bytes: 16,
      sha256: sha256(Buffer.from('{"message":"no"}')),
      latencyMs: expect.any(Number),
      connectMs: expect.any(Number),
      requestId: expect.any(String),
      proxyHost: undefined,
    });
  });

  test('with a redirect is the answer: nothing is sent where it leads', async () => {
    const other = await serve((response) => void response.end());
    const server = await serve((response) => {
      response.writeHead(307, { Location: `${other.origin}/score` });
      response.end();
    });
    expect(await answered(requestTo(server))).toMatchObject({ status: 307 });
    expect([server.requests.length, other.requests.length]).toEqual([1, 0]);
  });

  test('that is bad is asked for once', async () => {
    const server = await serve((response) => {
      response.writeHead(503, { 'Retry-After': '0' });
      response.end();
    });
    expect(await answered(requestTo(server))).toMatchObject({ status: 503 });
    expect(server.requests).toHaveLength(1);
  });
});

describe('a compressed answer', () => {
  const TEXT = Buffer.from('{"data": [1, 2, 3]}');

  async function compressed(encoding: string, body: Buffer): Promise<Reply> {
    const server = await serve((response) => {
      response.writeHead(200, { 'Content-Encoding': encoding });
      response.end(body);
    });
    return answered(requestTo(server));
  }

  test.each([
    ['gzip', gzipSync(TEXT)],
    ['deflate', deflateSync(TEXT)],
    ['br', brotliCompressSync(TEXT)],
    [' GZIP ', gzipSync(TEXT)],
    ['x-gzip', gzipSync(TEXT)],
    ['zstd', zstdCompressSync(TEXT)],
    ['gzip, identity', gzipSync(TEXT)],
    ['deflate, br', brotliCompressSync(deflateSync(TEXT))],
  ])('is read: %s', async (encoding, wire) => {
    const { body, undecoded, bytes, sha256: hash } = await compressed(encoding, wire);
    expect(undecoded).toBeUndefined();
    expect(body?.toString()).toBe('{"data": [1, 2, 3]}');
    // Of what came over the wire.
    expect([bytes, hash]).toEqual([wire.length, sha256(wire)]);
  });

  test.each([
    ['of an unknown kind', 'zstd2', TEXT],
    ['that is broken', 'gzip', TEXT],
    ['that is cut short', 'gzip', gzipSync(TEXT).subarray(0, 20)],
    ['that would grow beyond all bounds', 'gzip', gzipSync(Buffer.alloc(17 * 1024 * 1024))],
    ['whose kind is a property that every object has', 'constructor', TEXT],
    ['of which only one can be undone', 'constructor, gzip', gzipSync(TEXT)],
  ])('%s is kept as it came, and said to be', async (_what, encoding, wire) => {
    const { body, undecoded } = await compressed(encoding, wire);
    expect(undecoded).toBe(encoding.split(',')[0]);
    expect(body?.equals(wire)).toBe(true);
  });
});

test('the first event of a stream is there before the rest is sent', async () => {
  let sawFirst: () => void = () => undefined;
  const first = new Promise<void>((resolve) => {
    sawFirst = resolve;
  });
  const server = await serve(async (response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write('data: {"token": "a"}\n\n');
    await first;
    response.end('data: {"token": "b"}\n\ndata: [DONE]\n\n');
  });
  const chunks: string[] = [];
  const times: number[] = [];
  const reader = createEventStreamReader(() => times.at(-1) ?? Number.NaN);
  const exchange = await answered(
    requestTo(server, {
      onChunk: (chunk, afterMs) => {
        chunks.push(chunk.toString());
        times.push(afterMs);
        reader.feed(chunk);
        sawFirst();
      },
    }),
  );
  expect(chunks.join('')).toBe(exchange.body?.toString());
  expect(reader.summary()).toMatchObject({ events: 3, lastData: '[DONE]', firstEventMs: times[0] });
  expect(times.length).toBeGreaterThan(1);
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect(times[0]).toBeGreaterThan(0);
  expect(times.at(-1)).toBeLessThanOrEqual(exchange.latencyMs);
});

describe('limits', () => {
  let credential: Secret;

  beforeAll(() => {
    announceMasksTo(() => undefined);
    credential = guard('the-primary-key-0123456789', 'The key');
  });

  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  });

  function requestTo(origin: string, changes: Partial<ScoringRequest> = {}): ScoringRequest {
    return {
      url: `${origin}/score`,
      method: 'POST',
      headers: {},
      contentType: 'application/json',
      body: Buffer.from('[1]'),
      credential,
      deployment: undefined,
      timeoutMs: 60_000,
      ...changes,
    };
  }

  function ask(origin: string, changes: Partial<ScoringRequest> = {}): Promise<Exchange> {
    return score(requestTo(origin, changes));
  }

  /** A port on which nothing listens. */
  async function closedPort(): Promise<number> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    return port;
  }

  /** From now on the clock moves by 1 ms each time that it is read, and by nothing else. */
  function countReadings(): void {
    let now = 1_000;
    vi.spyOn(performance, 'now').mockImplementation(() => now++);
  }

  describe('the clock is read', () => {
    const respond = (response: { end(text: string): unknown }) => void response.end('[2]');

    test('when a request starts, on its connection, and at the last byte of its answer', async () => {
      const { origin } = await serve(respond);
      countReadings();
      expect(await ask(origin)).toMatchObject({ kind: 'reply', connectMs: 1, latencyMs: 1 });
      expect(await ask(origin)).toMatchObject({ kind: 'reply', connectMs: undefined, latencyMs: 1 });
    });

    test('for every chunk, since the request was written', async () => {
      const { origin } = await serve(respond);
      const times: number[] = [];
      countReadings();
      const exchange = await ask(origin, { onChunk: (_chunk, afterMs) => times.push(afterMs) });
      expect(times).toEqual([1]);
      expect(exchange).toMatchObject({ latencyMs: 2 });
    });

    test('when nothing was written, from the start to the failure', async () => {
      const port = await closedPort();
      countReadings();
      expect(await ask(`http://127.0.0.1:${port}`)).toMatchObject({
        kind: 'unreachable',
        connectMs: undefined,
        latencyMs: 2,
      });
    });

    test('when an answer is cut, from the request to the failure', async () => {
      const { origin } = await serve((response) => {
        response.writeHead(200, { 'Content-Length': '100' });
        response.write('{', () => response.destroy());
      });
      countReadings();
      expect(await ask(origin)).toMatchObject({ kind: 'cut', connectMs: 1, latencyMs: 1 });
    });
  });

  describe('when an exchange is over', () => {
    test.each(['an answer', 'none'])(
      'no timer is left that would keep the step from its end: %s',
      async (what) => {
        const { origin } = await serve((response) => void response.end('[2]'));
        const port = await closedPort();
        vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
        const exchange = await ask(what === 'none' ? `http://127.0.0.1:${port}` : origin);
        expect(exchange.kind).toBe(what === 'none' ? 'unreachable' : 'reply');
        expect(vi.getTimerCount()).toBe(0);
      },
    );

    test('nothing listens for the end of its time any more, also after many', async () => {
      const { origin } = await serve((response) => void response.end('[2]'));
      const { signal } = new AbortController();
      const url = `${origin}/score`;
      const request = () =>
        createPipelineRequest({ url, method: 'POST', body: Buffer.from('[1]'), abortSignal: signal });
      const pending = measuringClient(newWire()).sendRequest(request());
      expect(getEventListeners(signal, 'abort')).toHaveLength(1);
      expect(await pending).toMatchObject({ status: 200 });
      expect(getEventListeners(signal, 'abort')).toEqual([]);
    });

    test('nothing listens for the end of its time any more, also after a failure', async () => {
      const { signal } = new AbortController();
      const url = `http://127.0.0.1:${await closedPort()}/score`;
      const request = createPipelineRequest({ url, method: 'POST', abortSignal: signal });
      await expect(measuringClient(newWire()).sendRequest(request)).rejects.toMatchObject({
        code: 'ECONNREFUSED',
      });
      expect(getEventListeners(signal, 'abort')).toEqual([]);
    });

    test('a request without a limit has an answer too, and fails too', async () => {
      const { origin } = await serve((response) => void response.end('[2]'));
      const wire = newWire();
      const request = (to: string) =>
        createPipelineRequest({ url: to, method: 'POST', body: Buffer.from('[1]') });
      expect(await measuringClient(wire).sendRequest(request(origin))).toMatchObject({ status: 200 });
      expect(wire).toMatchObject({ replied: true, bytes: 3, body: Buffer.from('[2]') });
      const nowhere = request(`http://127.0.0.1:${await closedPort()}`);
      await expect(measuringClient(newWire()).sendRequest(nowhere)).rejects.toMatchObject({
        code: 'ECONNREFUSED',
      });
    });
  });

  describe('over TLS', () => {
    test('the connection is there when its handshake is done', async () => {
      const { host, certificate } = await startTlsServer({
        name: 'localhost',
        notAfter: new Date('2100-01-01'),
      });
      const { options } = AGENTS['https:'];
      options.ca = certificate;
      onTestFinished(() => {
        delete options.ca;
      });
      const first = await ask(`https://${host}`);
      const second = await ask(`https://${host}`);
      expect([first, second].map(({ kind, connectMs }) => [kind, typeof connectMs])).toEqual([
        ['reply', 'number'],
        ['reply', 'undefined'],
      ]);
      AGENTS['https:'].destroy();
    });

    test('and not when there is only a connection', async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      const sockets: { destroy(): void }[] = [];
      server.on('connection', (socket) => sockets.push(socket.on('error', () => undefined)));
      onTestFinished(() => {
        for (const socket of sockets) socket.destroy();
        server.close();
      });
      const { port } = server.address() as AddressInfo;
      expect(await ask(`https://127.0.0.1:${port}`, { timeoutMs: 100 })).toMatchObject({
        kind: 'timeout',
        connectMs: undefined,
      });
    });
  });

  test('a request goes through the proxy that the environment names, which the exchange tells', async () => {
    const proxy = await serve((response, seen) => void response.end(seen.url));
    vi.stubEnv('HTTP_PROXY', proxy.origin);
    vi.stubEnv('http_proxy', proxy.origin);
    vi.stubEnv('NO_PROXY', undefined);
    vi.stubEnv('no_proxy', undefined);
    // The pipeline reads the environment when it is made.
    vi.resetModules();
    const fresh = await import('../../../../src/smoke-test/request/score.ts');
    const exchange = await fresh.score(requestTo('http://churn.example'));
    expect(exchange).toMatchObject({
      kind: 'reply',
      status: 200,
      body: Buffer.from('http://churn.example/score'),
      proxyHost: new URL(proxy.origin).host,
    });
  });
});
