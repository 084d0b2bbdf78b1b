import { expect, test } from 'vitest';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const { azure, step } = await openScenario();

test.each([301, 302, 307, 308])('keeps the credential from where a %d leads', async (status) => {
  const location = `${azure.scoringHttpHost}/api/v1/endpoint/churn-k8s/score`;
  azure.setFault('scoring', { kind: 'status', status, headers: { Location: location }, times: 1 });
  const { error, outputs, sent } = await step({ inputs: { 'sample-request': SAMPLE } });

  expect(error).toContain(`Endpoint 'churn-key' answered ${status}`);
  expect(error).toContain('A redirect is never followed');
  expect(outputs).toMatchObject({ verdict: 'error', 'status-code': String(status) });
  expect(sent('scoring')).toHaveLength(1);
});
