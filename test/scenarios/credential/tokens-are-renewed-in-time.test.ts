import { describe, expect, test } from 'vitest';
import type { Exchange } from '../../local-azure/index.ts';
import { goodModel } from '../../local-azure/index.ts';
import { beforeAction, whenConnecting } from '../../support/preloaded-modules.ts';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const { azure, step } = await openScenario();
const THREE_SAMPLES = { 'sample-request': SAMPLE, samples: '3' };
const ENTRA_TOKEN = { ...THREE_SAMPLES, endpoint: 'churn-aad' };

/** Time passes at once when the step connects for its first scoring request. */
function laterBy(minutes: number): readonly string[] {
  return beforeAction(`
    let ms = 0;
    const Time = Date;
    globalThis.Date = class extends Time {
      constructor(...values) { values.length === 0 ? super(Time.now() + ms) : super(...values); }
      static now() { return Time.now() + ms; }
    };
    ${whenConnecting(`
      if (/score/.test(path)) ms = ${minutes} * 60_000;
      return options;`)}`);
}

function credentialsOf(exchanges: readonly Exchange[]): number {
  return new Set(exchanges.map(({ headers }) => headers.authorization)).size;
}

describe('a token that expires within five minutes', () => {
  test('is asked for anew before it is sent to the endpoint', async () => {
    azure.identity.accessTokenLifetimeSeconds = 299;
    const { outputs, sent } = await step({ inputs: ENTRA_TOKEN, renewsCredential: true });

    expect(outputs.verdict).toBe('passed');
    expect(sent('scoring').length).toBeGreaterThan(1);
    expect(credentialsOf(sent('scoring'))).toBe(sent('scoring').length);
    // What later steps get is the last one.
    expect(sent('scoring').map(({ headers }) => headers.authorization)).not.toContain(
      `Bearer ${outputs.credential}`,
    );
  });

  test('is asked for anew before it is sent to Resource Manager', async () => {
    azure.identity.accessTokenLifetimeSeconds = 299;
    const { outputs, sent } = await step();

    expect(outputs.verdict).toBe('skipped');
    expect(credentialsOf([...sent('endpoint'), ...sent('keys')])).toBe(2);
  });

  test("is asked for anew with a new ID token of GitHub's", async () => {
    azure.identity.accessTokenLifetimeSeconds = 299;
    const { sent } = await step({ inputs: { login: 'oidc' } });

    const assertions = sent('sign-in').map(({ body }) => new URLSearchParams(body).get('client_assertion'));
    expect(assertions.length).toBeGreaterThan(1);
    expect(new Set(assertions).size).toBe(assertions.length);
  });

  test('serves on when it cannot be replaced yet', async () => {
    azure.identity.accessTokenLifetimeSeconds = 299;
    const refusal = '{"error": "invalid_request", "error_description": "not now"}';
    for (const deployment of azure.endpoints.get('churn-aad')!.deployments.values()) {
      deployment.model = (request) => {
        azure.setFault('sign-in', { kind: 'status', status: 400, body: refusal });
        return goodModel(request);
      };
    }
    const { outputs, error } = await step({ inputs: ENTRA_TOKEN, renewsCredential: true });

    expect(error).toBe('');
    expect(outputs.verdict).toBe('passed');
  });
});

test('a token that is good for longer is asked for once', async () => {
  const { sent } = await step({ inputs: ENTRA_TOKEN });

  expect(credentialsOf(sent('scoring'))).toBe(1);
  // One for Resource Manager, one for the endpoint.
  expect(sent('sign-in')).toHaveLength(2);
  expect(sent('id-token')).toHaveLength(1);
});

test('an Entra token of an hour lasts for a test that takes longer', async () => {
  const { outputs, sent } = await step({
    inputs: ENTRA_TOKEN,
    execArgv: laterBy(58),
    renewsCredential: true,
  });

  expect(outputs.verdict).toBe('passed');
  const [first, second, ...more] = sent('scoring').map(({ headers }) => headers.authorization);
  expect(second).not.toBe(first);
  expect(more).not.toContain(first);
});

describe('minimum-validity holds at the end of the step', () => {
  const ENDPOINT_TOKEN = { endpoint: 'churn-token', 'sample-request': SAMPLE, 'minimum-validity': '30m' };
  const state = () => azure.endpoints.get('churn-token')!;

  test('with a token that is asked for anew', async () => {
    state().token.lifetimeSeconds = 3_600;
    // By the time of the step, the new token is good for two hours.
    for (const deployment of state().deployments.values()) {
      deployment.model = (request) => {
        state().token.lifetimeSeconds = 50 * 60 + 7_200;
        return goodModel(request);
      };
    }
    const { outputs, log } = await step({
      inputs: ENDPOINT_TOKEN,
      execArgv: laterBy(50),
      renewsCredential: true,
    });

    expect(outputs.verdict).toBe('passed');
    expect(Number(outputs['expires-on']) - Date.now() / 1_000).toBeGreaterThan(7_200);
    expect(log.match(/Credential: an endpoint token, masked;/g)).toHaveLength(2);
  });

  test('or the step fails, although the test passed', async () => {
    state().token.lifetimeSeconds = 3_600;
    const { error, outputs } = await step({
      inputs: ENDPOINT_TOKEN,
      execArgv: laterBy(50),
      renewsCredential: true,
    });

    expect(error).toContain('but minimum-validity asks for 30 min');
    expect(outputs.verdict).toBe('error');
    expect(outputs['status-code']).toBe('200');
  });

  test('and a test that failed stays failed', async () => {
    state().token.lifetimeSeconds = 3_600;
    const { outputs } = await step({
      inputs: { ...ENDPOINT_TOKEN, 'response-check': 'exit 1' },
      execArgv: laterBy(50),
    });

    expect(outputs.verdict).toBe('failed');
  });
});
