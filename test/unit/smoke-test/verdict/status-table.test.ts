import { describe, expect, test } from 'vitest';
import type { Exchange } from '../../../../src/smoke-test/request/exchange.ts';
import { describeWithAdvice, inShort } from '../../../../src/smoke-test/verdict/exchange-words.ts';
import { type Addressee, ROWS, rowOf } from '../../../../src/smoke-test/verdict/status-table.ts';
import { ASKED, answer, noAnswer, systemError } from '../../../support/smoke-test.ts';

const GREEN: Addressee = { ...ASKED, deployment: 'green' };
const TROUBLESHOOTING =
  'https://learn.microsoft.com/azure/machine-learning/how-to-troubleshoot-online-endpoints';

/** A real exchange for each row: its name there, the exchange, what it means in each phase, and what to do. */
const CASES: readonly (readonly [
  row: string,
  what: string,
  exchange: Exchange,
  warmUp: string,
  measured: string,
  advice: string,
])[] = [
  [
    'azureml-model-deployment of another deployment than the one asked for',
    '200 of another deployment',
    answer(200, { 'azureml-model-deployment': 'blue' }, '[1]', { askedDeployment: 'green' }),
    'error',
    'error',
    'Another deployment answered than the one asked for, of which nothing is known then.',
  ],
  [
    'x-ms-run-function-failed: True',
    '200 of a scoring script that raised',
    answer(200, { 'x-ms-run-function-failed': 'True' }, '{"message": "An unexpected error"}'),
    'failed',
    'failed',
    "The scoring script's run() failed. Its container log has the traceback.",
  ],
  [
    'x-ms-run-function-failed: True',
    '500 of a scoring script that raised',
    answer(500, { 'x-ms-run-function-failed': 'true' }, '{"message": "Scoring timeout after 5000 ms"}'),
    'failed',
    'failed',
    "The scoring script's run() failed.",
  ],
  [
    '2xx with an HTML page and none of the headers that the front door sets',
    'the sign-in page of a captive portal',
    answer(200, { 'content-type': 'text/html; charset=utf-8' }, '<html>Sign in</html>'),
    'error',
    'error',
    'What answered for churn.example is a page of something on the way, such as a sign-in page or a proxy, and no answer of the model. Check the network of the runner and HTTPS_PROXY.',
  ],
  ['2xx', '200', answer(200, { 'x-ms-run-function-failed': 'False' }, '[11842.7]'), 'usable', 'usable', ''],
  ['2xx', '204', answer(204), 'usable', 'usable', ''],
  [
    '2xx',
    '200 with the HTML page of a model',
    answer(200, { 'content-type': 'text/html', 'x-request-id': '5b2f6c1e' }, '<b>yes</b>'),
    'usable',
    'usable',
    '',
  ],
  [
    '2xx',
    '200 with the HTML page of a model behind a gateway',
    answer(200, { 'content-type': 'text/html', 'azureml-model-deployment': 'green' }, '<b>yes</b>'),
    'usable',
    'usable',
    '',
  ],
  [
    '3xx',
    '302',
    answer(302, { location: 'https://login.example' }),
    'error',
    'error',
    "A redirect is never followed: the credential goes to the scoring URI's origin only.",
  ],
  [
    '401',
    '401',
    answer(401, {}, 'key_auth_access_denied'),
    'error',
    'error',
    'The front door refused the key.',
  ],
  [
    '403',
    '403',
    answer(403, {}, 'Microsoft Entra Token denied by policy'),
    'error',
    'error',
    "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/score/action, and Microsoft.MachineLearningServices/workspaces/*/read, on endpoint 'churn' or its workspace. The built-in role 'AzureML Data Scientist' has both.",
  ],
  [
    '404',
    '404',
    answer(404, {}, 'No valid deployments to route to.'),
    'error',
    'error',
    "Endpoint 'churn' has no deployment with traffic, or none that serves this path. Name one with the 'deployment' input, or give one traffic: az ml online-endpoint update --name churn --traffic \"<deployment>=100\".",
  ],
  ['408, 504', '408', answer(408), 'wait', 'failed', "deployment's request_timeout_ms (5 s unless set)"],
  ['408, 504', '504', answer(504), 'wait', 'failed', 'raise request_settings.request_timeout_ms'],
  ['407', '407', answer(407), 'error', 'error', 'A proxy on the way asks for a user and password.'],
  ['413', '413', answer(413), 'error', 'error', 'Send a smaller sample.'],
  [
    '424 with ms-azureml-model-error-reason: model_not_ready, 503',
    '424 of a model that is not ready',
    answer(424, { 'ms-azureml-model-error-reason': 'model_not_ready' }),
    'wait',
    'inconclusive',
    "The deployment is not ready to answer. Wait longer with 'warm-up'",
  ],
  [
    '424 with ms-azureml-model-error-reason: model_not_ready, 503',
    '503',
    answer(503),
    'wait',
    'inconclusive',
    'or look whether its containers keep restarting.',
  ],
  [
    '429',
    '429',
    answer(429),
    'wait',
    'inconclusive',
    'Ask with less concurrency, when it is less busy, or give it more instances (or a larger max_concurrent_requests_per_instance).',
  ],
  [
    '424',
    '424',
    answer(424, { 'ms-azureml-model-error-reason': 'model_error' }, '{"detail":"Not Found"}'),
    'failed',
    'failed',
    `The model's container answered with an error. Its log says more; ${TROUBLESHOOTING}`,
  ],
  [
    '500 without the scoring script having run',
    '500',
    answer(500, { 'x-ms-run-function-failed': 'False' }),
    'wait',
    'inconclusive',
    `Azure Machine Learning itself failed. Run the step again; ${TROUBLESHOOTING}`,
  ],
  [
    '502 with azureml-model-deployment',
    '502 of a deployment',
    answer(502, { 'azureml-model-deployment': 'blue' }),
    'failed',
    'failed',
    'On Kubernetes this means that the scoring script raised or its container crashed.',
  ],
  ['502', '502', answer(502), 'wait', 'failed', 'Nothing answered behind the gateway.'],
  [
    'any other 4xx',
    '400',
    answer(400, {}, '{"message": "A value is not provided for the \'data\' parameter."}'),
    'failed',
    'failed',
    'The model refused the request. Does the sample request fit this model?',
  ],
  ['any other 4xx', '422', answer(422), 'failed', 'failed', 'Does the sample request fit this model?'],
  ['any other 4xx', '499', answer(499), 'failed', 'failed', 'Does the sample request fit this model?'],
  [
    'any other status',
    '507',
    answer(507),
    'error',
    'error',
    `No answer of the endpoint's is known with this status; ${TROUBLESHOOTING}`,
  ],
  ['any other status', '101', answer(101), 'error', 'error', TROUBLESHOOTING],
  ['any other status', '999', answer(999), 'error', 'error', TROUBLESHOOTING],
  [
    'no whole answer within the timeout',
    'no answer in time',
    noAnswer('timeout'),
    'wait',
    'failed',
    "Raise 'timeout' when the model is meant to be this slow.",
  ],
  [
    "the connection broke before the answer's end",
    'a cut answer',
    noAnswer('cut', systemError('ECONNRESET')),
    'wait',
    'failed',
    "Does the model's container crash or restart? Its log says more.",
  ],
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE'].map(
    (code) =>
      [
        'connection refused or reset before an answer',
        code,
        noAnswer('unreachable', systemError(code)),
        'wait',
        'failed',
        'Nothing listens, or it hangs up.',
      ] as const,
  ),
  ...['ENOTFOUND', 'EAI_AGAIN', 'CERT_HAS_EXPIRED', 'SELF_SIGNED_CERT_IN_CHAIN', 'EHOSTUNREACH'].map(
    (code) =>
      [
        'no way to the host: unknown name, certificate not trusted, proxy',
        code,
        noAnswer('unreachable', systemError(code)),
        'error',
        'error',
        '',
      ] as const,
  ),
];

describe('an exchange means one thing while warming up, and one when measured', () => {
  test.each(CASES)('%s: %s', (row, _what, exchange, warmUp, measured, advice) => {
    const found = rowOf(exchange);
    expect([found.when, found.warmUp, found.measured]).toEqual([row, warmUp, measured]);
    if (advice === '') expect(found.advice(ASKED)).toBe('');
    else expect(found.advice(ASKED)).toContain(advice);
  });

  test('and every row of the table has such an exchange, in the order of the table', () => {
    expect([...new Set(CASES.map(([row]) => row))]).toEqual(ROWS.map(({ when }) => when));
  });
});

describe('the advice fits what was asked', () => {
  test.each(['aml_token', 'aad_token'])('a refused %s is not called a key', (authMode) => {
    const advice = rowOf(answer(401)).advice({ ...ASKED, authMode });
    expect(advice).toContain('The front door refused the token');
    expect(advice).toContain("'cloud'");
  });

  test('a deployment that was asked for is named', () => {
    expect(rowOf(answer(404)).advice(GREEN)).toBe(
      "The front door knows no deployment 'green' that could answer, or it does not serve this path.",
    );
  });
});

describe('why a host was not reached is looked for where libraries put it', () => {
  const passing = 'connection refused or reset before an answer';
  const lasting = 'no way to the host: unknown name, certificate not trusted, proxy';
  const wrap = (cause: unknown): Error => new Error('request failed', { cause });

  test.each([
    ['the cause of the error', wrap(systemError('ECONNREFUSED')), passing],
    ['the cause of the cause', wrap(wrap(systemError('ECONNRESET'))), passing],
    [
      'every address that was tried',
      new AggregateError([systemError('ECONNREFUSED'), systemError('ECONNREFUSED')]),
      passing,
    ],
    ['addresses inside a cause', wrap(new AggregateError([systemError('ECONNREFUSED')])), passing],
    [
      'addresses of which one is out of reach for good',
      new AggregateError([systemError('ECONNREFUSED'), systemError('ENETUNREACH')]),
      lasting,
    ],
    ['a cause of another kind', wrap(systemError('ENOTFOUND')), lasting],
    ['no code at all', new Error('hang up'), lasting],
    ['no error at all', 'ECONNREFUSED', lasting],
    ['nothing', undefined, lasting],
  ])('%s', (_where, cause, row) => {
    expect(rowOf(noAnswer('unreachable', cause)).when).toBe(row);
  });

  test('and not without end', () => {
    const error = new Error('round');
    error.cause = error;
    expect(rowOf(noAnswer('unreachable', error)).when).toBe(lasting);
  });
});

describe('in few words for a line of the log', () => {
  test.each([
    [answer(503), '503'],
    [answer(424, { 'ms-azureml-model-error-reason': 'model_not_ready' }), '424 model_not_ready'],
    [answer(424, { 'ms-azureml-model-error-reason': '\n::error::x' }), '424 : :error::x'],
    [
      answer(424, { 'ms-azureml-model-error-reason': 'r'.repeat(99) }),
      `424 ${'r'.repeat(40)}… (99 characters in all)`,
    ],
    [noAnswer('timeout'), 'no answer in time'],
    [noAnswer('cut'), 'a broken connection'],
    [noAnswer('unreachable', systemError('ECONNREFUSED')), 'ECONNREFUSED'],
    [noAnswer('unreachable', new Error('hang up')), 'no connection'],
  ] as const)('%#', (exchange, words) => {
    expect(inShort(exchange)).toBe(words);
  });
});

describe('limits', () => {
  const HTML = '2xx with an HTML page and none of the headers that the front door sets';
  const PASSING = 'connection refused or reset before an answer';
  const LASTING = 'no way to the host: unknown name, certificate not trusted, proxy';

  function rowNamed(when: string) {
    const row = ROWS.find((each) => each.when === when);
    if (row === undefined) throw new Error(`no row '${when}'`);
    return row;
  }

  describe('the statuses around the end of a range', () => {
    test.each([
      [0, 'any other status'],
      [199, 'any other status'],
      [200, '2xx'],
      [201, '2xx'],
      [299, '2xx'],
      [300, '3xx'],
      [301, '3xx'],
      [399, '3xx'],
      [400, 'any other 4xx'],
      [402, 'any other 4xx'],
      [405, 'any other 4xx'],
      [406, 'any other 4xx'],
      [407, '407'],
      [409, 'any other 4xx'],
      [412, 'any other 4xx'],
      [414, 'any other 4xx'],
      [423, 'any other 4xx'],
      [425, 'any other 4xx'],
      [428, 'any other 4xx'],
      [430, 'any other 4xx'],
      [499, 'any other 4xx'],
      [500, '500 without the scoring script having run'],
      [501, 'any other status'],
      [505, 'any other status'],
      [599, 'any other status'],
    ])('%i', (status, when) => {
      expect(rowOf(answer(status)).when).toBe(when);
    });
  });

  test.each([
    ['green', 'green', '2xx'],
    ['green', 'GREEN', '2xx'],
    ['green', 'blue', 'azureml-model-deployment of another deployment than the one asked for'],
    ['green', '##[error] blue', '2xx'],
    ['green', '', '2xx'],
    ['green', undefined, '2xx'],
    [undefined, 'blue', '2xx'],
  ])('asked for %j, an answer of %j', (asked, header, when) => {
    const headers: Record<string, string> =
      header === undefined ? {} : { 'azureml-model-deployment': header };
    expect(rowOf(answer(200, headers, '[1]', { askedDeployment: asked })).when).toBe(when);
  });

  describe('a page of something on the way', () => {
    const page = { 'content-type': 'text/html' };

    test.each([
      [199, 'any other status'],
      [200, HTML],
      [299, HTML],
      [300, '3xx'],
      [302, '3xx'],
      [401, '401'],
      [404, '404'],
      [503, '424 with ms-azureml-model-error-reason: model_not_ready, 503'],
    ])('is one only with a status of success: %i', (status, when) => {
      expect(rowOf(answer(status, page)).when).toBe(when);
      expect(rowNamed(HTML).matches(answer(status, page))).toBe(when === HTML);
    });

    test.each([
      ['text/html', HTML],
      ['TEXT/HTML', HTML],
      ['text/html; charset=utf-8', HTML],
      ['text/html;charset=utf-8', HTML],
      ['x-text/html', '2xx'],
      [' text/html', '2xx'],
      ['text/htmlx', '2xx'],
      ['text/html5', '2xx'],
      ['application/xhtml+xml', '2xx'],
      ['text/plain; format=text/html', '2xx'],
      ['', '2xx'],
    ])('is one only with its content type: %j', (contentType, when) => {
      expect(rowOf(answer(200, { 'content-type': contentType })).when).toBe(when);
    });

    test('is none without a content type', () => {
      expect(rowOf(answer(200, {}, '<html>')).when).toBe('2xx');
    });

    test.each([
      ['x-request-id', ''],
      ['azureml-model-deployment', ''],
    ])('is none with a header of the front door, even an empty one: %s', (name, value) => {
      expect(rowOf(answer(200, { ...page, [name]: value })).when).toBe('2xx');
    });
  });

  describe('that a scoring script failed is said by one header', () => {
    test.each([
      ['true', 'x-ms-run-function-failed: True'],
      ['TRUE', 'x-ms-run-function-failed: True'],
      ['false', '2xx'],
      ['', '2xx'],
      ['true, false', '2xx'],
    ])('%j', (value, when) => {
      expect(rowOf(answer(200, { 'x-ms-run-function-failed': value })).when).toBe(when);
    });
  });

  describe('that a model is not ready is said by a 424 alone', () => {
    const notReady = { 'ms-azureml-model-error-reason': 'model_not_ready' };
    const row = '424 with ms-azureml-model-error-reason: model_not_ready, 503';

    test.each([
      [200, '2xx'],
      [400, 'any other 4xx'],
      [424, row],
      [429, '429'],
      [500, '500 without the scoring script having run'],
      [502, '502'],
      [503, row],
    ])('%i', (status, when) => {
      expect(rowOf(answer(status, notReady)).when).toBe(when);
    });

    test.each(['Model_not_ready', 'model_not_ready ', 'model_error', ''])('and not by %j', (reason) => {
      expect(rowOf(answer(424, { 'ms-azureml-model-error-reason': reason })).when).toBe('424');
    });
  });

  describe('a row is of one kind of exchange', () => {
    const reset = systemError('ECONNRESET');
    const exchanges: readonly Exchange[] = [
      answer(777),
      noAnswer('timeout', reset),
      noAnswer('cut', reset),
      noAnswer('unreachable', reset),
      noAnswer('unreachable', systemError('ENOTFOUND')),
    ];

    test.each([
      ['any other status', [true, false, false, false, false]],
      ['no whole answer within the timeout', [false, true, false, false, false]],
      ["the connection broke before the answer's end", [false, false, true, false, false]],
      [PASSING, [false, false, false, true, false]],
      [LASTING, [false, false, false, true, true]],
      ['2xx', [false, false, false, false, false]],
      ['401', [false, false, false, false, false]],
    ])('%s', (when, matches) => {
      expect(exchanges.map((exchange) => rowNamed(when).matches(exchange))).toEqual(matches);
    });

    test('and of a kind that nobody knows there is none', () => {
      expect(() => rowOf({ kind: 'postponed' } as unknown as Exchange)).toThrow(
        'the rows of the table leave no exchange out',
      );
    });
  });

  describe('why a host was not reached is looked for', () => {
    /** The error inside so many others. */
    const within = (depth: number, error: unknown): unknown =>
      depth === 0 ? error : new Error('request failed', { cause: within(depth - 1, error) });

    test.each([
      [0, PASSING],
      [1, PASSING],
      [7, PASSING],
      [8, LASTING],
      [9, LASTING],
    ])('inside %i errors', (depth, when) => {
      expect(rowOf(noAnswer('unreachable', within(depth, systemError('ECONNREFUSED')))).when).toBe(when);
    });

    test.each([
      [
        'its own code, whatever it holds',
        Object.assign(new AggregateError([systemError('ENOTFOUND')]), { code: 'EPIPE' }),
        PASSING,
      ],
      [
        'its own code, whatever caused it',
        Object.assign(new Error('x', { cause: systemError('ENOTFOUND') }), { code: 'EPIPE' }),
        PASSING,
      ],
      ['no errors at all, of which all pass', new AggregateError([]), PASSING],
      ['the second of two', new AggregateError([systemError('ENOTFOUND'), systemError('EPIPE')]), LASTING],
      [
        'errors with causes of their own',
        new AggregateError([within(2, systemError('EPIPE')), systemError('EPIPE')]),
        PASSING,
      ],
      ['an object that is no error', { code: 'ECONNREFUSED' }, LASTING],
      ['a code that is much like one', systemError('ECONNREFUSED2'), LASTING],
    ])('%s', (_where, cause, when) => {
      expect(rowOf(noAnswer('unreachable', cause)).when).toBe(when);
    });
  });

  describe('what came back is told', () => {
    const asked: Addressee = {
      endpoint: 'churn',
      host: 'churn.example',
      deployment: undefined,
      authMode: 'key',
      timeoutMs: 1_500,
    };
    const first = (exchange: Parameters<typeof describeWithAdvice>[0]) =>
      describeWithAdvice(exchange, asked).split('\n')[0];

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
    ])('with its headers: %#', (headers, said) => {
      expect(first(answer(424, headers, 'x'))).toBe(`Endpoint 'churn' answered ${said}`);
    });

    test('with a timeout that is no whole number of seconds', () => {
      expect(first(noAnswer('timeout'))).toBe(
        "Endpoint 'churn' (churn.example) gave no whole answer within the timeout of 1.5 s.",
      );
    });
  });
});
