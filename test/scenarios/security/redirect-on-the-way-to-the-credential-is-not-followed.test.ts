import { expect, test } from 'vitest';
import { openScenario } from '../../support/scenario.ts';

const { azure, step } = await openScenario();

test.each(['metadata', 'id-token', 'sign-in', 'endpoint', 'keys'] as const)('%s', async (leg) => {
  const location = `${azure.scoringHost}/elsewhere`;
  azure.setFault(leg, { kind: 'status', status: 307, headers: { Location: location } });
  const { error, outputs, sent } = await step();

  expect(error).toContain(`answered with a redirect: HTTP 307, to '${location}'.`);
  expect(error).toContain('Redirects are never followed, because a credential must not travel.');
  expect(outputs.verdict).toBe('error');
  expect(sent(leg)).toHaveLength(1);
  expect(sent('scoring')).toEqual([]);
});
