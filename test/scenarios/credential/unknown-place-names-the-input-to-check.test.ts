import { expect, test } from 'vitest';
import { openScenario } from '../../support/scenario.ts';

const { azure, step } = await openScenario();
const OTHER_SUBSCRIPTION = '11111111-2222-4333-8444-555555555555';

test.each([
  [
    'workspace',
    'ws-chrun',
    "Resource group 'rg-churn' has no workspace 'ws-chrun'.",
    "'workspace' (now 'ws-chrun')",
  ],
  [
    'resource-group',
    'rg-chrun',
    `Subscription '${azure.subscriptionId}' has no resource group 'rg-chrun'.`,
    "'resource-group' (now 'rg-chrun')",
  ],
  [
    'subscription-id',
    OTHER_SUBSCRIPTION,
    `Resource Manager finds no subscription '${OTHER_SUBSCRIPTION}' for this identity.`,
    `'subscription-id' (now '${OTHER_SUBSCRIPTION}')`,
  ],
])('the error says that there is no such %s', async (input, value, first, check) => {
  const { error, outputs } = await step({ inputs: { [input]: value } });

  expect(error.split('\n')[0]).toBe(first);
  expect(error).toContain(`Check the input`);
  expect(error).toContain(check);
  expect(outputs).toEqual({ verdict: 'error' });
});
