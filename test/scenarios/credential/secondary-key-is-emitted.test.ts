import { expect, test } from 'vitest';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const { azure, step } = await openScenario();

test('the secondary key is used and emitted, and the primary one is masked, too', async () => {
  const { log, outputs, masks, sent } = await step({
    inputs: { key: 'secondary', 'sample-request': SAMPLE },
  });

  const { keys } = azure.endpoints.get('churn-key') ?? {};
  expect(log).toContain('Credential: the secondary key, masked. Keys do not expire.');
  expect(outputs.credential).toBe(keys?.secondary);
  expect(sent('scoring')[0]?.headers.authorization).toBe(`Bearer ${keys?.secondary}`);
  expect(masks).toEqual(expect.arrayContaining([keys?.primary, keys?.secondary]));
});
