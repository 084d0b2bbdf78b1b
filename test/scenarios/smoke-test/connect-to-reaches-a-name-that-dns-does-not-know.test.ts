import { beforeEach, describe, expect, test } from 'vitest';
import { UNRESOLVED_NAME } from '../../local-azure/certificates.ts';
import { inferenceServer, swaggerDocument } from '../../local-azure/index.ts';
import { startProxy } from '../../support/proxy.ts';
import { runFile } from '../../support/run-smoke-test-file.ts';
import { CLOSED_HOST, openScenario, SAMPLE } from '../../support/scenario.ts';

const scenario = await openScenario();
const { azure, step } = scenario;
const { host: here, port } = new URL(azure.scoringHost);
const { host: hereInClear, port: portInClear } = new URL(azure.scoringHttpHost);
const there = `${UNRESOLVED_NAME}:${port}`;
const INPUTS = { 'sample-request': SAMPLE };

/** Gives an endpoint's URIs another host and port. */
function moveTo(host: string, name = 'churn-key'): void {
  const endpoint = azure.endpoints.get(name)!;
  for (const key of ['scoringUri', 'swaggerUri'] as const)
    endpoint[key] = endpoint[key]!.replace(/(?<=:\/\/)[^/]+/, host);
}

beforeEach(() => moveTo(there));

function file(...keys: readonly string[]): string {
  return [
    'version: 1',
    'warm-up: 0s',
    ...keys,
    'cases: [{ name: a, request: { json: { data: [[1]] } } }]',
    '',
  ].join('\n');
}

test('without it the name is not found', async () => {
  const { error, outputs } = await step({ inputs: { ...INPUTS, 'warm-up': '0s' } });

  expect(outputs.verdict).toBe('error');
  expect(error).toContain(`${there}) has a name that the DNS of this runner does not know`);
  expect(error).not.toContain('connect-to');
});

test('the input leads there, and the endpoint sees its own name', async () => {
  const { outputs, log, sent } = await step({ inputs: { ...INPUTS, 'connect-to': here } });

  expect(outputs.verdict).toBe('passed');
  expect(sent('scoring').map(({ headers }) => headers.host)).toEqual([there]);
  expect(log).toContain(`Requests to ${there} connect to ${here}, as connect-to says.`);
});

test('the OpenAPI document and a baseline are asked there, too', async () => {
  const input = {
    type: 'object',
    properties: { data: { type: 'array', items: { type: 'array', items: { type: 'number' } } } },
    example: { data: [[1]] },
  };
  const output = { type: 'array', items: { type: 'number', format: 'double' }, example: [1] };
  for (const name of ['blue', 'green']) {
    const deployment = azure.endpoints.get('churn-key')!.deployments.get(name)!;
    deployment.model = inferenceServer(() => [1], swaggerDocument('2', { input, output }));
  }
  const asksBoth = file(
    'deployment: green',
    'thresholds: { baseline: { deployment: blue, p95: 1000x } }',
  ).replace('{ json: { data: [[1]] } }', '{ swagger: true }');
  const { outputs, exchanges, error } = await runFile(scenario, asksBoth, { inputs: { 'connect-to': here } });

  expect(error).toBe('');
  expect(outputs.verdict).toBe('passed');
  const hosts = exchanges.filter(({ url }) => /swagger|score/.test(url)).map(({ headers }) => headers.host);
  expect(hosts.length).toBeGreaterThan(3);
  expect(new Set(hosts)).toEqual(new Set([there]));
});

test('a smoke-test file leads there, and the input replaces what it says', async () => {
  const own = await runFile(scenario, file(`connect-to: ${here}`));
  expect(own.outputs.verdict).toBe('passed');

  const replaced = await runFile(scenario, file(`connect-to: ${CLOSED_HOST}`), {
    inputs: { 'connect-to': here },
  });
  expect(replaced.outputs.verdict).toBe('passed');
  expect(replaced.log).toContain(`connect-to: ${here} is taken from the input and not from`);
  expect(replaced.log).toContain(`which has ${CLOSED_HOST}.`);
});

test('a place where nobody listens is named beside the host', async () => {
  const { error, outputs } = await step({
    inputs: { ...INPUTS, 'warm-up': '0s', 'connect-to': CLOSED_HOST },
  });

  expect(outputs.verdict).toBe('inconclusive');
  expect(error).toContain(there);
  expect(error).toContain(`The connection was to '${CLOSED_HOST}', as connect-to says.`);
});

test('whoever answers there needs a certificate for the name', async () => {
  moveTo(`other.inference.ml.invalid:${port}`);
  const { error, outputs, sent } = await step({ inputs: { ...INPUTS, 'warm-up': '0s', 'connect-to': here } });

  expect(outputs.verdict).not.toBe('passed');
  expect(error).toContain('presents a certificate for another host name');
  expect(error).toContain(`The connection was to '${here}', as connect-to says.`);
  expect(sent('scoring')).toEqual([]);
});

describe('through a proxy', () => {
  test('the tunnel leads there', async () => {
    const proxy = await startProxy();
    const { outputs, sent } = await step({
      inputs: { ...INPUTS, 'connect-to': here },
      env: { HTTPS_PROXY: proxy.url },
    });

    expect(outputs.verdict).toBe('passed');
    expect(proxy.asked).toContain(`CONNECT ${here}`);
    expect(proxy.asked).not.toContain(`CONNECT ${there}`);
    expect(sent('scoring').map(({ headers }) => headers.host)).toEqual([there]);
  });

  test('of http, too, there is a tunnel, as curl makes it', async () => {
    const proxy = await startProxy();
    moveTo(`k8s.invalid:${portInClear}`, 'churn-k8s');
    const { outputs, sent } = await step({
      inputs: { ...INPUTS, endpoint: 'churn-k8s', 'allow-insecure-http': 'true', 'connect-to': hereInClear },
      env: { HTTP_PROXY: proxy.url },
    });

    expect(outputs.verdict).toBe('passed');
    expect(proxy.asked).toEqual([`CONNECT ${hereInClear}`]);
    expect(sent('scoring').map(({ headers }) => headers.host)).toEqual([`k8s.invalid:${portInClear}`]);
  });
});

describe('of an http scoring URI', () => {
  const inputs = { endpoint: 'churn-k8s', 'allow-insecure-http': 'true' };
  beforeEach(() => moveTo(`k8s.invalid:${portInClear}`, 'churn-k8s'));

  test('a file may not say where the credential goes in clear', async () => {
    const { error, outputs, sent } = await step({
      inputs: { ...inputs, 'smoke-test': 'smoke-test.yml' },
      files: { 'smoke-test.yml': file(`connect-to: ${hereInClear}`) },
    });

    expect(outputs.verdict).toBe('error');
    expect(error).toContain('over http nothing proves who answers there, so nothing was sent');
    expect(sent('scoring')).toEqual([]);
  });

  test('the workflow may', async () => {
    const { outputs, sent } = await step({ inputs: { ...inputs, ...INPUTS, 'connect-to': hereInClear } });

    expect(outputs.verdict).toBe('passed');
    expect(sent('scoring').map(({ headers }) => headers.host)).toEqual([`k8s.invalid:${portInClear}`]);
  });
});
