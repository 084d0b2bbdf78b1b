import { describe, expect, test } from 'vitest';
import { container, goodModel, type Model } from '../../local-azure/index.ts';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const { azure, step } = await openScenario();
const blue = () => azure.endpoints.get('churn-key')!.deployments.get('blue')!;
const serving = (model: Model) => () => void Object.assign(blue(), { model });
const answering = (status: number, body?: string, headers?: Readonly<Record<string, string>>) => () =>
  azure.setFault('scoring', {
    kind: 'status',
    status,
    ...(body === undefined ? {} : { body }),
    ...(headers === undefined ? {} : { headers }),
  });

const TITLES = {
  failed: 'Smoke test failed',
  inconclusive: 'Smoke test is inconclusive',
  error: 'Smoke test could not be completed',
};

interface Row {
  readonly what: string;
  readonly arrange: () => void;
  readonly status: number;
  readonly verdict: keyof typeof TITLES;
  readonly advice: string;
}

test.each<Row>([
  {
    what: 'is busy',
    arrange: serving(() => ({ refusal: 'too_many_pending_request' })),
    status: 429,
    verdict: 'inconclusive',
    advice: 'The deployment gets more requests than it can take.',
  },
  {
    what: 'is not ready',
    arrange: () => Object.assign(blue(), { provisioningState: 'Creating' }),
    status: 424,
    verdict: 'inconclusive',
    advice: 'The deployment is not ready to answer.',
  },
  {
    what: 'is too slow',
    arrange: () => Object.assign(blue(), { requestTimeoutMs: 20, model: () => new Promise(() => undefined) }),
    status: 408,
    verdict: 'inconclusive',
    advice: "The model took longer than the deployment's request_timeout_ms",
  },
  {
    what: 'fails in Azure',
    arrange: answering(500, 'upstream connect error'),
    status: 500,
    verdict: 'inconclusive',
    advice: 'Azure Machine Learning itself failed.',
  },
  {
    what: 'has a model that fails',
    arrange: serving(container(500, 'text/plain', 'oh')),
    status: 424,
    verdict: 'failed',
    advice: "The model's container answered with an error.",
  },
  {
    what: 'refuses the body',
    arrange: answering(400, 'no rows', { 'azureml-model-deployment': 'blue' }),
    status: 400,
    verdict: 'failed',
    advice: 'The model refused the request.',
  },
  {
    what: 'is behind a gateway that refuses',
    arrange: answering(400, 'quota exceeded'),
    status: 400,
    verdict: 'error',
    advice: 'Nothing in the reply shows that the model sent it',
  },
  {
    what: 'gets too much',
    arrange: answering(413, 'Payload Too Large'),
    status: 413,
    verdict: 'error',
    advice: 'Send a smaller sample.',
  },
  {
    what: 'refuses the credential',
    arrange: answering(401),
    status: 401,
    verdict: 'error',
    advice: 'The front door refused the key.',
  },
  {
    what: 'may not be scored',
    arrange: answering(403),
    status: 403,
    verdict: 'error',
    advice: 'this is not about roles in Azure.',
  },
  {
    what: 'has no such route',
    arrange: answering(404),
    status: 404,
    verdict: 'error',
    advice: 'It has: blue (100 %), green (0 %), broken (0 %).',
  },
])('a deployment that $what is $verdict ($status)', async ({ arrange, status, verdict, advice }) => {
  arrange();
  // What does not pass by itself ends the warm-up at once, however long that may take. What does is waited for.
  const waits = verdict === 'inconclusive';
  const warmUp = waits ? { 'warm-up': '0s' } : {};
  const inputs = { 'sample-request': SAMPLE, samples: '3', ...warmUp };
  const { error, title, outputs, sent, log } = await step({ inputs });

  expect(error).toContain(`Endpoint 'churn-key' answered ${status}`);
  expect(error).toContain(advice);
  expect(title).toBe(TITLES[verdict]);
  expect(error.includes('No usable answer within the warm-up')).toBe(waits);
  expect(log.includes(`Not ready: ${status}`)).toBe(waits);
  expect(outputs).toMatchObject({ verdict, 'status-code': String(status) });
  expect(outputs).toHaveProperty('credential');
  expect(outputs).not.toHaveProperty('latency-ms');
  expect(sent('scoring')).toHaveLength(1);
});

describe('where some requests may fail, the first answer of a case may be a failed one', () => {
  const file = (rest: string) => `version: 1
samples: 20
cases:
  - { name: first, request: { json: { data: [[1]] } } }
  - { name: second, request: { json: { data: [[2]] } } }
${rest}
`;
  const run = (rest: string) =>
    step({ inputs: { 'smoke-test': 'smoke.yml' }, files: { 'smoke.yml': file(rest) } });
  const failingAt = (first: number, last: number) => {
    let asked = 0;
    blue().model = (request) => {
      asked += 1;
      return asked >= first && asked <= last
        ? container(500, 'text/plain', 'out of memory')(request)
        : goodModel(request);
    };
  };

  test.each([
    ['thresholds: { success-rate: 0.9 }', 1, 'passed'],
    ['thresholds: { success-rate: 0.9 }', 2, 'passed'],
    ['thresholds: { success-rate: 1 }\nadvisory: [success-rate]', 1, 'passed'],
    ['', 1, 'failed'],
  ])('%s: request %i fails', async (rest, request, verdict) => {
    failingAt(request, request);
    const { outputs } = await run(rest);

    expect(outputs.verdict).toBe(verdict);
  });

  test('and when all fail, that is told of the measured requests', async () => {
    failingAt(1, 1_000);
    const { outputs, error, sent } = await run('thresholds: { success-rate: 0.9 }');

    expect(outputs.verdict).toBe('failed');
    expect(error).toContain('success-rate is 0 %; the limit is 90 %.');
    expect(sent('scoring')).toHaveLength(2 * (1 + 20));
  });
});
