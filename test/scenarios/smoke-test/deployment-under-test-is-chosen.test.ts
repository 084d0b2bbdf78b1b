import { describe, expect, test } from 'vitest';
import { createDeployment } from '../../local-azure/index.ts';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const { azure, step } = await openScenario();
const IDLE = { 'sample-request': SAMPLE, deployment: 'idle' };
const endpoint = () => azure.endpoints.get('churn-key')!;

test('a named deployment is asked, though it has no traffic yet', async () => {
  const { log, outputs, sent } = await step({ inputs: { 'sample-request': SAMPLE, deployment: 'green' } });

  expect(sent('scoring').map(({ headers }) => headers['azureml-model-deployment'])).toEqual(['green']);
  expect(outputs).toMatchObject({ deployment: 'green', verdict: 'passed', 'status-code': '200' });
  expect(log).toMatch(/Smoke test passed: Deployment 'green' answered 200 in \d+(?:\.\d)? ms\./);
});

test('no deployment is named when traffic decides', async () => {
  const { sent } = await step({ inputs: { 'sample-request': SAMPLE } });

  expect(sent('scoring')[0]?.headers).not.toHaveProperty('azureml-model-deployment');
});

test('a name in any case of letters is sent as Azure writes it', async () => {
  const { outputs, sent } = await step({ inputs: { 'sample-request': SAMPLE, deployment: 'GrEEn' } });

  expect(outputs).toMatchObject({ verdict: 'passed', deployment: 'green' });
  expect(sent('scoring')[0]?.headers['azureml-model-deployment']).toBe('green');
});

test('a name that does not exist shows those that do, before anything is sent to the front door', async () => {
  const { error, outputs, sent } = await step({ inputs: { 'sample-request': SAMPLE, deployment: 'gren' } });

  expect(error).toBe(
    "Endpoint 'churn-key' has no deployment 'gren'. It has: green (0 %), broken (0 %), blue (100 %).",
  );
  expect(outputs.verdict).toBe('error');
  expect(sent('deployments')).toHaveLength(1);
  expect(sent('scoring')).toEqual([]);
});

test('idle is the deployment without live traffic, even when live requests are mirrored to it', async () => {
  endpoint().deployments.delete('broken');
  endpoint().traffic = { blue: 100, green: 0 };
  endpoint().mirrorTraffic = { green: 20 };
  const { outputs, sent } = await step({ inputs: IDLE });

  expect(outputs).toMatchObject({ verdict: 'passed', deployment: 'green' });
  expect(sent('scoring').map(({ headers }) => headers['azureml-model-deployment'])).toEqual(['green']);
});

test('idle may be a deployment that the traffic does not name', async () => {
  endpoint().deployments.delete('broken');
  endpoint().traffic = { blue: 100 };
  const { outputs } = await step({ inputs: IDLE });

  expect(outputs).toMatchObject({ verdict: 'passed', deployment: 'green' });
});

test.each([
  ['none of them', { blue: 90, green: 10 }, 'has none. It has: blue (90 %), green (10 %)'],
  ['several of them', { blue: 100 }, 'has 2 of them. It has: blue (100 %), green (0 %), broken (0 %)'],
])('all deployments are listed when %s are idle', async (what, traffic, told) => {
  if (what === 'none of them') endpoint().deployments.delete('broken');
  endpoint().traffic = traffic;
  const { error, outputs, sent } = await step({ inputs: IDLE });

  expect(error).toContain("endpoint 'churn-key' ");
  expect(error).toContain(told);
  expect(outputs.verdict).toBe('error');
  expect(sent('scoring')).toEqual([]);
});

test('the missing action is named when the identity may not list the deployments', async () => {
  azure.access.denied.set('deployments/read', 'AuthorizationFailed');
  const { error, outputs, sent } = await step({ inputs: IDLE });

  expect(error).toContain('Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments/read');
  expect(outputs.verdict).toBe('error');
  expect(sent('scoring')).toEqual([]);
});

test('idle finds a deployment whatever its name is', async () => {
  endpoint().deployments = new Map(['blue', 'constructor'].map((name) => [name, createDeployment(name)]));
  endpoint().traffic = { blue: 100 };
  const { outputs } = await step({ inputs: IDLE });

  expect(outputs).toMatchObject({ verdict: 'passed', deployment: 'constructor' });
});

test('an endpoint without traffic shows its deployments, and how to give one traffic', async () => {
  endpoint().traffic = {};
  const { log, error, outputs } = await step({ inputs: { 'sample-request': SAMPLE } });

  expect(log).toContain("Endpoint 'churn-key' in westeurope: auth mode key, no deployment has traffic\n");
  expect(error).toContain("Endpoint 'churn-key' answered 404: No valid deployments to route to.");
  expect(error).toContain('az ml online-endpoint update --name churn-key --traffic "<deployment>=100"');
  expect(error).toContain('It has: blue (0 %), green (0 %), broken (0 %).');
  expect(outputs).toMatchObject({ verdict: 'error', 'status-code': '404', traffic: '{}' });
});

test('an endpoint without traffic shows no deployments when they may not be listed', async () => {
  endpoint().traffic = {};
  azure.access.denied.set('deployments/read', 'AuthorizationFailed');
  const { error } = await step({ inputs: { 'sample-request': SAMPLE } });

  expect(error).toContain('has no deployment with traffic, or none that serves this path.');
  expect(error).not.toContain('It has:');
});

describe('live-deployment and idle-deployment', () => {
  test('are known without a smoke test and without another call', async () => {
    endpoint().traffic = { blue: 90, broken: 10, green: 0 };
    const { outputs, sent } = await step({ inputs: {} });

    expect(outputs).toMatchObject({ 'live-deployment': 'blue', 'idle-deployment': 'green' });
    expect(outputs).not.toHaveProperty('deployment');
    expect(sent('deployments')).toEqual([]);
  });

  test('no deployment is idle when several are, or live when none has traffic', async () => {
    endpoint().traffic = { blue: 0, green: 0 };
    const { outputs } = await step({ inputs: {} });

    expect(outputs).toMatchObject({ 'live-deployment': '', 'idle-deployment': '' });
  });

  test('the list of deployments counts where it is read: one that traffic does not name is idle, too', async () => {
    endpoint().deployments.delete('broken');
    endpoint().traffic = { blue: 100 };
    const { outputs } = await step({ inputs: IDLE });

    expect(outputs).toMatchObject({ 'live-deployment': 'blue', 'idle-deployment': 'green' });
  });

  test('deployment: idle without a sample finds it and sends nothing to it', async () => {
    endpoint().deployments.delete('broken');
    endpoint().traffic = { blue: 100 };
    const { outputs, sent } = await step({ inputs: { deployment: 'idle' } });

    expect(outputs).toMatchObject({ deployment: 'green', 'idle-deployment': 'green', verdict: 'skipped' });
    expect(sent('scoring')).toEqual([]);
  });

  test('a deployment that failed is not the idle one when another is, which the log tells', async () => {
    endpoint().traffic = { blue: 100 };
    endpoint().deployments.get('broken')!.provisioningState = 'Failed';
    const { log, outputs } = await step({ inputs: IDLE });

    expect(outputs).toMatchObject({ verdict: 'passed', deployment: 'green' });
    expect(log).toContain("The idle deployment is 'green': 'broken' (Failed) is left out.");
  });

  test('names that are not legal become no output', async () => {
    endpoint().traffic = { 'blue=100 green': 60, '-x': 0 };
    const { outputs } = await step({ inputs: {} });

    expect(outputs).toMatchObject({ 'live-deployment': '', 'idle-deployment': '' });
  });
});

describe('baseline: live', () => {
  const FILE = `version: 1
deployment: green
samples: 3
cases: [{ name: rows, request: { json: { data: [[1, 2]] } } }]
thresholds: { baseline: { deployment: live, p95: 1000x } }
`;
  const inputs = { 'smoke-test': 'smoke.yml' };

  test('is whatever serves most', async () => {
    endpoint().traffic = { blue: 90, broken: 10, green: 0 };
    const { outputs, sent } = await step({ inputs, files: { 'smoke.yml': FILE } });

    expect(outputs.verdict).toBe('passed');
    const asked = sent('scoring').map(({ headers }) => headers['azureml-model-deployment']);
    expect(new Set(asked)).toEqual(new Set(['green', 'blue']));
  });

  test('is an error when nothing else serves', async () => {
    endpoint().traffic = { green: 100 };
    const { error, outputs, sent } = await step({ inputs, files: { 'smoke.yml': FILE } });

    expect(error).toContain(
      "baseline: live means the deployment with the most live traffic, and endpoint 'churn-key' has none other than 'green'.",
    );
    expect(outputs.verdict).toBe('error');
    expect(sent('scoring')).toEqual([]);
  });
});
