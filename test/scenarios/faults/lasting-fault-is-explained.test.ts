import { expect, test } from 'vitest';
import { openScenario } from '../../support/scenario.ts';

const { azure, step } = await openScenario();

test('says that Azure failed, after its retries', async () => {
  azure.setFault('keys', {
    kind: 'body',
    status: 503,
    body: '{"error":{"code":"ServerBusy","message":"The server is busy."}}',
  });
  const { error, outputs, sent } = await step();

  expect(error).toContain(
    `Resource Manager (${new URL(azure.resourceManagerHost).host}), asked for the endpoint's keys, failed with HTTP 503, retries included: ServerBusy: The server is busy.`,
  );
  expect(outputs).toMatchObject({ verdict: 'error', 'auth-mode': 'key' });
  expect(outputs).not.toHaveProperty('credential');
  expect(sent('keys')).toHaveLength(4);
});
