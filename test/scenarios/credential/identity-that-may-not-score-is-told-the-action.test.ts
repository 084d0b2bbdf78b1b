import { expect, test } from 'vitest';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const { azure, step } = await openScenario();

test('the error names both actions and the role that has them', async () => {
  azure.access.denied.set('score/action', 'AuthorizationFailed');
  const { error, outputs } = await step({ inputs: { endpoint: 'churn-aad', 'sample-request': SAMPLE } });

  expect(error).toContain("Endpoint 'churn-aad' answered 403: Microsoft Entra Token denied by policy");
  expect(error).toContain('Microsoft.MachineLearningServices/workspaces/onlineEndpoints/score/action');
  expect(error).toContain('Microsoft.MachineLearningServices/workspaces/*/read');
  expect(error).toContain("'AzureML Data Scientist'");
  expect(outputs).toMatchObject({ verdict: 'error', 'status-code': '403', 'auth-mode': 'aad_token' });
});

test('a token for another cloud is explained as the front door sees it', async () => {
  azure.access.dataPlaneAudiences = ['https://ml.azure.example'];
  const { error } = await step({ inputs: { endpoint: 'churn-aad', 'sample-request': SAMPLE } });

  expect(error).toContain("Endpoint 'churn-aad' answered 401: ");
  expect(error).toContain(
    "Look at the clock of the runner, and at 'cloud' when this is not the public cloud.",
  );
});
