import { afterAll, describe, expect, inject, test } from 'vitest';
import { CLOSED_HOST, openScenario, SAMPLE } from '../support/scenario.ts';
import { logIn, openAzureCli } from './azure-cli.ts';

// azure-cli, unchanged: it logs in to the local Azure and asks it, and the action takes its session over.

const { azure, step } = await openScenario();
const programs = inject('environments').cli;
const cli = await openAzureCli(azure, programs);
afterAll(() => cli.close());
await logIn(cli, azure);

const ENDPOINTS = `${azure.resourceManagerHost}/subscriptions/${azure.subscriptionId}/resourceGroups/${azure.resourceGroup}/providers/Microsoft.MachineLearningServices/workspaces/${azure.workspace}/onlineEndpoints`;

/** A job without a way to sign in but az's session. */
const JOB = {
  inputs: { 'client-id': undefined, 'tenant-id': undefined },
  env: {
    ...cli.env,
    ACTIONS_ID_TOKEN_REQUEST_URL: undefined,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: undefined,
  },
};

function rest(method: string, path: string): Promise<unknown> {
  const uri = `${ENDPOINTS}/${path}?api-version=2024-10-01`;
  // az knows only Microsoft's own hosts: which token another one takes must be said.
  return cli.ask(['rest', '--method', method, '--uri', uri, '--resource', azure.resourceManagerHost]);
}

describe('az login and az rest', () => {
  test('show the subscription and the cloud', async () => {
    const account = await cli.ask(['account', 'show']);

    expect(account).toMatchObject({
      environmentName: 'LocalAzure',
      id: azure.subscriptionId,
      tenantId: azure.tenantId,
      user: { name: azure.clientId, type: 'servicePrincipal' },
    });
  });

  test('show an endpoint as the action emits it', async () => {
    const endpoint = (await rest('get', 'churn-key')) as {
      id: string;
      location: string;
      properties: Record<string, unknown>;
    };
    const keys = await rest('post', 'churn-key/listKeys');
    const { outputs } = await step();

    expect({
      id: outputs['endpoint-id'],
      location: outputs.location,
      scoringUri: outputs['scoring-uri'],
      swaggerUri: outputs['swagger-uri'],
      traffic: JSON.parse(outputs.traffic ?? ''),
      authMode: 'Key',
    }).toEqual({
      id: endpoint.id,
      location: endpoint.location,
      scoringUri: endpoint.properties.scoringUri,
      swaggerUri: endpoint.properties.swaggerUri,
      traffic: endpoint.properties.traffic,
      authMode: endpoint.properties.authMode,
    });
    expect(outputs.credential).toBe((keys as { primaryKey: string }).primaryKey);
  });

  test('answer nulls for the keys of an endpoint without keys', async () => {
    expect(await rest('post', 'churn-aad/listKeys')).toEqual({ primaryKey: null, secondaryKey: null });
  });

  test('give a token for an endpoint that does not take it', async () => {
    expect(await rest('post', 'churn-aad/token')).toMatchObject({
      accessToken: expect.stringMatching(/^eyJ/),
      tokenType: 'Bearer',
    });
  });

  test('show what Resource Manager says of a missing endpoint', async () => {
    const uri = `${ENDPOINTS}/churn-kye?api-version=2024-10-01`;
    const resource = ['--resource', azure.resourceManagerHost];
    const { exitCode, stderr } = await cli.run(['rest', '--method', 'get', '--uri', uri, ...resource]);

    expect(exitCode).not.toBe(0);
    expect(stderr.replace(/\s+/g, ' ')).toContain('Not Found({ "error": { "code": "NotFound",');
  });
});

describe("the action in a job with az's session", () => {
  test.each(['churn-key', 'churn-token', 'churn-aad'])(
    'login: azure-cli resolves and tests %s',
    async (name) => {
      const { log, outputs, exchanges } = await step({
        ...JOB,
        inputs: { ...JOB.inputs, login: 'azure-cli', endpoint: name, 'sample-request': SAMPLE },
      });

      expect(log).toContain('Signing in with azure-cli.\n');
      expect(outputs.verdict).toBe('passed');
      expect(exchanges.map(({ call }) => call)).not.toContain('id-token');
    },
  );

  test('login: auto finds it', async () => {
    const { log, outputs } = await step(JOB);

    expect(log).toContain('Signed in with azure-cli: az has a session.\n');
    expect(outputs.verdict).toBe('skipped');
    expect(outputs.credential).toBe(azure.endpoints.get('churn-key')?.keys.primary);
  });

  test("names the identity of az's session when it lacks a right", async () => {
    azure.access.denied.set('listKeys/action', 'AuthorizationFailed');
    const { error } = await step({ ...JOB, inputs: { ...JOB.inputs, login: 'azure-cli' } });

    expect(error).toContain(`The identity with object ID '${azure.objectId}' lacks the permission`);
  });

  test('is told to log in when az has no session', async () => {
    const stranger = await openAzureCli(azure, programs);
    // A new configuration knows clouds by their names only once it is told which one is meant.
    await stranger.ask(['cloud', 'set', '--name', 'LocalAzure']);
    const explicit = await step({
      inputs: { ...JOB.inputs, login: 'azure-cli' },
      env: { ...JOB.env, ...stranger.env },
    });
    const auto = await step({
      inputs: JOB.inputs,
      env: { ...JOB.env, ...stranger.env, AZURE_POD_IDENTITY_AUTHORITY_HOST: `http://${CLOSED_HOST}` },
    }).finally(() => stranger.close());

    expect(explicit.outputs.verdict).toBe('error');
    expect(explicit.error).toContain('az login');
    expect(auto.outputs.verdict).toBe('error');
    expect(auto.error).toContain('- azure-cli: Please run');
  });
});
