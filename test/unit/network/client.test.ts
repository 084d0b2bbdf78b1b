import { gzipSync } from 'node:zlib';
import { createHttpHeaders, createPipelineRequest, RestError } from '@azure/core-rest-pipeline';
import { describe, expect, test } from 'vitest';
import { jsonClient } from '../../../src/azure/resource-manager/json-client.ts';
import { getJson, httpClient, serviceErrorOf, serviceResponseOf } from '../../../src/network/client.ts';
import { ServiceError } from '../../../src/network/service-error.ts';
import { Failure } from '../../../src/text/failure.ts';
import { serve } from '../../support/smoke-test.ts';

// Loopback without TLS is what these clients meet nowhere else.
const ask = (url: string, abortSignal?: AbortSignal) =>
  createPipelineRequest({
    url,
    allowInsecureConnection: true,
    headers: createHttpHeaders({ Authorization: 'Bearer none' }),
    ...(abortSignal === undefined ? {} : { abortSignal }),
  });

describe('the client of every leg', () => {
  test('gives the answer, and its request back as it was', async () => {
    const { origin } = await serve((response) => void response.end('[1]'));
    const { signal } = new AbortController();
    const [plain, limited] = [ask(origin), ask(origin, signal)];

    expect((await httpClient.sendRequest(plain)).bodyAsText).toBe('[1]');
    expect((await httpClient.sendRequest(limited)).status).toBe(200);
    expect(plain.abortSignal).toBeUndefined();
    expect(limited.abortSignal).toBe(signal);
  });

  test('calls an answer that is cut a connection that broke', async () => {
    const { origin } = await serve((response) => {
      response.writeHead(200, { 'Content-Length': 100 });
      response.write('half', () => response.destroy());
    });

    await expect(httpClient.sendRequest(ask(origin))).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  test('ends when its caller gives up, and does not call that a time-out', async () => {
    const abort = new AbortController();
    const { origin } = await serve(() => abort.abort());
    const request = ask(origin, abort.signal);

    await expect(httpClient.sendRequest(request)).rejects.toMatchObject({ name: 'AbortError' });
    expect(request.abortSignal).toBe(abort.signal);
  });
});

describe('the client of a service whose every good answer is JSON', () => {
  test.each([
    'application/json',
    'application/json; charset=utf-8',
    'application/problem+json',
    'Application/JSON',
  ])('takes JSON as %s', async (type) => {
    const { origin } = await serve((response) => void response.setHeader('Content-Type', type).end('{}'));
    expect((await jsonClient(origin).sendRequest(ask(`${origin}/a`))).bodyAsText).toBe('{}');
  });

  test.each([
    ['a page', 'text/html', '<html>'],
    ['JSON that is called text', 'text/plain', '{}'],
    ['JSON without its end', 'application/json', '{"a": '],
    ['nothing', 'application/json', ''],
    ['another kind whose name begins alike', 'application/jsonish', '{}'],
  ])('refuses %s', async (_, type, body) => {
    const { origin } = await serve((response) => void response.setHeader('Content-Type', type).end(body));
    const sent = jsonClient(origin).sendRequest(ask(`${origin}/a`));

    await expect(sent).rejects.toMatchObject({ code: RestError.PARSE_ERROR, statusCode: 200 });
    await expect(sent).rejects.not.toThrow('{"a"');
  });

  test('passes errors on, whatever they look like', async () => {
    const { origin } = await serve((response) => void response.writeHead(502).end('<html>'));
    expect((await jsonClient(origin).sendRequest(ask(origin))).status).toBe(502);
  });

  test('asks no other origin', async () => {
    const [own, other] = [
      await serve((response) => void response.end()),
      await serve((response) => void response.end()),
    ];

    await expect(jsonClient(own.origin).sendRequest(ask(`${other.origin}/next`))).rejects.toThrow(Failure);
    await expect(
      jsonClient(own.origin).sendRequest(ask(own.origin.replace('127.0.0.1', 'localhost'))),
    ).rejects.toThrow("The token is not sent there.\nCheck the input 'cloud', and whether a proxy");
    expect([...own.requests, ...other.requests]).toEqual([]);
  });
});

test('an answer without end is given up, however it is packed', async () => {
  const bomb = gzipSync(Buffer.alloc(300 * 2 ** 20));
  const { origin, requests } = await serve((response) => {
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' }).end(bomb);
  });
  const request = ask(`${origin}/a`);
  request.headers.set('Accept-Encoding', 'gzip');
  // The answer itself would fill the report of a failure.
  const sent = httpClient.sendRequest(request).then(({ status }) => status);
  await expect(sent).rejects.toThrow(Failure);
  await expect(sent).rejects.toThrow(
    `${new URL(origin).host} answered with more than 256 MiB, which no service of Azure's or GitHub's does.`,
  );
  expect(requests).toHaveLength(1);
});

describe('what became of a call', () => {
  test('is told as it is when it is told already', () => {
    const told = new ServiceError('keys', 'a.example');
    expect(serviceErrorOf('token', 'b.example', told)).toBe(told);
    const failure = new Failure('no');
    expect(serviceErrorOf('token', 'b.example', failure)).toBe(failure);
  });

  test('holds the answer of the service, if there was one', async () => {
    const { origin } = await serve((response) => void response.writeHead(403, { 'x-a': 'b' }).end('no'));
    const response = await httpClient.sendRequest(ask(origin));
    const error = new RestError('refused', { statusCode: 403, response, request: response.request });

    expect(serviceResponseOf(response)).toMatchObject({ status: 403, headers: { 'x-a': 'b' }, body: 'no' });
    expect(serviceErrorOf('keys', 'a.example', error)).toMatchObject({
      call: 'keys',
      host: 'a.example',
      response: { status: 403, body: 'no' },
    });
  });

  test('keeps a good answer of a wrong format to itself', async () => {
    const { origin } = await serve((response) => void response.end('{"primaryKey":"q8K3hYt0Zr7W'));
    const error = await jsonClient(origin)
      .sendRequest(ask(origin))
      .catch((caught: unknown) => caught);
    const told = serviceErrorOf('keys', 'a.example', error);

    expect(told).toMatchObject({ response: undefined, cause: { name: 'SyntaxError', message: 'not JSON' } });
  });

  test('is an error of the leg when nobody listens', async () => {
    await expect(getJson('metadata', 'https://localhost:1/metadata')).rejects.toMatchObject({
      name: 'ServiceError',
      call: 'metadata',
      host: 'localhost:1',
      cause: { code: 'ECONNREFUSED' },
    });
  });
});
