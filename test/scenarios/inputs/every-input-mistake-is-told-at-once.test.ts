import { expect, test } from 'vitest';
import { openScenario } from '../../support/scenario.ts';

const { step } = await openScenario();

test('all mistakes are listed in one annotation', async () => {
  const { error, title, outputs, exchanges } = await step({
    inputs: {
      endpoint: 'x',
      workspace: '',
      'resource-group': 'rg.',
      'subscription-id': 'churn-subscription',
      login: 'odic',
      'client-id': 'my-app',
      'tenant-id': 'my tenant',
      'client-secret': 'short',
      cloud: 'http://management.example',
      key: 'tertiary',
      'minimum-validity': '30',
      'output-credential': 'yes',
      'sample-request': 'no/such/request.json',
      deployment: '-blue',
      timeout: '0s',
      'allow-insecure-http': 'maybe',
      'ca-certificate': 'no/such/ca.pem',
      summary: 'no',
    },
  });

  expect(title).toBe('Inputs');
  const [first, ...mistakes] = error.split('\n');
  expect(first).toBe('18 inputs are wrong:');
  expect(mistakes.map((line) => line.split(/[ :]/)[1]).sort()).toEqual(
    [
      'endpoint',
      'workspace',
      'resource-group',
      'subscription-id',
      'login',
      'client-id',
      'tenant-id',
      'client-secret',
      'cloud',
      'key',
      'minimum-validity',
      'output-credential',
      'sample-request',
      'deployment',
      'timeout',
      'allow-insecure-http',
      'ca-certificate',
      'summary',
    ].sort(),
  );
  expect(outputs).toEqual({ verdict: 'error' });
  expect(exchanges).toEqual([]);
});

test('without any input the endpoint alone is asked for', async () => {
  const nothing = ['endpoint', 'workspace', 'resource-group', 'subscription-id', 'client-id', 'tenant-id'];
  const { error } = await step({ inputs: Object.fromEntries(nothing.map((name) => [name, undefined])) });

  expect(error).toBe('1 input is wrong: endpoint: Name the online endpoint, or give its full resource ID.');
});

test('a missing file and broken JSON have different messages', async () => {
  const missing = await step({ inputs: { 'sample-request': 'request.json' } });
  const broken = await step({ inputs: { 'sample-request': '{"data": [[1,2,]]}' } });

  expect(missing.error).toContain('(relative paths start from the workspace). Is actions/checkout missing?');
  expect(broken.error).toContain('This is not JSON (');
});

test.each([
  [{ 'smoke-test': ' \n' }, 'smoke-test: It contains only white space.'],
  [{ 'sample-request': ' ' }, 'sample-request: It contains only white space.'],
  [{ 'sample-request': '[1]', deployment: ' ' }, 'deployment: It contains only white space.'],
  [{ 'show-response': 'true' }, "show-response 'true': Nothing would be tested"],
  [{ tolerance: '0.1' }, "tolerance '0.1': Nothing would be tested"],
  [
    { 'sample-request': '[1]', tolerance: '0.1' },
    "tolerance '0.1': It has no effect without expected-response",
  ],
  [{ 'logs-on-failure': '50' }, "logs-on-failure '50': Nothing would be tested"],
])('%j can have no effect, which is told', async (inputs, told) => {
  const { error, outputs, exchanges } = await step({ inputs });

  expect(error).toContain(`1 input is wrong: ${told}`);
  expect(outputs.verdict).toBe('error');
  expect(exchanges).toEqual([]);
});

test('an empty deployment in the smoke-test file is told at its place', async () => {
  const { error, outputs } = await step({
    inputs: { 'smoke-test': 'smoke.yml' },
    files: { 'smoke.yml': 'version: 1\ndeployment: ""\ncases: [{ name: a, request: { json: 1 } }]\n' },
  });

  expect(error).toContain("smoke.yml:2:13: deployment '': This names no deployment.");
  expect(outputs.verdict).toBe('error');
});
