import { expect, test } from 'vitest';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const { azure, step } = await openScenario();

test('the credential is used and masked, and all outputs but it are emitted', async () => {
  const { outputs, masks, rawFiles, sent } = await step({
    inputs: { 'output-credential': 'false', 'sample-request': SAMPLE },
  });

  const { keys } = azure.endpoints.get('churn-key') ?? {};
  expect(outputs).not.toHaveProperty('credential');
  expect(rawFiles.output).not.toContain(keys?.primary);
  expect(masks).toEqual(expect.arrayContaining([keys?.primary, keys?.secondary]));
  expect(sent('scoring')[0]?.headers.authorization).toBe(`Bearer ${keys?.primary}`);
  expect(outputs).toMatchObject({ 'auth-mode': 'key', verdict: 'passed', 'status-code': '200' });
});
