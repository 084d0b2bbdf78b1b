import { getEventListeners, once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { createPipelineRequest } from '@azure/core-rest-pipeline';
import { afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { AGENTS } from '../../../../src/network/agents.ts';
import { announceMasksTo, guard, type Secret } from '../../../../src/secrets/secret.ts';
import { type Exchange, type ScoringRequest, score } from '../../../../src/smoke-test/request/score.ts';
import { measuringClient, newWire } from '../../../../src/smoke-test/request/transport.ts';
import { startTlsServer } from '../../../support/self-signed-server.ts';
import { serve } from '../../../support/smoke-test.ts';

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
    expect(wire).toMatchObject({ answered: true, bytes: 3, body: Buffer.from('[2]') });
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
