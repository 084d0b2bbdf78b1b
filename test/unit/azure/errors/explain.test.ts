import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explain } from '../../../../src/azure/errors/explain.ts';
import { type Call, DEADLINES_MS } from '../../../../src/network/deadlines.ts';
import { UnmaskableError } from '../../../../src/secrets/secret.ts';
import { nearestFirst } from '../../../../src/text/did-you-mean.ts';
import { Failure } from '../../../../src/text/failure.ts';
import { explainAnswer, firstLine, SITUATION, UNKNOWN } from '../../../support/explain.ts';

describe('an error that already teaches', () => {
  it('is left as it is', () => {
    expect(explain(new Failure('No.\nDo this.'), UNKNOWN)).toBe('No.\nDo this.');
    expect(explain(new UnmaskableError('Too short.'), UNKNOWN)).toBe('Too short.');
  });
});

describe('an error that nobody foresaw', () => {
  it.each([
    ['an error', new TypeError('x is not a function'), 'Unexpected error: x is not a function'],
    ['a text', 'oops', 'Unexpected error: oops'],
    ['nothing', undefined, 'Unexpected error: undefined'],
    ['an empty error', new Error(), 'Unexpected error: it says nothing'],
  ])('%s: asks for a report, without a stack trace', (_name, error, first) => {
    const message = explain(error, UNKNOWN);
    expect(firstLine(message)).toBe(first);
    expect(message).toContain('open an issue');
    expect(message).not.toMatch(/\bat .*:\d+/);
  });

  it('shows no part of a text that could not be parsed', () => {
    expect(explain(new SyntaxError('"hunter2hunter2" is not valid JSON'), UNKNOWN)).not.toContain('hunter2');
  });
});

const LEGS = [...(Object.keys(DEADLINES_MS) as Call[]), 'scoring'] as const;

it('no answer makes a message that the runner obeys, or that has gaps', () => {
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
      fc.constantFrom(...LEGS),
      fc.integer({ min: 200, max: 599 }),
      body,
      headers,
      (leg, status, ...rest) => {
        const [answer, named] = rest;
        for (const situation of [SITUATION, UNKNOWN]) {
          const message = explainAnswer(leg, status, answer, situation, named);
          expect(message).not.toMatch(/^\s*::|##\[|\r/m);
          expect(message).not.toContain('\u001b');
          expect(firstLine(message)).not.toBe('');
        }
      },
    ),
  );
});

describe('nearestFirst', () => {
  it('puts the likeliest name first', () => {
    expect(nearestFirst('gren', ['blue', 'green', 'canary'])).toEqual(['green', 'blue', 'canary']);
    expect(nearestFirst('chrun', ['orders', 'churn', 'churn-v2'])[0]).toBe('churn');
    expect(nearestFirst('CHURN', ['orders', 'churn'])[0]).toBe('churn');
    expect(nearestFirst('churn', ['chart', 'churn-prod'])[0]).toBe('churn-prod');
  });

  it('keeps the order of equals, and takes nothing away', () => {
    expect(nearestFirst('x', ['b', 'a', 'c'])).toEqual(['b', 'a', 'c']);
    expect(nearestFirst('x', [])).toEqual([]);
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string()), (name, names) => {
        expect([...nearestFirst(name, names)].sort()).toEqual([...names].sort());
      }),
    );
  });
});
