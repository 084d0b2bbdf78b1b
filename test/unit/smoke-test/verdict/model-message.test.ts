import { describe, expect, test } from 'vitest';
import { quote } from '../../../../src/secrets/untrusted.ts';
import { modelMessage } from '../../../../src/smoke-test/verdict/model-message.ts';
import { ENDLESS } from '../../../support/endless.ts';

test.each([
  [
    'the inference server',
    '{"message": "POST body should be a JSON dictionary."}',
    'POST body should be a JSON dictionary.',
  ],
  ['FastAPI', '{"detail":"Not Found"}', 'Not Found'],
  ['Triton', '{"error":"unknown model"}', 'unknown model'],
  ['Azure', '{"error":{"code":"UserError","message":"no such thing"}}', 'no such thing'],
  ['problem details', '{"type":"about:blank","title":"Bad input"}', 'Bad input'],
  [
    'several messages, the first of which counts',
    '{"title":"t","detail":"d","error":"e","message":"m"}',
    'm',
  ],
  ['an empty message, then a title', '{"message":"","title":"t"}', 't'],
  ['a message that is not a string', '{"message":{"a":1},"detail":"d"}', 'd'],
  [
    'validation errors of FastAPI',
    '{"detail":[{"msg":"field required"}]}',
    '{"detail":[{"msg":"field required"}]}',
  ],
  ['a JSON string', '"it failed"', 'it failed'],
  ['other JSON', '[1, 2]', '[1, 2]'],
  ['null', 'null', 'null'],
  ['plain text', '  No valid deployments to route to.\n', 'No valid deployments to route to.'],
  ['nothing', '', ''],
  ['white space', ' \n', ''],
  ['inherited properties', '{"detail":1}', '{"detail":1}'],
])("a model's message is found in a body of %s", (_who, body, message) => {
  expect(modelMessage(Buffer.from(body))).toBe(message);
});

test('bytes that are not UTF-8 become replacement characters', () => {
  expect(modelMessage(Buffer.from([0x50, 0x4b, 0xff, 0xfe]))).toBe('PK\ufffd\ufffd');
});

test('only the beginning of a very large body is read', () => {
  expect(modelMessage(Buffer.from('x'.repeat(10_000_000))).length).toBe(65_536);
});

describe('limits', () => {
  test.each(ENDLESS)('a body of %s is quoted in short', (_what, text) => {
    for (const body of [
      text,
      JSON.stringify({ message: text }),
      JSON.stringify({ error: { message: text } }),
    ]) {
      expect(quote(modelMessage(Buffer.from(body))).length).toBeLessThan(600);
    }
  });

  test('lists in each other without an end are quoted in short', () => {
    expect(modelMessage(Buffer.from('['.repeat(400_000))).length).toBe(65_536);
  });
});
