import { expect, test } from 'vitest';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const { step } = await openScenario();

test('leaves the summary to others, however the step ends', async () => {
  const passed = await step({ inputs: { 'sample-request': SAMPLE, summary: 'false' } });
  const failed = await step({ inputs: { endpoint: 'churn-tokne', summary: 'false' } });

  expect([passed.rawSummary, failed.rawSummary]).toEqual(['', '']);
});
