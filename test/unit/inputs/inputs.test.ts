import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Inputs, readInputs } from '../../../src/inputs/inputs.ts';
import { InputError } from '../../../src/inputs/reader.ts';
import { announceMasksTo } from '../../../src/secrets/secret.ts';

const SUBSCRIPTION = 'ff2e23ae-7d7c-4cbd-99b8-116bb94dca6e';
const CLIENT = '31359c7f-bd7e-475c-86db-fdb8c937548e';
const TENANT = '2b0623dd-90fa-4c5c-bee8-8dc18bd4d948';
const RESOURCE_ID = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-ml/providers/Microsoft.MachineLearningServices/workspaces/ws-prod/onlineEndpoints/churn`;
const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';

let files: string;

beforeAll(() => {
  announceMasksTo(() => undefined);
  files = mkdtempSync(join(tmpdir(), 'inputs-'));
  writeFileSync(join(files, 'request.json'), '{"rows": [1]}');
  writeFileSync(join(files, 'ca.pem'), PEM);
});

afterAll(() => rmSync(files, { recursive: true, force: true }));

/** Inputs by their kebab-case names, everything else as it is in the environment. */
function read(inputs: Record<string, string>, environment: Record<string, string> = {}): Promise<Inputs> {
  const variables = Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
  return readInputs({
    environment: { ...environment, ...Object.fromEntries(variables) },
    readFile: (path) => readFileSync(join(files, path)),
    workspace: files,
  });
}

function readWith(inputs: Record<string, string>, environment: Record<string, string> = {}): Promise<Inputs> {
  return read({ endpoint: RESOURCE_ID, ...inputs }, environment);
}

async function mistakes(
  inputs: Record<string, string>,
  environment: Record<string, string> = {},
): Promise<readonly string[]> {
  try {
    await read(inputs, environment);
  } catch (error) {
    if (error instanceof InputError) return error.mistakes;
    throw error;
  }
  return [];
}

function mistakesWith(
  inputs: Record<string, string>,
  environment: Record<string, string> = {},
): Promise<readonly string[]> {
  return mistakes({ endpoint: RESOURCE_ID, ...inputs }, environment);
}

describe('with the endpoint alone', () => {
  test('every other input has its default', async () => {
    expect(await readWith({})).toEqual({
      endpoint: {
        subscriptionId: SUBSCRIPTION,
        resourceGroup: 'rg-ml',
        workspace: 'ws-prod',
        name: 'churn',
      },
      login: {
        choice: 'auto',
        clientId: undefined,
        tenantId: undefined,
        clientSecret: undefined,
        idTokenService: undefined,
        federatedTokenFile: undefined,
      },
      cloud: { kind: 'known', name: 'AzureCloud' },
      key: 'primary',
      minimumValidityMs: 0,
      outputCredential: true,
      smokeTest: undefined,
      caCertificate: undefined,
      summary: true,
    });
  });

  test('an empty input counts as one that is not there, as the runner hands it over', async () => {
    expect((await readWith({ key: '', cloud: ' ', summary: '', 'sample-request': '' })).key).toBe('primary');
  });
});

describe('the environment stands in', () => {
  test.each([
    ['AZURE_SUBSCRIPTION_ID', SUBSCRIPTION, (inputs: Inputs) => inputs.endpoint.subscriptionId],
    ['AZURE_CLIENT_ID', CLIENT, (inputs: Inputs) => inputs.login.clientId],
    ['AZURE_TENANT_ID', TENANT, (inputs: Inputs) => inputs.login.tenantId],
    ['AZURE_CLIENT_SECRET', 'a-client-secret~1', (inputs: Inputs) => inputs.login.clientSecret?.reveal()],
    ['AZURE_FEDERATED_TOKEN_FILE', '/var/run/token', (inputs: Inputs) => inputs.login.federatedTokenFile],
    [
      'ARM_CLOUD_METADATA_URL',
      'https://arm.local/metadata/endpoints',
      (inputs: Inputs) => (inputs.cloud.kind === 'metadata' ? inputs.cloud.url : inputs.cloud.name),
    ],
  ])('for what is not given: %s', async (variable, value, pick) => {
    const inputs = { endpoint: 'churn', workspace: 'ws-prod', 'resource-group': 'rg-ml' };
    expect(pick(await read(inputs, { AZURE_SUBSCRIPTION_ID: SUBSCRIPTION, [variable]: value }))).toBe(value);
  });

  test('never for what is given', async () => {
    const { cloud, login } = await readWith(
      { cloud: 'AzureChinaCloud', 'client-id': CLIENT },
      { ARM_CLOUD_METADATA_URL: 'https://arm.local/', AZURE_CLIENT_ID: TENANT },
    );
    expect(cloud).toEqual({ kind: 'known', name: 'AzureChinaCloud' });
    expect(login.clientId).toBe(CLIENT);
  });

  test('never for other inputs', async () => {
    const environment = { AZURE_KEY: 'secondary', AZURE_WORKSPACE: 'ws', WORKSPACE: 'ws', LOGIN: 'oidc' };
    expect(await readWith({}, environment)).toEqual(await readWith({}));
  });
});

describe('mistakes', () => {
  test('are told all at once', async () => {
    const all = await mistakes({
      endpoint: 'churn?',
      workspace: 'w',
      'subscription-id': SUBSCRIPTION,
      login: 'password',
      'client-id': 'my-app',
      cloud: 'Azure',
      key: 'third',
      'minimum-validity': '30',
      'output-credential': 'yes',
      timeout: '0s',
      summary: '1',
      'sample-request': '{"a":',
      'ca-certificate': 'none.pem',
    });
    expect(all.map((mistake) => mistake.split(/[ :]/)[0])).toEqual([
      'endpoint',
      'workspace',
      'resource-group',
      'login',
      'client-id',
      'cloud',
      'key',
      'minimum-validity',
      'output-credential',
      'sample-request',
      'timeout',
      'ca-certificate',
      'summary',
    ]);
  });

  test('are a list when there are several, and a sentence when there is one', async () => {
    await expect(readWith({ key: 'both' })).rejects.toThrow(
      "An input needs a correction. key 'both': Choose one of primary, secondary.",
    );
    await expect(readWith({ key: 'both', summary: 'no' })).rejects.toThrow(
      "2 inputs need a correction:\n- key 'both': Choose one of primary, secondary.\n- summary 'no': Write true or false.",
    );
  });

  test.each([
    [{}, { endpoint: 'churn', summary: true }],
    [
      { endpoint: ' churn? ', summary: 'FALSE' },
      { endpoint: 'churn?', summary: false },
    ],
    [
      { endpoint: '', summary: 'no' },
      { endpoint: '', summary: true },
    ],
  ])('come with what the summary needs: %j', async (inputs, step) => {
    await expect(readWith({ key: 'both', ...inputs })).rejects.toMatchObject({ step });
  });

  test('quote a value on one line, and not at any length', async () => {
    expect(await mistakesWith({ key: `a\n::error::${'b'.repeat(200)}` })).toEqual([
      `key 'a : :error::${'b'.repeat(88)}… (211 characters in all)': Choose one of primary, secondary.`,
    ]);
  });
});

describe('a choice', () => {
  test.each([
    ['key', 'SECONDARY', 'secondary'],
    ['login', 'Azure-CLI', 'azure-cli'],
    ['cloud', 'azurecloud', 'AzureCloud'],
    ['cloud', 'AZUREUSGOVERNMENT', 'AzureUSGovernment'],
    ['cloud', 'azureChinaCloud', 'AzureChinaCloud'],
  ])('is made in any case: %s %s', async (name, value, chosen) => {
    const { key, login, cloud } = await readWith({ [name]: value });
    expect([key, login.choice, cloud.kind === 'known' ? cloud.name : '']).toContain(chosen);
  });

  test.each([
    [
      'login',
      'password',
      'Choose one of auto, oidc, client-secret, managed-identity, workload-identity, azure-cli.',
    ],
    ['cloud', 'AzureGermanCloud', 'Choose one of AzureCloud, AzureUSGovernment, AzureChinaCloud.'],
    ['key', 'tertiary', 'Choose one of primary, secondary.'],
  ])('must be one of those there are: %s %s', async (name, value, rule) => {
    expect(await mistakesWith({ [name]: value })).toEqual([`${name} '${value}': ${rule}`]);
  });
});

describe('true and false', () => {
  test.each([
    ['true', true],
    ['false', false],
    ['TRUE', true],
    ['False', false],
    [' true ', true],
  ])('are understood: %j', async (value, expected) => {
    expect((await readWith({ 'output-credential': value })).outputCredential).toBe(expected);
    expect((await readWith({ summary: value })).summary).toBe(expected);
  });

  test.each(['yes', 'no', '1', '0', 'on', 'truee', 'null'])('are not %s', async (value) => {
    for (const name of ['output-credential', 'summary', 'allow-insecure-http']) {
      expect(await mistakesWith({ [name]: value })).toEqual([`${name} '${value}': Write true or false.`]);
    }
  });
});

describe('a duration', () => {
  test('has its unit', async () => {
    expect((await readWith({ 'minimum-validity': '1h30m' })).minimumValidityMs).toBe(5_400_000);
    expect((await readWith({ 'sample-request': '[1]', timeout: '800ms' })).smokeTest?.plan.timeoutMs).toBe(
      800,
    );
  });

  test.each(['30', '30 s', 'half an hour', '-1s', '1H'])('is not %s', async (value) => {
    for (const name of ['minimum-validity', 'timeout']) {
      expect(await mistakesWith({ 'sample-request': '[1]', [name]: value })).toEqual([
        `${name} '${value}': Write a duration with its unit, such as 800ms, 30s, 2m or 1h30m; 24d at most.`,
      ]);
    }
  });

  test('of a timeout is not zero', async () => {
    expect(await mistakesWith({ 'sample-request': '[1]', timeout: '0s' })).toEqual([
      "timeout '0s': At least 1ms.",
    ]);
  });
});

describe('a cloud', () => {
  test.each(['https://arm.local:8443/metadata/endpoints?api-version=2022-09-01', 'HTTPS://arm.local/'])(
    'is named by the URL of its metadata document: %s',
    async (url) => {
      expect((await readWith({ cloud: url })).cloud).toEqual({ kind: 'metadata', url });
    },
  );

  test.each([
    'http://arm.local/metadata/endpoints',
    'https://user@arm.local/',
    'https://user:pass@arm.local/',
    'ftp://arm.local',
    'https://',
    'arm.local:443',
    'file:///etc/passwd',
  ])('is not named by %s', async (url) => {
    expect(await mistakesWith({ cloud: url })).toEqual([
      `cloud '${url}': Choose one of AzureCloud, AzureUSGovernment, AzureChinaCloud, or the https URL of a Resource Manager's metadata document.`,
    ]);
  });
});

describe('a CA certificate', () => {
  test('is PEM text', async () => {
    expect((await readWith({ 'ca-certificate': 'ca.pem' })).caCertificate).toBe(PEM);
  });

  test.each([
    ['missing.pem', 'The file cannot be read (ENOENT).'],
    ['.', 'The file cannot be read (EISDIR).'],
    ['request.json', 'The file holds no PEM certificate (-----BEGIN CERTIFICATE-----).'],
  ])('is not in %s', async (path, why) => {
    expect(await mistakesWith({ 'ca-certificate': path })).toEqual([`ca-certificate '${path}': ${why}`]);
  });
});
