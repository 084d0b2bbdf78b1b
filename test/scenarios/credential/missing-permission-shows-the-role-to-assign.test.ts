import { expect, test } from 'vitest';
import { endpointIdOf } from '../../support/azure.ts';
import { openScenario } from '../../support/scenario.ts';

const { azure, step } = await openScenario();
const PREFIX = 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints';

const CASES = [
  ['read', 'churn-key'],
  ['listKeys/action', 'churn-key'],
  ['token/action', 'churn-token'],
] as const;

test.each(
  CASES.flatMap(([action, endpoint]) =>
    (['AuthorizationFailed', 'ForbiddenError'] as const).map((kind) => [action, endpoint, kind] as const),
  ),
)('the lack of %s on %s is explained when it is refused with %s', async (action, endpoint, kind) => {
  azure.access.denied.set(action, kind);
  const { error, outputs } = await step({ inputs: { endpoint } });

  const scope = endpointIdOf(azure, endpoint);
  expect(error.split('\n')[0]).toBe(
    `The identity with object ID '${azure.objectId}' lacks the permission '${PREFIX}/${action}' on '${scope}'.`,
  );
  expect(error).toContain("The built-in role 'AzureML Data Scientist' has it.");
  expect(error).toContain(
    `az role assignment create --assignee-object-id ${azure.objectId} --assignee-principal-type ServicePrincipal --role "AzureML Data Scientist" --scope "${scope}"`,
  );
  expect(error).toContain(`A custom role needs at least: ${PREFIX}/${action}, `);
  expect(outputs.verdict).toBe('error');
  expect(outputs).not.toHaveProperty('credential');
});
