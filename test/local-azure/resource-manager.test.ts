import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { accessToken, armUrl, type ClientAnswer, type ClientRequest, field, send } from './client.ts';
import { createDeployment, type LocalAzure, startLocalAzure } from './index.ts';
import { API_VERSIONS } from './state.ts';

let azure: LocalAzure;
let token: string;
beforeAll(async () => {
  azure = await startLocalAzure();
  token = await accessToken(azure);
});
afterEach(() => azure.reset());
afterAll(() => azure.close());

function ask(url: string, request: ClientRequest = {}): Promise<ClientAnswer> {
  return send(azure, url, { ...request, headers: { authorization: `Bearer ${token}`, ...request.headers } });
}

const post = (url: string, body?: string) =>
  ask(url, {
    method: 'POST',
    ...(body === undefined ? {} : { body, headers: { 'content-type': 'application/json' } }),
  });

test('every operation answers in every api-version, and no answer breaks the OpenAPI documents', async () => {
  azure.endpoints.get('churn-token')!.authMode = 'FutureToken';
  azure.endpoints.get('churn-token')!.scoringUri = null;
  for (const version of API_VERSIONS) {
    const reads = [
      '',
      '/churn-key',
      '/churn-token',
      '/churn-k8s',
      '/churn-key/deployments',
      '/churn-k8s/deployments/blue',
    ];
    for (const path of reads) expect((await ask(armUrl(azure, path, version))).status).toBe(200);
    for (const path of ['/churn-key/listKeys', '/churn-aad/listKeys', '/churn-token/token']) {
      expect((await post(armUrl(azure, path, version))).status).toBe(200);
    }
    const logs = await post(armUrl(azure, '/churn-key/deployments/broken/getLogs', version), '{}');
    expect(logs.status).toBe(200);
  }
  await azure.settled();
  expect(azure.violations).toEqual([]);
});

test('the endpoint says what it is', async () => {
  const { body, headers } = await ask(armUrl(azure, '/churn-key'));
  expect(field(body, 'properties')).toMatchObject({
    authMode: 'Key',
    scoringUri: `${azure.scoringHost}/api/v1/endpoint/churn-key/score`,
    traffic: { blue: 100, green: 0, broken: 0 },
    compute: null,
  });
  expect(headers).toMatchObject({ 'x-ms-correlation-request-id': expect.any(String) });
  expect(Number(headers['x-ms-ratelimit-remaining-subscription-reads'])).toBeLessThan(250);
});

test('paths and names match in any case', async () => {
  const url = armUrl(azure, '/CHURN-KEY').replace('/resourceGroups/', '/RESOURCEGROUPS/');
  expect(await ask(url)).toMatchObject({ status: 200 });
});

test('keys are given for a key endpoint, and nulls for any other', async () => {
  const { keys } = azure.endpoints.get('churn-key')!;
  const ofKey = await post(armUrl(azure, '/churn-key/listKeys'));
  expect(JSON.parse(ofKey.body)).toEqual({ primaryKey: keys.primary, secondaryKey: keys.secondary });
  const ofToken = await post(armUrl(azure, '/churn-token/listKeys'));
  expect(JSON.parse(ofToken.body)).toEqual({ primaryKey: null, secondaryKey: null });
});

test('a token lives a day, and a test may take any field from it', async () => {
  const now = Date.now() / 1000;
  const { body } = await post(armUrl(azure, '/churn-token/token'));
  expect(field(body, 'tokenType')).toBe('Bearer');
  expect(Number(field(body, 'expiryTimeUtc')) - now).toBeCloseTo(86_340, -1);
  expect(Number(field(body, 'refreshAfterTimeUtc')) - now).toBeCloseTo(43_170, -1);
  azure.endpoints.get('churn-token')!.token.answer = { expiryTimeUtc: 0, accessToken: null };
  const odd = await post(armUrl(azure, '/churn-token/token'));
  expect(JSON.parse(odd.body)).toMatchObject({ expiryTimeUtc: 0, accessToken: null });
});

test('a list is filtered by name and compute type, and comes in pages', async () => {
  const names = ({ body }: ClientAnswer) =>
    (field(body, 'value') as { name: string }[]).map(({ name }) => name);
  expect(names(await ask(`${armUrl(azure)}&name=nobody`))).toEqual([]);
  expect(names(await ask(`${armUrl(azure)}&computeType=Kubernetes`))).toEqual(['churn-k8s']);
  azure.access.pageSize = 2;
  const first = await ask(armUrl(azure, '/churn-key/deployments'));
  const second = await ask(String(field(first.body, 'nextLink')));
  expect([...names(first), ...names(second)]).toEqual(['blue', 'green', 'broken']);
  expect(field(second.body, 'nextLink')).toBeUndefined();
});

test('logs are of one container, and no longer than asked', async () => {
  const url = armUrl(azure, '/churn-key/deployments/broken/getLogs');
  const all = await post(url, '{"containerType":"InferenceServer"}');
  expect(field(all.body, 'content')).toContain(
    "AttributeError: 'NoneType' object has no attribute 'predict'",
  );
  const tail = String(field((await post(url, '{"tail":1}')).body, 'content'));
  expect(tail.split('Container logs:\n')[1]).toMatch(/^.*POST \/score 500.*\n$/);
  const storage = await post(url, '{"containerType":"StorageInitializer"}');
  expect(field(storage.body, 'content')).toContain('Downloading model');
  expect((await post(url, 'nonsense')).status).toBe(400);
});

test('an endpoint and a deployment may be added', async () => {
  const endpoint = azure.addEndpoint('fresh', { traffic: { only: 100 } });
  endpoint.deployments.set('only', createDeployment('only', { provisioningState: 'Creating' }));
  const { body } = await ask(armUrl(azure, '/fresh/deployments/only'));
  expect(field(body, 'properties.provisioningState')).toBe('Creating');
});

interface Refusal {
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly message: RegExp;
  readonly url?: () => string;
  readonly request?: () => ClientRequest;
  readonly set?: () => void;
}

const other = '11111111-2222-3333-4444-555555555555';
const REFUSALS: readonly Refusal[] = [
  {
    title: 'no api-version',
    status: 400,
    code: 'MissingApiVersionParameter',
    message: /\(\?api-version=\) is required/,
    url: () => armUrl(azure, '/churn-key').replace(/\?.*/, ''),
  },
  {
    title: 'an unknown api-version',
    status: 400,
    code: 'NoRegisteredProviderFound',
    message: /supported api-versions are '2022-02-01-preview, /,
    url: () => armUrl(azure, '/churn-key', '2023-01-01'),
  },
  {
    title: 'an api-version before online endpoints',
    status: 404,
    code: 'InvalidResourceType',
    message: /for api version '2020-01-01'/,
    url: () => armUrl(azure, '/churn-key', '2020-01-01'),
  },
  {
    title: 'an unknown subscription',
    status: 404,
    code: 'SubscriptionNotFound',
    message: new RegExp(`The subscription '${other}' could not be found`),
    url: () => armUrl(azure, '/churn-key').replace(azure.subscriptionId, other),
  },
  {
    title: 'an unknown resource group',
    status: 404,
    code: 'ResourceGroupNotFound',
    message: /Resource group 'rg-other'/,
    url: () => armUrl(azure, '/churn-key').replace(azure.resourceGroup, 'rg-other'),
  },
  {
    title: 'an unknown workspace',
    status: 404,
    code: 'ResourceNotFound',
    message: /workspaces\/ws-other' under resource group/,
    url: () => armUrl(azure, '/churn-key').replace(azure.workspace, 'ws-other'),
  },
  {
    title: 'an unknown endpoint',
    status: 404,
    code: 'NotFound',
    message: /specified resource was not found/,
    url: () => armUrl(azure, '/nobody'),
  },
  {
    title: 'an unknown deployment',
    status: 404,
    code: 'NotFound',
    message: /specified resource was not found/,
    url: () => armUrl(azure, '/churn-key/deployments/nobody'),
  },
  {
    title: 'an unknown resource type',
    status: 404,
    code: 'InvalidResourceType',
    message: /'workspaces\/pets'/,
    url: () => armUrl(azure).replace('onlineEndpoints', 'pets/tom'),
  },
  {
    title: 'a wrong verb',
    status: 405,
    code: 'UnsupportedHttpMethod',
    message: /http method 'GET'/,
    url: () => armUrl(azure, '/churn-key/listKeys'),
  },
  {
    title: 'no Authorization header',
    status: 401,
    code: 'AuthenticationFailed',
    message: /header is missing/,
    request: () => ({ headers: { authorization: '' } }),
  },
  {
    title: 'a header that is no bearer token',
    status: 401,
    code: 'AuthenticationFailedInvalidHeader',
    message: /invalid format/,
    request: () => ({ headers: { authorization: 'Basic eDp5' } }),
  },
  {
    title: 'a token that is none',
    status: 401,
    code: 'InvalidAuthenticationToken',
    message: /access token is invalid/,
    request: () => ({ headers: { authorization: 'Bearer nonsense' } }),
  },
  {
    title: 'a token of another tenant',
    status: 401,
    code: 'InvalidAuthenticationTokenTenant',
    message: /wrong issuer/,
    set: () => {
      azure.access.subscriptionTenantId = other;
    },
  },
  {
    title: 'a denied action',
    status: 403,
    code: 'AuthorizationFailed',
    message:
      /perform action 'Microsoft\.MachineLearningServices\/workspaces\/onlineEndpoints\/read' over scope '\/subscriptions\/\S+\/onlineEndpoints\/churn-key'/,
    set: () => void azure.access.denied.set('read', 'AuthorizationFailed'),
  },
  {
    title: 'an action that the service denies',
    status: 403,
    code: 'UserError',
    message:
      /^Identity\(object id: \S+\) does not have permissions for \S+\/onlineEndpoints\/read actions\.$/,
    set: () => void azure.access.denied.set('read', 'ForbiddenError'),
  },
  {
    title: 'a workspace behind a private link (401)',
    status: 401,
    code: 'UserError',
    message: /designated private link/,
    set: () => {
      azure.access.privateLink = '401';
    },
  },
  {
    title: 'a workspace behind a private link (502)',
    status: 502,
    code: 'UserError',
    message: /private link configuration/,
    set: () => {
      azure.access.privateLink = '502';
    },
  },
  {
    title: 'a locked scope',
    status: 409,
    code: 'ScopeLocked',
    message: /cannot perform write operation/,
    url: () => armUrl(azure, '/churn-key/listKeys'),
    request: () => ({ method: 'POST' }),
    set: () => {
      azure.access.lock = 'ReadOnly';
    },
  },
];

test.each(REFUSALS)('refuses $title', async ({ status, code, message, url, request, set }) => {
  set?.();
  const answer = await ask(url?.() ?? armUrl(azure, '/churn-key'), request?.());
  expect(answer.status).toBe(status);
  expect(field(answer.body, 'error.code')).toBe(code);
  expect(field(answer.body, 'error.message')).toMatch(message);
  if (status === 401 && code !== 'UserError') {
    expect(answer.headers['www-authenticate']).toContain(
      `${azure.entraHost}/${azure.access.subscriptionTenantId}`,
    );
  }
});

test('refuses a token for another audience, an expired one and one without a principal', async () => {
  const code = async (bearer: string) => {
    const { body } = await send(azure, armUrl(azure), { headers: { authorization: `Bearer ${bearer}` } });
    return field(body, 'error.code');
  };
  expect(await code(await accessToken(azure, azure.dataPlaneAudience))).toBe(
    'InvalidAuthenticationTokenAudience',
  );
  azure.identity.accessTokenLifetimeSeconds = -1;
  expect(await code(await accessToken(azure))).toBe('ExpiredAuthenticationToken');
  azure.identity.accessTokenLifetimeSeconds = 3600;
  azure.identity.principalMissing = true;
  expect(await code(await accessToken(azure))).toBe('InvalidAuthenticationToken');
});

test('lists the one subscription', async () => {
  const { body } = await ask(`${azure.resourceManagerHost}/subscriptions?api-version=2022-12-01`);
  expect(field(body, 'value.0.subscriptionId')).toBe(azure.subscriptionId);
});
