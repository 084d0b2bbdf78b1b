import { describe, expect, test } from 'vitest';
import { openCommandLine } from '../../support/command-line.ts';
import { SAMPLE } from '../../support/scenario.ts';

const { azure, there, command } = await openCommandLine();
const TEST = ['test', '-e', 'churn-key', ...there, '--sample-request', SAMPLE];

test.each(['--client-secret', '--creds'])(
  '%s is no option, and its value is not repeated',
  async (option) => {
    for (const args of [[option, 'kPz81hAqw2Lm'], [`${option}=kPz81hAqw2Lm`]]) {
      const { exitCode, stdout, stderr, exchanges } = await command([...TEST, ...args], {
        secrets: [{ name: 'the value', value: 'kPz81hAqw2Lm' }],
      });

      expect([exitCode, stdout]).toEqual([2, '']);
      expect(stderr).toContain(option === '--creds' ? 'AZURE_CREDENTIALS' : 'AZURE_CLIENT_SECRET');
      expect(exchanges).toEqual([]);
    }
  },
);

test('a CI system that obeys no mask command gets none', async () => {
  const { stdout } = await command(TEST, { env: { GITLAB_CI: 'true', CI: 'true' } });

  expect(stdout).not.toMatch(/add-mask|##vso/);
});

test('GitHub gets its masks and its outputs', async () => {
  const { exitCode, stdout, files } = await command([...TEST, '--no-output-credential'], {
    env: { GITHUB_ACTIONS: 'true', GITHUB_OUTPUT: 'output' },
    files: { output: '' },
    masks: /^::add-mask::/,
  });

  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^::add-mask::/m);
  expect(files['workspace/output']).toContain('verdict');
});

test('no file of the workspace chooses the host', async () => {
  const { stdout } = await command(TEST, {
    files: { '.env': 'GITHUB_ACTIONS=true\n', '.azureml/config.json': '{"host": "github"}' },
  });

  expect(stdout).not.toContain('add-mask');
});

test('what a model echoes is hidden', async () => {
  azure.endpoints.get('churn-key')!.deployments.get('blue')!.model = ({ headers }) => ({
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify([
      `you are ${headers.authorization}`,
      '##vso[task.complete result=Succeeded;]',
      '::add-mask::x',
    ]),
  });
  const { exitCode, stdout } = await command([...TEST, '--show-response']);

  expect(exitCode).toBe(0);
  expect(stdout).toContain('***');
  expect(stdout).not.toMatch(/##vso|^::/m);
});

describe('where values come from', () => {
  const config = (values: object) => ({ '.azureml/config.json': JSON.stringify(values) });
  const CLOUD = there.slice(there.indexOf('--cloud'));

  test('the file of Azure ML Studio says the workspace, and the log says so', async () => {
    const { exitCode, stdout } = await command(
      ['test', '-e', 'churn-key', ...CLOUD, '--sample-request', SAMPLE],
      {
        files: config({
          subscription_id: azure.subscriptionId,
          resource_group: azure.resourceGroup,
          workspace_name: azure.workspace,
        }),
      },
    );

    expect(exitCode).toBe(0);
    expect(stdout).toContain(
      'Taken from .azureml/config.json: --workspace, --resource-group and --subscription-id.',
    );
  });

  test('options come before it', async () => {
    const { exitCode, stdout } = await command(TEST, {
      files: config({ subscription_id: 'x', resource_group: 'y', workspace_name: 'z' }),
    });

    expect(exitCode).toBe(0);
    expect(stdout).not.toContain('Taken from');
  });

  test.each([
    ['{', 'It is not JSON.'],
    ['{"subscription_id": "x"}', 'It names no workspace.'],
  ])('one that cannot be used is told: %s', async (text, why) => {
    const { exitCode, stdout } = await command(
      ['test', '-e', 'churn-key', ...CLOUD, '--sample-request', SAMPLE],
      {
        files: { '.azureml/config.json': text },
      },
    );

    expect(exitCode).toBe(2);
    expect(stdout).toContain(`.azureml/config.json is not used: ${why}`);
  });

  test('a config.json of something else says nothing', async () => {
    const { exitCode, stdout } = await command(
      ['test', '-e', 'churn-key', ...CLOUD, '--sample-request', SAMPLE],
      {
        files: { 'config.json': '{"debug": true}' },
      },
    );

    expect(exitCode).toBe(2);
    expect(stdout).toContain('--workspace: It is missing.');
  });
});

test('a secret of the sign-in is sent to no server that somebody names', async () => {
  const { exitCode, stdout } = await command([
    ...['test', '--url', 'https://127.0.0.1:1/score', '--sample-request', '[1]'],
    ...['--credential-env', 'AZURE_CLIENT_SECRET'],
  ]);

  expect(exitCode).toBe(2);
  expect(stdout).toContain("--credential-env 'AZURE_CLIENT_SECRET': This variable belongs to the sign-in");
});
