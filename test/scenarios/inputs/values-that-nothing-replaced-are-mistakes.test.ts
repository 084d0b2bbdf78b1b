import { expect, test } from 'vitest';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const { azure, step } = await openScenario();

/** An expression of GitHub's. */
function expression(name: string): string {
  return `\${{ ${name} }}`;
}

test('every input whose value is an expression is told once, and nothing is sent', async () => {
  const { error, title, exchanges } = await step({
    inputs: {
      workspace: expression('vars.WORKSPACE'),
      'subscription-id': '$(subscriptionId)',
      'client-id': '$[variables.clientId]',
      'client-secret': '$(AZURE_CLIENT_SECRET)',
      'minimum-validity': '$MINIMUM',
      'output-credential': '%EMIT%',
      'sample-request': '$(sampleFile)',
      deployment: '$(deploymentName)',
      timeout: '$env:TIMEOUT',
      'report-directory': '$(Build.ArtifactStagingDirectory)/report',
      'ca-certificate': `\${CA_FILE}`,
    },
  });

  expect(title).toBe('Inputs');
  const [first, ...mistakes] = error.split('\n');
  expect(first).toBe('11 inputs are wrong:');
  expect(mistakes.map((line) => /^- ([a-z-]+).* Nothing replaced /.exec(line)?.[1]).sort()).toEqual(
    [
      'workspace',
      'subscription-id',
      'client-id',
      'client-secret',
      'minimum-validity',
      'output-credential',
      'sample-request',
      'deployment',
      'timeout',
      'report-directory',
      'ca-certificate',
    ].sort(),
  );
  expect(error).toContain("report-directory '$(Build.ArtifactStagingDirectory)/report'");
  expect(exchanges).toEqual([]);
});

test('a variable of the environment is named when it holds the expression', async () => {
  const { error } = await step({
    inputs: { 'client-id': undefined, login: 'oidc' },
    env: { AZURE_CLIENT_ID: '$(clientId)' },
  });

  expect(error).toBe(
    `1 input is wrong: client-id '$(clientId)': Nothing replaced this in AZURE_CLIENT_ID by a value. Azure Pipelines replaces that, when it has such a variable: is the name right? On GitHub write ${expression('vars.name')} or ${expression('secrets.name')}.`,
  );
});

test.each([
  [
    'an inline request body',
    { 'sample-request': SAMPLE.replace('{', `{"note": "$(x), $[y] and ${expression('z')}", `) },
  ],
  ['a script of the user', { 'sample-request': SAMPLE, 'response-check': 'test "$(cat | wc -c)" -gt 0' }],
  ['a script that is one substitution', { 'sample-request': SAMPLE, 'response-check': '$(true)' }],
])('%s may hold what a shell replaces', async (_what, inputs) => {
  const { outputs } = await step({ inputs: { ...inputs, endpoint: 'churn-key' } });

  expect(outputs.verdict).toBe('passed');
  expect(azure.violations).toEqual([]);
});
