import { expect, test } from 'vitest';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const { step } = await openScenario();

test.each([
  ['endpoint', '../listKeys'],
  ['endpoint', 'churn/../other'],
  ['endpoint', 'churn?api-version=1'],
  ['endpoint', 'churn#x'],
  ['endpoint', 'churn%2e%2e'],
  ['workspace', 'ws/../../other'],
  ['workspace', '..'],
  ['workspace', 'ws?x=1'],
  ['resource-group', '..'],
  ['resource-group', 'rg#x'],
  ['resource-group', 'rg/providers'],
  ['subscription-id', '..'],
  ['subscription-id', 'not/a/guid'],
  ['deployment', 'blue\r\nX-Other: 1'],
  ['tenant-id', 'common/../other'],
  ['client-id', '../other'],
])('refuses %s %j before anything is sent', async (input, value) => {
  const { error, exchanges } = await step({ inputs: { 'sample-request': SAMPLE, [input]: value } });

  expect(error).toContain(`An input needs a correction. ${input} '`);
  expect(exchanges).toEqual([]);
});
