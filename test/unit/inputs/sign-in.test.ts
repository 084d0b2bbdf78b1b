import { beforeAll, describe, expect, test } from 'vitest';
import { InputError } from '../../../src/inputs/reader.ts';
import { SECRET_VARIABLES } from '../../../src/inputs/sign-in.ts';
import { announceMasksTo, redact, Secret } from '../../../src/secrets/secret.ts';
import { mistakesWith as mistakesOf, readWith as readInputsWith } from '../../support/read-inputs.ts';

const SUBSCRIPTION = 'ff2e23ae-7d7c-4cbd-99b8-116bb94dca6e';
const CLIENT = '31359c7f-bd7e-475c-86db-fdb8c937548e';
const TENANT = '2b0623dd-90fa-4c5c-bee8-8dc18bd4d948';
const RESOURCE_ID = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-ml/providers/Microsoft.MachineLearningServices/workspaces/ws-prod/onlineEndpoints/churn`;

const masked: string[] = [];

beforeAll(() => announceMasksTo((masks) => masked.push(...masks)));

// A login belongs to an endpoint; which one is no matter here.
const ENDPOINT = { INPUT_ENDPOINT: RESOURCE_ID };
const readWith = (inputs: Record<string, string>, environment: Record<string, string> = {}) =>
  readInputsWith(inputs, { ...ENDPOINT, ...environment });
const mistakesWith = (inputs: Record<string, string>, environment: Record<string, string> = {}) =>
  mistakesOf(inputs, { ...ENDPOINT, ...environment });

describe('a login', () => {
  test.each([
    ['oidc', ['client-id', 'tenant-id']],
    ['workload-identity', ['client-id', 'tenant-id']],
    ['client-secret', ['client-id', 'tenant-id', 'client-secret']],
  ])('%s says what it needs, and where to put it', async (login, needed) => {
    expect(await mistakesWith({ login })).toEqual(
      needed.map(
        (name) =>
          `${name}: login: ${login} needs it, as the input or as AZURE_${name.toUpperCase().replace('-', '_')} in the environment.`,
      ),
    );
  });

  test.each(['auto', 'managed-identity', 'azure-cli'])('%s needs nothing more', async (login) => {
    expect(await mistakesWith({ login })).toEqual([]);
  });

  test('has what it needs from the environment', async () => {
    expect(
      await mistakesWith({ login: 'oidc' }, { AZURE_CLIENT_ID: CLIENT, AZURE_TENANT_ID: TENANT }),
    ).toEqual([]);
  });

  test.each(['contoso.onmicrosoft.com', TENANT, 'contoso.com'])('takes the tenant %s', async (tenant) => {
    expect((await readWith({ 'tenant-id': tenant })).login.tenantId).toBe(tenant);
  });

  test.each(['contoso', '../x', 'contoso.com/', 'contoso.com?x', 'common#'])(
    'does not take the tenant %s, and says so once',
    async (tenant) => {
      expect(await mistakesWith({ login: 'oidc', 'client-id': CLIENT, 'tenant-id': tenant })).toEqual([
        `tenant-id '${tenant}': Write the directory (tenant) ID, a GUID, or a domain of the tenant.`,
      ]);
    },
  );

  test('does not take a name for the client', async () => {
    expect(await mistakesWith({ 'client-id': 'my-app' })).toEqual([
      "client-id 'my-app': Write the application (client) ID of the app registration, a GUID.",
    ]);
  });
});

describe('a client secret', () => {
  test('is hidden at once, even when another input is wrong', async () => {
    await expect(readWith({ 'client-secret': 'Q~secret-of-client-1', key: 'both' })).rejects.toThrow(
      InputError,
    );
    expect(masked).toContain('Q~secret-of-client-1');
    expect(redact('Q~secret-of-client-1')).toBe('***');
  });

  test('is never printed when it is too short', async () => {
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

  test('is a Secret from then on', async () => {
    const { clientSecret } = (await readWith({ 'client-secret': 'Q~secret-of-client-2' })).login;
    expect(clientSecret).toBeInstanceOf(Secret);
    expect(JSON.stringify(await readWith({ 'client-secret': 'Q~secret-of-client-2' }))).not.toContain(
      'Q~secret',
    );
  });
});

describe("GitHub's ID-token service", () => {
  const SERVICE = 'https://pipelines.actions.githubusercontent.com/x?api-version=2.0';

  test('is known with its token as a Secret', async () => {
    const { idTokenService } = (
      await readWith(
        {},
        { ACTIONS_ID_TOKEN_REQUEST_URL: SERVICE, ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'request-token-0123' },
      )
    ).login;
    expect(idTokenService?.url).toBe(SERVICE);
    expect(String(idTokenService?.requestToken)).toBe('***');
    expect(idTokenService?.requestToken.reveal()).toBe('request-token-0123');
    expect(masked).toContain('request-token-0123');
  });

  test.each([
    [{ ACTIONS_ID_TOKEN_REQUEST_URL: SERVICE }],
    [{ ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'request-token-0123' }],
    [{ ACTIONS_ID_TOKEN_REQUEST_URL: '', ACTIONS_ID_TOKEN_REQUEST_TOKEN: '' }],
  ])('is not there with %j alone', async (environment: Record<string, string>) => {
    expect((await readWith({}, environment)).login.idTokenService).toBeUndefined();
  });

  test('and every other secret has a variable that programs of the step must not see', async () => {
    expect(SECRET_VARIABLES).toEqual([
      'INPUT_CLIENT-SECRET',
      'AZURE_CLIENT_SECRET',
      'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
    ]);
  });
});
