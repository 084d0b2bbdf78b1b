import { afterEach, describe, expect, test } from 'vitest';
import { startProxy } from '../../support/proxy.ts';
import { CLOSED_HOST, openScenario, SAMPLE } from '../../support/scenario.ts';

const { azure, step } = await openScenario();
const proxy = await startProxy();
afterEach(() => {
  proxy.asked.length = 0;
});
const HTTPS_PROXY = proxy.url;
const INPUTS = { 'sample-request': SAMPLE };
const scoring = new URL(azure.scoringHost);

/** The endpoint by the address of its machine, not by its name. */
function byAddress(): void {
  const churn = azure.endpoints.get('churn-key')!;
  churn.scoringUri = churn.scoringUri!.replace('localhost', '127.0.0.1');
}

test('every exchange goes through HTTPS_PROXY, those of the smoke test included', async () => {
  const { outputs } = await step({ inputs: INPUTS, env: { HTTPS_PROXY } });

  expect(outputs.verdict).toBe('passed');
  const hosts = [azure.oidc.issuer, azure.entraHost, azure.resourceManagerHost, azure.scoringHost];
  expect(new Set(proxy.asked)).toEqual(new Set(hosts.map((origin) => `CONNECT ${new URL(origin).host}`)));
});

describe('NO_PROXY', () => {
  test.each([
    ['*'],
    ['localhost'],
    ['.localhost'],
    ['LOCALHOST'],
    ['other.example, localhost'],
    ['other.example localhost'],
    ['localhost.'],
  ])('%j goes past the proxy', async (NO_PROXY) => {
    const { outputs } = await step({ inputs: INPUTS, env: { HTTPS_PROXY, NO_PROXY } });

    expect(outputs.verdict).toBe('passed');
    expect(proxy.asked).toEqual([]);
  });

  test.each([
    [''],
    ['ocalhost'],
    ['localhost.example'],
    ['localhost:1'],
    ['127.0.0.0/8'],
    ['127.0.0.1'],
    ['*.example'],
  ])('%j does not', async (NO_PROXY) => {
    const { outputs } = await step({ inputs: INPUTS, env: { HTTPS_PROXY, NO_PROXY } });

    expect(outputs.verdict).toBe('passed');
    expect(proxy.asked).toContain(`CONNECT ${scoring.host}`);
  });

  test.each(['127.0.0.1', '127.0.0.0/8', '127.0.0.1/32', `127.0.0.1:${scoring.port}`])(
    '%j goes past the proxy to an address, and only there',
    async (NO_PROXY) => {
      byAddress();
      const { outputs } = await step({ inputs: INPUTS, env: { HTTPS_PROXY, NO_PROXY } });

      expect(outputs.verdict).toBe('passed');
      expect(proxy.asked).toContain(`CONNECT ${new URL(azure.resourceManagerHost).host}`);
      expect(proxy.asked.filter((target) => target.endsWith(`:${scoring.port}`))).toEqual([]);
    },
  );

  test.each(['10.0.0.0/8', '127.0.0.2', '128.0.0.0/1', '127.0.0.1:1'])(
    '%j does not cover another address',
    async (NO_PROXY) => {
      byAddress();
      const { outputs } = await step({ inputs: INPUTS, env: { HTTPS_PROXY, NO_PROXY } });

      expect(outputs.verdict).toBe('passed');
      expect(proxy.asked).toContain(`CONNECT 127.0.0.1:${scoring.port}`);
    },
  );

  test('names one port of a host', async () => {
    const { outputs } = await step({ inputs: INPUTS, env: { HTTPS_PROXY, NO_PROXY: scoring.host } });

    expect(outputs.verdict).toBe('passed');
    expect(proxy.asked).toContain(`CONNECT ${new URL(azure.resourceManagerHost).host}`);
    expect(proxy.asked).not.toContain(`CONNECT ${scoring.host}`);
  });
});

test('HTTP_PROXY carries what goes to an http scoring URI', async () => {
  const { outputs } = await step({
    inputs: { ...INPUTS, endpoint: 'churn-k8s', 'allow-insecure-http': 'true' },
    env: { HTTP_PROXY: proxy.url },
  });

  expect(outputs.verdict).toBe('passed');
  expect(proxy.asked).toContain(`POST ${azure.scoringHttpHost}/api/v1/endpoint/churn-k8s/score`);
});

test('HTTP_PROXY carries nothing of https', async () => {
  const { outputs } = await step({ inputs: INPUTS, env: { HTTP_PROXY: proxy.url } });

  expect(outputs.verdict).toBe('passed');
  expect(proxy.asked).toEqual([]);
});

describe('what this machine alone answers goes past every proxy', () => {
  const IDENTITY = { login: 'managed-identity', 'client-id': undefined, 'tenant-id': undefined };

  test.each([[{ HTTPS_PROXY }], [{ HTTP_PROXY: proxy.url }], [{ ALL_PROXY: proxy.url }]])(
    'a managed identity, with %j',
    async (variables: Readonly<Record<string, string>>) => {
      azure.identity.managedIdentity = 'system';
      const { outputs, sent } = await step({
        inputs: IDENTITY,
        env: { AZURE_POD_IDENTITY_AUTHORITY_HOST: azure.imdsHost, ...variables },
      });

      expect(outputs.verdict).toBe('skipped');
      expect(sent('imds')).toHaveLength(1);
      expect(proxy.asked.filter((target) => target.includes(new URL(azure.imdsHost).host))).toEqual([]);
    },
  );

  test('a link-local address', async () => {
    const { error } = await step({
      inputs: { ...IDENTITY, login: 'auto' },
      env: { PATH: '/nowhere', HTTPS_PROXY, HTTP_PROXY: proxy.url },
    });

    expect(error).toContain('There is no way to sign in to Azure.');
    expect(proxy.asked.filter((target) => target.includes('169.254.'))).toEqual([]);
  });
});

test('a proxy without a scheme is asked by http', async () => {
  const { outputs } = await step({ inputs: INPUTS, env: { HTTPS_PROXY: proxy.host } });

  expect(outputs.verdict).toBe('passed');
  expect(proxy.asked).toContain(`CONNECT ${scoring.host}`);
});

test('each scheme has the proxy of its own', async () => {
  const plain = await startProxy();
  const { outputs } = await step({
    inputs: { ...INPUTS, endpoint: 'churn-k8s', 'allow-insecure-http': 'true' },
    env: { HTTP_PROXY: plain.url, HTTPS_PROXY },
  });

  expect(outputs.verdict).toBe('passed');
  expect(plain.asked).toEqual([`POST ${azure.scoringHttpHost}/api/v1/endpoint/churn-k8s/score`]);
  expect(proxy.asked).toContain(`CONNECT ${new URL(azure.resourceManagerHost).host}`);
  expect(proxy.asked.filter((target) => !target.startsWith('CONNECT '))).toEqual([]);
});

test('names in small letters mean the same', async () => {
  const { outputs } = await step({ inputs: INPUTS, env: { https_proxy: HTTPS_PROXY } });

  expect(outputs.verdict).toBe('passed');
  expect(proxy.asked).toContain(`CONNECT ${scoring.host}`);
});

describe('a proxy with user and password', () => {
  const user = 'runner';
  const password = 'Pr0xy/Passw0rd of+the@runner';
  const basic = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const secrets = [
    { name: 'proxy password', value: password },
    { name: 'user and password', value: `${user}:${password}` },
  ];

  test('gets them, and nobody else does', async () => {
    const guarded = await startProxy({ authorization: basic });
    const url = `http://${user}:${encodeURIComponent(password)}@${guarded.host}`;
    const { exchanges, outputs } = await step({
      inputs: { ...INPUTS, 'response-check': 'env; cat; false' },
      env: { HTTPS_PROXY: url, HTTP_PROXY: url, RUNNER_DEBUG: '1' },
      secrets,
    });

    expect(outputs.verdict).toBe('failed');
    expect(guarded.asked).toContain(`CONNECT ${scoring.host}`);
    expect(new Set(guarded.authorizations)).toEqual(new Set([basic]));
    expect(exchanges.filter(({ headers }) => 'proxy-authorization' in headers)).toEqual([]);
  });

  test('gets them also when what is special in them is not encoded', async () => {
    const guarded = await startProxy({ authorization: basic });
    const url = `http://${user}:${password}@${guarded.host}`;
    const { outputs } = await step({ inputs: INPUTS, env: { HTTPS_PROXY: url }, secrets });

    expect(outputs.verdict).toBe('passed');
    expect(new Set(guarded.authorizations)).toEqual(new Set([basic]));
  });

  test('whose address is none is told without them, and nothing is sent', async () => {
    const { error, title, outputs, exchanges } = await step({
      inputs: { ...INPUTS, summary: 'true' },
      env: { HTTPS_PROXY: `http://${user}:${password}@no host:8080` },
      secrets,
    });

    expect(title).toBe('Inputs');
    expect(error).toContain('HTTPS_PROXY is not the address of a proxy. Write http://host:port');
    expect(outputs.verdict).toBe('error');
    expect(exchanges).toEqual([]);
  });

  test('that does not like them is named without them', async () => {
    const guarded = await startProxy({ authorization: 'Basic of another user' });
    const url = `http://${user}:${encodeURIComponent(password)}@${guarded.host}`;
    const { error, exchanges } = await step({ inputs: INPUTS, env: { HTTPS_PROXY: url }, secrets });

    expect(error).toContain(`The proxy '${guarded.host}' asks for a user and password`);
    expect(error).toContain('(HTTP 407)');
    expect(exchanges).toEqual([]);
  });

  test('that is not there is named without them', async () => {
    const url = `http://${user}:${encodeURIComponent(password)}@${CLOSED_HOST}`;
    const { error, exchanges } = await step({ inputs: INPUTS, env: { HTTPS_PROXY: url }, secrets });

    expect(error).toContain(`The proxy '${CLOSED_HOST}', on the way to `);
    expect(error).toContain('refused the connection (ECONNREFUSED).');
    expect(error).toContain('Check HTTPS_PROXY');
    expect(exchanges).toEqual([]);
  });
});

test('a proxy that forbids the host is named', async () => {
  const strict = await startProxy({ refusal: { status: 403, body: 'blocked by policy' } });
  const { error, exchanges } = await step({ env: { HTTPS_PROXY: strict.url } });

  expect(error).toContain(`The proxy '${strict.host}' did not let a request through to `);
  expect(error).toContain('HTTP 403');
  expect(error).toContain('Allow the host in the proxy, or name it in NO_PROXY');
  expect(exchanges).toEqual([]);
});
