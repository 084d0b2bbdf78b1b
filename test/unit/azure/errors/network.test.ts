import { createServer, type Server } from 'node:net';
import {
  createDefaultHttpClient,
  createPipelineFromOptions,
  createPipelineRequest,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';
import { afterEach, describe, expect, test } from 'vitest';
import { MetadataError } from '../../../../src/azure/clouds.ts';
import { explain } from '../../../../src/azure/errors/explain.ts';
import { DeadlineError } from '../../../../src/network/deadlines.ts';
import { ServiceError } from '../../../../src/network/service-error.ts';
import { CONTEXT, explainCause, explainResponse, firstLine } from '../../../support/explain.ts';

const PROXIED = { ...CONTEXT, proxyHost: 'proxy.corp:8080' };
const ARM = 'Resource Manager (management.azure.com)';

function withCode(code: string, message = 'it failed'): Error {
  return Object.assign(new Error(message), { code });
}

describe('the service that was called', () => {
  test.each([
    ['metadata', "The cloud's metadata service (arm.local) refused"],
    ['ID token', "GitHub's ID-token service (pipelines.actions.githubusercontent.com) refused"],
    ['sign-in', 'Entra (login.microsoftonline.com) refused'],
    ['endpoint', `${ARM}, asked for the endpoint, refused`],
    ['endpoints', `${ARM}, asked for the workspace's endpoints, refused`],
    ['keys', `${ARM}, asked for the endpoint's keys, refused`],
    ['token', `${ARM}, asked for the endpoint's token, refused`],
    ['deployments', `${ARM}, asked for the endpoint's deployments, refused`],
    ['logs', `${ARM}, asked for a container's log, refused`],
    ['scoring', "Endpoint 'churn' (churn.westeurope.inference.ml.azure.com) refused"],
  ] as const)('the message about the call %s says which service was asked for what', (call, who) => {
    const message = firstLine(explainCause(call, withCode('ECONNREFUSED')));
    expect(message).toBe(`${who} the connection (ECONNREFUSED).`);
  });
});

describe('a network fault', () => {
  test.each([
    ['ENOTFOUND', 'has a name that the DNS of this runner does not know (ENOTFOUND).', 'private link'],
    ['EAI_AGAIN', 'has a name that the DNS of this runner does not know (EAI_AGAIN).', 'self-hosted runner'],
    ['ECONNREFUSED', 'refused the connection (ECONNREFUSED).', 'firewall'],
    ['ETIMEDOUT', 'did not answer in time (ETIMEDOUT).', 'firewall'],
    [
      'ECONNRESET',
      'broke the connection off before its answer was complete (ECONNRESET).',
      'Run the job again',
    ],
    ['EPIPE', 'broke the connection off before its answer was complete (EPIPE).', 'Run the job again'],
    ['CERT_HAS_EXPIRED', 'presents a certificate that has expired (CERT_HAS_EXPIRED).', 'renew'],
    ['CERT_NOT_YET_VALID', 'presents a certificate that is not valid yet (CERT_NOT_YET_VALID).', 'clock'],
    [
      'ERR_TLS_CERT_ALTNAME_INVALID',
      'presents a certificate for another host name (ERR_TLS_CERT_ALTNAME_INVALID).',
      'the name in its certificate',
    ],
    ['EPROTO', 'could not agree on TLS with this runner (EPROTO).', 'plain HTTP'],
    [
      'HPE_UNEXPECTED_CONTENT_LENGTH',
      'answered with something that is not HTTP: its length is given twice or not in digits, or a header is malformed (HPE_UNEXPECTED_CONTENT_LENGTH).',
      'The network delivered it.',
    ],
  ])('%s is explained with advice', (code, seen, advice) => {
    const message = explainCause('endpoint', withCode(code));
    expect(firstLine(message)).toBe(`${ARM}, asked for the endpoint, ${seen}`);
    expect(message).toContain(advice);
  });

  test.each([
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  ])('the message about %s says how to trust the authority, and not how to trust everyone', (code) => {
    const message = explainCause('endpoint', withCode(code));
    expect(firstLine(message)).toBe(
      `${ARM}, asked for the endpoint, presents a certificate from an authority that this runner does not trust (${code}).`,
    );
    expect(message).toContain("'ca-certificate'");
    expect(message).toContain('NODE_EXTRA_CA_CERTS');
    expect(message).toContain('NODE_USE_SYSTEM_CA: 1');
    expect(message).not.toContain('NODE_TLS_REJECT_UNAUTHORIZED');
  });

  test('a code is found inside other errors, and in their messages', () => {
    const nested = new Error('x', {
      cause: new AggregateError([withCode('ENETUNREACH'), withCode('ETIMEDOUT')]),
    });
    expect(firstLine(explainCause('keys', nested))).toContain('(ENETUNREACH)');
    expect(firstLine(explainCause('keys', new Error('read ECONNRESET')))).toContain('(ECONNRESET)');
    expect(firstLine(explainCause('keys', new Error('aborted')))).toContain('broke the connection off');
  });

  test('the message about a deadline says how long it was', () => {
    expect(firstLine(explainCause('keys', new DeadlineError(60_000)))).toBe(
      `${ARM}, asked for the endpoint's keys, did not answer within 60 s.`,
    );
  });

  test('an unreachable endpoint is named, with the private link that it may need', () => {
    const message = explainCause('scoring', withCode('ENOTFOUND'), { ...CONTEXT, cloud: 'arm.local' });
    expect(firstLine(message)).toMatch(
      /^Endpoint 'churn' \(churn\.westeurope\.inference\.ml\.azure\.com\) has a name/,
    );
    expect(message).toContain('private link');
    expect(message).not.toContain("input 'cloud'");
  });

  test('the message about a metadata host that does not exist names the input that holds its URL', () => {
    expect(explainCause('metadata', withCode('ENOTFOUND'))).toContain("the URL in the input 'cloud'");
  });

  test('the message about a response that is not JSON says who may have sent it, and shows none of it', () => {
    const cause = new SyntaxError('Unexpected token \'h\', "hunter2hunter2" is not valid JSON');
    const message = explainCause('keys', cause);
    expect(firstLine(message)).toBe(
      `${ARM}, asked for the endpoint's keys, answered in an unexpected format.`,
    );
    expect(message).not.toContain('hunter2');
    const withResponse = new ServiceError(
      'keys',
      'a',
      { status: 200, headers: {}, body: 'hunter2hunter2' },
      cause,
    );
    expect(explain(withResponse, CONTEXT)).not.toContain('hunter2');
  });

  test('a tenant that the sign-in library cannot resolve is explained with the inputs to check', () => {
    const cause = new Error('endpoints_resolution_error: See https://aka.ms/msal.js.errors for details');
    expect(explainCause('sign-in', cause)).toContain("'tenant-id'");
  });

  test('the clouds of a metadata document that describes only others are named', () => {
    const message = explainCause('metadata', new MetadataError(['https://management.azure.com']));
    expect(firstLine(message)).toBe(
      "The metadata document of 'arm.local' does not describe the cloud that serves it.",
    );
    expect(message).toContain("It describes: 'https://management.azure.com'.");
    expect(explainCause('metadata', new MetadataError([]))).toContain('It describes no cloud.');
  });

  test('of very many clouds, twenty are named', () => {
    const urls = Array.from({ length: 50_000 }, (_, at) => `https://${at}.example`);
    const message = explainCause('metadata', new MetadataError(urls));
    expect(message).toContain("'https://19.example' and 49980 more.");
    expect(message).not.toContain('20.example');
  });

  test('any other error is quoted', () => {
    expect(firstLine(explainCause('keys', new Error('odd\u001b[31m\n::error::x')))).toBe(
      `${ARM}, asked for the endpoint's keys, gave no answer: odd : :error::x`,
    );
  });
});

describe('a proxy', () => {
  test('a proxy that cannot be reached is named in place of the service', () => {
    const message = explainCause('keys', withCode('ECONNREFUSED'), PROXIED);
    expect(firstLine(message)).toBe(
      `The proxy 'proxy.corp:8080', on the way to ${ARM}, refused the connection (ECONNREFUSED).`,
    );
    expect(message).toContain('HTTPS_PROXY');
    expect(message).toContain('NO_PROXY');
  });

  test('the proxy of the failed call is named, not that of the step', () => {
    const error = new ServiceError('keys', 'a', undefined, withCode('ECONNREFUSED'), 'call.corp:1');
    expect(firstLine(explain(error, PROXIED))).toContain("'call.corp:1'");
  });

  test('a proxy is mentioned where it may be to blame', () => {
    expect(explainCause('keys', withCode('ECONNRESET'), PROXIED)).toContain(
      "through the proxy 'proxy.corp:8080'",
    );
  });

  test("a proxy is not blamed for the service's own refusal", () => {
    const body = { error: { code: 'InternalServerError', message: 'x' } };
    expect(firstLine(explainResponse('keys', 500, body, PROXIED))).toContain(' failed with HTTP ');
    const headers = { 'x-ms-request-id': '1' };
    expect(firstLine(explainResponse('keys', 503, '', PROXIED, headers))).toContain(' failed with HTTP ');
  });
});

describe('a proxy that does not open the tunnel', () => {
  let proxy: Server | undefined;
  afterEach(() => proxy?.close());

  async function through(reply: string): Promise<PipelineResponse> {
    proxy = createServer((socket) => socket.once('data', () => socket.end(reply)));
    await new Promise<void>((resolve) => proxy?.listen(0, '127.0.0.1', resolve));
    const { port } = proxy.address() as { readonly port: number };
    const pipeline = createPipelineFromOptions({
      retryOptions: { maxRetries: 0 },
      proxyOptions: { host: 'http://127.0.0.1', port },
    });
    const request = createPipelineRequest({ url: 'https://management.azure.invalid/' });
    return pipeline.sendRequest(createDefaultHttpClient(), request);
  }

  test('the message about a missing password (407) says where to put it', async () => {
    const { status, bodyAsText } = await through(
      'HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n',
    );
    const message = explainResponse('keys', status, bodyAsText ?? '', PROXIED);
    expect(firstLine(message)).toBe(
      `The proxy 'proxy.corp:8080' asks for a user and password before it lets requests through to ${ARM} (HTTP 407).`,
    );
    expect(message).toContain('HTTPS_PROXY');
  });

  test('a host that the proxy forbids (403) is told apart from a missing permission', async () => {
    const { status, bodyAsText } = await through(
      'HTTP/1.1 403 Forbidden\r\nContent-Length: 7\r\n\r\nblocked',
    );
    const message = explainResponse('keys', status, bodyAsText ?? '', PROXIED);
    expect(firstLine(message)).toBe(
      `The proxy 'proxy.corp:8080' did not let a request through to ${ARM}: HTTP 403, blocked`,
    );
    expect(message).not.toContain('az role assignment');
  });

  test('a proxy that closes the connection is named', async () => {
    const error: unknown = await through('').catch((thrown: unknown) => thrown);
    expect(firstLine(explainCause('keys', error, PROXIED))).toBe(
      `The proxy 'proxy.corp:8080' closed the connection on the way to ${ARM}.`,
    );
  });
});
