import { expect, test } from 'vitest';
import { endpointIdOf } from '../../support/azure.ts';
import { openScenario } from '../../support/scenario.ts';

const { azure, step } = await openScenario();
const NOTHING_ELSE = { workspace: undefined, 'resource-group': undefined, 'subscription-id': undefined };

test('needs no other input than the resource ID', async () => {
  const endpoint = endpointIdOf(azure, 'churn-token');
  const { outputs } = await step({ inputs: { ...NOTHING_ELSE, endpoint } });

  expect(outputs['endpoint-id']).toBe(endpoint);
  expect(outputs['auth-mode']).toBe('aml_token');
});

test('refuses an input that says otherwise', async () => {
  const { error, exchanges } = await step({
    inputs: { endpoint: endpointIdOf(azure, 'churn-key'), workspace: 'ws-other' },
  });

  expect(error).toContain(
    "workspace 'ws-other': The resource ID in 'endpoint' says 'ws-churn'. Leave this input out.",
  );
  expect(exchanges).toEqual([]);
});
