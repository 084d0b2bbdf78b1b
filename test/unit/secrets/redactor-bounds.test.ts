import { describe, expect, test } from 'vitest';
import { createRedactor } from '../../../src/secrets/redactor.ts';

const KEY = 'q8K3hYt0Zr7WvN2dXbLpE5sMfC1uJgRa';

/** Hides the texts as they are, in no other encoding. */
function redact(text: string, ...secrets: string[]): string {
  const redactor = createRedactor();
  redactor.add(secrets);
  return redactor.redact(text);
}

describe('spans of several secrets', () => {
  test('that overlap become one, though the one that starts first is found last', () => {
    // The first secret is found by the six characters from `d` on, the other by those from `f` on.
    expect(redact('<abcdefghijklmno>', 'defghijklmno', '?abcdefghijkl')).toBe('<***>');
    expect(redact('<abcdefghijklmno>', '?abcdefghijkl', 'defghijklmno')).toBe('<***>');
  });

  test('that touch become one', () => {
    expect(redact('<abcdefghijklmnopqrstuvwx>', 'abcdefghijkl', 'mnopqrstuvwx')).toBe('<***>');
  });

  test('between which one character stands keep it', () => {
    expect(redact('<abcdefghijkl.mnopqrstuvwx>', 'abcdefghijkl', 'mnopqrstuvwx')).toBe('<***.***>');
  });

  test('of which one lies within the other become the longer', () => {
    expect(redact('<abcdefghijklmnopqrst>', 'abcdefghijklmnopqrst', 'efghijklmnop')).toBe('<***>');
    expect(redact('<abcdefghijklmnopqrst>', 'efghijklmnop', 'abcdefghijklmnopqrst')).toBe('<***>');
  });

  test('that share what finds them are all found', () => {
    const secrets = ['aaaaa1SHARED222222', 'bbbbb3SHARED444444', 'ccccc5SHARED666666'];
    expect(redact('<aaaa1SHARED2> <bbbb3SHARED4> <cccc5SHARED6>', ...secrets)).toBe('<***> <***> <***>');
    expect(redact('<aaaa1SHARED4>', ...secrets)).toBe('<aaaa1SHARED4>');
  });
});

describe('a secret at an edge of the text', () => {
  test.each([
    ['is the text', KEY, '***'],
    ['starts it', `${KEY} after`, '*** after'],
    ['ends it', `before ${KEY}`, 'before ***'],
    ['ends it, cut to 12 characters', `before ${KEY.slice(0, 12)}`, 'before ***'],
    ['ends it, cut to 11 characters', `before ${KEY.slice(0, 11)}`, 'before q8K3hYt0Zr7'],
    ['starts it with its last 12 characters', `${KEY.slice(20)} after`, '*** after'],
    ['starts it with its last 11 characters', `${KEY.slice(21)} after`, '5sMfC1uJgRa after'],
    ['both starts and ends it', `${KEY}-${KEY}`, '***-***'],
    ['has white space around it', ` ${KEY} `, ' *** '],
    ['is not there', '', ''],
  ])('%s', (_where, text, shown) => {
    expect(redact(text, KEY)).toBe(shown);
  });
});

describe('a piece of each length at each place', () => {
  const SECRET = 'abcdefghijklmnopqrstuvwx';

  test.each([24, 23, 19, 18, 17])(
    'of a secret of %i characters is hidden from 12 characters on',
    (length) => {
      const secret = SECRET.slice(0, length);
      for (let from = 0; from + 12 <= length; from++) {
        expect(redact(secret.slice(from, from + 12), secret)).toBe('***');
        expect(redact(secret.slice(from, from + 11), secret)).toBe(secret.slice(from, from + 11));
      }
    },
  );

  test.each([6, 7, 11, 12])('of %i characters is a whole secret', (length) => {
    const secret = SECRET.slice(0, length);
    expect(redact(`<${secret}>`, secret)).toBe('<***>');
    expect(redact(`<${secret}`, secret)).toBe('<***');
    expect(redact(`<${secret.slice(0, -1)}>`, secret)).toBe(`<${secret.slice(0, -1)}>`);
    expect(redact(`<${secret.slice(1)}>`, secret)).toBe(`<${secret.slice(1)}>`);
  });
});

describe('white space', () => {
  const [first, rest] = [KEY.slice(0, 10), KEY.slice(10, 20)];

  test.each([
    ' ',
    '   ',
    '\n',
    '\r\n',
    '\t',
    '\\n',
    '\\r',
    '\\t',
    '\\N',
    '%09',
    '%0a',
    '%0A',
    '%0d',
    '%0D%0A',
    // Quotes quotation marks, at any depth.
    '\\',
  ])('inside a secret hides nothing of it: %j', (space) => {
    expect(redact(`<${first}${space}${rest}>`, KEY)).toBe('<***>');
  });

  test.each(['.', '\\x', 'n', '%0', '%1', '%21', '%7e', 'a', '9'])(
    'is not what else may stand between two pieces that are too short: %j',
    (text) => {
      expect(redact(`<${first}${text}${rest}>`, KEY)).toBe(`<${first}${text}${rest}>`);
    },
  );

  test('of the secret need not be in the text', () => {
    expect(redact('<a1b2c3>', 'a1 b2 c3')).toBe('<***>');
    expect(redact('a1b2c3', 'a1 b2\nc3')).toBe('***');
    expect(redact('<firstlinesecondline>', 'first line\nsecond line')).toBe('<***>');
  });

  test('around a secret stays, and what stands between two secrets does not', () => {
    expect(redact(`a \n ${KEY}\t b`, KEY)).toBe('a \n ***\t b');
    expect(redact(`a ${KEY} ${KEY} b`, KEY)).toBe('a *** *** b');
  });
});

test('a secret that is added after a text was searched is hidden in the next', () => {
  const redactor = createRedactor();
  redactor.add(['abcdefghijkl']);
  expect(redactor.redact('abcdefghijkl mnopqrstuvwx')).toBe('*** mnopqrstuvwx');
  redactor.add(['mnopqrstuvwx']);
  expect(redactor.redact('abcdefghijkl mnopqrstuvwx')).toBe('*** ***');
});
