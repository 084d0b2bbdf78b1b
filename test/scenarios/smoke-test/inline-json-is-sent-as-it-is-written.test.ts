import { expect, test } from 'vitest';
import { openScenario } from '../../support/scenario.ts';

const { step } = await openScenario();

test('sends the text of the input, its spaces and number formats included', async () => {
  const request = '{ "data": [[1.0, 2e3]],\n  "note": "Zürich, 東京" }';
  const { outputs, sent } = await step({ inputs: { 'sample-request': request } });

  expect(outputs.verdict).toBe('passed');
  expect(sent('scoring')[0]?.body).toBe(request);
  expect(sent('scoring')[0]?.headers['content-type']).toBe('application/json');
});
