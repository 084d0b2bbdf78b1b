import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { AGENTS } from '../../../../src/network/agents.ts';
import { announceMasksTo, guard, type Secret } from '../../../../src/secrets/secret.ts';
import type { Exchange } from '../../../../src/smoke-test/request/exchange.ts';
import { score } from '../../../../src/smoke-test/request/score.ts';
import { rowOf } from '../../../../src/smoke-test/verdict/status-table.ts';
import { serve } from '../../../support/smoke-test.ts';

const MIB = 1024 * 1024;
let credential: Secret;

beforeAll(() => {
  announceMasksTo(() => undefined);
  credential = guard('the-primary-key-0123456789', 'The key');
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe.each([
  ['many', false],
  ['one alone', true],
])('of %s', (_name, isAskedOnce) => {
  function send(origin: string, timeoutMs = 60_000): Promise<Exchange> {
    return score({
      url: `${origin}/score`,
      method: 'POST',
      headers: {},
      contentType: 'application/json',
      body: Buffer.from('[1]'),
      credential,
      deployment: undefined,
      timeoutMs,
      isAskedOnce,
    });
  }

  describe('a reply that changes the protocol', () => {
    test('is a reply with that status and without a body', async () => {
      const origin = await listen((socket) => {
        socket.once('data', () =>
          socket.write(
            'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nhello',
          ),
        );
      });
      const exchange = await send(origin);
      expect(exchange).toMatchObject({ kind: 'reply', status: 101, bytes: 0, body: Buffer.alloc(0) });
      expect(rowOf(exchange).measured).toBe('error');
    });
  });

  /** A server that does as it likes with its connections. */
  async function listen(onConnection: (socket: Socket) => void): Promise<string> {
    const sockets: Socket[] = [];
    const server = createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => undefined);
      onConnection(socket);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  describe('a connection', () => {
    test('is opened once, and its time is that of the request that opened it', async () => {
      const server = await serve((response) => void response.end('[2]'));
      const exchanges = [await send(server.origin), await send(server.origin), await send(server.origin)];
      expect(server.requests.map(({ connection }) => connection)).toEqual([1, 1, 1]);
      expect(exchanges.map(({ connectMs }) => typeof connectMs)).toEqual([
        'number',
        'undefined',
        'undefined',
      ]);
    });

    test('is opened for each request at the same time, and all are kept', async () => {
      const server = await serve((response) => void response.end('[2]'));
      await Promise.all([send(server.origin), send(server.origin)]);
      const again = await Promise.all([send(server.origin), send(server.origin)]);
      expect(server.requests.map(({ connection }) => connection).sort()).toEqual([1, 1, 2, 2]);
      expect(again.map(({ connectMs }) => connectMs)).toEqual([undefined, undefined]);
    });

    test('that is slow to open does not count in the latency', async () => {
      const server = await serve((response) => void response.end('[2]'));
      vi.spyOn(AGENTS['http:'], 'createConnection').mockImplementation((options) =>
        createConnection({
          port: Number(options.port),
          host: 'localhost',
          // As slow name servers are.
          lookup: (_name, { all }, found) =>
            void sleep(200).then(() =>
              all ? found(null, [{ address: '127.0.0.1', family: 4 }]) : found(null, '127.0.0.1', 4),
            ),
        }),
      );
      const startedAt = performance.now();
      const { kind, connectMs = 0, latencyMs } = await send(server.origin);
      const wholeMs = performance.now() - startedAt;
      expect(kind).toBe('reply');
      expect(connectMs).toBeGreaterThan(150);
      // Both fit one after the other; would the latency begin before the connection is there, they would not.
      expect(connectMs + latencyMs).toBeLessThanOrEqual(wholeMs);
    });
  });

  test('the latency ends with the last byte of the reply', async () => {
    const server = await serve(async (response) => {
      response.write('[');
      await sleep(100);
      response.end('2]');
    });
    const { latencyMs } = await send(server.origin);
    // Timers of Node may be a millisecond early.
    expect(latencyMs).toBeGreaterThan(98);
  });

  describe('a body', () => {
    async function receive(size: number): Promise<Exchange> {
      const body = Buffer.alloc(size, 'x');
      const server = await serve((response) => void response.end(body));
      const exchange = await send(server.origin);
      expect(exchange).toMatchObject({
        kind: 'reply',
        bytes: size,
        sha256: createHash('sha256').update(body).digest('hex'),
      });
      return exchange;
    }

    test.each([0, 1, 16 * MIB])('of %i bytes is kept', async (size) => {
      const exchange = await receive(size);
      expect(exchange.kind === 'reply' && exchange.body?.length).toBe(size);
    });

    test.each([16 * MIB + 1, 17 * MIB])('of %i bytes is read to its end, but not kept', async (size) => {
      const exchange = await receive(size);
      expect(exchange).toHaveProperty('body', undefined);
    });
  });

  describe('a connection that was closed while it was idle', () => {
    const GOOD = 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n[2]';

    /** Each connection does one of these at each of its requests, in their order, and the last one again and again. */
    async function connections(...scripts: readonly (readonly ((socket: Socket) => void)[])[]) {
      const requests: number[] = [];
      let opened = 0;
      const origin = await listen((socket) => {
        const number = opened++;
        const script = scripts[Math.min(number, scripts.length - 1)]!;
        let request = 0;
        socket.on('data', () => {
          requests.push(number);
          script[Math.min(request++, script.length - 1)]!(socket);
        });
      });
      return { origin, requests };
    }
    const good = (socket: Socket) => void socket.write(GOOD);
    const reset = (socket: Socket) => void socket.resetAndDestroy();
    const end = (socket: Socket) => void socket.end();

    test.each([
      ['reset', reset],
      ['ended', end],
    ])('is opened again, and the request sent once more: %s', async (_how, close) => {
      const { origin, requests } = await connections([good, close], [good]);
      await send(origin);
      const exchange = await send(origin);
      expect(exchange).toMatchObject({ kind: 'reply', status: 200, connectMs: expect.any(Number) });
      expect(requests).toEqual([0, 0, 1]);
    });

    test('is opened only once more', async () => {
      const { origin, requests } = await connections([good, reset], [reset]);
      await send(origin);
      expect(await send(origin)).toMatchObject({ kind: 'unreachable', cause: { code: 'ECONNRESET' } });
      expect(requests).toEqual([0, 0, 1]);
    });

    test('is not replaced by another one that has been idle for as long', async () => {
      const { origin, requests } = await connections([good, reset], [good, reset], [good]);
      await Promise.all([send(origin), send(origin)]);
      expect(await send(origin)).toMatchObject({ kind: 'reply', status: 200 });
      expect(requests.at(-1)).toBe(2);
      expect(requests).toHaveLength(4);
    });

    test('but a new connection that is closed is a failure', async () => {
      const { origin, requests } = await connections([reset], [good]);
      expect(await send(origin)).toMatchObject({ kind: 'unreachable' });
      expect(requests).toEqual([0]);
    });

    test('but one that is closed within its answer is a failure', async () => {
      const cut = (socket: Socket) => void socket.write('HTTP/1.1 200 O', () => socket.destroy());
      const { origin, requests } = await connections([good, cut], [good]);
      await send(origin);
      expect((await send(origin)).kind).not.toBe('reply');
      expect(requests).toEqual([0, 0]);
    });

    test('but a request that runs into its timeout is not sent again', async () => {
      const { origin, requests } = await connections([good, () => undefined], [good]);
      await send(origin);
      expect(await send(origin, 50)).toMatchObject({ kind: 'timeout' });
      expect(requests).toEqual([0, 0]);
    });
  });

  describe('an answer with more than HTTP needs', () => {
    test.each([
      ['an interim answer that nobody waited for', 'HTTP/1.1 100 Continue\r\n\r\n'],
      ['hints for a browser', 'HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n'],
    ])('is read to its end: %s', async (_what, before) => {
      const origin = await listen((socket) =>
        socket.on('data', () =>
          socket.write(
            `${before}HTTP/1.1 200 OK\r\nX-Name: M\xfcnchen \r\nContent-Length: 3\r\n\r\n[2]`,
            'latin1',
          ),
        ),
      );
      for (const _time of [1, 2]) {
        expect(await send(origin)).toMatchObject({
          kind: 'reply',
          status: 200,
          body: Buffer.from('[2]'),
          headers: { 'x-name': 'M\xfcnchen' },
        });
      }
    });

    test.each([
      ['204 with a length', 'HTTP/1.1 204 No Content\r\nContent-Length: 3\r\n\r\n', 204, ''],
      ['a body that the end of the connection ends', 'HTTP/1.1 200 OK\r\n\r\n[2]', 200, '[2]'],
      [
        'a body in chunks',
        'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n[2]\r\n0\r\n\r\n',
        200,
        '[2]',
      ],
      ['no words for its status', 'HTTP/1.1 200\r\nContent-Length: 3\r\n\r\n[2]', 200, '[2]'],
    ])('%s', async (_what, answer, status, body) => {
      const origin = await listen((socket) => socket.once('data', () => socket.end(answer)));
      expect(await send(origin)).toMatchObject({ kind: 'reply', status, body: Buffer.from(body) });
    });
  });

  test.each([
    ['', 'HPE_INVALID_CONSTANT'],
    ['Connection: close\r\n', 'HPE_CLOSED_CONNECTION'],
  ])('an answer that goes on after its length is cut: %j', async (header, code) => {
    const origin = await listen((socket) =>
      socket.once('data', () => socket.write(`HTTP/1.1 200 OK\r\n${header}Content-Length: 2\r\n\r\n["a"]`)),
    );
    const exchange = await send(origin);
    expect(exchange).toMatchObject({ kind: 'cut', cause: { code } });
    expect(rowOf(exchange).when).toBe('more bytes than the Content-Length says');
  });

  describe('an answer that breaks HTTP has the code that Node gives it', () => {
    test.each([
      ['HTTP/9.x 200 OK\r\n\r\n', 'HPE_INVALID_VERSION'],
      ['HTTP/1.1 2x0 OK\r\n\r\n', 'HPE_INVALID_STATUS'],
      ['HTTP/1.1 200 OK\r\nno colon\r\n\r\n', 'HPE_INVALID_HEADER_TOKEN'],
      ['HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n', 'HPE_INVALID_CONTENT_LENGTH'],
      ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n', 'HPE_INVALID_CHUNK_SIZE'],
      [`HTTP/1.1 200 OK\r\nX-Long: ${'x'.repeat(17_000)}\r\n\r\n`, 'HPE_HEADER_OVERFLOW'],
      ['SSH-2.0-OpenSSH\r\n', 'HPE_INVALID_CONSTANT'],
    ])('%j', async (answer, code) => {
      const origin = await listen((socket) => socket.once('data', () => socket.write(answer)));
      const ofNode = await new Promise<NodeJS.ErrnoException>((resolve) => {
        request(origin, (incoming) => incoming.once('error', resolve).resume())
          .once('error', resolve)
          .end();
      });
      expect(await send(origin)).toMatchObject({ cause: { code } });
      expect(ofNode.code).toBe(code);
    });
  });

  describe('there is no complete reply', () => {
    test.each([
      ['with its length', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"data": ['],
      ['in chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"dat\r\n'],
      ['before its first byte', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n'],
    ])('when the connection breaks: %s', async (_how, head) => {
      const origin = await listen((socket) => {
        socket.once('data', () => socket.write(head, () => setImmediate(() => socket.destroy())));
      });
      const exchange = await send(origin);
      expect(exchange).toMatchObject({ kind: 'cut', cause: { code: 'ECONNRESET' } });
      expect(exchange.latencyMs).toBeGreaterThan(0);
    });

    test('when the server hangs up before it replies', async () => {
      const origin = await listen((socket) => socket.once('data', () => socket.resetAndDestroy()));
      const exchange = await send(origin);
      expect(exchange).toMatchObject({ kind: 'unreachable', cause: { code: 'ECONNRESET' } });
      expect(rowOf(exchange).when).toBe('connection refused or reset before an answer');
    });

    test('when nothing listens', async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      server.close();
      await once(server, 'close');
      const exchange = await send(`http://127.0.0.1:${port}`);
      expect(exchange).toMatchObject({
        kind: 'unreachable',
        cause: { code: 'ECONNREFUSED' },
        connectMs: undefined,
      });
      expect(rowOf(exchange).when).toBe('connection refused or reset before an answer');
    });

    test('when something else than HTTP replies', async () => {
      const origin = await listen((socket) => socket.once('data', () => socket.end('SSH-2.0-OpenSSH\r\n')));
      const exchange = await send(origin);
      expect(exchange).toMatchObject({ kind: 'unreachable', cause: { code: 'HPE_INVALID_CONSTANT' } });
      expect(rowOf(exchange).measured).toBe('error');
    });

    test.each([
      ['at all', ''],
      ['to its end', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"data": ['],
    ])('when it does not come in time %s', async (_what, part) => {
      const closed: Promise<unknown>[] = [];
      const origin = await listen((socket) => {
        closed.push(once(socket, 'close'));
        socket.once('data', () => socket.write(part));
      });
      expect(await send(origin, 50)).toMatchObject({ kind: 'timeout' });
      // The connection is given up, and not kept for the next request.
      await Promise.all(closed);
      expect(closed).toHaveLength(1);
    });

    test('and the next request is not disturbed', async () => {
      let connections = 0;
      const origin = await listen((socket) => {
        const good = ++connections > 1;
        socket.on('data', () => {
          if (good) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n[2]');
        });
      });
      expect(await send(origin, 50)).toMatchObject({ kind: 'timeout' });
      expect(await send(origin)).toMatchObject({ kind: 'reply', status: 200 });
    });
  });
});
