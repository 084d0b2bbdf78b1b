import { beforeAll, describe, expect, test } from 'vitest';
import { announceMasksTo, guard } from '../../../../src/secrets/secret.ts';
import type { Reply } from '../../../../src/smoke-test/request/exchange.ts';
import { describeWithAdvice } from '../../../../src/smoke-test/verdict/exchange-words.ts';
import type { Addressee } from '../../../../src/smoke-test/verdict/status-table.ts';
import { ASKED, answer, noAnswer } from '../../../support/smoke-test.ts';

const GREEN: Addressee = { ...ASKED, deployment: 'green' };

describe('an answer is told with its advice', () => {
  test('and a deployment that was asked for is named', () => {
    expect(describeWithAdvice(answer(404, {}, 'nothing here'), GREEN)).toBe(
      "Deployment 'green' of endpoint 'churn' answered 404: nothing here\nThe front door knows no deployment 'green' that could answer, or it does not serve this path.",
    );
  });

  test('and a good one needs none', () => {
    expect(describeWithAdvice(answer(200, {}, '[1]'), GREEN)).toBe(
      "Deployment 'green' of endpoint 'churn' answered 200: [1]",
    );
  });

  test('and one that was too long to be kept is told by its length', () => {
    const long = { ...answer(424), body: undefined, bytes: 17_825_792 };
    expect(describeWithAdvice(long, ASKED).split('\n')[0]).toBe(
      "Endpoint 'churn' answered 424: a body of 17825792 bytes",
    );
  });
});

describe('no whole answer', () => {
  test('within the timeout is told with how to wait longer', () => {
    expect(describeWithAdvice(noAnswer('timeout'), GREEN)).toBe(
      "Deployment 'green' of endpoint 'churn' (churn.example) gave no whole answer within the timeout of 30 s.\nRaise 'timeout' when the model is meant to be this slow.",
    );
  });

  test('because the connection broke is told with where to look', () => {
    expect(describeWithAdvice(noAnswer('cut'), ASKED)).toBe(
      "Endpoint 'churn' (churn.example) began to answer, and the connection broke before the answer's end.\nDoes the model's container crash or restart? Its log says more.",
    );
  });
});

/** What the message says before its advice. */
function described(given: Reply): string {
  return describeWithAdvice(given, ASKED).split('\n')[0] ?? '';
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
    const message = describeWithAdvice(
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
    const message = describeWithAdvice(
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
    const message = describeWithAdvice(
      answer(400, { 'x-request-id': key }, `{"message": "bad header: Bearer ${key}"}`),
      ASKED,
    );
    expect(message.split('\n')[0]).toBe(
      "Endpoint 'churn' answered 400: bad header: Bearer *** [x-request-id ***]",
    );
  });
});
