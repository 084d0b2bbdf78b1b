import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import vectors from '../fixtures/runner/vectors.json' with { type: 'json' };
import { createMasker } from './masks.ts';

const secretText = fc.stringMatching(/^[A-Za-z0-9]{4,40}$/);

function maskerOf(...secrets: string[]) {
  const masker = createMasker();
  for (const secret of secrets) masker.add(secret);
  return masker;
}

describe('the masker answers as the real runner', () => {
  test.each(vectors.mask)('$label', ({ secrets, input, expected }) => {
    expect(maskerOf(...secrets).mask(input)).toBe(expected);
  });
});

describe('the masker', () => {
  test('masks a value of one character everywhere', () => {
    expect(maskerOf('a').mask('banana')).toBe('b***n***n***');
  });

  test('joins hits that touch', () => {
    expect(maskerOf('abc', 'def').mask('abcdef')).toBe('***');
  });

  test('ignores a blank value', () => {
    expect(maskerOf(' \t\n', '').mask('a b\tc')).toBe('a b\tc');
  });

  test('registers the whole value untrimmed and its lines trimmed', () => {
    expect(maskerOf(' first \r\n second ').mask('<first> <second>')).toBe('<***> <***>');
  });

  test.each([
    ['a double quote as an argument', 'pa"ss-word', 'pa\\"ss-word'],
    ['a single quote as an expression', "pa'ss-word", "pa''ss-word"],
    ['JSON', 'tab\tnext\u2028', 'tab\\tnext\\u2028'],
    ['every reserved character percent-encoded', "a!'()*é", 'a%21%27%28%29%2A%C3%A9'],
    ['the inside of quotes', '"longer than eight"', 'longer than eight'],
    ['the part before the last ampersand', 'one&two&three3', 'one&two&'],
    ['the part after an ampersand and a plus', 'before&+xafter99', 'after99'],
  ])('masks %s', (_what, secret, shown) => {
    expect(maskerOf(secret).mask(`[${shown}]`)).toBe('[***]');
  });

  test('never leaves a registered value', () => {
    fc.assert(
      fc.property(secretText, fc.string(), fc.string(), (secret, before, after) => {
        expect(maskerOf(secret).mask(before + secret + after)).not.toContain(secret);
      }),
    );
  });

  test('changes nothing that it has masked', () => {
    fc.assert(
      fc.property(fc.array(secretText, { maxLength: 4 }), fc.string(), (secrets, text) => {
        const masker = maskerOf(...secrets);
        const once = masker.mask(`${text}${secrets.join(text)}`);
        expect(masker.mask(once)).toBe(once);
      }),
    );
  });

  test('changes no text that holds no secret', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Z]{12}$/), fc.stringMatching(/^[ .,;-]*$/), (secret, text) => {
        expect(maskerOf(secret).mask(text)).toBe(text);
      }),
    );
  });
});
