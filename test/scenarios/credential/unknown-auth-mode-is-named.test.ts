import { expect, test } from 'vitest';
import { openScenario } from '../../support/scenario.ts';

const { azure, step } = await openScenario();

test('names a mode that it does not know, and asks for no credential', async () => {
  azure.endpoints.get('churn-key')!.authMode = 'PasskeyToken';
  const { error, sent } = await step();

  expect(error).toContain(
    "Endpoint 'churn-key' has the auth mode 'PasskeyToken', which this version of the action does not know. It knows Key, AMLToken and AADToken.",
  );
  expect([...sent('keys'), ...sent('token')]).toEqual([]);
});
