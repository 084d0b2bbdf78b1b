import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { InputError } from '../src/input-reader.ts';
import { type Inputs, readInputs, SECRET_VARIABLES } from '../src/inputs.ts';
import { announceMasksTo, redact, Secret } from '../src/secret.ts';

const SUBSCRIPTION = 'ff2e23ae-7d7c-4cbd-99b8-116bb94dca6e';
const CLIENT = '31359c7f-bd7e-475c-86db-fdb8c937548e';
const TENANT = '2b0623dd-90fa-4c5c-bee8-8dc18bd4d948';
const RESOURCE_ID = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-ml/providers/Microsoft.MachineLearningServices/workspaces/ws-prod/onlineEndpoints/churn`;
const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';

const masked: string[] = [];
let files: string;

beforeAll(() => {
  announceMasksTo((masks) => masked.push(...masks));
  files = mkdtempSync(join(tmpdir(), 'inputs-'));
  writeFileSync(join(files, 'request.json'), '{"rows": [1]}');
  writeFileSync(join(files, 'ca.pem'), PEM);
});

afterAll(() => rmSync(files, { recursive: true, force: true }));

/** Inputs by their kebab-case names, everything else as it is in the environment. */
function read(inputs: Record<string, string>, environment: Record<string, string> = {}): Inputs {
  const variables = Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
  return readInputs({
    environment: { ...environment, ...Object.fromEntries(variables) },
    readFile: (path) => readFileSync(join(files, path)),
  });
}

function readWith(inputs: Record<string, string>, environment: Record<string, string> = {}): Inputs {
  return read({ endpoint: RESOURCE_ID, ...inputs }, environment);
}

function mistakes(
  inputs: Record<string, string>,
  environment: Record<string, string> = {},
): readonly string[] {
  try {
    read(inputs, environment);
  } catch (error) {
    if (error instanceof InputError) return error.mistakes;
    throw error;
  }
  return [];
}

function mistakesWith(
  inputs: Record<string, string>,
  environment: Record<string, string> = {},
): readonly string[] {
  return mistakes({ endpoint: RESOURCE_ID, ...inputs }, environment);
}

describe('with the endpoint alone', () => {
  test('every other input has its default', () => {
    expect(readWith({})).toEqual({
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

  test('an empty input counts as one that is not there, as the runner hands it over', () => {
    expect(readWith({ key: '', cloud: ' ', summary: '', 'sample-request': '' }).key).toBe('primary');
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
  ])('for what is not given: %s', (variable, value, pick) => {
    const inputs = { endpoint: 'churn', workspace: 'ws-prod', 'resource-group': 'rg-ml' };
    expect(pick(read(inputs, { AZURE_SUBSCRIPTION_ID: SUBSCRIPTION, [variable]: value }))).toBe(value);
  });

  test('never for what is given', () => {
    const { cloud, login } = readWith(
      { cloud: 'AzureChinaCloud', 'client-id': CLIENT },
      { ARM_CLOUD_METADATA_URL: 'https://arm.local/', AZURE_CLIENT_ID: TENANT },
    );
    expect(cloud).toEqual({ kind: 'known', name: 'AzureChinaCloud' });
    expect(login.clientId).toBe(CLIENT);
  });

  test('never for other inputs', () => {
    const environment = { AZURE_KEY: 'secondary', AZURE_WORKSPACE: 'ws', WORKSPACE: 'ws', LOGIN: 'oidc' };
    expect(readWith({}, environment)).toEqual(readWith({}));
  });
});

describe('an endpoint', () => {
  const PARTS = { workspace: 'ws-prod', 'resource-group': 'rg-ml', 'subscription-id': SUBSCRIPTION };

  test.each([
    ['its resource ID', RESOURCE_ID],
    ['its resource ID without a leading slash', RESOURCE_ID.slice(1)],
    ['its resource ID with a trailing slash', `${RESOURCE_ID}/`],
    [
      'its resource ID in another case',
      RESOURCE_ID.replace('resourceGroups', 'RESOURCEGROUPS')
        .replace('Microsoft.MachineLearningServices', 'microsoft.machinelearningservices')
        .replace('onlineEndpoints', 'onlineendpoints'),
    ],
  ])('is found by %s', (_how, endpoint) => {
    expect(read({ endpoint }).endpoint).toEqual({
      subscriptionId: SUBSCRIPTION,
      resourceGroup: 'rg-ml',
      workspace: 'ws-prod',
      name: 'churn',
    });
  });

  test('is found by its name and three more inputs', () => {
    expect(read({ endpoint: ' churn ', ...PARTS }).endpoint).toEqual({
      subscriptionId: SUBSCRIPTION,
      resourceGroup: 'rg-ml',
      workspace: 'ws-prod',
      name: 'churn',
    });
  });

  test('must be named', () => {
    expect(mistakes({})).toEqual(['endpoint: Name the online endpoint, or give its full resource ID.']);
  });

  test('needs the other three with its name', () => {
    expect(mistakes({ endpoint: 'churn' })).toEqual([
      "workspace: Needed with an endpoint's name; a full resource ID holds it already.",
      "resource-group: Needed with an endpoint's name; a full resource ID holds it already.",
      "subscription-id: Needed with an endpoint's name, or set AZURE_SUBSCRIPTION_ID; a full resource ID holds it already.",
    ]);
  });

  test('may be given twice when both say the same, in any case', () => {
    expect(mistakesWith({ workspace: 'WS-PROD', 'resource-group': 'rg-ml' })).toEqual([]);
  });

  test('may live in another subscription than the environment says', () => {
    expect(mistakesWith({}, { AZURE_SUBSCRIPTION_ID: CLIENT })).toEqual([]);
  });

  test('is refused when an input contradicts the resource ID', () => {
    expect(
      mistakesWith({ workspace: 'ws-test', 'resource-group': 'rg-2', 'subscription-id': CLIENT }),
    ).toEqual([
      `subscription-id '${CLIENT}': The resource ID in 'endpoint' says '${SUBSCRIPTION}'. Leave this input out.`,
      "resource-group 'rg-2': The resource ID in 'endpoint' says 'rg-ml'. Leave this input out.",
      "workspace 'ws-test': The resource ID in 'endpoint' says 'ws-prod'. Leave this input out.",
    ]);
  });

  test.each([
    RESOURCE_ID.replace('onlineEndpoints', 'batchEndpoints'),
    `${RESOURCE_ID}/deployments/blue`,
    'workspaces/ws/onlineEndpoints/churn',
    'churn/score',
    '../churn',
    'https://churn.westeurope.inference.ml.azure.com/score',
  ])('is neither a name nor a resource ID: %s', (endpoint) => {
    const [mistake, ...others] = mistakes({ endpoint, ...PARTS });
    expect(mistake).toMatch(
      /^endpoint '.+': Write the name alone, or the full resource ID: \/subscriptions\/…/,
    );
    expect(others).toEqual([]);
  });

  test.each(['churn?api-version=1', 'churn#x', '..', 'ch', 'churn-', '1churn', 'chürn', 'a'.repeat(33)])(
    'has no name such as %s',
    (endpoint) => {
      expect(mistakes({ endpoint, ...PARTS })).toEqual([
        `endpoint '${endpoint}': An endpoint name has 3 to 32 letters, digits and dashes, starts with a letter, and ends with a letter or digit.`,
      ]);
    },
  );

  test.each([
    ['workspace', 'ws/../x', 'A workspace name has 3 to 33'],
    ['workspace', 'ws?x', 'A workspace name has 3 to 33'],
    ['resource-group', 'rg#1', 'A resource group name has 1 to 90'],
    ['resource-group', '..', 'A resource group name has 1 to 90'],
    ['subscription-id', 'My Subscription', 'A subscription ID is a GUID, such as'],
  ])('lives in no %s named %s', (input, value, rule) => {
    expect(mistakes({ endpoint: 'churn', ...PARTS, [input]: value })).toEqual([
      expect.stringContaining(`${input} '${value}': ${rule}`),
    ]);
  });

  test('is refused when a part of its resource ID breaks a rule', () => {
    expect(mistakes({ endpoint: RESOURCE_ID.replace('rg-ml', '..').replace('churn', 'c?') })).toEqual([
      "endpoint '..': In the resource ID: A resource group name has 1 to 90 letters, digits, and ( ) - _ . without two periods in a row or one at the end.",
      "endpoint 'c?': In the resource ID: An endpoint name has 3 to 32 letters, digits and dashes, starts with a letter, and ends with a letter or digit.",
    ]);
  });
});

describe('mistakes', () => {
  test('are told all at once', () => {
    const all = mistakes({
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
      'timeout',
      'sample-request',
      'ca-certificate',
      'summary',
    ]);
  });

  test('are a list when there are several, and a sentence when there is one', () => {
    expect(() => readWith({ key: 'both' })).toThrow(
      "An input needs a correction. key 'both': Choose one of primary, secondary.",
    );
    expect(() => readWith({ key: 'both', summary: 'no' })).toThrow(
      "2 inputs need a correction:\n- key 'both': Choose one of primary, secondary.\n- summary 'no': Write true or false.",
    );
  });

  test('quote a value on one line, and not at any length', () => {
    expect(mistakesWith({ key: `a\n::error::${'b'.repeat(200)}` })).toEqual([
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
  ])('is made in any case: %s %s', (name, value, chosen) => {
    const { key, login, cloud } = readWith({ [name]: value });
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
  ])('must be one of those there are: %s %s', (name, value, rule) => {
    expect(mistakesWith({ [name]: value })).toEqual([`${name} '${value}': ${rule}`]);
  });
});

describe('true and false', () => {
  test.each([
    ['true', true],
    ['false', false],
    ['TRUE', true],
    ['False', false],
    [' true ', true],
  ])('are understood: %j', (value, expected) => {
    expect(readWith({ 'output-credential': value }).outputCredential).toBe(expected);
    expect(readWith({ summary: value }).summary).toBe(expected);
  });

  test.each(['yes', 'no', '1', '0', 'on', 'truee', 'null'])('are not %s', (value) => {
    for (const name of ['output-credential', 'summary', 'allow-insecure-http']) {
      expect(mistakesWith({ [name]: value })).toEqual([`${name} '${value}': Write true or false.`]);
    }
  });
});

describe('a duration', () => {
  test('has its unit', () => {
    expect(readWith({ 'minimum-validity': '1h30m' }).minimumValidityMs).toBe(5_400_000);
    expect(readWith({ 'sample-request': '[1]', timeout: '800ms' }).smokeTest?.timeoutMs).toBe(800);
  });

  test.each(['30', '30 s', 'half an hour', '-1s', '1H'])('is not %s', (value) => {
    for (const name of ['minimum-validity', 'timeout']) {
      expect(mistakesWith({ [name]: value })).toEqual([
        `${name} '${value}': Write a duration with its unit, such as 800ms, 30s, 2m or 1h30m; 24d at most.`,
      ]);
    }
  });

  test('of a timeout is not zero', () => {
    expect(mistakesWith({ timeout: '0s' })).toEqual(["timeout '0s': At least 1ms."]);
  });
});

describe('a cloud', () => {
  test.each(['https://arm.local:8443/metadata/endpoints?api-version=2022-09-01', 'HTTPS://arm.local/'])(
    'is named by the URL of its metadata document: %s',
    (url) => {
      expect(readWith({ cloud: url }).cloud).toEqual({ kind: 'metadata', url });
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
  ])('is not named by %s', (url) => {
    expect(mistakesWith({ cloud: url })).toEqual([
      `cloud '${url}': Choose one of AzureCloud, AzureUSGovernment, AzureChinaCloud, or the https URL of a Resource Manager's metadata document.`,
    ]);
  });
});

describe('a login', () => {
  test.each([
    ['oidc', ['client-id', 'tenant-id']],
    ['workload-identity', ['client-id', 'tenant-id']],
    ['client-secret', ['client-id', 'tenant-id', 'client-secret']],
  ])('%s says what it needs, and where to put it', (login, needed) => {
    expect(mistakesWith({ login })).toEqual(
      needed.map(
        (name) =>
          `${name}: login: ${login} needs it, as the input or as AZURE_${name.toUpperCase().replace('-', '_')} in the environment.`,
      ),
    );
  });

  test.each(['auto', 'managed-identity', 'azure-cli'])('%s needs nothing more', (login) => {
    expect(mistakesWith({ login })).toEqual([]);
  });

  test('has what it needs from the environment', () => {
    expect(mistakesWith({ login: 'oidc' }, { AZURE_CLIENT_ID: CLIENT, AZURE_TENANT_ID: TENANT })).toEqual([]);
  });

  test.each(['contoso.onmicrosoft.com', TENANT, 'contoso.com'])('takes the tenant %s', (tenant) => {
    expect(readWith({ 'tenant-id': tenant }).login.tenantId).toBe(tenant);
  });

  test.each(['contoso', '../x', 'contoso.com/', 'contoso.com?x', 'common#'])(
    'does not take the tenant %s, and says so once',
    (tenant) => {
      expect(mistakesWith({ login: 'oidc', 'client-id': CLIENT, 'tenant-id': tenant })).toEqual([
        `tenant-id '${tenant}': Write the directory (tenant) ID, a GUID, or a domain of the tenant.`,
      ]);
    },
  );

  test('does not take a name for the client', () => {
    expect(mistakesWith({ 'client-id': 'my-app' })).toEqual([
      "client-id 'my-app': Write the application (client) ID of the app registration, a GUID.",
    ]);
  });
});

describe('a client secret', () => {
  test('is hidden at once, even when another input is wrong', () => {
    expect(() => readWith({ 'client-secret': 'Q~secret-of-client-1', key: 'both' })).toThrow(InputError);
    expect(masked).toContain('Q~secret-of-client-1');
    expect(redact('Q~secret-of-client-1')).toBe('***');
  });

  test('is never printed when it is too short', () => {
    const said = mistakesWith({
      login: 'client-secret',
      'client-id': CLIENT,
      'tenant-id': TENANT,
      'client-secret': 'hunter2',
    });
    expect(said).toEqual([
      'client-secret: The client secret has fewer than 8 characters: masking it would hide unrelated text, so it is not used.',
    ]);
  });

  test('is a Secret from then on', () => {
    const { clientSecret } = readWith({ 'client-secret': 'Q~secret-of-client-2' }).login;
    expect(clientSecret).toBeInstanceOf(Secret);
    expect(JSON.stringify(readWith({ 'client-secret': 'Q~secret-of-client-2' }))).not.toContain('Q~secret');
  });
});

describe("GitHub's ID-token service", () => {
  const SERVICE = 'https://pipelines.actions.githubusercontent.com/x?api-version=2.0';

  test('is known with its token as a Secret', () => {
    const { idTokenService } = readWith(
      {},
      { ACTIONS_ID_TOKEN_REQUEST_URL: SERVICE, ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'request-token-0123' },
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
  ])('is not there with %j alone', (environment: Record<string, string>) => {
    expect(readWith({}, environment).login.idTokenService).toBeUndefined();
  });

  test('and every other secret has a variable that programs of the step must not see', () => {
    expect(SECRET_VARIABLES).toEqual([
      'INPUT_CLIENT-SECRET',
      'AZURE_CLIENT_SECRET',
      'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
    ]);
  });
});

describe('a smoke test', () => {
  test('sends a file, byte for byte', () => {
    expect(readWith({ 'sample-request': 'request.json', deployment: 'green' }).smokeTest).toEqual({
      sample: {
        body: Buffer.from('{"rows": [1]}'),
        contentType: 'application/json',
        origin: 'request.json',
      },
      deployment: 'green',
      timeoutMs: 30_000,
      allowInsecureHttp: false,
    });
  });

  test('sends inline JSON', () => {
    const { smokeTest } = readWith({
      'sample-request': '{"data": [[1, 2]]}',
      timeout: '2m',
      'allow-insecure-http': 'true',
    });
    expect(smokeTest?.sample.body.toString()).toBe('{"data": [[1, 2]]}');
    expect(smokeTest).toMatchObject({ deployment: undefined, timeoutMs: 120_000, allowInsecureHttp: true });
  });

  test.each([
    ['{"data": [1,}', /^sample-request '\{"data": \[1,\}': This is no JSON \(.+\)\.$/],
    [
      'nothing.json',
      /'nothing\.json': There is no such file in the workspace \(is actions\/checkout missing\?\)/,
    ],
    ['.', /^sample-request '\.': The file cannot be read \(EISDIR\)\.$/],
  ])('cannot send %s', (request, expected) => {
    expect(mistakesWith({ 'sample-request': request })).toEqual([expect.stringMatching(expected)]);
  });

  test('of a deployment needs something to send', () => {
    expect(mistakesWith({ deployment: 'green' })).toEqual([
      "deployment 'green': Nothing would be tested: give a sample-request to send to it.",
    ]);
  });

  test.each(['green/', 'gr', 'green?x=1', 'green\r\nX-Evil: 1'])(
    'goes to no deployment such as %j',
    (deployment) => {
      expect(mistakesWith({ deployment, 'sample-request': '[1]' })).toEqual([
        expect.stringMatching(/^deployment '.+': A deployment name has 3 to 32 letters, digits and dashes/),
      ]);
    },
  );
});

describe('a CA certificate', () => {
  test('is PEM text', () => {
    expect(readWith({ 'ca-certificate': 'ca.pem' }).caCertificate).toBe(PEM);
  });

  test.each([
    ['missing.pem', 'The file cannot be read (ENOENT).'],
    ['.', 'The file cannot be read (EISDIR).'],
    ['request.json', 'The file holds no PEM certificate (-----BEGIN CERTIFICATE-----).'],
  ])('is not in %s', (path, why) => {
    expect(mistakesWith({ 'ca-certificate': path })).toEqual([`ca-certificate '${path}': ${why}`]);
  });
});
