import { expect, test } from 'vitest';
import { container } from '../../local-azure/index.ts';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const { azure, step } = await openScenario();

test.each([
  ['a refused body', '400', 'failed', () => {}],
  [
    'a model error',
    '424',
    'failed',
    () => {
      azure.endpoints.get('churn-key')!.deployments.get('blue')!.model = container(500, 'text/plain', 'oh');
    },
  ],
  ['a refused credential', '401', 'error', () => {}],
  ['an unknown route', '404', 'error', () => {}],
  ['a redirect', '307', 'error', () => {}],
  ['no right to score', '403', 'error', () => {}],
] as const)('%s', async (what, status, verdict, arrange) => {
  arrange();
  if (what !== 'a model error') azure.setFault('scoring', { kind: 'status', status: Number(status) });
  const { log, outputs, error, sent } = await step({ inputs: { 'sample-request': SAMPLE, samples: '3' } });

  expect(error).toContain(`Endpoint 'churn-key' answered ${status}`);
  expect(outputs).toMatchObject({ verdict, 'status-code': status });
  expect(outputs).toHaveProperty('credential');
  expect(outputs).not.toHaveProperty('latency-ms');
  expect(sent('scoring')).toHaveLength(1);
  expect(log).not.toContain('Not ready');
});
