import { createPipelineRequest, type PipelineRequest, RestError } from '@azure/core-rest-pipeline';
import { describe, expect, test } from 'vitest';
import { jsonClient } from '../../../../src/azure/resource-manager/json-client.ts';
import { serviceErrorOf } from '../../../../src/network/client.ts';
import { Failure } from '../../../../src/text/failure.ts';
import { serve } from '../../../support/smoke-test.ts';

function requestTo(url: string): PipelineRequest {
  return createPipelineRequest({ url, allowInsecureConnection: true });
}

describe('the client that takes only JSON', () => {
  test.each([
    'application/json',
    'application/json; charset=utf-8',
    'application/problem+json',
    'Application/JSON',
  ])('JSON with the content type %s is passed on', async (type) => {
    const { origin } = await serve((response) => void response.setHeader('Content-Type', type).end('{}'));
    expect((await jsonClient(origin).sendRequest(requestTo(`${origin}/a`))).bodyAsText).toBe('{}');
  });

  test.each([
    ['a page', 'text/html', '<html>'],
    ['JSON that is called text', 'text/plain', '{}'],
    ['JSON that is cut', 'application/json', '{"a": '],
    ['a content type that only begins alike', 'application/jsonish', '{}'],
  ])('a good response with %s is refused, and the error does not quote it', async (_, type, body) => {
    const { origin } = await serve((response) => void response.setHeader('Content-Type', type).end(body));
    const sent = jsonClient(origin).sendRequest(requestTo(`${origin}/a`));

    await expect(sent).rejects.toMatchObject({ code: RestError.PARSE_ERROR, statusCode: 200 });
    await expect(sent).rejects.not.toThrow('{"a"');
  });

  test('a refusal is passed on whatever its format', async () => {
    const { origin } = await serve((response) => void response.writeHead(502).end('<html>'));
    expect((await jsonClient(origin).sendRequest(requestTo(origin))).status).toBe(502);
  });

  test('nothing is sent to another origin', async () => {
    const [own, other] = [
      await serve((response) => void response.end()),
      await serve((response) => void response.end()),
    ];

    await expect(jsonClient(own.origin).sendRequest(requestTo(`${other.origin}/next`))).rejects.toThrow(
      Failure,
    );
    await expect(
      jsonClient(own.origin).sendRequest(requestTo(own.origin.replace('127.0.0.1', 'localhost'))),
    ).rejects.toThrow("The token is not sent there.\nCheck the input 'cloud', and whether a proxy");
    expect([...own.requests, ...other.requests]).toEqual([]);
  });

  test('a good response that is cut is not kept in the error of the call', async () => {
    const { origin } = await serve((response) => void response.end('{"primaryKey":"q8K3hYt0Zr7W'));
    const error = await jsonClient(origin)
      .sendRequest(requestTo(origin))
      .catch((caught: unknown) => caught);

    expect(serviceErrorOf('keys', 'a.example', error)).toMatchObject({
      response: undefined,
      cause: { name: 'SyntaxError', message: 'not JSON' },
    });
  });
});
