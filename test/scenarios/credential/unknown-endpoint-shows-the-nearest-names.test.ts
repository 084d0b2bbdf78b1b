import { expect, test } from 'vitest';
import { openScenario } from '../../support/scenario.ts';

const { azure, step } = await openScenario();

test('the error lists the endpoints that exist, the nearest first', async () => {
  const { error, sent } = await step({ inputs: { endpoint: 'churn-tokne' } });

  expect(error).toBe(
    "Workspace 'ws-churn' has no online endpoint 'churn-tokne'. Did you mean 'churn-token'? It has: churn-token, churn-key, churn-k8s, churn-aad.",
  );
  expect(sent('keys')).toEqual([]);
});

test('the error says that the workspace has none', async () => {
  azure.endpoints.clear();
  const { error } = await step();

  expect(error).toBe("Workspace 'ws-churn' has no online endpoint 'churn-key'. It has none at all.");
});

test('the list is read to its end', async () => {
  azure.access.pageSize = 1;
  const { error } = await step({ inputs: { endpoint: 'churn-k9s' } });

  expect(error).toContain('It has: churn-k8s, ');
});
