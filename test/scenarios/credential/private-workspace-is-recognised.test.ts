import { expect, test } from 'vitest';
import { openScenario } from '../../support/scenario.ts';

const { azure, step } = await openScenario();

test.each(['401', '502'] as const)('a refusal with %s is that of a private workspace', async (status) => {
  azure.access.privateLink = status;
  const { error, outputs } = await step();

  expect(error).toContain("Workspace 'ws-churn' is private");
  expect(error).toContain('A GitHub-hosted runner cannot reach it.');
  expect(error).toContain(`Seen: HTTP ${status}, UserError: `);
  expect(outputs).toEqual({ verdict: 'error' });
});
