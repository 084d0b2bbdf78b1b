import { describe, expect, test } from 'vitest';
import type { Inputs } from '../../../src/inputs/inputs.ts';
import {
  CLIENT,
  errorWith,
  mistakesWith,
  readWith,
  SUBSCRIPTION,
  TENANT,
} from '../../support/read-inputs.ts';

describe('defaults', () => {
  test('every input but the endpoint may be left out', async () => {
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
        idTokens: undefined,
        federatedTokenFile: undefined,
      },
      cloud: { kind: 'known', name: 'AzureCloud' },
      key: 'primary',
      minimumValidityMs: 0,
      outputCredential: true,
      smokeTest: undefined,
      findsIdle: false,
      caCertificates: [],
      summary: true,
    });
  });

  test('an empty input counts as one that is left out, as the runner hands it over', async () => {
    expect((await readWith({ key: '', cloud: ' ', summary: '', 'sample-request': '' })).key).toBe('primary');
  });
});

describe('the environment', () => {
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
  ])('%s stands in for an input that is left out', async (variable, value, pick) => {
    const inputs = { endpoint: 'churn', workspace: 'ws-prod', 'resource-group': 'rg-ml' };
    expect(pick(await readWith(inputs, { AZURE_SUBSCRIPTION_ID: SUBSCRIPTION, [variable]: value }))).toBe(
      value,
    );
  });

  test('no variable stands in for an input that is given', async () => {
    const { cloud, login } = await readWith(
      { cloud: 'AzureChinaCloud', 'client-id': CLIENT },
      { ARM_CLOUD_METADATA_URL: 'https://arm.local/', AZURE_CLIENT_ID: TENANT },
    );
    expect(cloud).toEqual({ kind: 'known', name: 'AzureChinaCloud' });
    expect(login.clientId).toBe(CLIENT);
  });

  test('other inputs have no variable', async () => {
    const environment = { AZURE_KEY: 'secondary', AZURE_WORKSPACE: 'ws', WORKSPACE: 'ws', LOGIN: 'oidc' };
    expect(await readWith({}, environment)).toEqual(await readWith({}));
  });
});

describe('mistakes', () => {
  test('all of them are told at once', async () => {
    const all = await mistakesWith({
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

  test('one of them is a sentence, several are a list', async () => {
    await expect(readWith({ key: 'both' })).rejects.toThrow(
      "1 input is wrong: key 'both': Choose one of primary, secondary.",
    );
    await expect(readWith({ key: 'both', summary: 'no' })).rejects.toThrow(
      "2 inputs are wrong:\n- key 'both': Choose one of primary, secondary.\n- summary 'no': Write true or false.",
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
  ])('an error from %j says what the summary needs', async (inputs, step) => {
    expect((await errorWith({ key: 'both', ...inputs })).step).toEqual(step);
  });
});
