import { expect, test } from 'vitest';
import { openScenario } from '../../support/scenario.ts';

const { step } = await openScenario();

test('each request has a fresh x-ms-client-request-id, of the kind that the front door keeps', async () => {
  const ids = [];
  for (const run of [1, 2, 3]) {
    const { sent } = await step({ inputs: { 'sample-request': `{"data": [[${run}]]}` } });
    ids.push(String(sent('scoring')[0]?.headers['x-ms-client-request-id']));
  }

  expect(new Set(ids).size).toBe(3);
  for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9_-]{8,40}$/);
});
