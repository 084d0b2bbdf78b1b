import { describe, expect, test } from 'vitest';
import { type AgentNode, openTask } from './azure-pipelines.ts';
import { SAMPLE } from './scenario.ts';

const HOSTILE = [
  '##vso[task.complete result=Succeeded;]',
  'x ##vso[task.setvariable variable=verdict;isOutput=true]passed',
  '##VSO[task.complete result=Succeeded;]',
  '\u001b[31m##vso[task.complete result=Succeeded;]',
  '##v\u200dso[task.debug]x',
  '#\u0000#vso[task.debug]x',
  'a\r##vso[task.complete result=Succeeded;]',
  '##[error]x',
  '::error::x',
];
const ENDLESS = 'version: 1\nwarm-up: 5m\ncases: [{ name: a, request: { json: { data: [[1]] } } }]\n';
const WRONG =
  'version: 1\nwarm-up: 0s\ncases: [{ name: a, request: { json: { data: [[1]] } }, expect: { json: { "$[0]": { between: [8000, 9000] } } } }]\n';

/** The scenarios of the task, on one of the Nodes that an agent may run it on. */
export async function runTaskScenarios(node: AgentNode): Promise<void> {
  const { azure, task } = await openTask(node);
  const blue = () => azure.endpoints.get('churn-key')!.deployments.get('blue')!;
  const answer = (value: unknown) => ({
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(value),
  });

  describe('sign-in', () => {
    test('a connection with workload identity federation', async () => {
      const { result, outputs, log, sent } = await task({ inputs: { 'sample-request': SAMPLE } });

      expect(result).toBe('Succeeded');
      expect(outputs).toMatchObject({ verdict: 'passed', authMode: 'key', deployment: 'blue' });
      expect(outputs.credential).toMatch(/.{30}/);
      expect(log).toContain('Signing in with oidc');
      expect(sent('id-token')).toHaveLength(1);
    });

    test('a connection with a client secret', async () => {
      const { id } = azure.connection;
      const { result, log } = await task({
        env: {
          [`ENDPOINT_AUTH_SCHEME_${id}`]: 'ServicePrincipal',
          [`ENDPOINT_AUTH_PARAMETER_${id}_SERVICEPRINCIPALKEY`]: azure.clientSecret,
        },
      });

      expect(result).toBe('Succeeded');
      expect(log).toContain('Signing in with client-secret');
    });

    test('a connection with a managed identity', async () => {
      azure.identity.managedIdentity = 'system';
      const { id } = azure.connection;
      const { result, log } = await task({
        env: {
          [`ENDPOINT_AUTH_SCHEME_${id}`]: 'ManagedServiceIdentity',
          [`ENDPOINT_AUTH_PARAMETER_${id}_SERVICEPRINCIPALID`]: undefined,
          AZURE_POD_IDENTITY_AUTHORITY_HOST: azure.imdsHost,
        },
      });

      expect(result).toBe('Succeeded');
      expect(log).toContain('Signing in with managed-identity');
    });

    test('without a connection, by inputs', async () => {
      const { result } = await task({
        withoutConnection: true,
        inputs: {
          login: 'client-secret',
          'subscription-id': azure.subscriptionId,
          'client-id': azure.clientId,
          'tenant-id': azure.tenantId,
          'client-secret': azure.clientSecret,
        },
      });

      expect(result).toBe('Succeeded');
    });

    test('the workspace of a connection that is scoped to one', async () => {
      const { id } = azure.connection;
      const { result } = await task({
        inputs: { workspace: undefined, 'resource-group': undefined },
        env: {
          [`ENDPOINT_DATA_${id}_MLWORKSPACENAME`]: azure.workspace,
          [`ENDPOINT_DATA_${id}_RESOURCEGROUPNAME`]: azure.resourceGroup,
        },
      });

      expect(result).toBe('Succeeded');
    });

    test.each([
      [
        'no explicit reference',
        403,
        '{"count":151,"value":"There is no explicit reference to service connection"}',
        'A connection of another stage is not enough',
      ],
      ['a sign-in page', 302, '<html>Object moved</html>', 'answered with a redirect'],
      ['a page', 203, '<html>Sign in</html>', 'ID-token service'],
      ['405', 405, '{"count":1,"value":{"Message":"no GET"}}', 'HTTP 405'],
      ['401', 401, '{"message":"TF400813"}', 'right to use the service connection'],
    ])('a token endpoint that answers %s is explained', async (_what, status, body, told) => {
      azure.setFault('id-token', { kind: 'status', status, body });
      const { error, outputs } = await task();

      expect(outputs).toEqual({ verdict: 'error' });
      expect(error).toContain(told);
      expect(error).not.toMatch(/GitHub|permissions:|\brunner\b/);
    });

    test.each([
      [
        'a certificate',
        { AUTH_PARAMETER: ['AUTHENTICATIONTYPE', 'spnCertificate'], SCHEME: 'ServicePrincipal' },
        'Convert to workload identity federation',
      ],
      ['an unknown scheme', { SCHEME: 'PublishProfile' }, "The connection's scheme is 'PublishProfile'"],
      ['none', { SCHEME: undefined }, 'There is no such service connection'],
    ] as const)('a connection with %s is a mistake', async (_what, changes, told) => {
      const { id } = azure.connection;
      const parameter = 'AUTH_PARAMETER' in changes ? changes.AUTH_PARAMETER : undefined;
      const { error, exchanges } = await task({
        env: {
          [`ENDPOINT_AUTH_SCHEME_${id}`]: changes.SCHEME,
          ...(parameter === undefined
            ? {}
            : { [`ENDPOINT_AUTH_PARAMETER_${id}_${parameter[0]}`]: parameter[1] }),
        },
      });

      expect(error).toContain('azureSubscription: ');
      expect(error).toContain(told);
      expect(exchanges).toEqual([]);
    });

    test('a connection of a management group names no subscription', async () => {
      const { id } = azure.connection;
      const { error, exchanges } = await task({ env: { [`ENDPOINT_DATA_${id}_SUBSCRIPTIONID`]: undefined } });

      expect(error).toContain('subscriptionId: It is missing.');
      expect(exchanges).toEqual([]);
    });
  });

  describe('verdicts', () => {
    test('failed', async () => {
      const { result, outputs, error, summary } = await task({
        inputs: { 'smoke-test': 'smoke-test.yml' },
        files: { 'smoke-test.yml': WRONG },
      });

      expect([result, outputs.verdict]).toEqual(['Failed', 'failed']);
      expect(error).toContain('is not as expected');
      expect(summary).toContain('failed');
      expect(summary).not.toContain('mermaid');
    });

    test('inconclusive', async () => {
      blue().model = () => ({ refusal: 'model_not_ready' });
      const { outputs } = await task({ inputs: { 'sample-request': SAMPLE, 'warm-up': '0s' } });

      expect(outputs.verdict).toBe('inconclusive');
    });

    test('error, with inputs as they are spelled here', async () => {
      const { outputs, error } = await task({
        inputs: { workspace: 'ws-of-nobody', 'sample-request': SAMPLE },
      });

      expect(outputs.verdict).toBe('error');
      expect(error).toContain("'resourceGroup' (now '");
      expect(error).not.toContain('resource-group');
    });

    test('many samples with thresholds, and reports', async () => {
      const { outputs, files, summary } = await task({
        inputs: { 'sample-request': SAMPLE, samples: '40', 'report-directory': 'out' },
      });
      expect(summary).toContain('p95');
      expect(summary).not.toContain('mermaid');

      expect(outputs).toMatchObject({
        verdict: 'passed',
        reportFile: expect.stringContaining('report.json'),
      });
      expect(outputs.latencyP95Ms).toMatch(/^\d+\.\d$/);
      expect(files['workspace/out/junit.xml']).toContain('<testsuite');
    });

    test('a task that is cancelled is not green', async () => {
      blue().model = () => ({ refusal: 'model_not_ready' });
      const { outputs, error } = await task({
        inputs: { 'smoke-test': 'smoke-test.yml' },
        files: { 'smoke-test.yml': ENDLESS },
        onStart: (child) =>
          child.stdout?.on('data', (chunk: Buffer) => {
            if (chunk.includes('Not ready')) child.kill('SIGINT');
          }),
      });

      expect(outputs.verdict).toBe('error');
      expect(error).toContain('cancelled (SIGINT)');
    });
  });

  describe('secrecy', () => {
    test('what the model says commands nothing', async () => {
      blue().model = () => answer(HOSTILE);
      const { outputs, log } = await task({
        inputs: { 'sample-request': SAMPLE, 'show-response': 'true', 'max-latency': '1ms', samples: '3' },
      });

      expect(outputs.verdict).not.toBe('skipped');
      expect(log).toContain('## vso[task.complete result=Succeeded;]');
    });

    test('what the model echoes is hidden', async () => {
      blue().model = ({ headers }) =>
        answer([headers.authorization, Buffer.from(String(headers.authorization)).toString('base64')]);
      const { outputs, log } = await task({ inputs: { 'sample-request': SAMPLE, 'show-response': 'true' } });

      expect(outputs.verdict).toBe('passed');
      expect(log).toContain('***');
    });

    test('a program finds none of the secrets of the pipeline', async () => {
      const { outputs, log } = await task({
        inputs: {
          'sample-request': SAMPLE,
          'response-check':
            "env | cut -d= -f1 | grep -E '^(SECRET_|ENDPOINT_AUTH|ENDPOINT_DATA|SECUREFILE_|VSTS_TASKVARIABLE_|INPUT_|SYSTEM_ACCESSTOKEN)' && exit 1 || exit 0",
        },
      });

      expect([outputs.verdict, log]).toEqual(['passed', expect.not.stringContaining('SECUREFILE_TICKET')]);
    });

    test('a key that no mask can hide is not used', async () => {
      azure.endpoints.get('churn-key')!.keys.primary = 'short';
      const { outputs, error } = await task();

      expect(outputs).not.toHaveProperty('credential');
      expect(error).toContain('fewer than 8 characters');
    });

    test('masks of all encodings are set before anything is printed', async () => {
      const { stdout } = await task();
      const lines = stdout.split('\n');
      const first = lines.findIndex((line) => line.startsWith('##vso[task.setvariable variable=credential'));

      expect(
        lines.slice(0, first).filter((line) => line.startsWith('##vso[task.setsecret]')).length,
      ).toBeGreaterThan(20);
    });

    test('without outputCredential there is none', async () => {
      const { outputs } = await task({ inputs: { 'output-credential': 'false' } });

      expect(outputs).not.toHaveProperty('credential');
      expect(outputs.verdict).toBe('skipped');
    });
  });

  describe('mistakes', () => {
    test('a variable that the pipeline does not have', async () => {
      const { error, exchanges } = await task({
        inputs: { deployment: '$(deploymentName)', 'sample-request': '$(sampleFile)' },
      });

      expect(error).toContain("deployment '$(deploymentName)': Nothing replaced this by a value.");
      expect(error).toContain('The pipeline has no variable of this name');
      expect(exchanges).toEqual([]);
    });

    test('all at once, as they are spelled here', async () => {
      const { error } = await task({
        inputs: { 'warm-up': 'soon', samples: '0', 'sample-request': SAMPLE, 'max-latency': '3' },
      });

      expect(error).toContain("warmUp 'soon'");
      expect(error).toContain("maxLatency '3'");
      expect(error).toContain("samples '0'");
    });

    test('of the smoke-test file have their places', async () => {
      const { error, log } = await task({
        inputs: { 'smoke-test': 'smoke-test.yml' },
        files: {
          'smoke-test.yml': 'version: 1\nsamples: none\ncases: [{ name: a, request: { json: [1] } }]\n',
        },
      });

      expect(error).toContain('smoke-test.yml:2:10: ');
      expect(log).toContain('The smoke-test file has 1 mistake.');
    });
  });

  describe("the agent's own network", () => {
    test('its certificates are trusted', async () => {
      const { result } = await task({
        inputs: { 'ca-certificate': undefined, 'sample-request': SAMPLE },
        env: { AGENT_CAINFO: azure.caFile },
      });

      expect(result).toBe('Succeeded');
    });

    test('without them nothing is trusted', async () => {
      const { error } = await task({ inputs: { 'ca-certificate': undefined } });

      expect(error).toContain('that this agent does not trust');
    });

    test('its proxy is used, but for what it lets pass', async () => {
      const env = {
        AGENT_PROXYURL: 'http://127.0.0.1:9',
        AGENT_PROXYUSERNAME: 'svc',
        SECRET_AGENT_PROXYPASSWORD: 'p@ss:w%rd-9',
      };
      const secrets = [{ name: 'password of the proxy', value: 'p@ss:w%rd-9' }];
      const refused = await task({
        inputs: { cloud: azure.metadataUrl.replace('localhost', 'local-azure.example') },
        env: { ...env, AGENT_PROXYBYPASSLIST: '["("]' },
        secrets,
      });
      const passed = await task({
        env: { ...env, AGENT_PROXYBYPASSLIST: '["(", "^https?://localhost"]' },
        secrets,
      });

      expect(refused.error).toContain('127.0.0.1:9');
      expect(passed.result).toBe('Succeeded');
    });
  });

  test('a server is tested before anything is deployed', async () => {
    const { error, outputs } = await task({
      withoutConnection: true,
      inputs: {
        endpoint: undefined,
        workspace: undefined,
        'resource-group': undefined,
        cloud: undefined,
        url: 'http://localhost:1/score',
        'sample-request': SAMPLE,
        'warm-up': '0s',
      },
    });

    expect(outputs.verdict).toBe('inconclusive');
    expect(error).toContain('localhost:1');
  });
}
