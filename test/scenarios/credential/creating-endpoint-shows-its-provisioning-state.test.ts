import { expect, test } from 'vitest';
import { openScenario } from '../../support/scenario.ts';

const { azure, step } = await openScenario();

test('an endpoint without a scoring URI is said to be still in creation', async () => {
  azure.addEndpoint('churn-new', { provisioningState: 'Creating', scoringUri: null, swaggerUri: null });
  const { error, outputs } = await step({ inputs: { endpoint: 'churn-new' } });

  expect(error).toContain("Endpoint 'churn-new' has no scoring URI. Its provisioning state is 'Creating'.");
  expect(outputs).toMatchObject({ verdict: 'error', 'scoring-uri': '', traffic: '{}' });
});
