import { beforeAll, describe, expect, test } from 'vitest';
import { announceMasksTo, guard } from '../../../src/secrets/secret.ts';
import { defuse, markdown, quote } from '../../../src/secrets/untrusted.ts';

const KEY = 'q8K3hYt0Zr7WvN2dXbLpE5sMfC1uJgRa';

beforeAll(() => {
  announceMasksTo(() => undefined);
  guard(KEY, 'The key');
});

/** Characters that are not seen, and so make room below the cap. */
function unseen(count: number): string {
  return '\u200b'.repeat(count);
}

describe('a text around the cap', () => {
  test.each([
    ['one less', 'x'.repeat(9), 'xxxxxxxxx'],
    ['the cap', 'x'.repeat(10), 'xxxxxxxxxx'],
    ['one more', 'x'.repeat(11), 'xxxxxxxxxx… (11 characters in all)'],
    ['the cap, and one that is not seen', `x${unseen(1)}${'x'.repeat(9)}`, 'xxxxxxxxxx'],
    [
      'one more, and one that is not seen',
      `x${unseen(1)}${'x'.repeat(10)}`,
      'xxxxxxxxxx… (12 characters in all)',
    ],
  ])('%s', (_length, text, shown) => {
    expect(defuse(text, 10)).toBe(shown);
  });

  test.each([
    ['::error::', 9, ': :error::'],
    ['::error::', 10, ': :error::'],
    ['##[error]', 9, '## [error]'],
    ['::error::!', 9, ': :error:… (10 characters in all)'],
  ])('%s is not cut because it grew: %i', (text, cap, shown) => {
    expect(defuse(text, cap)).toBe(shown);
  });

  test('is cut after its secrets are hidden, and what then fits is whole', () => {
    expect(defuse(`a ${KEY} b`, 7)).toBe('a *** b');
    expect(defuse(`a ${KEY} b`, 6)).toBe('a *** … (36 characters in all)');
  });

  test('has 65,536 characters unless said', () => {
    expect(defuse('x'.repeat(65_536))).toBe('x'.repeat(65_536));
    expect(defuse('x'.repeat(65_537))).toBe(`${'x'.repeat(65_536)}… (65537 characters in all)`);
  });
});

describe('a text around the cap and 8,192 characters more, beyond which nothing is looked at', () => {
  test.each([
    ['the last that is looked at whole', `${unseen(8_195)}abcdefg`, 'abcdefg'],
    // The last 11 characters of what was looked at may be the start of a secret.
    ['one more: the end is not sure', `${unseen(8_196)}abcdefg`, '… (8203 characters in all)'],
    ['11 are seen, and none is sure', `${unseen(8_191)}abcdefghijk!`, '… (8203 characters in all)'],
    ['12 are seen, and one is sure', `${unseen(8_190)}abcdefghijkl!`, 'a… (8203 characters in all)'],
    [
      '20 are seen, and nine are sure',
      `${unseen(8_182)}0123456789abcdefghij!`,
      '012345678… (8203 characters in all)',
    ],
    [
      '21 are seen, and as many are sure as the cap allows',
      `${unseen(8_181)}0123456789abcdefghijk!`,
      '0123456789… (8203 characters in all)',
    ],
    [
      '22 are seen, and the cap decides',
      `${unseen(8_180)}0123456789abcdefghijkl!`,
      '0123456789… (8203 characters in all)',
    ],
    ['none is seen', unseen(8_203), '… (8203 characters in all)'],
    ['none is seen of a whole one', unseen(8_202), ''],
  ])('%s', (_what, text, shown) => {
    expect(defuse(text, 10)).toBe(shown);
  });

  test.each([
    // The key reaches over the cap, and is looked at whole.
    [4, `${'.'.repeat(6)}${KEY}`, '......***'],
    [1, `${'.'.repeat(9)}${KEY}`, '.........*… (41 characters in all)'],
    [0, `${'.'.repeat(10)}${KEY}`, '..........… (42 characters in all)'],
    // The last of what is looked at is the key's 12th character: that piece is hidden, and as far as sure.
    [12, `${unseen(8_190)}${KEY}`, '… (8222 characters in all)'],
    // The 11th: too short to be hidden, and never shown.
    [11, `${unseen(8_191)}${KEY}`, '… (8223 characters in all)'],
    [11, `${unseen(8_186)}ab c ${KEY}`, 'ab c … (8223 characters in all)'],
    [12, `${unseen(8_178)}0123456789ab${KEY}`, '0123… (8222 characters in all)'],
  ])('%i characters of a secret before the end: %#', (_before, text, shown) => {
    expect(defuse(text, 10)).toBe(shown);
  });
});

describe('what is not seen', () => {
  test.each([
    ['a carriage return alone', 'a\rb', 'a\nb'],
    ['two of them', 'a\r\rb', 'a\n\nb'],
    ['one before a line feed', 'a\r\nb', 'a\nb'],
    ['a CSI with parameters and an intermediate', 'a\u001b[?25 hb', 'ab'],
    ['a CSI whose final is the first there is', 'a\u001b[1@b', 'ab'],
    ['a CSI whose final is the last there is', 'a\u001b[1~b', 'ab'],
    ['an 8-bit OSC that an 8-bit ST ends', 'a\u009d0;title\u009cb', 'ab'],
    ['an OSC with other letters in it', 'a\u001b]0;t\u00eft\u00a0le \u{1f600}\u0007b', 'ab'],
    ['the start of an OSC that never ends', 'a\u001b]0;title', 'a0;title'],
    ['the start of an 8-bit OSC that never ends', 'a\u009d0;title', 'a0;title'],
    ['the start of an OSC that another sequence ends', 'a\u001b]0;t\u001b[0mb', 'a0;tb'],
    ['the start of an OSC that would end on another line', 'a\u009d0;t\nb\u0007c', 'a0;t\nbc'],
    ['the start of an OSC with a control in it', 'a\u009d0;t\u009b0mb\u0007c', 'a0;tbc'],
    ['a choice of character set', 'a\u001b(Bb', 'ab'],
    ['the first and last of two characters', 'a\u001b0b\u001b~c', 'abc'],
    ['an escape before a letter that is no part of one', 'a\u001béb', 'aéb'],
    ['the first and last control of each range', 'a\u0000\u0008\u000b\u001f\u007f\u0084\u0086\u009fb', 'ab'],
    ['interlinear annotations', 'a\ufff9b\ufffac\ufffbd', 'abcd'],
  ])('%s', (_what, text, shown) => {
    expect(defuse(text)).toBe(shown);
  });

  test.each(['\t', '\n', ' ', '~', '\u00a0', '\u2027', '\u202f'])('stays beside it: %j', (text) => {
    expect(defuse(`a${text}\u0000b`)).toBe(`a${text}b`);
  });

  test.each(['\ufffc', '\ufffd'])('stays, being a sign that something is missing: %j', (text) => {
    expect(defuse(`a${text}b`)).toBe(`a${text}b`);
  });
});

describe('a command is broken up', () => {
  test.each([
    ['a: ::b', 'a: ::b'],
    ['a ::b', 'a ::b'],
    [': :b', ': :b'],
    [':b', ':b'],
    ['##b', '##b'],
    ['#[b', '#[b'],
    ['##[a ##[b', '## [a ## [b'],
    ['a\n\n \t::b', 'a\n\n \t: :b'],
  ])('only where the runner would obey it: %j', (text, shown) => {
    expect(defuse(text)).toBe(shown);
  });
});

test('a quotation is cut before its white space is made one', () => {
  expect(quote('a \n b', 3)).toBe('a … (5 characters in all)');
  expect(quote(' \t a  b \n', 9)).toBe('a b');
});

describe('in Markdown', () => {
  test.each([
    ['- a', '&#45; a'],
    ['+ a', '&#43; a'],
    ['= a', '&#61; a'],
    ['1. a', '1&#46; a'],
    ['1) a', '1&#41; a'],
    ['1234567890. a', '1234567890&#46; a'],
    ['v1. a 2) b', 'v1. a 2) b'],
    ['(1) a', '(1) a'],
    ['1.5 a 2.', '1&#46;5 a 2.'],
    ['xmpp:a@b.example', 'xmpp&#58;a&#64;<wbr>b.example'],
    ['mailto:a@b.example', 'mailto&#58;a&#64;<wbr>b.example'],
    ['a - + =', 'a - + ='],
    ['www.a.example', 'www&#46;a.example'],
    ['WWW.a.example', 'WWW&#46;a.example'],
    ['xwww.a', 'xwww.a'],
    ['ww.a', 'ww.a'],
    ['a.b', 'a.b'],
    ['&&<<>>', '&amp;&amp;&lt;&lt;&gt;&gt;'],
  ])('%j is only text', (text, shown) => {
    expect(markdown(text)).toBe(shown);
  });

  test('the cap counts what is seen, not how it is escaped', () => {
    expect(markdown('a|b|c', 3)).toBe('a&#124;b… (5 characters in all)');
    expect(markdown('*'.repeat(500))).toBe('&#42;'.repeat(500));
  });
});
