import { gzipSync } from 'node:zlib';
import { createPipelineRequest, type PipelineRequest, RestError } from '@azure/core-rest-pipeline';
import { describe, expect, test } from 'vitest';
import { getJson, httpClient, serviceErrorOf, serviceResponseOf } from '../../../src/network/client.ts';
import { ServiceError } from '../../../src/network/service-error.ts';
import { Failure } from '../../../src/text/failure.ts';
import { serve } from '../../support/smoke-test.ts';

/** The servers of these tests have no TLS, which the client meets nowhere else. */
function requestTo(url: string, abortSignal?: AbortSignal): PipelineRequest {
  return createPipelineRequest({
    url,
    allowInsecureConnection: true,
    ...(abortSignal === undefined ? {} : { abortSignal }),
  });
}

describe('the client of every call', () => {
  test('a response is passed on, and the request is left as it was', async () => {
    const { origin } = await serve((response) => void response.end('[1]'));
    const { signal } = new AbortController();
    const [plain, limited] = [requestTo(origin), requestTo(origin, signal)];

    expect((await httpClient.sendRequest(plain)).bodyAsText).toBe('[1]');
    expect((await httpClient.sendRequest(limited)).status).toBe(200);
    expect(plain.abortSignal).toBeUndefined();
    expect(limited.abortSignal).toBe(signal);
  });

  test('a response that is cut is reported as a broken connection', async () => {
    const { origin } = await serve((response) => {
      response.writeHead(200, { 'Content-Length': 100 });
      response.write('half', () => response.destroy());
    });

    await expect(httpClient.sendRequest(requestTo(origin))).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  test('a good response without a body is reported as one that may be tried again', async () => {
    const { origin } = await serve((response) => void response.end());

    await expect(httpClient.sendRequest(requestTo(origin))).rejects.toMatchObject({
      code: 'ECONNRESET',
      name: 'EmptyResponse',
    });
  });

  test('a refusal without a body is a response', async () => {
    const { origin } = await serve((response) => void response.writeHead(404).end());
    expect((await httpClient.sendRequest(requestTo(origin))).status).toBe(404);
  });

  test('a request that its caller aborts is not reported as a time-out', async () => {
    const abort = new AbortController();
    const { origin } = await serve(() => abort.abort());
    const request = requestTo(origin, abort.signal);

    await expect(httpClient.sendRequest(request)).rejects.toMatchObject({ name: 'AbortError' });
    expect(request.abortSignal).toBe(abort.signal);
  });

  test.each([
    [undefined, '1'],
    ['7', '7'],
  ])('a 429 whose Retry-After is %s is tried again after %s s', async (sent, wait) => {
    const { origin } = await serve((response) => {
      response.writeHead(429, sent === undefined ? {} : { 'Retry-After': sent }).end();
    });
    const { headers } = await httpClient.sendRequest(requestTo(origin));
    expect(headers.get('retry-after')).toBe(wait);
  });

  describe('limits', () => {
    test('a response of more than 256 MiB is refused, also when it is compressed', async () => {
      const bomb = gzipSync(Buffer.alloc(300 * 2 ** 20));
      const { origin } = await serve((response) => {
        const headers = { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' };
        response.writeHead(200, headers).end(bomb);
      });
      const request = requestTo(`${origin}/a`);
      request.headers.set('Accept-Encoding', 'gzip');
      // Only the status is kept: the body would fill the report of a failed test.
      const sent = httpClient.sendRequest(request).then(({ status }) => status);
      await expect(sent).rejects.toThrow(Failure);
      await expect(sent).rejects.toThrow(
        `${new URL(origin).host} answered with more than 256 MiB, which none of these services does.`,
      );
    });
  });
});

describe('the error of a call', () => {
  test('an error that already says what failed is left as it is', () => {
    const error = new ServiceError('keys', 'a.example');
    expect(serviceErrorOf('token', 'b.example', error)).toBe(error);
    const failure = new Failure('no');
    expect(serviceErrorOf('token', 'b.example', failure)).toBe(failure);
  });

  test("the error holds the service's response if there was one", async () => {
    const { origin } = await serve((response) => void response.writeHead(403, { 'x-a': 'b' }).end('no'));
    const response = await httpClient.sendRequest(requestTo(origin));
    const error = new RestError('refused', { statusCode: 403, response, request: response.request });

    expect(serviceResponseOf(response)).toMatchObject({ status: 403, headers: { 'x-a': 'b' }, body: 'no' });
    expect(serviceErrorOf('keys', 'a.example', error)).toMatchObject({
      call: 'keys',
      host: 'a.example',
      response: { status: 403, body: 'no' },
    });
  });

  test('a service that does not listen is named, with the cause', async () => {
    await expect(getJson('metadata', 'https://localhost:1/metadata')).rejects.toMatchObject({
      name: 'ServiceError',
      call: 'metadata',
      host: 'localhost:1',
      cause: { code: 'ECONNREFUSED' },
    });
  });
});
