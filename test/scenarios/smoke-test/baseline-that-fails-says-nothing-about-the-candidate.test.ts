import { describe, expect, test } from 'vitest';
import { afterRequests, container, type Deed, goodModel, NOT_READY, slow } from '../../local-azure/index.ts';
import { openScenario } from '../../support/scenario.ts';

const { azure, step } = await openScenario();
const FILE = `version: 1
deployment: green
samples: 3
cases: [{ name: rows, request: { json: { data: [[1, 2], [3, 4]] } } }]
thresholds: { baseline: { deployment: blue, p95: 100x } }
`;
const SAYS_NOTHING = 'This is the baseline; it says nothing about the deployment under test.';
const logsOf = (asked: readonly { readonly url: string }[]) =>
  asked.map(({ url }) => new URL(url).pathname.split('/').at(-2));
const run = (text = FILE) => step({ inputs: { 'smoke-test': 'smoke.yml' }, files: { 'smoke.yml': text } });
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
    "baseline.p95 could not be measured; the limit is 100×. Of 3 requests to the baseline 'blue', 0 got a good answer; a comparison needs at least 3.",
    expect.stringMatching(/^Case 'rows', request 1 to the baseline: Deployment 'blue' .* answered 424 /),
    expect.stringContaining("The model's container answered with an error."),
    '3 of 3 requests failed.',
    SAYS_NOTHING,
  ]);
  expect(outputs).toMatchObject({ verdict: 'inconclusive', deployment: 'green', 'status-code': '200' });
  expect(summary).toContain('| baseline.p95 | – | ≤ 100× | ⚠️ not judged<br>Of 3 requests');
  expect(logsOf(sent('logs'))).toEqual(['blue', 'blue']);
});

/** Good for the warm-up and one measured request. */
const dying = (deed: Deed) => afterRequests(2, goodModel, deed);

test.each<readonly [string, Deed]>([
  ['raises', container(500, 'text/plain', 'out of memory')],
  ['hangs', slow(60_000, goodModel)],
])('a baseline that answers once and then %s makes no candidate look fast', async (_, deed) => {
  blue().model = dying(deed);
  const { error, outputs } = await run(FILE.replace('samples: 3', 'samples: 4\ntimeout: 1s'));

  expect(error).toContain("Of 4 requests to the baseline 'blue', 1 got a good answer");
  expect(error).toContain(SAYS_NOTHING);
  expect(outputs).toMatchObject({ verdict: 'inconclusive', deployment: 'green' });
});

describe('an advisory baseline never decides', () => {
  const ADVISORY = `${FILE}advisory: [baseline.p95]\n`;

  test.each<readonly [string, () => void]>([
    ['could not be made', () => Object.assign(blue(), { provisioningState: 'Failed' })],
    ['is being made', () => Object.assign(blue(), { provisioningState: 'Creating' })],
    ['fails', () => Object.assign(blue(), { model: container(500, 'text/plain', 'out of memory') })],
    ['is never ready', () => Object.assign(blue(), { model: () => NOT_READY })],
    [
      'answers once and then raises',
      () => Object.assign(blue(), { model: dying(container(500, 'a/b', '')) }),
    ],
    ['redirects from then on', () => Object.assign(blue(), { model: dying(container(307, 'a/b', '')) })],
  ])('when it %s', async (_, makeBad) => {
    makeBad();
    const { error, outputs, sent } = await run(`warm-up: 1s\n${ADVISORY}`);

    expect(error).toBe('');
    expect(outputs).toMatchObject({ verdict: 'passed', deployment: 'green' });
    const asked = sent('scoring').filter(({ headers }) => headers['azureml-model-deployment'] === 'green');
    expect(asked).toHaveLength(1 + 3);
  });
});

test('a baseline that gets a part of the traffic is not compared with what traffic gets', async () => {
  azure.endpoints.get('churn-key')!.traffic = { blue: 90, green: 10 };
  const { error, outputs, sent } = await run(FILE.replace('deployment: green\n', ''));

  expect(error).toContain("The baseline 'blue' has 90 % of the live traffic");
  expect(outputs.verdict).toBe('error');
  expect(sent('scoring')).toEqual([]);
});

test('a ratio of few samples says so', async () => {
  const { log } = await run();

  expect(log).toContain('p95 of 3 samples is just the slowest one');
});

test('the ratio decides when both are well', async () => {
  blue().model = goodModel;
  const { outputs, sent } = await run();

  expect(outputs).toMatchObject({ verdict: 'passed', deployment: 'green' });
  expect(sent('scoring')).toHaveLength(2 * (1 + 3));
});
