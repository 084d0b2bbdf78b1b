import { describe, expect, test } from 'vitest';
import { isJudged, judgeExchange } from '../../../../src/smoke-test/judge/judge.ts';
import type { JudgedReply } from '../../../../src/smoke-test/judge/reply-body.ts';
import {
  type Expectations,
  type Mismatch,
  NO_EXPECTATIONS,
} from '../../../../src/smoke-test/plan/expectations.ts';
import type { Exchange } from '../../../../src/smoke-test/request/exchange.ts';
import { noReply, replyOf, streamSummary, systemError } from '../../../support/smoke-test.ts';

const OF_MODEL = [{ 'azureml-model-deployment': 'green' }, '{"detail":"Not Found"}'] as const;
const NOT_READY = { 'ms-azureml-model-error-reason': 'model_not_ready' };
const TOO_MANY = { 'ms-azureml-model-error-reason': 'too_many_pending_request' };
const RAISED = { 'x-ms-run-function-failed': 'True' };
const PAGE = { 'content-type': 'text/html' };

async function examined(
  exchange: Exchange,
  found: readonly Mismatch[] = [],
  expectations: Partial<Expectations> = {},
) {
  const judged: JudgedReply[] = [];
  const result = await judgeExchange(exchange, undefined, { ...NO_EXPECTATIONS, ...expectations }, (each) => {
    judged.push(each);
    return found;
  });
  return { ...result, row: result.row?.when, judged };
}

describe('whether a reply is judged by its content', () => {
  test.each([
    ['a good one', replyOf(200), [{ class: 2 }], true],
    ['a good one, although another is expected: its content says so', replyOf(200), [{ code: 422 }], true],
    ['an expected refusal', replyOf(422), [{ code: 422 }], true],
    ['an expected class of the model', replyOf(404, ...OF_MODEL), [{ class: 4 }], true],
    ['an expected class of who knows whom', replyOf(404), [{ class: 4 }], false],
    ['that very status of who knows whom', replyOf(404), [{ class: 4 }, { code: 404 }], true],
    ['a class, and a model that is not ready', replyOf(424, NOT_READY), [{ class: 4 }], false],
    ['424, and a model that is not ready', replyOf(424, NOT_READY), [{ code: 424 }], false],
    ['401, and a refused key', replyOf(401, {}, 'key_auth_access_denied'), [{ code: 401 }], false],
    ['404, and no deployment', replyOf(404, {}, 'No valid deployments to route to.'), [{ code: 404 }], false],
    ['407', replyOf(407), [{ code: 407 }], false],
    ['429, and too many pending requests', replyOf(429, TOO_MANY), [{ code: 429 }], false],
    ['an expected throttling', replyOf(429), [{ code: 429 }], true],
    ['an expected failure of the model', replyOf(424), [{ code: 200 }, { code: 424 }], true],
    ['an unexpected refusal', replyOf(422), [{ class: 2 }], false],
    ['a script that raised behind a good status', replyOf(200, RAISED), [{ class: 2 }], false],
    [
      'a script that raised behind a good status that is expected',
      replyOf(200, RAISED),
      [{ code: 200 }],
      false,
    ],
    ['a script that raised, and a 500 is expected', replyOf(500, RAISED), [{ code: 500 }], true],
    ['a page of a captive portal', replyOf(200, PAGE, ''), [{ class: 2 }], false],
  ] as const)('%s', (_what, given, status, judged) => {
    expect(isJudged(given, { status })).toBe(judged);
  });
});

describe('an exchange', () => {
  test('that meets every expectation passed', async () => {
    const given = replyOf(200, { 'content-type': 'application/json' }, '[1]', { latencyMs: 34 });
    expect(await examined(given)).toEqual({
      outcome: 'passed',
      row: undefined,
      mismatches: [],
      reason: undefined,
      judged: [
        {
          status: 200,
          headers: { 'content-type': 'application/json' },
          body: Buffer.from('[1]'),
          bytes: 3,
          latencyMs: 34,
          stream: undefined,
        },
      ],
    });
  });

  test('that does not failed, for a reason without the values that came', async () => {
    const found = [
      { at: 'json $[0]', wanted: 'a number', got: '"x"' },
      { at: 'max-latency', wanted: 'at most 5 ms', got: '12.3 ms' },
    ];
    expect(await examined(replyOf(200), found)).toMatchObject({
      outcome: 'failed',
      row: undefined,
      mismatches: found,
      reason: 'json $[0]: a number; max-latency: at most 5 ms',
    });
  });

  test.each<[string, Exchange, string, string, string]>([
    ['a failure of the model', replyOf(424), 'failed', '424', '424'],
    [
      'a refusal of the model',
      replyOf(400, { 'azureml-model-deployment': 'blue' }),
      'failed',
      '400',
      'any other 4xx',
    ],
    [
      'a refusal of nobody',
      replyOf(400),
      'unanswered',
      '400',
      'any other 4xx with none of the headers that the front door and the model set',
    ],
    ['a script that raised', replyOf(200, RAISED), 'failed', '200', 'x-ms-run-function-failed: True'],
    ['a throttled request', replyOf(429), 'unanswered', '429', '429'],
    [
      'a model that is not ready',
      replyOf(424, { 'ms-azureml-model-error-reason': 'model_not_ready' }),
      'unanswered',
      '424 model_not_ready',
      '424 with ms-azureml-model-error-reason: model_not_ready, 503',
    ],
    ['a refused credential', replyOf(401), 'unanswered', '401', '401'],
    [
      'no answer in time',
      noReply('timeout'),
      'unanswered',
      'no answer in time',
      'no whole answer within the timeout',
    ],
    [
      'a cut answer',
      noReply('cut'),
      'unanswered',
      'a broken connection',
      "the connection broke before the answer's end",
    ],
    [
      'a refused connection',
      noReply('unreachable', systemError('ECONNREFUSED')),
      'unanswered',
      'ECONNREFUSED',
      'connection refused or reset before an answer',
    ],
  ])('with %s is not judged by its content', async (_what, exchange, outcome, reason, row) => {
    expect(await examined(exchange)).toEqual({ outcome, row, mismatches: [], reason, judged: [] });
  });

  test('with a timeout of the deployment failed: the model was too slow', async () => {
    expect(await examined(replyOf(408))).toMatchObject({ outcome: 'failed', row: '408, 504' });
  });

  test('is judged with its stream', async () => {
    const stream = streamSummary({ events: 2, firstEventMs: 4, lastData: 'x' });
    const judged: unknown[] = [];
    await judgeExchange(replyOf(200), stream, NO_EXPECTATIONS, (each) => {
      judged.push(each.stream);
      return [];
    });
    expect(judged).toEqual([stream]);
  });
});

describe('limits', () => {
  describe('a reply is judged by its content when its status is expected', () => {
    test.each([
      [422, { code: 422 }, true],
      [422, { code: 421 }, false],
      [422, { class: 4 }, false],
      [422, { class: 5 }, false],
      [399, { class: 3 }, false],
      [300, { class: 3 }, false],
      [300, { code: 300 }, true],
      [101, { code: 101 }, true],
      [199, { class: 1 }, false],
      [500, { class: 4 }, false],
      [500, { class: 5 }, false],
    ] as const)('a status %i with %j expected', (status, matcher, judged) => {
      expect(isJudged(replyOf(status), { status: [matcher] })).toBe(judged);
    });

    test('one of several is enough, and an empty list expects none', () => {
      expect(isJudged(replyOf(422), { status: [{ code: 400 }, { code: 409 }] })).toBe(false);
      expect(isJudged(replyOf(409), { status: [{ code: 400 }, { code: 409 }] })).toBe(true);
      expect(isJudged(replyOf(422), { status: [] })).toBe(false);
    });
  });
});
