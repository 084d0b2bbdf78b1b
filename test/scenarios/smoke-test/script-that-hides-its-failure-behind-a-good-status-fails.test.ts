import { expect, test } from 'vitest';
import { json } from '../../local-azure/index.ts';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const { azure, step } = await openScenario();

test("heeds the inference server's own header", async () => {
  azure.endpoints.get('churn-key')!.deployments.get('blue')!.model = () =>
    json(200, { message: 'no such column: tenure' }, { 'x-ms-run-function-failed': 'True' });
  const { error, outputs } = await step({ inputs: { 'sample-request': SAMPLE } });

  expect(error).toContain("Endpoint 'churn-key' answered 200: no such column: tenure");
  expect(outputs).toMatchObject({ verdict: 'failed', 'status-code': '200' });
});
