import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { openScenario, SAMPLE, type Seen } from '../support/scenario.ts';
import { type Shown, startMlClient } from './ml-client.ts';
import { claimsOf, responseOf } from './seen.ts';

// azure-ai-ml with azure-identity, unchanged, and the action on the same local Azure: they see the same.

/** The audience that the client asks for in every cloud. */
const CLIENTS_AUDIENCE = 'https://ml.azure.com';
const PREFIX = 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints';
const NAMES = ['churn-key', 'churn-token', 'churn-aad', 'churn-k8s'];

const { azure, step } = await openScenario();
const programs = inject('environments').ml;
const [client, folder] = await Promise.all([
  startMlClient(azure, programs),
  mkdtemp(join(tmpdir(), 'azure-ai-ml-')),
]);
const requestFile = join(folder, 'request.json');
await writeFile(requestFile, SAMPLE);
afterAll(async () => {
  await client.close();
  await rm(folder, { recursive: true, force: true });
});

beforeEach(() => {
  azure.identity.resources.push(CLIENTS_AUDIENCE);
  azure.access.dataPlaneAudiences.push(CLIENTS_AUDIENCE);
});

describe('online_endpoints.get', () => {
  test.each(NAMES)('shows %s as the action emits it', async (name) => {
    const shown = await client.ask('online_endpoints.get', { name });
    const { outputs } = await step({ inputs: { endpoint: name } });

    expect(endpointOf(outputs)).toEqual({
      id: shown.id,
      location: shown.location,
      scoring_uri: shown.scoring_uri,
      openapi_uri: shown.openapi_uri,
      auth_mode: shown.auth_mode,
      traffic: shown.traffic,
    });
  });

  test('adds deployments that Azure lists without traffic; the action emits what Azure says', async () => {
    azure.endpoints.get('churn-key')!.traffic = { green: 100 };
    const shown = await client.ask('online_endpoints.get', { name: 'churn-key' });
    const { outputs } = await step();

    expect(shown.traffic).toEqual({ green: 100, blue: 0, broken: 0 });
    expect(outputs.traffic).toBe('{"green":100}');
  });

  test('raises for a missing endpoint, for which the action names those that online_endpoints.list has', async () => {
    const error = await client.fail('online_endpoints.get', { name: 'churn-kye' });
    const list = await client.ask<Shown[]>('online_endpoints.list');
    const { error: message } = await step({ inputs: { endpoint: 'churn-kye' } });

    expect(error).toMatchObject({ type: 'ResourceNotFoundError', status: 404 });
    expect(message).toContain("has no online endpoint 'churn-kye'. Did you mean 'churn-key'? It has: ");
    const names = list.map(({ name }) => name);
    expect(names).toEqual(NAMES);
    expect(message.split('It has: ')[1]?.replace(/\.$/, '').split(', ').sort()).toEqual(names.sort());
  });

  test('follows the pages of a list, as the action does', async () => {
    azure.access.pageSize = 1;
    const list = await client.ask<Shown[]>('online_endpoints.list');
    const { error: message } = await step({ inputs: { endpoint: 'churn-kye' } });

    expect(list.map(({ name }) => name)).toEqual(NAMES);
    for (const name of NAMES) expect(message).toContain(name);
  });

  test('raises for a missing right, which the action names', async () => {
    azure.access.denied.set('read', 'AuthorizationFailed');
    const error = await client.fail('online_endpoints.get', { name: 'churn-key' });
    const { error: message } = await step();

    expect(error).toMatchObject({ type: 'HttpResponseError', status: 403 });
    expectSameRefusal(error.message, message, `${PREFIX}/read`);
  });
});

describe('online_endpoints.get_keys', () => {
  test.each(['churn-key', 'churn-k8s'])('has the keys of %s', async (name) => {
    const keys = await client.ask('online_endpoints.get_keys', { name });
    const primary = await step({ inputs: { endpoint: name } });
    const secondary = await step({ inputs: { endpoint: name, key: 'secondary' } });

    expect({
      primary_key: primary.outputs.credential,
      secondary_key: secondary.outputs.credential,
    }).toEqual(keys);
    expect(primary.outputs).toMatchObject({
      'expiry-time-utc': '',
      'refresh-after-time-utc': '',
      'expires-on': '',
    });
  });

  test("has the endpoint's token and its times", async () => {
    const fresh = await client.ask('online_endpoints.get_keys', { name: 'churn-token' });
    // The service issues another token each time: with the same times, everything else of it is the same too.
    const answer = { expiryTimeUtc: 1_900_000_000, refreshAfterTimeUtc: 1_899_956_800 };
    azure.endpoints.get('churn-token')!.token.answer = answer;
    const token = await client.ask('online_endpoints.get_keys', { name: 'churn-token' });
    const { outputs } = await step({ inputs: { endpoint: 'churn-token', 'sample-request': SAMPLE } });

    expect(claimsOf(fresh.access_token).exp).toBe(fresh.expiry_time_utc);
    expect({
      access_token: token.access_token,
      expiry_time_utc: Number(outputs['expires-on']),
      refresh_after_time_utc: seconds(outputs['refresh-after-time-utc']),
      token_type: 'Bearer',
    }).toEqual(token);
    expect(seconds(outputs['expiry-time-utc'])).toBe(token.expiry_time_utc);
    const exp = expect.any(Number);
    expect(claimsOf(outputs.credential)).toEqual({ ...claimsOf(token.access_token), exp });
    expect(outputs.verdict).toBe('passed');
  });

  test("has an Entra token for the public cloud's audience, and the action one for this cloud's", async () => {
    const token = await client.ask('online_endpoints.get_keys', { name: 'churn-aad' });
    const { outputs } = await step({ inputs: { endpoint: 'churn-aad', 'sample-request': SAMPLE } });

    const [clients, actions] = [token.access_token, outputs.credential].map(claimsOf);
    expect(clients?.aud).toBe(CLIENTS_AUDIENCE);
    expect(actions?.aud).toBe(azure.dataPlaneAudience);
    for (const claim of ['iss', 'appid', 'oid', 'tid', 'sub', 'idtyp', 'ver']) {
      expect(actions?.[claim]).toEqual(clients?.[claim]);
    }
    // Both libraries count from their own clock; what they say may be a moment off the claim.
    expect(Math.abs(Number(token.expiry_time_utc) - Number(clients?.exp))).toBeLessThanOrEqual(60);
    expect(Math.abs(Number(outputs['expires-on']) - Number(actions?.exp))).toBeLessThanOrEqual(60);
    expect(seconds(outputs['expiry-time-utc'])).toBe(Number(outputs['expires-on']));
    expect(token).not.toHaveProperty('refresh_after_time_utc');
    expect(outputs['refresh-after-time-utc']).toBe('');
    expect(outputs.verdict).toBe('passed');
  });

  test.each([
    ['listKeys/action', 'churn-key', 'AuthorizationFailed'],
    ['listKeys/action', 'churn-key', 'ForbiddenError'],
    ['token/action', 'churn-token', 'AuthorizationFailed'],
    ['token/action', 'churn-token', 'ForbiddenError'],
  ] as const)('raises without %s on %s (%s), which the action names', async (action, name, kind) => {
    azure.access.denied.set(action, kind);
    const error = await client.fail('online_endpoints.get_keys', { name });
    const { error: message } = await step({ inputs: { endpoint: name } });

    expect(error).toMatchObject({ type: 'HttpResponseError', status: 403 });
    expectSameRefusal(error.message, message, `${PREFIX}/${action}`);
  });

  test('has nothing but nulls when keys are empty, which is an error of the action', async () => {
    azure.endpoints.get('churn-key')!.keys = { primary: null, secondary: null };
    const keys = await client.ask('online_endpoints.get_keys', { name: 'churn-key' });
    const { error } = await step();

    expect(keys).toEqual({ primary_key: null, secondary_key: null });
    expect(error).toContain('no primary key');
  });
});

describe('online_endpoints.invoke', () => {
  // The client never forgets a deployment that it was given: those without one come first.
  test.each([
    ...NAMES.map((name) => [name, undefined] as const),
    ...NAMES.map((name) => [name, 'green'] as const),
  ])('%s (deployment %s) gives what the action writes to its response file', async (name, deployment) => {
    const before = azure.exchanges.length;
    const answer = await client.ask<string>('online_endpoints.invoke', {
      endpoint_name: name,
      request_file: requestFile,
      ...(deployment === undefined ? {} : { deployment_name: deployment }),
    });
    const scored = azure.exchanges.slice(before).find(({ call }) => call === 'scoring');
    const seen = await step({
      inputs: {
        endpoint: name,
        deployment,
        'sample-request': SAMPLE,
        'allow-insecure-http': String(name === 'churn-k8s'),
      },
    });

    expect(responseOf(seen)?.toString()).toBe(answer);
    expect(seen.outputs).toMatchObject({ verdict: 'passed', deployment: deployment ?? 'blue' });
    // The same request, too.
    const [request] = seen.sent('scoring');
    expect(request).toMatchObject({ method: scored?.method, url: scored?.url });
    expect(JSON.parse(request?.body ?? '')).toEqual(JSON.parse(scored?.body ?? ''));
    for (const header of ['content-type', 'azureml-model-deployment']) {
      expect(request?.headers[header]).toBe(scored?.headers[header]);
    }
    expect(request?.headers.authorization).toMatch(/^Bearer /);
    expect(scored?.headers.authorization).toMatch(/^Bearer /);
  });

  test('raises what a raising script makes of the front door, and the action fails the deployment', async () => {
    const error = await client.fail('online_endpoints.invoke', {
      endpoint_name: 'churn-key',
      request_file: requestFile,
      deployment_name: 'broken',
    });
    const seen = await step({ inputs: { deployment: 'broken', 'sample-request': SAMPLE } });

    expect(error).toMatchObject({ type: 'HttpResponseError', status: 424 });
    expect(seen.outputs).toMatchObject({ verdict: 'failed', 'status-code': '424', deployment: 'broken' });
  });

  test('raises for a deployment that does not exist, for which the action names those that do', async () => {
    const error = await client.fail('online_endpoints.invoke', {
      endpoint_name: 'churn-key',
      request_file: requestFile,
      deployment_name: 'gren',
    });
    const { error: message } = await step({ inputs: { deployment: 'gren', 'sample-request': SAMPLE } });

    expect(error).toMatchObject({ type: 'ValidationException' });
    expect(error.message).toContain('Deployment name gren not found for this endpoint');
    expect(message).toContain("Endpoint 'churn-key' has no deployment 'gren'. It has: ");
  });

  test("has the front door's plain text, without its status, where the action says both", async () => {
    azure.access.denied.set('score/action', 'AuthorizationFailed');
    const error = await client.fail('online_endpoints.invoke', {
      endpoint_name: 'churn-aad',
      request_file: requestFile,
    });
    const seen = await step({
      inputs: { endpoint: 'churn-aad', deployment: 'green', 'sample-request': SAMPLE },
    });

    expect(error).toMatchObject({ type: 'MlException', status: null });
    expect(error.message).toContain('Microsoft Entra Token denied by policy');
    expect(seen.error).toContain('answered 403: Microsoft Entra Token denied by policy');
    expect(seen.outputs).toMatchObject({ verdict: 'error', 'status-code': '403' });
  });
});

describe('online_deployments.get_logs', () => {
  test.each([
    ['inference-server', 'InferenceServer'],
    ['storage-initializer', 'StorageInitializer'],
  ])('has the lines of container %s that the action shows', async (container, rest) => {
    const lines = 7;
    const content = await client.ask<string>('online_deployments.get_logs', {
      name: 'broken',
      endpoint_name: 'churn-key',
      lines,
      container_type: container,
    });
    const seen = await step({
      inputs: { deployment: 'broken', 'sample-request': SAMPLE, 'logs-on-failure': String(lines) },
    });

    expect(groupOf(seen, rest)).toEqual(content.trimEnd().split('\n').slice(-lines));
  });

  test('raises without the right, which the action says where the log would be', async () => {
    azure.access.denied.set('deployments/getLogs/action', 'AuthorizationFailed');
    const error = await client.fail('online_deployments.get_logs', {
      name: 'broken',
      endpoint_name: 'churn-key',
      lines: 5,
    });
    const { log } = await step({ inputs: { deployment: 'broken', 'sample-request': SAMPLE } });

    const action = `${PREFIX}/deployments/getLogs/action`;
    expect(error).toMatchObject({ type: 'HttpResponseError', status: 403 });
    expect(error.message).toContain(`'${action}'`);
    expect(log).toContain(`the identity is not allowed to read it; that needs the action ${action}`);
  });
});

test('azure-identity is refused for a wrong secret with the code that the action explains', async () => {
  const clientSecret = 'wrong~but-as-long-as-the-secret-of-an-app';
  const stranger = await startMlClient({ ...azure, clientSecret }, programs);
  const error = await stranger
    .fail('online_endpoints.get', { name: 'churn-key' })
    .finally(() => stranger.close());
  const { error: message } = await step({
    inputs: { login: 'client-secret', 'client-secret': clientSecret },
  });

  expect(error).toMatchObject({ type: 'ClientAuthenticationError' });
  const [code] = /AADSTS\d+/.exec(error.message) ?? [];
  expect(code).toBe('AADSTS7000215');
  expect(message).toContain(code);
});

function endpointOf(outputs: Seen['outputs']): Shown {
  return {
    id: outputs['endpoint-id'],
    location: outputs.location,
    scoring_uri: outputs['scoring-uri'],
    openapi_uri: outputs['swagger-uri'],
    auth_mode: outputs['auth-mode'],
    traffic: JSON.parse(outputs.traffic ?? ''),
  };
}

function expectSameRefusal(clients: string, actions: string, action: string): void {
  expect(clients).toContain(action);
  expect(clients).toContain(azure.objectId);
  expect(actions.split('\n')[0]).toContain(
    `The identity with object ID '${azure.objectId}' lacks the permission '${action}' on '`,
  );
}

/** The lines of the log's group that shows a container's log. */
function groupOf({ log }: Seen, container: string): string[] {
  const lines = log.split('\n');
  const start = lines.findIndex((line) => line.includes(` of container ${container}:`));
  const count = Number(/The last (\d+) lines/.exec(lines[start] ?? '')?.[1]);
  return lines.slice(start + 1, start + 1 + count);
}

function seconds(time: string | undefined): number {
  return Date.parse(time ?? '') / 1_000;
}
