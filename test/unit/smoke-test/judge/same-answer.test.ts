import { expect, test } from 'vitest';
import { sameAnswerKey } from '../../../../src/smoke-test/judge/same-answer.ts';
import { type Expectations, NO_EXPECTATIONS } from '../../../../src/smoke-test/plan/expectations.ts';
import type { Exchange } from '../../../../src/smoke-test/request/exchange.ts';
import { noReply, replyOf, streamSummary } from '../../../support/smoke-test.ts';

const key = (exchange: Exchange, expectations: Partial<Expectations> = {}) =>
  sameAnswerKey(exchange, undefined, { ...NO_EXPECTATIONS, ...expectations });
const REPLY = replyOf(200, { 'content-type': 'application/json', 'x-a': '1' }, '[1]');

test('the same bytes, status and headers are judged alike, however long they took', () => {
  expect(key(replyOf(200, REPLY.headers, '[1]', { latencyMs: 9, requestId: 'b' }))).toBe(key(REPLY));
  expect(key(REPLY)).toBeDefined();
});

test.each([
  ['another body', replyOf(200, REPLY.headers, '[2]'), {}],
  ['another status', replyOf(201, REPLY.headers, '[1]'), {}],
  ['another content type', replyOf(200, { ...REPLY.headers, 'content-type': 'text/plain' }, '[1]'), {}],
  ['another deployment', replyOf(200, { ...REPLY.headers, 'azureml-model-deployment': 'b' }, '[1]'), {}],
  [
    'another header that is expected',
    replyOf(200, { ...REPLY.headers, 'x-a': '2' }, '[1]'),
    { headers: { 'x-a': { equals: 1 } } },
  ],
])('%s is judged by itself', (_, other, expectations) => {
  expect(key(other, expectations)).not.toBe(key(REPLY, expectations));
});

test('a header that nothing looks at makes no difference', () => {
  expect(key(replyOf(200, { ...REPLY.headers, 'x-a': '2' }, '[1]'))).toBe(key(REPLY));
});

test('where the time decides, where there is no body, and of a stream, each is judged by itself', () => {
  expect(key(REPLY, { maxLatencyMs: 5 })).toBeUndefined();
  expect(key({ ...REPLY, body: undefined })).toBeUndefined();
  expect(key(noReply('timeout'))).toBeUndefined();
  expect(sameAnswerKey(REPLY, streamSummary(), NO_EXPECTATIONS)).toBeUndefined();
});
