import { describe, expect, test } from 'vitest';
import type { Exchange } from '../../../../src/smoke-test/request/exchange.ts';
import { authorOf } from '../../../../src/smoke-test/verdict/refusal-author.ts';
import { ROWS, rowOf } from '../../../../src/smoke-test/verdict/status-table.ts';
import { ADDRESSEE, noReply, replyOf, systemError } from '../../../support/smoke-test.ts';

const TROUBLESHOOTING =
  'https://learn.microsoft.com/azure/machine-learning/how-to-troubleshoot-online-endpoints';
const OTHER_DEPLOYMENT = 'azureml-model-deployment of another deployment than the one asked for';
const PAGE = '2xx or 4xx with a page, and none of the headers that the front door and the model set';
const GATEWAY_PAGE = '504 with a page, and none of the headers that the front door and the model set';
const REDIRECT = '3xx, also as ms-azureml-model-error-statuscode of a 424';
const OF_MODEL =
  '401, 403, 404, 413, 501 or a rare 5xx of the model: with the headers of its server, or JSON and azureml-model-deployment';
const NO_ROUTE = '404 that says "No valid deployments to route to"';
const NO_WORKER = '424 or 503 of a server that has no worker';
const NO_RIGHTS = '424 of a model whose identity has no rights yet';
const SERVER_FAILED = '500 with azureml-model-deployment and JSON';
const TOO_LONG = 'more bytes than the Content-Length says';
const LATER = 'a name that the DNS does not know, or no connection in time';
const NOT_READY = '424 with ms-azureml-model-error-reason: model_not_ready, 503';
const PASSING = 'connection refused or reset before an answer';
const LASTING = 'no way to the host: certificate not trusted, proxy, no route';
const NOBODYS = 'any other 4xx with none of the headers that the front door and the model set';
const BLUE = { 'azureml-model-deployment': 'blue' };
const GREEN = { 'azureml-model-deployment': 'green' };

/** A real exchange for each row: its name there, the exchange, its meaning in each phase, and the advice. */
const CASES: readonly (readonly [
  row: string,
  what: string,
  exchange: Exchange,
  warmUp: string,
  measured: string,
  advice: string,
])[] = [
  [
    OTHER_DEPLOYMENT,
    '200 of another deployment',
    replyOf(200, { 'azureml-model-deployment': 'blue' }, '[1]', { askedDeployment: 'green' }),
    'error',
    'error',
    'A different deployment answered, not the one that was asked for: this says nothing about it.',
  ],
  [
    'x-ms-run-function-failed: True',
    '200 of a scoring script that raised',
    replyOf(200, { 'x-ms-run-function-failed': 'True' }, '{"message": "An unexpected error"}'),
    'failed',
    'failed',
    "The scoring script's run() failed. Its container log has the traceback.",
  ],
  [
    'x-ms-run-function-failed: True',
    '500 of a scoring script that raised',
    replyOf(500, { 'x-ms-run-function-failed': 'true' }, '{"message": "Scoring timeout after 5000 ms"}'),
    'failed',
    'failed',
    "The scoring script's run() failed.",
  ],
  [
    PAGE,
    'the sign-in page of a captive portal',
    replyOf(200, { 'content-type': 'text/html; charset=utf-8' }, '<html>Sign in</html>'),
    'error',
    'error',
    'churn.example answered with a web page of something in between, such as a sign-in page or a proxy, and not with an answer of the model. Check the network of the runner and HTTPS_PROXY.',
  ],
  ...(
    [
      [
        'that calls itself text',
        200,
        { 'content-type': 'text/plain' },
        '\n<!doctype html><title>Sign in</title>',
      ],
      ['that calls itself JSON', 200, { 'content-type': 'application/json' }, '\ufeff<html>Sign in</html>'],
      [
        'that has a request ID of its own',
        200,
        { 'content-type': 'text/html', 'x-request-id': '5b2f6c1e' },
        '<b>no</b>',
      ],
      ['that refuses', 403, { 'content-type': 'text/html' }, '<html><title>403 Forbidden</title></html>'],
      ['of text', 200, { 'content-type': 'text/html' }, 'Please sign in.'],
    ] as const
  ).map(
    ([what, status, headers, body]) =>
      [
        PAGE,
        `a page ${what}`,
        replyOf(status, headers, body),
        'error',
        'error',
        'and not with an answer of the model.',
      ] as const,
  ),
  ['2xx', '200', replyOf(200, { 'x-ms-run-function-failed': 'False' }, '[11842.7]'), 'usable', 'usable', ''],
  ['2xx', '204', replyOf(204), 'usable', 'usable', ''],
  [
    '2xx',
    '200 with the HTML page of a model behind a gateway',
    replyOf(200, { 'content-type': 'text/html', 'azureml-model-deployment': 'green' }, '<b>yes</b>'),
    'usable',
    'usable',
    '',
  ],
  [
    '2xx',
    '200 with JSON that is labelled as a page',
    replyOf(200, { 'content-type': 'text/html; charset=utf-8' }, '[11842.7]'),
    'usable',
    'usable',
    '',
  ],
  [
    REDIRECT,
    '302',
    replyOf(302, { location: 'https://login.example' }),
    'error',
    'error',
    "A redirect is never followed: the credential goes to the scoring URI's origin only.",
  ],
  [
    REDIRECT,
    '307 for a slash',
    replyOf(307, { location: 'http://churn.example/score/' }),
    'error',
    'error',
    "The server takes this path only with a slash at its end, and a redirect is never followed. Write it so: 'path: /score/' in the request",
  ],
  [
    REDIRECT,
    '308 that takes the slash away',
    replyOf(308, { location: '/score' }, '', { url: 'https://churn.example/score/?a=b' }),
    'error',
    'error',
    "'path: /score?a=b'",
  ],
  [
    REDIRECT,
    '424 of a container that answers 307',
    replyOf(424, { 'ms-azureml-model-error-statuscode': '307', location: '/score/' }),
    'error',
    'error',
    "'path: /score/'",
  ],
  [
    OF_MODEL,
    '404 of a model server on Kubernetes',
    replyOf(404, GREEN, '{"code":404,"type":"ModelNotFoundException","message":"Model not found: churn"}'),
    'failed',
    'failed',
    "This came from the model's own server: it does not have this path, or a model of that name.",
  ],
  [
    OF_MODEL,
    '404 of the inference server',
    replyOf(404, { 'x-ms-run-function-failed': 'False' }, '{"message":"The requested URL was not found"}'),
    'failed',
    'failed',
    "This came from the model's own server",
  ],
  ...[401, 403, 413, 501, 507].map(
    (status) =>
      [
        OF_MODEL,
        `${status} of a model server on Kubernetes`,
        replyOf(status, GREEN, '{"message":"Worker died."}'),
        'failed',
        'failed',
        "This came from the model's own server, not from Azure.",
      ] as const,
  ),
  [
    '401',
    '401',
    replyOf(401, {}, 'key_auth_access_denied'),
    'error',
    'error',
    'The front door refused the key.',
  ],
  [
    '403',
    '403',
    replyOf(403, {}, 'Microsoft Entra Token denied by policy'),
    'error',
    'error',
    "Endpoint 'churn' takes a key, so this is not about roles in Azure. Something in front of the endpoint refused the request",
  ],
  [
    NO_ROUTE,
    '404 of the front door',
    replyOf(404, {}, 'No valid deployments to route to. Please check'),
    'wait',
    'error',
    "Endpoint 'churn' has no deployment with traffic",
  ],
  ['404', '404 without words', replyOf(404, GREEN, '{}'), 'error', 'error', 'or none that serves this path.'],
  [
    '404',
    '404',
    replyOf(404, {}, 'Not Found'),
    'error',
    'error',
    "Endpoint 'churn' has no deployment with traffic, or none that serves this path. Name one with the input 'deployment', or give one traffic: az ml online-endpoint update --name churn --traffic \"<deployment>=100\".",
  ],
  [
    GATEWAY_PAGE,
    'the page of a gateway that gave up waiting',
    replyOf(504, { 'content-type': 'text/html' }, '<html><h1>504 Gateway Time-out</h1></html>'),
    'wait',
    'inconclusive',
    'Something on the way, such as a gateway or a proxy, sent this page instead of an answer',
  ],
  [
    '408, 504',
    '504 with a page of the model itself',
    replyOf(504, { ...GREEN, 'content-type': 'text/html' }, '<html>slow</html>'),
    'wait',
    'failed',
    'raise request_settings.request_timeout_ms',
  ],
  ['408, 504', '408', replyOf(408), 'wait', 'failed', "deployment's request_timeout_ms (5 s unless set)"],
  ['408, 504', '504', replyOf(504), 'wait', 'failed', 'raise request_settings.request_timeout_ms'],
  ['407', '407', replyOf(407), 'error', 'error', 'A proxy on the way asks for a user and password.'],
  ['413', '413', replyOf(413), 'error', 'error', 'Send a smaller sample.'],
  ...(
    [
      [
        '503',
        replyOf(503, GREEN, '{"message":"Model \\"churn\\" has no worker to serve inference request."}'),
      ],
      [
        '424',
        replyOf(424, { 'ms-azureml-model-error-statuscode': '503' }, '{"message":"No worker is available"}'),
      ],
    ] as const
  ).map(
    ([status, exchange]) =>
      [
        NO_WORKER,
        `${status} of a server without workers`,
        exchange,
        'wait',
        'inconclusive',
        'If this lasts, its workers die while they load the model',
      ] as const,
  ),
  ...[
    "(AuthorizationFailed) The client 'x' with object id 'y' does not have authorization to perform action",
    'AuthorizationPermissionMismatch: This request is not authorized to perform this operation',
    'Caller is not authorized. Inner error: { "code": "ForbiddenByRbac" }',
  ].map(
    (message) =>
      [
        NO_RIGHTS,
        `424 that says ${message.slice(0, 30)}`,
        replyOf(424, { 'ms-azureml-model-error-reason': 'model_error' }, JSON.stringify({ message })),
        'wait',
        'failed',
        'A new role assignment takes some minutes.',
      ] as const,
  ),
  [
    NOT_READY,
    '424 of a model that is not ready',
    replyOf(424, { 'ms-azureml-model-error-reason': 'model_not_ready' }),
    'wait',
    'inconclusive',
    "The deployment is not ready to answer. Wait longer with 'warm-up'",
  ],
  [NOT_READY, '503', replyOf(503), 'wait', 'inconclusive', 'or look whether its containers keep restarting.'],
  [
    '429',
    '429',
    replyOf(429),
    'wait',
    'inconclusive',
    'Lower the concurrency, test when it is less busy, or give it more instances (or a larger max_concurrent_requests_per_instance).',
  ],
  [
    '424',
    '424',
    replyOf(424, { 'ms-azureml-model-error-reason': 'model_error' }, '{"detail":"Not Found"}'),
    'failed',
    'failed',
    `The model's container answered with an error. Its log says more; ${TROUBLESHOOTING}`,
  ],
  [
    SERVER_FAILED,
    '500 of a model server on Kubernetes',
    replyOf(500, GREEN, '{"detail":"Internal Server Error"}'),
    'wait',
    'failed',
    "The model's own server failed.",
  ],
  [
    '500 without the scoring script having run',
    '500',
    replyOf(500, { 'x-ms-run-function-failed': 'False' }),
    'wait',
    'inconclusive',
    `Azure Machine Learning itself failed. Run the step again; ${TROUBLESHOOTING}`,
  ],
  [
    '502 with azureml-model-deployment',
    '502 of a deployment',
    replyOf(502, { 'azureml-model-deployment': 'blue' }),
    'failed',
    'failed',
    'On Kubernetes this means that the scoring script raised or its container crashed.',
  ],
  ['502', '502', replyOf(502), 'wait', 'inconclusive', 'Nothing answered behind the gateway.'],
  [
    NOBODYS,
    '400',
    replyOf(400, {}, '{"message": "Quota policy of the gateway"}'),
    'error',
    'error',
    'Nothing in the reply shows that the model sent it',
  ],
  [NOBODYS, '422', replyOf(422), 'error', 'error', 'Does a gateway or a proxy stand before churn.example?'],
  [NOBODYS, '499', replyOf(499, { 'x-request-id': '1' }), 'error', 'error', 'Its log says why it refused.'],
  [
    'any other 4xx',
    '400',
    replyOf(400, BLUE, '{"message": "A value is not provided for the \'data\' parameter."}'),
    'failed',
    'failed',
    'The model refused the request. Does the sample request fit this model?',
  ],
  ['any other 4xx', '422', replyOf(422, BLUE), 'failed', 'failed', 'Does the sample request fit this model?'],
  ['any other 4xx', '499', replyOf(499, BLUE), 'failed', 'failed', 'Does the sample request fit this model?'],
  [
    'any other 4xx',
    '400 of a server that was named directly',
    replyOf(400, {}, '{"detail": "no rows"}', { toServer: true }),
    'failed',
    'failed',
    'Does the sample request fit this model?',
  ],
  [
    'any other status',
    '507',
    replyOf(507),
    'error',
    'error',
    `Azure ML endpoints are not known to return this status; ${TROUBLESHOOTING}`,
  ],
  ['any other status', '101', replyOf(101), 'error', 'error', TROUBLESHOOTING],
  ['any other status', '999', replyOf(999), 'error', 'error', TROUBLESHOOTING],
  [
    'no whole answer within the timeout',
    'no answer in time',
    noReply('timeout'),
    'wait',
    'failed',
    "Raise 'timeout' if the model is meant to be this slow.",
  ],
  ...(
    [
      ['HPE_INVALID_CONSTANT', 'Parse Error: Expected HTTP/, RTSP/ or ICE/'],
      ['HPE_CLOSED_CONNECTION', 'Parse Error: Data after `Connection: close`'],
    ] as const
  ).map(
    ([code, message]) =>
      [
        TOO_LONG,
        code,
        noReply('cut', systemError(code, message)),
        'failed',
        'failed',
        'The server probably counts characters, and must count bytes',
      ] as const,
  ),
  [
    "the connection broke before the answer's end",
    'a cut answer',
    noReply('cut', systemError('ECONNRESET')),
    'wait',
    'failed',
    "Does the model's container crash or restart? Its log says more.",
  ],
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE'].map(
    (code) =>
      [
        PASSING,
        code,
        noReply('unreachable', systemError(code)),
        'wait',
        'failed',
        'Nothing listens there, or it closes the connection.',
      ] as const,
  ),
  ...['ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT'].map(
    (code) => [LATER, code, noReply('unreachable', systemError(code)), 'wait', 'error', ''] as const,
  ),
  ...['CERT_HAS_EXPIRED', 'SELF_SIGNED_CERT_IN_CHAIN', 'EHOSTUNREACH', 'HPE_HEADER_OVERFLOW'].map(
    (code) => [LASTING, code, noReply('unreachable', systemError(code)), 'error', 'error', ''] as const,
  ),
];

describe('an exchange has one meaning while warming up, and one when it is measured', () => {
  test.each(CASES)('row %j decides about %s', (row, _what, exchange, warmUp, measured, advice) => {
    const found = rowOf(exchange);
    expect([found.when, found.warmUp, found.measured]).toEqual([row, warmUp, measured]);
    if (advice === '') expect(found.advice(ADDRESSEE, exchange)).toBe('');
    else expect(found.advice(ADDRESSEE, exchange)).toContain(advice);
  });

  test('every row has such an exchange, in the order of the table', () => {
    expect([...new Set(CASES.map(([row]) => row))]).toEqual(ROWS.map(({ when }) => when));
  });

  test('some rows say that nothing serves requests', () => {
    const rows = ROWS.filter(({ notReady }) => notReady).map(({ when }) => when);
    expect(rows).toEqual([NO_ROUTE, NO_WORKER, NOT_READY, '502', PASSING]);
  });

  test('a reply of another deployment is an error even if its status is expected', () => {
    const rows = ROWS.filter(({ evenIfExpected }) => evenIfExpected).map(({ when }) => when);
    expect(rows).toEqual([OTHER_DEPLOYMENT]);
  });
});

describe('the advice depends on the request', () => {
  test.each(['aml_token', 'aad_token'])('a refused %s is not called a key', (authMode) => {
    const advice = rowOf(replyOf(401)).advice({ ...ADDRESSEE, authMode }, replyOf(401));
    expect(advice).toContain('The front door refused the token');
    expect(advice).toContain("'cloud'");
  });

  test('a refused Entra token is about roles', () => {
    const refused = replyOf(403, {}, 'Microsoft Entra Token denied by policy');
    const advice = rowOf(refused).advice({ ...ADDRESSEE, authMode: 'aad_token' }, refused);
    expect(advice).toContain(
      "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/score/action, and Microsoft.MachineLearningServices/workspaces/*/read, on endpoint 'churn' or its workspace. The built-in role 'AzureML Data Scientist' has both.",
    );
  });

  test('a reply of another deployment says what it calls itself', () => {
    const other = replyOf(200, { 'azureml-model-deployment': 'green=0 ##[error]blue' }, '', {
      askedDeployment: 'green',
    });
    expect(rowOf(other).advice({ ...ADDRESSEE, deployment: 'green' }, other)).toContain(
      "The answer names 'green=0 ## [error]blue'.",
    );
  });

  test('a 404 names the deployment that was asked for', () => {
    expect(rowOf(replyOf(404)).advice({ ...ADDRESSEE, deployment: 'green' }, replyOf(404))).toBe(
      "The front door knows no deployment 'green' that could answer, or it does not serve this path.",
    );
  });
});

describe('the cause of a failed connection is found where libraries put it', () => {
  /** The error as the cause of so many others. */
  const within = (depth: number, error: unknown): unknown =>
    depth === 0 ? error : new Error('request failed', { cause: within(depth - 1, error) });
  const [refused, unknown] = [systemError('ECONNREFUSED'), systemError('ENOTFOUND')];

  test.each([
    ['in the cause of the error', within(1, refused), PASSING],
    ['in every address that was tried', new AggregateError([refused, refused]), PASSING],
    ['in addresses inside a cause', within(1, new AggregateError([refused])), PASSING],
    ['in addresses that have causes', new AggregateError([within(2, refused), refused]), PASSING],
    ['in one of two addresses only', new AggregateError([refused, systemError('ENETUNREACH')]), LASTING],
    [
      'in the second of two addresses, and the first may be found',
      new AggregateError([unknown, refused]),
      LATER,
    ],
    ['in a list of no addresses', new AggregateError([]), PASSING],
    ['in a code besides addresses', Object.assign(new AggregateError([unknown]), { code: 'EPIPE' }), PASSING],
    ['in a code besides a cause', Object.assign(within(1, unknown) as Error, { code: 'EPIPE' }), PASSING],
    ['in a cause of another kind', within(1, unknown), LATER],
    ['in a code with a longer name', systemError('ECONNREFUSED2'), LASTING],
    ['nowhere, without a code', new Error('hang up'), LASTING],
    ['nowhere, in an object that is not an error', { code: 'ECONNREFUSED' }, LASTING],
    ['nowhere, in a string', 'ECONNREFUSED', LASTING],
    ['nowhere, in undefined', undefined, LASTING],
  ])('%s', (_where, cause, row) => {
    expect(rowOf(noReply('unreachable', cause)).when).toBe(row);
  });

  test('a cause that is its own cause ends the search', () => {
    const error = new Error('round');
    error.cause = error;
    expect(rowOf(noReply('unreachable', error)).when).toBe(LASTING);
  });

  test.each([
    [0, PASSING],
    [7, PASSING],
    [8, LASTING],
  ])('inside %i errors it is %s', (depth, when) => {
    expect(rowOf(noReply('unreachable', within(depth, refused))).when).toBe(when);
  });
});

describe('limits', () => {
  test.each([
    [0, 'any other status'],
    [199, 'any other status'],
    [200, '2xx'],
    [299, '2xx'],
    [300, REDIRECT],
    [399, REDIRECT],
    [402, NOBODYS],
    [405, NOBODYS],
    [406, NOBODYS],
    [409, NOBODYS],
    [412, NOBODYS],
    [414, NOBODYS],
    [423, NOBODYS],
    [425, NOBODYS],
    [428, NOBODYS],
    [430, NOBODYS],
    [501, 'any other status'],
    [505, 'any other status'],
  ])('the status %i belongs to the row %j', (status, when) => {
    expect(rowOf(replyOf(status)).when).toBe(when);
  });

  test.each([
    ['green', 'green', '2xx'],
    ['green', 'GREEN', '2xx'],
    ['green', 'green, Green', '2xx'],
    ['green', 'green, blue', OTHER_DEPLOYMENT],
    ['green', 'blue, green', OTHER_DEPLOYMENT],
    ['green', 'green=0 blue', OTHER_DEPLOYMENT],
    ['green', '##[error] blue', OTHER_DEPLOYMENT],
    ['green', '', OTHER_DEPLOYMENT],
    ['green', undefined, '2xx'],
    [undefined, 'blue', '2xx'],
  ])('asked for %j, a reply of %j belongs to the row %j', (askedDeployment, header, when) => {
    const headers: Record<string, string> =
      header === undefined ? {} : { 'azureml-model-deployment': header };
    expect(rowOf(replyOf(200, headers, '[1]', { askedDeployment })).when).toBe(when);
  });

  describe('a page that something on the way sent', () => {
    const page = { 'content-type': 'text/html' };

    test.each([
      [199, false],
      [200, true],
      [299, true],
      [300, false],
      [400, true],
      [407, false],
      [408, false],
      [429, false],
      [499, true],
      [500, false],
    ])('has a status that does not pass by itself: %i', (status, isPage) => {
      expect(rowNamed(PAGE).matches(replyOf(status, page, ''))).toBe(isPage);
    });

    test.each([
      ['TEXT/HTML', PAGE],
      ['text/html;charset=utf-8', PAGE],
      ['x-text/html', '2xx'],
      [' text/html', '2xx'],
      ['text/htmlx', '2xx'],
      ['text/html5', '2xx'],
      ['text/plain; format=text/html', '2xx'],
      ['', '2xx'],
    ])('has its content type: %j', (contentType, when) => {
      expect(rowOf(replyOf(200, { 'content-type': contentType }, '')).when).toBe(when);
    });

    test('need not have a content type', () => {
      expect(rowOf(replyOf(200, {}, '<html>')).when).toBe(PAGE);
    });

    test('is not JSON, however long', () => {
      const list = JSON.stringify(Array.from({ length: 50_000 }, (_, index) => index));
      expect(rowOf(replyOf(200, page, list)).when).toBe('2xx');
    });

    test.each(['ms-azureml-model-time', 'azureml-model-deployment'])(
      'has no %s, not even an empty one',
      (name) => {
        expect(rowOf(replyOf(200, { ...page, [name]: '' }, '')).when).toBe('2xx');
      },
    );
  });

  test.each([
    ['TRUE', 'x-ms-run-function-failed: True'],
    ['false', '2xx'],
    ['', '2xx'],
    ['true, false', 'x-ms-run-function-failed: True'],
    ['False, True', 'x-ms-run-function-failed: True'],
    ['False, False', '2xx'],
  ])('the header x-ms-run-function-failed: %j means %j', (value, when) => {
    expect(rowOf(replyOf(200, { 'x-ms-run-function-failed': value })).when).toBe(when);
  });

  test.each([
    [200, '2xx'],
    [400, 'any other 4xx'],
    [429, '429'],
    [502, '502'],
  ])('the reason model_not_ready of a %i means nothing', (status, when) => {
    expect(rowOf(replyOf(status, { 'ms-azureml-model-error-reason': 'model_not_ready' })).when).toBe(when);
  });

  test.each(['Model_not_ready', 'model_not_ready_', ''])(
    'the reason %j is not that of a model that is not ready',
    (reason) => {
      expect(rowOf(replyOf(424, { 'ms-azureml-model-error-reason': reason })).when).toBe('424');
    },
  );

  describe('a row is about one kind of exchange', () => {
    const reset = systemError('ECONNRESET');
    const exchanges: readonly Exchange[] = [
      replyOf(777),
      noReply('timeout', reset),
      noReply('cut', reset),
      noReply('unreachable', reset),
      noReply('unreachable', systemError('CERT_HAS_EXPIRED')),
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

    test('an exchange of an unknown kind is a mistake of the program', () => {
      expect(() => rowOf({ kind: 'postponed' } as unknown as Exchange)).toThrow(
        'the rows of the table leave no exchange out',
      );
    });
  });

  function rowNamed(when: string) {
    const row = ROWS.find((each) => each.when === when);
    if (row === undefined) throw new Error(`no row '${when}'`);
    return row;
  }
});

describe('a server without Azure before it', () => {
  test.each([
    [401, {}, 'error', 'got no credential, or a wrong one'],
    [403, {}, 'error', 'got no credential, or a wrong one'],
    [404, {}, 'error', 'does not serve this path'],
    [405, {}, 'error', 'does not serve this path'],
    [500, {}, 'failed', 'The server failed'],
    [500, { 'x-ms-run-function-failed': 'True' }, 'failed', 'run() failed'],
    [422, {}, 'failed', 'The model refused the request'],
    [503, {}, 'inconclusive', 'is not ready to answer'],
    [200, {}, 'usable', ''],
  ] as const)('has its own meaning of %i with %j: %s', (status, headers, measured, advice) => {
    const exchange = replyOf(status, headers, '{"detail": "x"}', { toServer: true });
    const found = rowOf(exchange);
    expect(found.measured).toBe(measured);
    expect(found.advice(ADDRESSEE, exchange)).toContain(advice);
  });

  test('refuses by itself, so that an expected class of statuses counts', () => {
    expect(authorOf(replyOf(422, {}, '', { toServer: true }))).toBe('model');
    expect(authorOf(replyOf(407, {}, '', { toServer: true }))).toBe('front door');
  });
});
