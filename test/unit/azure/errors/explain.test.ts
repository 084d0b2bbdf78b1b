import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { explain } from '../../../../src/azure/errors/explain.ts';
import { type Call, DEADLINES_MS } from '../../../../src/network/deadlines.ts';
import { UnmaskableError } from '../../../../src/secrets/secret.ts';
import { Failure } from '../../../../src/text/failure.ts';
import { ENDLESS } from '../../../support/endless.ts';
import { CONTEXT, explainResponse, firstLine, UNKNOWN_CONTEXT } from '../../../support/explain.ts';

describe('an error with a message for people', () => {
  test('the message is left as it is', () => {
    expect(explain(new Failure('No.\nDo this.'), UNKNOWN_CONTEXT)).toBe('No.\nDo this.');
    expect(explain(new UnmaskableError('Too short.'), UNKNOWN_CONTEXT)).toBe('Too short.');
  });
});

describe('an unexpected error', () => {
  test.each([
    ['an error', new TypeError('x is not a function'), 'Unexpected error: x is not a function'],
    ['a string', 'oops', 'Unexpected error: oops'],
    ['nothing', undefined, 'Unexpected error: undefined'],
    ['an empty error', new Error(), 'Unexpected error: it has no message'],
  ])('the message about %s asks for a report, and has no stack trace', (_name, error, first) => {
    const message = explain(error, UNKNOWN_CONTEXT);
    expect(firstLine(message)).toBe(first);
    expect(message).toContain('open an issue');
    expect(message).not.toMatch(/\bat .*:\d+/);
  });

  test('no part of a text that could not be parsed is shown', () => {
    expect(explain(new SyntaxError('"hunter2hunter2" is not valid JSON'), UNKNOWN_CONTEXT)).not.toContain(
      'hunter2',
    );
  });
});

const CALLS = [...(Object.keys(DEADLINES_MS) as Call[]), 'scoring'] as const;

test('no response makes a message that the runner obeys, or that has no first line', () => {
  const odd = fc.oneof(
    fc.string(),
    fc.constantFrom('::add-mask::x', '##[error]', '\u001b[2J', 'AADSTS700213: x'),
  );
  const body = fc.oneof(
    odd,
    fc.record({ error: odd, error_description: odd, error_codes: fc.array(fc.integer()) }),
    fc.record({
      error: fc.record({ code: odd, message: odd, details: fc.anything(), innerError: fc.anything() }),
    }),
  );
  const headers = fc.record({ location: odd, 'www-authenticate': odd, 'retry-after': odd });
  fc.assert(
    fc.property(
      fc.constantFrom(...CALLS),
      fc.integer({ min: 200, max: 599 }),
      body,
      headers,
      (call, status, ...rest) => {
        const [remote, named] = rest;
        for (const context of [CONTEXT, UNKNOWN_CONTEXT]) {
          const message = explainResponse(call, status, remote, context, named);
          expect(message).not.toMatch(/^\s*::|##\[|\r/m);
          expect(message).not.toContain('\u001b');
          expect(firstLine(message)).not.toBe('');
        }
      },
    ),
  );
});

describe('limits', () => {
  test.each(ENDLESS)('a message of %s is explained in a few lines', (_what, text) => {
    const refusals: readonly (readonly [Call, number, unknown])[] = [
      ...['', 'AADSTS50107: ', 'AADSTS500011: ', 'AADSTS700024: ', 'AADSTS700213: ', 'AADSTS90002: '].map(
        (start) => ['sign-in', 400, { error: 'x', error_description: `${start}${text}` }] as const,
      ),
      ...['AuthorizationFailed', 'ResourceNotFound', 'InvalidAuthenticationToken', 'ScopeLocked', text].map(
        (code) => ['keys', 403, { error: { code, message: text } }] as const,
      ),
      ...[401, 404, 409, 429, 503].map((status) => ['endpoint', status, { message: text }] as const),
      ['managed identity probe', 400, { error: 'x', error_description: text }],
      ['ID token', 500, text],
      ['metadata', 400, text],
      ['scoring', 400, text],
    ];
    for (const [call, status, body] of refusals) {
      for (const context of [CONTEXT, UNKNOWN_CONTEXT]) {
        const headers = { 'www-authenticate': text, 'retry-after': text, location: text };
        expect(explainResponse(call, status, body, context, headers).length).toBeLessThan(5_000);
      }
    }
  });

  test('of very many inner errors, the first are read', () => {
    const details = [...Array.from({ length: 100_000 }, () => ({})), { code: 'ResourceGroupNotFound' }];
    const error = { code: 'NotFound', message: 'x', additionalInfo: details, details };
    expect(firstLine(explainResponse('endpoint', 404, { error }))).toBe(
      "Workspace 'ws-prod' has no online endpoint 'churn'.",
    );
  });

  test('a larger body than any refusal has is quoted, not parsed', () => {
    const body = `${' '.repeat(2 ** 20)}{"error":{"code":"ScopeLocked","message":"x"}}`;
    expect(explainResponse('keys', 409, body)).not.toContain('read-only lock');
    expect(explainResponse('keys', 409, body.slice(-1_000))).toContain('read-only lock');
  });

  test('IDs that are lists without an end are left out', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const body = `{"error":"x","error_description":"AADSTS50107: no.","trace_id":${deep},"correlation_id":${deep}}`;
    expect(explainResponse('sign-in', 400, body)).not.toContain('support');
  });
});
