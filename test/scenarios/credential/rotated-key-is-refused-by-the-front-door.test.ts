import { expect, test } from 'vitest';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const { azure, step } = await openScenario();

test('the error asks whether the key was regenerated a moment ago', async () => {
  // What listKeys said before the rotation that the front door already knows of.
  const old = {
    primaryKey: 'OldPrimaryKey0123456789abcdefABCD',
    secondaryKey: 'OldSecondaryKey0123456789abcdefAB',
  };
  azure.setFault('keys', { kind: 'body', body: JSON.stringify(old) });
  const { error, outputs } = await step({
    inputs: { 'sample-request': SAMPLE },
    secrets: Object.entries(old).map(([name, value]) => ({ name, value })),
  });

  expect(error).toContain("Endpoint 'churn-key' answered 401: key_auth_access_denied");
  expect(error).toContain('The front door refused the key. Was it regenerated a moment ago?');
  expect(outputs).toMatchObject({ verdict: 'error', 'status-code': '401', credential: old.primaryKey });
});
