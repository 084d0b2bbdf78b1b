import { expect, it } from 'vitest';
import { container, goodModel } from '../local-azure/index.ts';
import { openScenario } from './scenario.ts';

const { azure, step } = await openScenario();
const FILE = `version: 1
deployment: green
samples: 3
cases: [{ name: rows, request: { json: { data: [[1, 2], [3, 4]] } } }]
thresholds: { baseline: { deployment: blue, p95: 100x } }
`;
const run = () => step({ inputs: { 'smoke-test': 'smoke.yml' }, files: { 'smoke.yml': FILE } });
const blue = () => azure.endpoints.get('churn-key')!.deployments.get('blue')!;

it('when Azure could not make it', async () => {
  blue().provisioningState = 'Failed';
  const { error, outputs } = await run();

  expect(error).toContain("Deployment 'blue'");
  expect(outputs.verdict).toBe('inconclusive');
});

it('when its model fails', async () => {
  blue().model = container(500, 'text/plain', 'out of memory');
  const { error, outputs, sent } = await run();

  expect(error).toContain("Deployment 'blue'");
  expect(outputs.verdict).toBe('inconclusive');
  const asked = sent('logs').map(({ url }) => new URL(url).pathname.split('/').at(-2));
  expect(asked).toEqual(['blue', 'blue']);
});

it('when both are well, the ratio decides', async () => {
  blue().model = goodModel;
  const { outputs, sent } = await run();

  expect(outputs).toMatchObject({ verdict: 'passed', deployment: 'green' });
  expect(sent('scoring')).toHaveLength(2 * (1 + 3));
});
