import { expect, test } from 'vitest';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const { azure, step } = await openScenario();
const INPUTS = { 'sample-request': SAMPLE, deployment: 'green' };
const green = () => azure.endpoints.get('churn-key')!.deployments.get('green')!;

test('a deployment is waited for until it can be asked', async () => {
  Object.assign(green(), { provisioningState: 'Creating', upcomingStates: ['Updating', 'Succeeded'] });
  const { log, outputs, sent, exchanges } = await step({ inputs: INPUTS });

  expect(outputs).toMatchObject({ verdict: 'passed', deployment: 'green' });
  expect(log.match(/^Not ready: .*$/gm)).toEqual([
    expect.stringMatching(/^Not ready: deployment 'green' is Creating\. Next try in 0\.[2-5] s; .+ left\.$/),
    expect.stringMatching(/^Not ready: deployment 'green' is Updating\. Next try in [01]\.\d s; .+ left\.$/),
  ]);
  expect(sent('deployments')).toHaveLength(3);
  expect(sent('scoring')).toHaveLength(1);
  expect(exchanges.at(-1)?.call).toBe('scoring');
});

test('a deployment is waited for no longer than the warm-up', async () => {
  green().provisioningState = 'Creating';
  const { log, error, title, outputs, sent } = await step({ inputs: { ...INPUTS, 'warm-up': '100ms' } });

  expect(title).toBe('Smoke test is inconclusive');
  expect(error).toContain("Deployment 'green' of endpoint 'churn-key' is still Creating at the end of the");
  expect(log).toMatch(/^Not ready: deployment 'green' is Creating\. .* the end of the warm-up\.$/m);
  expect(outputs).toMatchObject({ verdict: 'inconclusive', deployment: 'green' });
  expect(outputs).toHaveProperty('credential');
  expect(outputs).not.toHaveProperty('status-code');
  expect(sent('scoring')).toEqual([]);
});

test('a deployment that Azure could not make fails at once, with its logs', async () => {
  green().provisioningState = 'Failed';
  green().logs.InferenceServer = ['Traceback (most recent call last):', 'ModuleNotFoundError: joblib'];
  const { log, stdout, error, title, outputs, sent } = await step({ inputs: INPUTS });

  expect(title).toBe('Smoke test failed');
  expect(error).toContain("Deployment 'green' of endpoint 'churn-key' has the provisioning state Failed");
  expect(outputs).toMatchObject({ verdict: 'failed', deployment: 'green' });
  expect(stdout).toContain('::group::The last ');
  expect(log).toContain('\nModuleNotFoundError: joblib\n');
  expect(sent('scoring')).toEqual([]);
  expect(sent('deployments')).toHaveLength(1);
  expect(log).not.toContain('Not ready');
});

test('a deployment that Azure gives up while it is waited for fails', async () => {
  Object.assign(green(), { provisioningState: 'Creating', upcomingStates: ['Failed'] });
  const { log, error, outputs, sent } = await step({ inputs: INPUTS });

  expect(error).toContain('has the provisioning state Failed');
  expect(outputs.verdict).toBe('failed');
  expect(log.match(/^Not ready: /gm)).toHaveLength(1);
  expect(sent('scoring')).toEqual([]);
});
