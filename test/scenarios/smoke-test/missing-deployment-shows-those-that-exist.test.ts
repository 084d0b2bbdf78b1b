import { expect, test } from 'vitest';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const { step } = await openScenario();

test('asks Resource Manager before it sends anything to the front door', async () => {
  const { error, outputs, sent } = await step({ inputs: { 'sample-request': SAMPLE, deployment: 'gren' } });

  expect(error).toBe(
    "Endpoint 'churn-key' has no deployment 'gren'. It has: green (0 %), broken (0 %), blue (100 %).",
  );
  expect(outputs.verdict).toBe('error');
  expect(sent('deployments')).toHaveLength(1);
  expect(sent('scoring')).toEqual([]);
});
