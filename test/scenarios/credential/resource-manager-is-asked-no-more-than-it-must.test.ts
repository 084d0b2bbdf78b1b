import { expect, test } from 'vitest';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const { azure, step } = await openScenario();

test.each([
  ['churn-key', ['endpoint', 'keys']],
  ['churn-token', ['endpoint', 'token']],
  ['churn-aad', ['endpoint']],
])('an endpoint like %s costs the calls %j', async (endpoint, calls) => {
  const { exchanges } = await step({ inputs: { endpoint, 'sample-request': SAMPLE } });

  const asked = exchanges.filter(
    ({ url, call }) => url.startsWith(azure.resourceManagerHost) && call !== 'metadata',
  );
  expect(asked.map(({ call }) => call)).toEqual(calls);
});
