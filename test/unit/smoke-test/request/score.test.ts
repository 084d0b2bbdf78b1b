import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { AGENTS } from '../../../../src/network/agents.ts';
import { announceMasksTo, guard, type Secret } from '../../../../src/secrets/secret.ts';
import { createStreamReader } from '../../../../src/smoke-test/request/event-stream.ts';
import type { Exchange, Reply } from '../../../../src/smoke-test/request/exchange.ts';
import { score } from '../../../../src/smoke-test/request/score.ts';
import type { ScoringRequest } from '../../../../src/smoke-test/request/scoring-request.ts';
import { startTlsServer } from '../../../support/self-signed-server.ts';
import { type LocalServer, type Seen, serve } from '../../../support/smoke-test.ts';

const KEY = 'the-primary-key-0123456789';
let credential: Secret;

beforeAll(() => {
  announceMasksTo(() => undefined);
  credential = guard(KEY, 'The key');
});

function requestOf(
  { origin }: Pick<LocalServer, 'origin'>,
  changes: Partial<ScoringRequest> = {},
): ScoringRequest {
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

async function replyTo(request: ScoringRequest): Promise<Reply> {
  const exchange = await score(request);
  if (exchange.kind !== 'reply') throw new Error(`${exchange.kind}`, { cause: exchange.cause });
  return exchange;
}

/** The request as the server got it. */
async function seenWith(changes: Partial<ScoringRequest>): Promise<Seen> {
  const server = await serve((response) => void response.end('[2]'));
  await replyTo(requestOf(server, changes));
  return server.requests[0]!;
}

function sha256(body: Buffer): string {
  return createHash('sha256').update(body).digest('hex');
}

describe('a request', () => {
  test('has its body, byte for byte', async () => {
    const body = Buffer.from(Array.from({ length: 1_024 }, (_, index) => index % 256));
    const seen = await seenWith({ body, contentType: 'image/png' });
    expect(seen.body.equals(body)).toBe(true);
    expect([seen.method, seen.url]).toEqual(['POST', '/score']);
    expect(seen.headers).toMatchObject({ 'content-type': 'image/png', 'content-length': '1024' });
    expect(seen.headers).not.toHaveProperty('transfer-encoding');
  });

  test('has the length of an empty body, too', async () => {
    const seen = await seenWith({ body: Buffer.alloc(0) });
    expect(seen.headers['content-length']).toBe('0');
  });

  test('has no body with a GET', async () => {
    const seen = await seenWith({ method: 'GET', body: undefined, contentType: undefined });
    expect([seen.method, seen.body.length]).toEqual(['GET', 0]);
    expect(seen.headers).not.toHaveProperty('content-type');
    expect(seen.headers).not.toHaveProperty('content-length');
    expect(seen.headers).not.toHaveProperty('transfer-encoding');
  });

  test('has the credential, and does not ask for compression', async () => {
    const { headers } = await seenWith({});
    expect(headers).toMatchObject({
      authorization: `Bearer ${KEY}`,
      accept: '*/*',
      'accept-encoding': 'identity',
    });
    expect(headers).not.toHaveProperty('azureml-model-deployment');
  });

  test('names the deployment that is to reply', async () => {
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

  test('has an id of its own each time, which is in the exchange', async () => {
    const server = await serve((response) => void response.end());
    const ids = [
      (await score(requestOf(server))).requestId,
      (await score(requestOf(server, { timeoutMs: 50_000 }))).requestId,
    ];
    expect(server.requests.map(({ headers }) => headers['x-ms-client-request-id'])).toEqual(ids);
    expect(new Set(ids).size).toBe(2);
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9-]{1,40}$/);
  });
});

describe('a reply', () => {
  test('has everything that came', async () => {
    const server = await serve((response) => {
      response.writeHead(424, { 'Content-Type': 'application/json', 'X-Twice': ['a', 'b'] });
      response.end('{"message":"no"}');
    });
    expect(await replyTo(requestOf(server))).toEqual({
      kind: 'reply',
      url: `${server.origin}/score`,
      status: 424,
      headers: expect.objectContaining({ 'content-type': 'application/json', 'x-twice': 'a, b' }),
      body: Buffer.from('{"message":"no"}'),
      bytes: 16,
      sha256: sha256(Buffer.from('{"message":"no"}')),
      latencyMs: expect.any(Number),
      connectMs: expect.any(Number),
      requestId: expect.any(String),
      proxyHost: undefined,
      toServer: false,
    });
  });

  test('that is a redirect is not followed', async () => {
    const other = await serve((response) => void response.end());
    const server = await serve((response) => {
      response.writeHead(307, { Location: `${other.origin}/score` });
      response.end();
    });
    expect(await replyTo(requestOf(server))).toMatchObject({ status: 307 });
    expect([server.requests.length, other.requests.length]).toEqual([1, 0]);
  });

  test('that is bad is not asked for again', async () => {
    const server = await serve((response) => {
      response.writeHead(503, { 'Retry-After': '0' });
      response.end();
    });
    expect(await replyTo(requestOf(server))).toMatchObject({ status: 503 });
    expect(server.requests).toHaveLength(1);
  });

  test('that is compressed is decoded, with the length and hash of what came', async () => {
    const wire = gzipSync('{"data": [1, 2, 3]}');
    const server = await serve((response) => {
      response.writeHead(200, { 'Content-Encoding': 'gzip' });
      response.end(wire);
    });
    const { body, bytes, sha256: hash } = await replyTo(requestOf(server));
    expect(body?.toString()).toBe('{"data": [1, 2, 3]}');
    expect([bytes, hash]).toEqual([wire.length, sha256(wire)]);
  });
});

test('the first event of a stream is read before the rest is sent', async () => {
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
  const reader = createStreamReader('events', () => times.at(-1) ?? Number.NaN);
  const exchange = await replyTo(
    requestOf(server, {
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
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  });

  function send(origin: string, changes: Partial<ScoringRequest> = {}): Promise<Exchange> {
    return score(requestOf({ origin }, changes));
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

  describe('when an exchange is over', () => {
    test.each(['a reply', 'none'])(
      'no timer is left that would delay the end of the step: %s',
      async (what) => {
        const { origin } = await serve((response) => void response.end('[2]'));
        const port = await closedPort();
        const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
        const before = timers();
        const exchange = await send(what === 'none' ? `http://127.0.0.1:${port}` : origin);
        expect(exchange.kind).toBe(what === 'none' ? 'unreachable' : 'reply');
        expect(timers()).toBe(before);
      },
    );
  });

  describe('over TLS', () => {
    /** `host:port` of a server for localhost, whose certificate is trusted until the test ends. */
    async function trustedServer(): Promise<string> {
      const { host, certificate } = await startTlsServer({
        name: 'localhost',
        notAfter: new Date('2100-01-01'),
      });
      const { options } = AGENTS['https:'];
      options.ca = certificate;
      onTestFinished(() => {
        delete options.ca;
        AGENTS['https:'].destroy();
      });
      return host;
    }

    describe.each([
      ['many requests', false],
      ['one alone', true],
    ])('of %s', (_name, isAskedOnce) => {
      test('the connection is open when its handshake is done, and kept', async () => {
        const host = await trustedServer();
        const first = await send(`https://${host}`, { isAskedOnce });
        const second = await send(`https://${host}`, { isAskedOnce });
        expect([first, second].map(({ kind, connectMs }) => [kind, typeof connectMs])).toEqual([
          ['reply', 'number'],
          ['reply', 'undefined'],
        ]);
      });

      test("the certificate is that of the URL's host, wherever connect-to leads", async () => {
        const port = Number(new URL(`https://${await trustedServer()}`).port);
        const to = (url: string, connectedHost: string) =>
          send(url, { isAskedOnce, connectTo: { host: connectedHost, port } });
        expect(await to('https://localhost', '127.0.0.1')).toMatchObject({ kind: 'reply' });
        const refused = { kind: 'unreachable', cause: { code: 'ERR_TLS_CERT_ALTNAME_INVALID' } };
        expect(await to('https://churn.invalid', 'localhost')).toMatchObject(refused);
        expect(await to('https://10.255.255.1', 'localhost')).toMatchObject(refused);
      });
    });

    test('the connection is not open before its handshake', async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      const sockets: { destroy(): void }[] = [];
      server.on('connection', (socket) => sockets.push(socket.on('error', () => undefined)));
      onTestFinished(() => {
        for (const socket of sockets) socket.destroy();
        server.close();
      });
      const { port } = server.address() as AddressInfo;
      expect(await send(`https://127.0.0.1:${port}`, { timeoutMs: 100 })).toMatchObject({
        kind: 'timeout',
        connectMs: undefined,
      });
    });
  });

  test('a request goes through the proxy that the environment names, and the exchange names it too', async () => {
    const proxy = await serve((response, seen) => void response.end(seen.url));
    vi.stubEnv('HTTP_PROXY', proxy.origin);
    vi.stubEnv('http_proxy', proxy.origin);
    vi.stubEnv('NO_PROXY', undefined);
    vi.stubEnv('no_proxy', undefined);
    // The pipeline reads the environment when it is made.
    vi.resetModules();
    const fresh = await import('../../../../src/smoke-test/request/score.ts');
    const exchange = await fresh.score(requestOf({ origin: 'http://churn.example' }));
    expect(exchange).toMatchObject({
      kind: 'reply',
      status: 200,
      body: Buffer.from('http://churn.example/score'),
      proxyHost: new URL(proxy.origin).host,
    });
  });
});
