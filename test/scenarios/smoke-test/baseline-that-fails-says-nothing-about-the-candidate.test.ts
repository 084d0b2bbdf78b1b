import { expect, test } from 'vitest';
import { container, goodModel } from '../../local-azure/index.ts';
import { openScenario } from '../../support/scenario.ts';

const { azure, step } = await openScenario();
const FILE = `version: 1
deployment: green
samples: 3
cases: [{ name: rows, request: { json: { data: [[1, 2], [3, 4]] } } }]
thresholds: { baseline: { deployment: blue, p95: 100x } }
`;
const SAYS_NOTHING = 'It is the baseline: this says nothing about the deployment under test.';
const logsOf = (asked: readonly { readonly url: string }[]) =>
  asked.map(({ url }) => new URL(url).pathname.split('/').at(-2));
const run = () => step({ inputs: { 'smoke-test': 'smoke.yml' }, files: { 'smoke.yml': FILE } });
const blue = () => azure.endpoints.get('churn-key')!.deployments.get('blue')!;

test('a baseline that Azure could not make is inconclusive', async () => {
  blue().provisioningState = 'Failed';
  const { error, outputs } = await run();

  expect(error).toMatch(/^Deployment 'blue' of endpoint 'churn-key' has the provisioning state Failed/);
  expect(error).toContain(SAYS_NOTHING);
  expect(outputs).toMatchObject({ verdict: 'inconclusive', deployment: 'green' });
});

test('a baseline whose model fails is inconclusive', async () => {
  blue().model = container(500, 'text/plain', 'out of memory');
  const { error, outputs, sent } = await run();

  expect(error).toMatch(/^Deployment 'blue' of endpoint 'churn-key' answered 424 \(model_error/);
  expect(error).toContain(SAYS_NOTHING);
  expect(outputs).toMatchObject({ verdict: 'inconclusive', deployment: 'green' });
  expect(outputs).not.toHaveProperty('status-code');
  expect(logsOf(sent('logs'))).toEqual(['blue', 'blue']);
});

test('quick errors of a baseline are not compared with the candidate', async () => {
  let turn = 0;
  const broken = container(500, 'text/plain', 'out of memory');
  blue().model = (request) => (turn++ === 0 ? goodModel : broken)(request);
  const { error, outputs, sent, summary } = await run();

  expect(error.split('\n')).toEqual([
    'baseline.p95 could not be measured; the limit is 100×.',
    expect.stringMatching(/^Case 'rows', request 1 to the baseline: Deployment 'blue' .* answered 424 /),
    expect.stringContaining("The model's container answered with an error."),
    '3 of 3 requests failed.',
    SAYS_NOTHING,
  ]);
  expect(outputs).toMatchObject({ verdict: 'inconclusive', deployment: 'green', 'status-code': '200' });
  expect(summary).toContain('| baseline.p95 | – | ≤ 100× | ⚠️ not measured |');
  expect(logsOf(sent('logs'))).toEqual(['blue', 'blue']);
});

test('the ratio decides when both are well', async () => {
  blue().model = goodModel;
  const { outputs, sent } = await run();

  expect(outputs).toMatchObject({ verdict: 'passed', deployment: 'green' });
  expect(sent('scoring')).toHaveLength(2 * (1 + 3));
});
