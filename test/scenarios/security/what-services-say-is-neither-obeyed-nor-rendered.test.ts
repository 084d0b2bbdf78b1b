import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { json } from '../../local-azure/index.ts';
import { endpointDocument } from '../../support/azure-documents.ts';
import { expectHarmless, HOSTILE, HOSTILE_HEADER } from '../../support/expect-harmless.ts';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const { azure, step } = await openScenario();
const blue = () => azure.endpoints.get('churn-key')!.deployments.get('blue')!;
const INPUTS = { 'sample-request': SAMPLE, 'report-directory': 'reports', 'show-response': 'true' };
const MIB = 1024 * 1024;

describe('Resource Manager', () => {
  test.each(['passed', 'failed'])("in the endpoint's properties, when the test has %s", async (verdict) => {
    const traffic = { blue: 100, [HOSTILE]: 0 };
    const properties = { traffic, provisioningState: HOSTILE, description: HOSTILE, swaggerUri: HOSTILE };
    const body = endpointDocument(azure, properties, {
      location: HOSTILE,
      tags: { [HOSTILE]: HOSTILE },
      kind: HOSTILE,
    });
    azure.setFault('endpoint', { kind: 'body', body });
    if (verdict === 'failed') blue().model = () => json(500, {});
    const seen = await step({ inputs: INPUTS });

    expect(seen.outputs.verdict).toBe(verdict);
    await expectHarmless(seen);
    expect(JSON.parse(seen.outputs.traffic ?? '')).toMatchObject({ blue: 100 });
  });

  test.each([
    ['authMode', { authMode: HOSTILE }],
    ['scoringUri', { scoringUri: HOSTILE }],
    ['scoringUri, of the right kind', { scoringUri: `https://localhost:1/${HOSTILE}` }],
    ['scoringUri, of the wrong kind', { scoringUri: `ftp://x/${HOSTILE}` }],
    ['traffic, of another type', { traffic: { blue: HOSTILE, [HOSTILE]: [HOSTILE] } }],
    ['no scoringUri, and the state', { scoringUri: null, provisioningState: HOSTILE }],
  ])('in %s', async (_, properties) => {
    azure.setFault('endpoint', { kind: 'body', body: endpointDocument(azure, properties) });
    const seen = await step({ inputs: { ...INPUTS, 'warm-up': '0s' } });

    expect(seen.outputs.verdict).not.toBe('');
    await expectHarmless(seen);
  });

  test.each(['endpoint', 'keys', 'deployments'] as const)('in an error of %s', async (call) => {
    const error = {
      code: HOSTILE,
      message: HOSTILE,
      target: HOSTILE,
      details: [{ code: HOSTILE, message: HOSTILE }],
    };
    for (const status of [400, 403, 404]) {
      azure.setFault(call, { kind: 'body', status, body: JSON.stringify({ error }) });
      const seen = await step({ inputs: { ...INPUTS, deployment: 'green' } });

      expect(seen.outputs.verdict).toBe('error');
      await expectHarmless(seen);
    }
  });

  test('in the names of lists', async () => {
    const value = [HOSTILE, 'churn-x', `churn-${HOSTILE}`].map((name) => ({
      id: `/${name}`,
      name,
      location: 'westeurope',
      properties: { authMode: 'Key', provisioningState: HOSTILE, endpointComputeType: 'Managed' },
    }));
    azure.setFault('endpoints', { kind: 'body', body: JSON.stringify({ value }) });
    azure.setFault('deployments', { kind: 'body', body: JSON.stringify({ value }) });
    for (const [inputs, verdict] of [
      [{ endpoint: 'churn-kye' }, 'error'],
      [{ deployment: 'gren' }, 'error'],
      // Only one of the names is legal; the front door has no route to it yet.
      [{ deployment: 'idle', 'warm-up': '1s' }, 'inconclusive'],
    ] as const) {
      const seen = await step({ inputs: { ...INPUTS, ...inputs } });

      expect(seen.outputs.verdict).toBe(verdict);
      await expectHarmless(seen);
    }
  });

  test('in the metadata document, and where its links lead', async () => {
    const resourceManager = `https://${HOSTILE}`;
    for (const body of [
      JSON.stringify([
        { name: HOSTILE, portal: HOSTILE, resourceManager, authentication: { loginEndpoint: HOSTILE } },
      ]),
      JSON.stringify(
        ['https://a.example/', 'https://b.example/'].map((url) => ({
          name: HOSTILE,
          resourceManager: `${url}${HOSTILE}`,
          authentication: { loginEndpoint: `${url}${HOSTILE}` },
        })),
      ),
    ]) {
      azure.setFault('metadata', { kind: 'body', body });
      const seen = await step();

      expect(seen.outputs.verdict).toBe('error');
      await expectHarmless(seen);
    }
  });

  test('in a redirect', async () => {
    const Location = `https://evil.example/?::error::planted ##[error]planted <script>alert(1)</script>`;
    azure.setFault('keys', { kind: 'status', status: 307, headers: { Location } });
    const seen = await step({ inputs: INPUTS });

    expect(seen.error).toContain('redirect');
    await expectHarmless(seen);
  });
});

test.each(['AADSTS700213: ', 'AADSTS7000215: ', 'AADSTS90002: ', ''])(
  'Entra cannot do it in its description %s',
  async (code) => {
    const body = JSON.stringify({
      error: HOSTILE,
      error_description: `${code}${HOSTILE}`,
      error_codes: [HOSTILE],
      trace_id: HOSTILE,
    });
    azure.setFault('sign-in', { kind: 'body', status: 401, body });
    for (const inputs of [{}, { login: 'client-secret', 'client-secret': azure.clientSecret }]) {
      const seen = await step({ inputs });

      expect(seen.outputs.verdict).toBe('error');
      await expectHarmless(seen);
    }
  },
);

test("the containers' logs cannot do it", async () => {
  azure.setFault('logs', {
    kind: 'body',
    body: JSON.stringify({ content: `Container logs:\n${HOSTILE}\n${HOSTILE}` }),
  });
  const seen = await step({ inputs: { ...INPUTS, deployment: 'broken' } });

  expect(seen.outputs.verdict).toBe('failed');
  expect(seen.log).toContain('planted');
  await expectHarmless(seen);
});

describe('the model', () => {
  const BODIES: readonly (readonly [string, string, string | Buffer])[] = [
    [
      'JSON',
      'application/json',
      JSON.stringify({ [HOSTILE]: [HOSTILE, { message: HOSTILE }], message: HOSTILE }),
    ],
    ['text', 'text/plain', HOSTILE],
    ['text with a BOM', 'text/plain; charset=utf-8', `\ufeff${HOSTILE}`],
    ['UTF-16', 'text/plain; charset=utf-16', Buffer.from(`\ufeff${HOSTILE}`, 'utf16le')],
    [
      'invalid UTF-8',
      'application/json',
      Buffer.concat([
        Buffer.from([0xff, 0xc0, 0x80, 0xed, 0xa0, 0x80]),
        Buffer.from(HOSTILE, 'latin1'),
        Buffer.from([0xf0, 0x9f]),
      ]),
    ],
    ['JSON behind a BOM', 'application/json', `\ufeff${JSON.stringify(HOSTILE)}`],
    ['a web page', 'text/html', `<html>${HOSTILE}</html>`],
    ['events', 'text/event-stream', `data: ${HOSTILE.replace(/[\r\n]/g, '\ndata: ')}\n\n`],
  ];

  test.each(BODIES)('in %s', async (_, contentType, body) => {
    const headers = {
      'Content-Type': contentType,
      'azureml-model-deployment': HOSTILE_HEADER,
      'x-ms-run-function-failed': HOSTILE_HEADER,
    };
    for (const status of [200, 500]) {
      blue().model = () => ({ status, headers, body });
      const seen = await step({ inputs: { ...INPUTS, 'response-check': 'cat; exit 1' } });

      expect(seen.outputs.verdict).toBe('failed');
      await expectHarmless(seen);
    }
  });

  test('in every header that a message quotes', async () => {
    const names = [
      ...[
        'Content-Type',
        'Location',
        'Retry-After',
        'Server',
        'WWW-Authenticate',
        'Via',
        'x-ms-error-code',
        'X-Odd',
      ],
      ...[
        'ms-azureml-model-error-reason',
        'ms-azureml-model-error-statuscode',
        'azureml-model-deployment',
        'x-request-id',
      ],
    ];
    const headers = Object.fromEntries(names.map((name) => [name, HOSTILE_HEADER]));
    for (const status of [200, 307, 401, 424, 429]) {
      azure.setFault('scoring', { kind: 'status', status, headers, body: HOSTILE });
      const seen = await step({ inputs: { ...INPUTS, 'warm-up': '0s' } });

      await expectHarmless(seen);
    }
  });

  test('in the name of a deployment, which is shown only when Azure lists it', async () => {
    blue().model = () => json(200, [1], { 'azureml-model-deployment': '##[stop-commands]planted' });
    const { annotations, log, outputs } = await step({ inputs: INPUTS });

    expect(annotations).toEqual([]);
    expect(outputs).toMatchObject({ verdict: 'passed', location: 'westeurope' });
    expect(outputs).not.toHaveProperty('deployment');
    expect(log).toContain("Smoke test passed: Endpoint 'churn-key' answered 200");
    expect(log).not.toContain('planted');
  });

  test('on the wire, with bytes that no header may have', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    server.on('connection', (socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => {
        socket.end(
          Buffer.concat([
            Buffer.from('HTTP/1.1 200 \u001b[31m::error::planted\r\nContent-Length: 2\r\nX-Odd: ', 'latin1'),
            Buffer.from([0x01, 0x1b, 0x7f, 0x85, 0xa0, 0xff, 0xfe]),
            Buffer.from('::error::planted\r\n ##[error]planted\r\nContent-Type: application/json\r\n\r\n[]'),
          ]),
        );
      });
    });
    onTestFinished(() => void server.close());
    const scoringUri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/score`;
    azure.setFault('endpoint', { kind: 'body', body: endpointDocument(azure, { scoringUri }) });
    const seen = await step({ inputs: { ...INPUTS, 'warm-up': '0s', 'allow-insecure-http': 'true' } });

    expect(['passed', 'inconclusive', 'error']).toContain(seen.outputs.verdict);
    await expectHarmless(seen);
  });
});

describe('64 MiB on one line', () => {
  const line = () => Buffer.alloc(64 * MIB, '##[error]planted::error::planted ').toString('latin1');

  test('of the model', async () => {
    for (const status of [200, 500]) {
      blue().model = () => ({ status, headers: { 'Content-Type': 'text/plain' }, body: line() });
      const seen = await step({ inputs: INPUTS });

      expect(seen.stdout.length).toBeLessThan(100_000);
      await expectHarmless(seen);
    }
  });

  test('of a container', async () => {
    azure.setFault('logs', { kind: 'body', body: `{"content":"Container logs:\\n${line()}"}` });
    const seen = await step({ inputs: { ...INPUTS, deployment: 'broken' } });

    expect(seen.outputs.verdict).toBe('failed');
    expect(seen.stdout.length).toBeLessThan(300_000);
    await expectHarmless(seen);
  });

  test('of Resource Manager', async () => {
    azure.setFault('keys', {
      kind: 'body',
      status: 400,
      body: `{"error":{"code":"X","message":"${line()}"}}`,
    });
    const seen = await step({ inputs: INPUTS });

    expect(seen.error.length).toBeLessThanOrEqual(4_096);
    await expectHarmless(seen);
  });

  test('of Entra', async () => {
    const body = `{"error":"invalid_client","error_description":"AADSTS7000215: ${line()}"}`;
    azure.setFault('sign-in', { kind: 'body', status: 401, body });
    const seen = await step();

    expect(seen.error.length).toBeLessThanOrEqual(4_096);
    await expectHarmless(seen);
  });
});
