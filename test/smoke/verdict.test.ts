import { beforeAll, describe, expect, test } from 'vitest';
import { announceMasksTo, guard } from '../../src/secret.ts';
import type { Answer } from '../../src/smoke/score.ts';
import { ANSWERS, type Asked, judge } from '../../src/smoke/verdict.ts';

const ASKED: Asked = { endpoint: 'churn', deployment: undefined, authMode: 'key', timeoutMs: 30_000 };
const GREEN: Asked = { ...ASKED, deployment: 'green' };

function answer(status: number, headers: Record<string, string> = {}, body: string | Buffer = ''): Answer {
  const bytes = Buffer.from(body as string);
  return {
    kind: 'answer',
    status,
    headers,
    body: bytes,
    bytes: bytes.length,
    latencyMs: 12,
    proxyHost: undefined,
  };
}

/** A real answer for each row of the table: its name there, the answer, the verdict, and what to do. */
const CASES: readonly (readonly [
  row: string,
  what: string,
  answer: Answer,
  verdict: string,
  advice: string,
])[] = [
  [
    'the scoring script reported a failure with a good status',
    '200 of a scoring script that raised',
    answer(200, { 'x-ms-run-function-failed': 'True' }, '{"message": "An unexpected error"}'),
    'failed',
    "The scoring script's run() failed. Its container log has the traceback.",
  ],
  [
    'the scoring script reported a failure with a good status',
    '500 of a scoring script that raised',
    answer(500, { 'x-ms-run-function-failed': 'true' }, '{"message": "Scoring timeout after 5000 ms"}'),
    'failed',
    "The scoring script's run() failed.",
  ],
  ['2xx', '200', answer(200, { 'x-ms-run-function-failed': 'False' }, '[11842.7]'), 'passed', ''],
  ['2xx', '204', answer(204), 'passed', ''],
  [
    '3xx',
    '302',
    answer(302, { location: 'https://login.example' }),
    'error',
    "A redirect is never followed: the credential goes to the scoring URI's origin only.",
  ],
  ['401', '401', answer(401, {}, 'key_auth_access_denied'), 'error', 'The front door refused the key.'],
  [
    '403',
    '403',
    answer(403, {}, 'Microsoft Entra Token denied by policy'),
    'error',
    "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/score/action, and Microsoft.MachineLearningServices/workspaces/*/read, on endpoint 'churn' or its workspace. The built-in role 'AzureML Data Scientist' has both.",
  ],
  [
    '404',
    '404',
    answer(404, {}, 'No valid deployments to route to.'),
    'error',
    "Endpoint 'churn' has no deployment with traffic. Name one with the 'deployment' input, or give one traffic: az ml online-endpoint update --name churn --traffic \"<deployment>=100\".",
  ],
  ['408, 504', '408', answer(408), 'failed', "deployment's request_timeout_ms (5 s unless set)"],
  ['408, 504', '504', answer(504), 'failed', 'raise request_settings.request_timeout_ms'],
  ['413', '413', answer(413), 'error', 'Send a smaller sample.'],
  [
    '424 model_not_ready, 503',
    '424 of a model that is not ready',
    answer(424, { 'ms-azureml-model-error-reason': 'model_not_ready' }),
    'error',
    'The deployment is not ready to answer yet. Run the step again when its containers are up.',
  ],
  ['424 model_not_ready, 503', '503', answer(503), 'error', 'not ready to answer yet'],
  ['429', '429', answer(429), 'error', 'Run the step again when it is less busy, or give it more instances.'],
  [
    '424',
    '424',
    answer(424, { 'ms-azureml-model-error-reason': 'model_error' }, '{"detail":"Not Found"}'),
    'failed',
    "The model's container answered with an error. Its log says more; https://learn.microsoft.com/azure/machine-learning/how-to-troubleshoot-online-endpoints",
  ],
  [
    '500 without the scoring script having run',
    '500',
    answer(500),
    'error',
    'Azure Machine Learning itself failed. Run the step again; https://learn.microsoft.com/',
  ],
  ['502', '502', answer(502), 'failed', 'the scoring script raised or its container crashed'],
  [
    'any other 4xx',
    '400',
    answer(400, {}, '{"message": "A value is not provided for the \'data\' parameter."}'),
    'failed',
    'The model refused the request. Does the sample request fit this model?',
  ],
  ['any other 4xx', '422', answer(422), 'failed', 'Does the sample request fit this model?'],
  ['anything else', '507', answer(507), 'error', 'Run the step again; https://learn.microsoft.com/'],
  ['anything else', '101', answer(101), 'error', 'Run the step again;'],
];

describe('an answer has its verdict and its advice', () => {
  test.each(CASES)('%s: %s', (row, _what, given, verdict, advice) => {
    const { verdict: judged, message } = judge(given, ASKED);
    expect(judged).toBe(verdict);
    expect(message).toMatch(new RegExp(`^Endpoint 'churn' answered ${given.status}`));
    expect(message).toContain(advice);
    expect(ANSWERS.find(({ matches }) => matches(given))?.when).toBe(row);
  });

  test('and every row of the table has such an answer', () => {
    expect([...new Set(CASES.map(([row]) => row))]).toEqual(ANSWERS.map(({ when }) => when));
  });
});

describe('the advice fits what was asked', () => {
  test.each(['aml_token', 'aad_token'])('a refused %s is not called a key', (authMode) => {
    const { message } = judge(answer(401), { ...ASKED, authMode });
    expect(message).toContain('The front door refused the token');
    expect(message).toContain("'cloud'");
  });

  test('a deployment that was asked for is named', () => {
    const { message } = judge(answer(404, {}, 'nothing here'), GREEN);
    expect(message).toBe(
      "Deployment 'green' of endpoint 'churn' answered 404: nothing here\nThe front door knows no deployment 'green' that could answer.",
    );
  });

  test('a good answer needs no advice', () => {
    expect(judge(answer(200, {}, '[1]'), GREEN)).toEqual({
      verdict: 'passed',
      message: "Deployment 'green' of endpoint 'churn' answered 200.",
    });
  });
});

describe('no whole answer', () => {
  const nothing = { latencyMs: 30_000, cause: new Error('aborted'), proxyHost: undefined };

  test('within the timeout is a failure that says how to wait longer', () => {
    expect(judge({ kind: 'timeout', ...nothing }, GREEN)).toEqual({
      verdict: 'failed',
      message:
        "Deployment 'green' of endpoint 'churn' gave no whole answer within the timeout of 30 s.\nRaise 'timeout' when the model is meant to be this slow.",
    });
  });

  test('because the connection broke is a failure of the container', () => {
    expect(judge({ kind: 'cut', ...nothing }, ASKED)).toEqual({
      verdict: 'failed',
      message:
        "Endpoint 'churn' began to answer, and the connection broke before the answer's end. Does the model's container crash or restart? Its log says more.",
    });
  });
});

/** What the message says before its advice. */
function described(given: Answer): string {
  return judge(given, ASKED).message.split('\n')[0] ?? '';
}

describe('the message says what came back', () => {
  test("the model's own status and reason, its message and the request's id", () => {
    expect(
      described(
        answer(
          424,
          {
            'ms-azureml-model-error-reason': 'model_error',
            'ms-azureml-model-error-statuscode': '500',
            'x-request-id': '5b2f6c1e-0000-4000-8000-000000000001',
          },
          '{"message": "division by zero"}',
        ),
      ),
    ).toBe(
      "Endpoint 'churn' answered 424 (model_error, the model's own status 500): division by zero [x-request-id 5b2f6c1e-0000-4000-8000-000000000001]",
    );
  });

  test.each([
    ['JSON of the inference server', '{"message": "no column \'age\'"}', ": no column 'age'"],
    ['JSON of FastAPI', '{"detail":"Not Found"}', ': Not Found'],
    ['JSON of Azure', '{"error":{"code":"UserError","message":"too large"}}', ': too large'],
    ['JSON of Triton', '{"error":"unknown model"}', ': unknown model'],
    ['text', 'upstream connect error\n', ': upstream connect error'],
    [
      'text of several lines',
      'Traceback:\n  File "score.py"\nKeyError',
      ': Traceback: File "score.py" KeyError',
    ],
    ['other JSON', '{"a": [1]}', ': {"a": [1]}'],
    ['nothing', '', ', with an empty body.'],
    ['white space', '\n ', ', with an empty body.'],
    ['a long text', 'x'.repeat(600), `: ${'x'.repeat(500)}… (600 characters in all)`],
  ])('a body of %s', (_what, body, said) => {
    expect(described(answer(400, {}, body))).toBe(`Endpoint 'churn' answered 400${said}`);
  });

  test('a binary body, without its control characters', () => {
    const body = Buffer.from([0x50, 0x4b, 0x03, 0x04, 0xff, 0x1b, 0x5b, 0x33, 0x31, 0x6d, 0x41]);
    expect(described(answer(400, {}, body))).toBe("Endpoint 'churn' answered 400: PK\ufffdA");
  });
});

describe('a hostile answer', () => {
  beforeAll(() => {
    announceMasksTo(() => undefined);
    guard('q8K3hYt0Zr7WvN2dXbLpE5sMfC1uJgRa', 'The key');
  });

  test('says nothing to the runner, neither in its body nor in its headers', () => {
    const { message } = judge(
      answer(
        424,
        {
          'ms-azureml-model-error-reason': 'x\r::error::a',
          'ms-azureml-model-error-statuscode': '##[error]b',
          'x-request-id': '\u001b[2J::stop-commands::t',
        },
        'fine\n::add-mask::churn\n##[set-output name=verdict]passed',
      ),
      ASKED,
    );
    expect(message.split('\n')[0]).toBe(
      "Endpoint 'churn' answered 424 (x : :error::a, the model's own status ## [error]b): fine : :add-mask::churn ## [set-output name=verdict]passed [x-request-id : :stop-commands::t]",
    );
    expect(message.split('\n')).toHaveLength(2);
  });

  test('cannot make the message endless', () => {
    const { message } = judge(
      answer(
        424,
        { 'ms-azureml-model-error-reason': 'r'.repeat(9_999), 'x-request-id': 'i'.repeat(9_999) },
        'b'.repeat(99_999),
      ),
      ASKED,
    );
    expect(message.length).toBeLessThan(1_200);
  });

  test('that echoes the credential shows it nowhere', () => {
    const key = 'q8K3hYt0Zr7WvN2dXbLpE5sMfC1uJgRa';
    const { message } = judge(
      answer(400, { 'x-request-id': key }, `{"message": "bad header: Bearer ${key}"}`),
      ASKED,
    );
    expect(message.split('\n')[0]).toBe(
      "Endpoint 'churn' answered 400: bad header: Bearer *** [x-request-id ***]",
    );
  });
});
