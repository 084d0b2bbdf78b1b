import { describe, expect, test } from 'vitest';
import type { Exchange } from '../../../../src/smoke-test/request/score.ts';
import { tell } from '../../../../src/smoke-test/verdict/exchange-words.ts';
import { type Addressee, ROWS, rowOf } from '../../../../src/smoke-test/verdict/status-table.ts';
import { answer, noAnswer, systemError } from '../../../support/smoke-test.ts';

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
  const headers: Record<string, string> = header === undefined ? {} : { 'azureml-model-deployment': header };
  expect(rowOf(answer(200, headers, '[1]', { asked })).when).toBe(when);
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
  const first = (exchange: Parameters<typeof tell>[0]) => tell(exchange, asked).split('\n')[0];

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
