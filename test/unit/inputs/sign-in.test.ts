import { describe, expect, test } from 'vitest';
import { redact, Secret } from '../../../src/secrets/secret.ts';
import { CLIENT, errorWith, masked, mistakesWith, readWith, TENANT } from '../../support/read-inputs.ts';

describe('a sign-in method', () => {
  test.each([
    ['oidc', ['client-id', 'tenant-id']],
    ['workload-identity', ['client-id', 'tenant-id']],
    ['client-secret', ['client-id', 'tenant-id', 'client-secret']],
  ])('%s says which inputs it needs, and where to put them', async (login, needed) => {
    expect(await mistakesWith({ login })).toEqual(
      needed.map(
        (name) =>
          `${name}: It is missing, and login: ${login} needs it, as the input or as AZURE_${name.toUpperCase().replace('-', '_')} in the environment.`,
      ),
    );
  });

  test.each(['auto', 'managed-identity', 'azure-cli'])('%s needs no other input', async (login) => {
    expect((await readWith({ login })).login.choice).toBe(login);
  });

  test('the environment may have what it needs', async () => {
    const environment = { AZURE_CLIENT_ID: CLIENT, AZURE_TENANT_ID: TENANT };
    const { login } = await readWith({ login: 'oidc' }, environment);
    expect([login.clientId, login.tenantId]).toEqual([CLIENT, TENANT]);
  });

  test.each(['contoso.onmicrosoft.com', TENANT, 'contoso.com'])(
    '%s is taken as the tenant',
    async (tenant) => {
      expect((await readWith({ 'tenant-id': tenant })).login.tenantId).toBe(tenant);
    },
  );

  test.each(['contoso', '../x', 'contoso.com/', 'contoso.com?x', 'common#'])(
    '%s is refused as the tenant, once',
    async (tenant) => {
      expect(await mistakesWith({ login: 'oidc', 'client-id': CLIENT, 'tenant-id': tenant })).toEqual([
        `tenant-id '${tenant}': Write the directory (tenant) ID, a GUID, or a domain of the tenant.`,
      ]);
    },
  );

  test('a name is refused as the client ID', async () => {
    expect(await mistakesWith({ 'client-id': 'my-app' })).toEqual([
      "client-id 'my-app': Write the application (client) ID of the app registration, a GUID.",
    ]);
  });
});

describe('a client secret', () => {
  test('the secret is masked at once, even when another input is wrong', async () => {
    await errorWith({ 'client-secret': 'Q~secret-of-client-1', key: 'both' });
    expect(masked).toContain('Q~secret-of-client-1');
    expect(redact('Q~secret-of-client-1')).toBe('***');
  });

  test('a secret that is too short is not printed', async () => {
    const said = await mistakesWith({
      login: 'client-secret',
      'client-id': CLIENT,
      'tenant-id': TENANT,
      'client-secret': 'hunter2',
    });
    expect(said).toEqual([
      'client-secret: The client secret has fewer than 8 characters: masking it would hide unrelated text, so it is not used.',
    ]);
  });

  test('the secret cannot be written to JSON', async () => {
    const { clientSecret } = (await readWith({ 'client-secret': 'Q~secret-of-client-2' })).login;
    expect(clientSecret).toBeInstanceOf(Secret);
    expect(JSON.stringify(await readWith({ 'client-secret': 'Q~secret-of-client-2' }))).not.toContain(
      'Q~secret',
    );
  });
});

describe("GitHub's ID-token service", () => {
  const SERVICE = 'https://pipelines.actions.githubusercontent.com/x?api-version=2.0';

  test('its token is a Secret', async () => {
    const { idTokens } = (
      await readWith(
        {},
        { ACTIONS_ID_TOKEN_REQUEST_URL: SERVICE, ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'request-token-0123' },
      )
    ).login;
    if (idTokens?.kind !== 'github') throw new Error(`It is ${idTokens?.kind}.`);
    expect(idTokens.url).toBe(SERVICE);
    expect(String(idTokens.requestToken)).toBe('***');
    expect(idTokens.requestToken.reveal()).toBe('request-token-0123');
    expect(masked).toContain('request-token-0123');
  });

  test.each([
    [{ ACTIONS_ID_TOKEN_REQUEST_URL: SERVICE }],
    [{ ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'request-token-0123' }],
    [{ ACTIONS_ID_TOKEN_REQUEST_URL: '', ACTIONS_ID_TOKEN_REQUEST_TOKEN: '' }],
  ])('%j alone does not make it usable', async (environment: Record<string, string>) => {
    expect((await readWith({}, environment)).login.idTokens).toBeUndefined();
  });
});

describe('an ID token in a variable', () => {
  test('is a Secret, and masked', async () => {
    const { idTokens } = (await readWith({}, { ARM_OIDC_TOKEN: ' eyJ.given-token.x ' })).login;
    if (idTokens?.kind !== 'given') throw new Error(`It is ${idTokens?.kind}.`);
    expect(idTokens.token.reveal()).toBe('eyJ.given-token.x');
    expect(masked).toContain('eyJ.given-token.x');
  });

  test('comes after a service that can be asked again', async () => {
    const service = {
      ACTIONS_ID_TOKEN_REQUEST_URL: 'https://pipelines.actions.githubusercontent.com/x',
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'request-token-0123',
    };
    const { idTokens } = (await readWith({}, { ...service, ARM_OIDC_TOKEN: 'eyJ.given-token.x' })).login;
    expect(idTokens?.kind).toBe('github');
  });

  test('that is blank is none', async () => {
    expect((await readWith({}, { ARM_OIDC_TOKEN: ' ' })).login.idTokens).toBeUndefined();
  });
});

describe('a cloud', () => {
  test.each(['https://arm.local:8443/metadata/endpoints?api-version=2022-09-01', 'HTTPS://arm.local/'])(
    '%s is taken as the URL of its metadata document',
    async (url) => {
      expect((await readWith({ cloud: url })).cloud).toEqual({ kind: 'metadata', url });
    },
  );

  test.each([
    'http://arm.local/metadata/endpoints',
    'ftp://arm.local',
    'https://',
    'arm.local:443',
    'file:///etc/passwd',
  ])('%s is refused', async (url) => {
    expect(await mistakesWith({ cloud: url })).toEqual([
      `cloud '${url}': Choose one of AzureCloud, AzureUSGovernment, AzureChinaCloud, or the https URL of a Resource Manager's metadata document.`,
    ]);
  });

  test.each(['https://user@arm.local/', 'https://user:pass@arm.local/'])(
    '%s is refused, and its user is not shown',
    async (url) => {
      expect(await mistakesWith({ cloud: url })).toEqual([
        `cloud (a value of ${url.length} characters, not shown: it may be a secret): Choose one of AzureCloud, AzureUSGovernment, AzureChinaCloud, or the https URL of a Resource Manager's metadata document.`,
      ]);
    },
  );
});

describe('what is given to the wrong input', () => {
  const SECRET = 'dLq8Q~aVuH2xJ.3kPz9mWbYc7R-tNf0sGe_4oXi';

  test('a client ID and a client secret that are swapped are told as that', async () => {
    const mistakes = await mistakesWith({
      login: 'client-secret',
      'client-id': SECRET,
      'tenant-id': TENANT,
      'client-secret': '5d0b1e7c-bd7e-475c-86db-fdb8c937548e',
    });
    expect(mistakes[0]).toBe(
      "client-id (a value of 39 characters, not shown: it may be a secret): Write the application (client) ID of the app registration, a GUID. Are 'client-id' and 'client-secret' swapped?",
    );
  });

  test('a client secret that is another input is shown in no mistake', async () => {
    const mistakes = await mistakesWith({
      'client-secret': 'my-own-app',
      'client-id': 'my-own-app',
      key: 'my-own-app',
    });
    expect(mistakes.join()).not.toContain('my-own-app');
    expect(mistakes).toHaveLength(3);
  });

  test('JSON is no client secret', async () => {
    expect(await mistakesWith({ 'client-secret': '{"clientId": "a"}' })).toEqual([
      "client-secret: It is JSON, not a secret. Give the JSON for azure/login as 'creds'.",
    ]);
  });

  test.each([
    ['oidc', {}, true],
    ['auto', {}, true],
    ['auto', { 'client-secret': 'a-secret-of-its-own' }, false],
    ['azure-cli', {}, false],
  ])(
    'login: %s with %j and an ID-token service that is no address: mistake %s',
    async (login, given, isMistake) => {
      const inputs = { login, 'client-id': CLIENT, 'tenant-id': TENANT, ...given };
      const environment = {
        ACTIONS_ID_TOKEN_REQUEST_URL: 'no address',
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'request-token-0123',
      };
      const wanted =
        'login: ACTIONS_ID_TOKEN_REQUEST_URL, which GitHub sets, is not a URL. Does the workflow or a step before this one set it?';
      if (isMistake) expect(await mistakesWith(inputs, environment)).toEqual([wanted]);
      else expect((await readWith(inputs, environment)).login.choice).toBe(login);
    },
  );
});
