import { expect, test } from 'vitest';
import { openScenario } from '../../support/scenario.ts';

const { azure, step } = await openScenario();

test('a mode that the action does not know is named, and no credential is asked for', async () => {
  azure.endpoints.get('churn-key')!.authMode = 'PasskeyToken';
  const { error, sent } = await step();

  expect(error).toContain(
    "Endpoint 'churn-key' has the auth mode 'PasskeyToken', which this version of the action does not know. It knows Key, AMLToken and AADToken.",
  );
  expect([...sent('keys'), ...sent('token')]).toEqual([]);
});
