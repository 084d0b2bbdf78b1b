import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { accessToken, field, idToken, send, signIn, signInWithAssertion } from './client.ts';
import { type IdentityState, type LocalAzure, startLocalAzure } from './index.ts';
import { claimsOf } from './tokens.ts';

let azure: LocalAzure;
beforeAll(async () => {
  azure = await startLocalAzure({ validate: false });
});
afterEach(() => azure.reset());
afterAll(() => azure.close());

test('the metadata document leads to Entra, to Resource Manager and to the data-plane audience', async () => {
  const { status, body } = await send(azure, azure.metadataUrl);
  expect(status).toBe(200);
  const [cloud] = JSON.parse(body) as Record<string, unknown>[];
  expect(cloud).toMatchObject({
    name: 'LocalAzure',
    resourceManager: azure.resourceManagerHost,
    authentication: { loginEndpoint: azure.entraHost, identityProvider: 'AAD' },
  });
  expect(String(cloud?.portal).replace('portal', 'ml')).toBe(azure.dataPlaneAudience);
});

test('the metadata document wants an api-version', async () => {
  const { status } = await send(azure, `${azure.resourceManagerHost}/metadata/endpoints`);
  expect(status).toBe(400);
});

test('a client secret earns a token of an hour for Resource Manager', async () => {
  const { status, body } = await signIn(azure);
  expect(status).toBe(200);
  const claims = claimsOf(String(field(body, 'access_token')));
  expect(claims).toMatchObject({
    aud: azure.resourceManagerHost,
    appid: azure.clientId,
    oid: azure.objectId,
    tid: azure.tenantId,
  });
  expect(Number(claims?.exp) - Number(claims?.iat)).toBe(field(body, 'expires_in'));
});

test('the audience keeps a trailing slash', async () => {
  const { body } = await signIn(azure, { scope: `${azure.resourceManagerHost}//.default` });
  expect(claimsOf(String(field(body, 'access_token')))?.aud).toBe(`${azure.resourceManagerHost}/`);
});

test("GitHub's ID token and a Kubernetes cluster's token sign in", async () => {
  const cluster = await readFile(azure.federatedTokenFile, 'utf8');
  for (const assertion of [await idToken(azure), cluster]) {
    expect(await signInWithAssertion(azure, assertion)).toMatchObject({ status: 200 });
  }
});

test('the ID token has the claims of the job and lives five minutes', async () => {
  const claims = claimsOf(await idToken(azure));
  expect(claims).toMatchObject({ iss: azure.oidc.issuer, sub: azure.oidc.subject, repository: 'octo/churn' });
  expect(Number(claims?.exp) - Number(claims?.iat)).toBe(300);
});

test('GitHub refuses a wrong request token and a missing api-version', async () => {
  const authorization = `bearer ${azure.oidc.requestToken}`;
  expect((await send(azure, azure.oidc.requestUrl, { headers: { authorization: 'bearer x' } })).status).toBe(
    401,
  );
  expect((await send(azure, azure.oidc.requestUrl)).status).toBe(401);
  const bare = azure.oidc.requestUrl.replace(/\?.*/, '');
  expect((await send(azure, bare, { headers: { authorization } })).status).toBe(400);
});

const REFUSALS: readonly {
  readonly code: number;
  readonly error: string;
  readonly status: number;
  readonly set?: Partial<IdentityState>;
  readonly fields?: (azure: LocalAzure) => Record<string, string>;
}[] = [
  {
    code: 700016,
    error: 'unauthorized_client',
    status: 400,
    fields: () => ({ client_id: crypto.randomUUID() }),
  },
  { code: 90002, error: 'invalid_request', status: 400, fields: () => ({ tenant: crypto.randomUUID() }) },
  { code: 900023, error: 'invalid_request', status: 400, fields: () => ({ tenant: 'nonsense' }) },
  { code: 7000215, error: 'invalid_client', status: 401, fields: () => ({ client_secret: 'wrong' }) },
  {
    code: 7000215,
    error: 'invalid_client',
    status: 401,
    set: { secretRevoked: true },
  },
  {
    code: 7000222,
    error: 'invalid_client',
    status: 401,
    set: { secretExpired: true },
  },
  {
    code: 53003,
    error: 'invalid_grant',
    status: 400,
    set: { conditionalAccess: true },
  },
  {
    code: 500011,
    error: 'invalid_resource',
    status: 400,
    fields: () => ({ scope: 'https://vault.azure.net/.default' }),
  },
  {
    code: 1002012,
    error: 'invalid_scope',
    status: 400,
    fields: () => ({ scope: 'https://vault.azure.net' }),
  },
  { code: 70003, error: 'unsupported_grant_type', status: 400, fields: () => ({ grant_type: 'password' }) },
  { code: 900144, error: 'invalid_request', status: 400, fields: () => ({ client_id: '' }) },
];

test.each(REFUSALS)('Entra refuses with AADSTS$code', async ({ code, error, status, set, fields }) => {
  Object.assign(azure.identity, set);
  const answer = await signIn(azure, fields?.(azure));
  expect(answer.status).toBe(status);
  expect(JSON.parse(answer.body)).toMatchObject({ error, error_codes: [code] });
  expect(field(answer.body, 'error_description')).toMatch(
    new RegExp(`^AADSTS${code}: .+ Trace ID: \\S+ Correlation ID: \\S+ Timestamp: [-\\d]+ [:\\d]+Z$`),
  );
});

test('an assertion that matches no federated credential is told what differs', async () => {
  const [credential] = azure.identity.federatedCredentials;
  const differences = [
    { change: { subject: 'repo:octo/churn:environment:production' }, code: 700213 },
    { change: { subject: azure.oidc.subject.toUpperCase() }, code: 7002138 },
    { change: { audience: 'api://AzureADTokenExchangeUSGov' }, code: 700212 },
    { change: { issuer: 'https://token.actions.githubusercontent.com' }, code: 700211 },
  ];
  for (const { change, code } of differences) {
    azure.identity.federatedCredentials = [{ ...credential!, ...change }];
    const { status, body } = await signInWithAssertion(azure, await idToken(azure));
    expect(status).toBe(401);
    expect(field(body, 'error_codes')).toEqual([code]);
  }
  azure.identity.olderWording = true;
  const { body } = await signInWithAssertion(azure, await idToken(azure));
  expect(field(body, 'error_description')).toContain(`Assertion Subject: '${azure.oidc.subject}'`);
});

test('the message about a subject quotes the presented one', async () => {
  azure.identity.federatedCredentials = azure.identity.federatedCredentials.slice(0, 1);
  azure.identity.federatedCredentials[0]!.subject = 'repo:octo/churn:environment:production';
  const { body } = await signInWithAssertion(azure, await idToken(azure));
  expect(field(body, 'error_description')).toContain(
    `No matching federated identity record found for presented assertion subject '${azure.oidc.subject}'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion.`,
  );
});

test('an assertion is refused outside its validity, with a broken signature and when it is no token', async () => {
  const assertion = await idToken(azure);
  const [header, payload, signature] = assertion.split('.');
  const forged = `${header}.${payload}.${signature!.startsWith('A') ? 'B' : 'A'}${signature!.slice(1)}`;
  expect(field((await signInWithAssertion(azure, forged)).body, 'error_codes')).toEqual([700027]);
  expect(field((await signInWithAssertion(azure, 'nonsense')).body, 'error_codes')).toEqual([50027]);
  azure.identity.clockSkewSeconds = 3600;
  expect(field((await signInWithAssertion(azure, assertion)).body, 'error_codes')).toEqual([700024]);
});

test('Entra does not know itself as an instance, and describes its tenant', async () => {
  const discovery = `${azure.entraHost}/common/discovery/instance?api-version=1.1&authorization_endpoint=x`;
  const instance = await send(azure, discovery);
  expect(instance.status).toBe(400);
  expect(field(instance.body, 'error')).toBe('invalid_instance');
  const openid = await send(
    azure,
    `${azure.entraHost}/${azure.tenantId}/v2.0/.well-known/openid-configuration`,
  );
  expect(field(openid.body, 'token_endpoint')).toBe(`${azure.entraHost}/${azure.tenantId}/oauth2/v2.0/token`);
  const other = `${azure.entraHost}/${crypto.randomUUID()}/v2.0/.well-known/openid-configuration`;
  expect(field((await send(azure, other)).body, 'error')).toBe('invalid_tenant');
});

test('a managed identity gets a token only when there is one, and by its own client ID', async () => {
  const resource = encodeURIComponent(azure.resourceManagerHost);
  const url = `${azure.imdsHost}/metadata/identity/oauth2/token?api-version=2018-02-01&resource=${resource}`;
  const ask = (query = '') => send(azure, `${url}${query}`, { headers: { Metadata: 'true' } });
  expect(await ask()).toMatchObject({ status: 400, body: expect.stringContaining('Identity not found') });
  expect((await send(azure, url)).status).toBe(400);
  azure.identity.managedIdentity = 'system';
  const { status, body } = await ask();
  expect(status).toBe(200);
  expect(claimsOf(String(field(body, 'access_token')))?.oid).toBe(azure.managedIdentity.objectId);
  azure.identity.managedIdentity = 'user';
  expect((await ask(`&client_id=${azure.managedIdentity.clientId}`)).status).toBe(200);
  expect((await ask(`&client_id=${azure.clientId}`)).status).toBe(400);
});

test('every secret that was given out is known', async () => {
  const values = [
    await accessToken(azure),
    await idToken(azure),
    await readFile(azure.federatedTokenFile, 'utf8'),
  ];
  const keys = [...azure.endpoints.values()].flatMap((endpoint) => Object.values(endpoint.keys));
  const known = azure.secrets().map(({ value }) => value);
  expect(known).toEqual(
    expect.arrayContaining([...values, ...keys, azure.clientSecret, azure.oidc.requestToken]),
  );
});

test('what no service knows is not found', async () => {
  for (const origin of [azure.entraHost, azure.oidc.issuer, azure.imdsHost]) {
    expect((await send(azure, `${origin}/nowhere`)).status).toBe(404);
  }
});
