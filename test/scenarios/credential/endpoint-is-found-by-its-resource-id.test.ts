import { expect, test } from 'vitest';
import { endpointIdOf } from '../../support/azure.ts';
import { openScenario } from '../../support/scenario.ts';

const { azure, step } = await openScenario();
const NOTHING_ELSE = { workspace: undefined, 'resource-group': undefined, 'subscription-id': undefined };

test('the resource ID is enough', async () => {
  const endpoint = endpointIdOf(azure, 'churn-token');
  const { outputs } = await step({ inputs: { ...NOTHING_ELSE, endpoint } });

  expect(outputs['endpoint-id']).toBe(endpoint);
  expect(outputs['auth-mode']).toBe('aml_token');
});

test('an input that says otherwise is a mistake', async () => {
  const { error, exchanges } = await step({
    inputs: { endpoint: endpointIdOf(azure, 'churn-key'), workspace: 'ws-other' },
  });

  expect(error).toContain(
    "workspace 'ws-other': The resource ID in 'endpoint' says 'ws-churn'. Leave this one out.",
  );
  expect(exchanges).toEqual([]);
});
