import { beforeAll, describe, expect, test } from 'vitest';
import { announceMasksTo, guard } from '../../../../src/secrets/secret.ts';
import { describeWithAdvice, inShort } from '../../../../src/smoke-test/verdict/exchange-words.ts';
import type { Addressee } from '../../../../src/smoke-test/verdict/status-row.ts';
import { KEY } from '../../../support/azure.ts';
import { ADDRESSEE, noReply, replyOf, systemError } from '../../../support/smoke-test.ts';

const GREEN: Addressee = { ...ADDRESSEE, deployment: 'green' };

describe('what happened is followed by the advice', () => {
  test('which names the deployment that was asked for', () => {
    expect(describeWithAdvice(replyOf(404, {}, 'nothing here'), GREEN)).toBe(
      "Deployment 'green' of endpoint 'churn' answered 404: nothing here\nThe front door knows no deployment 'green' that could answer, or it does not serve this path.",
    );
  });

  test('unless the reply is good', () => {
    expect(describeWithAdvice(replyOf(200, {}, '[1]'), GREEN)).toBe(
      "Deployment 'green' of endpoint 'churn' answered 200: [1]",
    );
  });

  test('when there is no reply within the timeout', () => {
    expect(describeWithAdvice(noReply('timeout'), GREEN)).toBe(
      "Deployment 'green' of endpoint 'churn' (churn.example) did not finish its answer within the timeout of 30 s.\nRaise 'timeout' if the model is meant to be this slow.",
    );
  });

  test('when the connection broke', () => {
    expect(describeWithAdvice(noReply('cut'), ADDRESSEE)).toBe(
      "Endpoint 'churn' (churn.example) began to answer, but the connection broke before the end of the answer.\nDoes the model's container crash or restart? Its log says more.",
    );
  });
});

/** What the message says before its advice. */
function described(exchange: Parameters<typeof describeWithAdvice>[0], addressee = ADDRESSEE): string {
  return describeWithAdvice(exchange, addressee).split('\n')[0] ?? '';
}

describe('a reply is described', () => {
  test("with the model's own status and reason, its message and the request's id", () => {
    const headers = {
      'ms-azureml-model-error-reason': 'model_error',
      'ms-azureml-model-error-statuscode': '500',
      'x-request-id': '5b2f6c1e-0000-4000-8000-000000000001',
    };
    expect(described(replyOf(424, headers, '{"message": "division by zero"}'))).toBe(
      "Endpoint 'churn' answered 424 (model_error, the model's own status 500): division by zero [x-request-id 5b2f6c1e-0000-4000-8000-000000000001]",
    );
  });

  test.each([
    ['several lines', 'Traceback:\n  File "score.py"\nKeyError', ': Traceback: File "score.py" KeyError'],
    ['nothing', '', ', with an empty body.'],
    ['white space', '\n ', ', with an empty body.'],
    ['a long text', 'x'.repeat(600), `: ${'x'.repeat(500)}… (600 characters in all)`],
  ])('with a body of %s', (_what, body, said) => {
    expect(described(replyOf(400, {}, body))).toBe(`Endpoint 'churn' answered 400${said}`);
  });

  test('with a binary body, without its control characters', () => {
    const body = Buffer.from([0x50, 0x4b, 0x03, 0x04, 0xff, 0x1b, 0x5b, 0x33, 0x31, 0x6d, 0x41]);
    expect(described(replyOf(400, {}, body))).toBe("Endpoint 'churn' answered 400: PK\ufffdA");
  });

  test('with the length of a body that was too long to be kept', () => {
    expect(described({ ...replyOf(424), body: undefined, bytes: 17_825_792 })).toBe(
      "Endpoint 'churn' answered 424: a body of 17825792 bytes",
    );
  });
});

describe('in short, for a line of the log, an exchange is', () => {
  test.each([
    [replyOf(503), '503'],
    [replyOf(424, { 'ms-azureml-model-error-reason': 'model_not_ready' }), '424 model_not_ready'],
    [replyOf(424, { 'ms-azureml-model-error-reason': '\n::error::x' }), '424 : :error::x'],
    [
      replyOf(424, { 'ms-azureml-model-error-reason': 'r'.repeat(99) }),
      `424 ${'r'.repeat(40)}… (99 characters in all)`,
    ],
    [noReply('timeout'), 'no answer in time'],
    [noReply('cut'), 'a broken connection'],
    [noReply('unreachable', systemError('ECONNREFUSED')), 'ECONNREFUSED'],
    [noReply('unreachable', new Error('hang up')), 'no connection'],
  ] as const)('%#', (exchange, words) => {
    expect(inShort(exchange)).toBe(words);
  });
});

describe('a hostile reply', () => {
  beforeAll(() => {
    announceMasksTo(() => undefined);
    guard(KEY, 'The key');
  });

  test('gives no command to the runner, neither in its body nor in its headers', () => {
    const message = describeWithAdvice(
      replyOf(
        424,
        {
          'ms-azureml-model-error-reason': 'x\r::error::a',
          'ms-azureml-model-error-statuscode': '##[error]b',
          'x-request-id': '\u001b[2J::stop-commands::t',
        },
        'fine\n::add-mask::churn\n##[set-output name=verdict]passed',
      ),
      ADDRESSEE,
    );
    expect(message.split('\n')[0]).toBe(
      "Endpoint 'churn' answered 424 (x : :error::a, the model's own status ## [error]b): fine : :add-mask::churn ## [set-output name=verdict]passed [x-request-id : :stop-commands::t]",
    );
    expect(message.split('\n')).toHaveLength(2);
  });

  test('cannot make the message long', () => {
    const message = describeWithAdvice(
      replyOf(
        424,
        { 'ms-azureml-model-error-reason': 'r'.repeat(9_999), 'x-request-id': 'i'.repeat(9_999) },
        'b'.repeat(99_999),
      ),
      ADDRESSEE,
    );
    expect(message.length).toBeLessThan(1_200);
  });

  test('that echoes the credential shows it nowhere', () => {
    const key = KEY;
    const message = describeWithAdvice(
      replyOf(400, { 'x-request-id': key }, `{"message": "bad header: Bearer ${key}"}`),
      ADDRESSEE,
    );
    expect(message.split('\n')[0]).toBe(
      "Endpoint 'churn' answered 400: bad header: Bearer *** [x-request-id ***]",
    );
  });
});

describe('limits', () => {
  test.each([
    [{ 'ms-azureml-model-error-reason': 'model_error' }, '424 (model_error): x'],
    [{ 'ms-azureml-model-error-statuscode': '500' }, "424 (the model's own status 500): x"],
    [
      { 'ms-azureml-model-error-reason': 'r'.repeat(101) },
      `424 (${'r'.repeat(100)}… (101 characters in all)): x`,
    ],
    [{ 'x-request-id': 'i'.repeat(60) }, `424: x [x-request-id ${'i'.repeat(60)}]`],
    [{ 'x-request-id': 'i'.repeat(61) }, `424: x [x-request-id ${'i'.repeat(60)}… (61 characters in all)]`],
    [{ 'x-request-id': '' }, '424: x [x-request-id ]'],
  ])('a reply is described with these headers: %#', (headers, said) => {
    expect(described(replyOf(424, headers, 'x'))).toBe(`Endpoint 'churn' answered ${said}`);
  });

  test('a timeout need not be a whole number of seconds', () => {
    expect(described(noReply('timeout'), { ...ADDRESSEE, timeoutMs: 1_500 })).toBe(
      "Endpoint 'churn' (churn.example) did not finish its answer within the timeout of 1.5 s.",
    );
  });
});
