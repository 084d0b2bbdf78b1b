import { describe, expect, test } from 'vitest';
import { InputError } from '../../../src/inputs/reader.ts';
import { masked, readAllWith } from '../../support/read-inputs.ts';

const URL_HERE = 'http://localhost:5001/score';
const SAMPLE = { 'sample-request': '{"rows": [1]}' };

async function mistakesOf(
  inputs: Record<string, string>,
  environment: Record<string, string> = {},
): Promise<readonly string[]> {
  const error = await readAllWith(inputs, environment).catch((thrown: unknown) => thrown);
  if (!(error instanceof InputError)) throw new Error('The inputs have no mistake.', { cause: error });
  return [...error.mistakes, ...error.fileMistakes.map(({ line, message }) => `${line}: ${message}`)];
}

describe('a server in place of an endpoint', () => {
  test('needs no endpoint and no sign-in', async () => {
    const { server, smokeTest } = await readAllWith({ url: URL_HERE, ...SAMPLE });
    expect(server).toEqual({ url: URL_HERE, name: 'localhost:5001', credential: undefined });
    expect(smokeTest?.plan.cases).toHaveLength(1);
  });

  test('takes no account of the variables of a sign-in', async () => {
    const { server } = await readAllWith(
      { url: URL_HERE, ...SAMPLE },
      { AZURE_SUBSCRIPTION_ID: 'x', AZURE_CLIENT_SECRET: 'a-secret-of-somebody' },
    );
    expect(server?.name).toBe('localhost:5001');
  });

  test('gets the credential of a variable, masked', async () => {
    const { server } = await readAllWith(
      { url: 'https://churn.example/score', 'credential-env': 'CHURN_KEY', ...SAMPLE },
      { CHURN_KEY: ' kPz81hAqw2Lm ' },
    );
    expect(server?.credential?.reveal()).toBe('kPz81hAqw2Lm');
    expect(masked).toContain('kPz81hAqw2Lm');
  });

  test('may get it in clear where that is wanted', async () => {
    const inputs = { url: URL_HERE, 'credential-env': 'CHURN_KEY', ...SAMPLE };
    const environment = { CHURN_KEY: 'kPz81hAqw2Lm' };
    await expect(mistakesOf(inputs, environment)).resolves.toEqual([
      expect.stringContaining('Over http the credential would be sent unencrypted.'),
    ]);
    const { server } = await readAllWith({ ...inputs, 'allow-insecure-http': 'true' }, environment);
    expect(server?.credential).toBeDefined();
  });
});

describe('mistakes', () => {
  test.each([
    ['endpoint', 'churn'],
    ['workspace', 'ws'],
    ['resource-group', 'rg'],
    ['subscription-id', 'ff2e23ae-7d7c-4cbd-99b8-116bb94dca6e'],
    ['login', 'oidc'],
    ['client-id', '31359c7f-bd7e-475c-86db-fdb8c937548e'],
    ['tenant-id', '2b0623dd-90fa-4c5c-bee8-8dc18bd4d948'],
    ['cloud', 'AzureChinaCloud'],
    ['key', 'secondary'],
    ['minimum-validity', '1h'],
    ['output-credential', 'false'],
    ['deployment', 'green'],
  ])('%s says nothing without Azure', async (name, value) => {
    await expect(mistakesOf({ url: URL_HERE, ...SAMPLE, [name]: value })).resolves.toEqual([
      `${name} '${value}': It has no effect beside 'url', which tests a server without Azure. Leave one of the two out.`,
    ]);
  });

  test('a default that the host sends is none', async () => {
    const { server } = await readAllWith({ url: URL_HERE, ...SAMPLE, login: 'auto', key: 'primary' });
    expect(server).toBeDefined();
  });

  test('a secret is not shown', async () => {
    const [mistake] = await mistakesOf({ url: URL_HERE, ...SAMPLE, 'client-secret': 'kPz81hAqw2Lm' });
    expect(mistake).toBe(
      "client-secret: It has no effect beside 'url', which tests a server without Azure. Leave one of the two out.",
    );
  });

  test.each([
    ['localhost:5001', 'Write an http or https address'],
    ['ftp://localhost/score', 'Write an http or https address'],
    ['http://user:word@localhost/score', 'Write an http or https address without a user'],
    ['score', 'Write an http or https address'],
    ['http://169.254.169.254/metadata', 'That is a link-local address'],
  ])('%s is no address of a server', async (url, why) => {
    const [mistake, ...more] = await mistakesOf({ url, ...SAMPLE });
    expect(mistake).toContain(why);
    expect(mistake).not.toContain('word@');
    expect(more).toEqual([]);
  });

  test('nothing to ask is a mistake', async () => {
    await expect(mistakesOf({ url: URL_HERE })).resolves.toEqual([
      'url: No request would be sent. Give one in sample-request, or name a smoke-test file.',
    ]);
  });

  test.each([
    ['CHURN_KEY', {}, 'This environment variable is not set'],
    ['CHURN_KEY', { CHURN_KEY: '  ' }, 'This environment variable is not set'],
    ['not a name', {}, 'Write the name of an environment variable'],
    ['CHURN_KEY', { CHURN_KEY: 'ключ-от-модели' }, 'no HTTP header can carry'],
    ['CHURN_KEY', { CHURN_KEY: 'short' }, 'fewer than 8 characters'],
  ])('credential-env %s with %j', async (name, environment, why) => {
    const found = await mistakesOf(
      { url: 'https://churn.example/', 'credential-env': name, ...SAMPLE },
      environment as Record<string, string>,
    );
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(why);
    expect(found[0]).not.toContain("'short'");
  });

  test('credential-env is only for a server', async () => {
    const found = await mistakesOf({ endpoint: 'churn', 'credential-env': 'CHURN_KEY' });
    expect(found).toContainEqual(
      "credential-env 'CHURN_KEY': It is for 'url', which is not given. An endpoint's credential comes from Azure.",
    );
  });

  test('deployments in the file are told at their places', async () => {
    const file = [
      'version: 1',
      'deployment: green',
      'cases:',
      '  - name: a',
      '    request: { json: [1] }',
      '    expect: { deployment: green }',
      'thresholds:',
      '  baseline: { deployment: live, p95: 1.5x }',
      '',
    ].join('\n');
    const found = await mistakesOf({ url: URL_HERE, 'smoke-test': file });
    expect(found.map((each) => each.split(': ')[0])).toEqual(['2', '6', '8']);
    expect(found[0]).toContain('no deployments');
  });
});
