import { describe, expect, test } from 'vitest';
import { formsOf, masksOf } from '../../../src/secrets/masks.ts';

const KEY = 'q8K3hYt0Zr7WvN2d';
const JWT = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhYmMifQ.c2ln-_bmF0dXJl';

test('a value that few encodings change has one mask for each that does', () => {
  const masks = masksOf('a1b2c3d4');
  expect(masks.filter((mask) => !mask.includes(','))).toEqual([
    'a1b2c3d4',
    // In base64: alone, and one and two bytes on.
    'YTFiMmMzZD',
    'ExYjJjM2Q0',
    'hMWIyYzNkN',
    '6131623263336434',
  ]);
  expect(new Set(masks).size).toBe(masks.length);
});

test('what a redactor looks for is that, backwards, in other case and in other normal forms', () => {
  expect(formsOf('Aé1b2c3d').slice(-5)).toEqual([
    'd3c2b1éA',
    'aé1b2c3d',
    'AÉ1B2C3D',
    'A\u00e91b2c3d',
    'Ae\u03011b2c3d'.normalize('NFD'),
  ]);
  expect(formsOf('Ae\u03011b2c3d').slice(-2)).toEqual(['A\u00e91b2c3d', 'Ae\u03011b2c3d']);
  expect(formsOf('1😀2345678').at(-5)).toBe('8765432😀1');
  expect(formsOf('a1b2c3d4').slice(0, 5)).toEqual([
    'a1b2c3d4',
    'YTFiMmMzZD',
    'ExYjJjM2Q0',
    'hMWIyYzNkN',
    '6131623263336434',
  ]);
});

describe('each encoding is a mask of its own', () => {
  test.each([
    ['XML', 'a&amp;b&lt;c&gt;d&quot;e&apos;f'],
    ['HTML', 'a&amp;b&lt;c&gt;d&quot;e&#39;f'],
    ['HTML of Go', 'a&amp;b&lt;c&gt;d&#34;e&#39;f'],
    ['HTML of Python', 'a&amp;b&lt;c&gt;d&quot;e&#x27;f'],
    ['a literal of the runner', "a&b<c>d\"e''f"],
    ['JSON', 'a&b<c>d\\"e\'f'],
    ['JSON twice', 'a&b<c>d\\\\\\"e\'f'],
    ['JSON three times', 'a&b<c>d\\\\\\\\\\\\\\"e\'f'],
    ['JSON that is careful about HTML', 'a\\u0026b\\u003Cc\\u003Ed\\u0022e\\u0027f'],
    ['the same in lower case', 'a\\u0026b\\u003cc\\u003ed\\u0022e\\u0027f'],
  ])('%s', (_what, mask) => {
    expect(masksOf('a&b<c>d"e\'f')).toContain(mask);
  });

  test.each([
    ['a plus', 'abcdefg+', 'abcdefg\\u002B'],
    ['a plus, in lower case', 'abcdefg+', 'abcdefg\\u002b'],
    ['a back quote', 'abcdefg`', 'abcdefg\\u0060'],
    ['the first that is no ASCII', 'abcdefg\u0080', 'abcdefg\\u0080'],
    ['the last of 16 bits', 'abcdefg\uffff', 'abcdefg\\uFFFF'],
    ['the last of 16 bits, in lower case', 'abcdefg\uffff', 'abcdefg\\uffff'],
    ['an emoji', 'abcdefg😀', 'abcdefg\\uD83D\\uDE00'],
    ['an emoji of Python', 'abcdefg😀', 'abcdefg\\ud83d\\ude00'],
    ['a delete of Python', 'abcdefg\u007f', 'abcdefg\\u007f'],
    ['a lone surrogate, percent-encoded', 'abcdefg\ud800', 'abcdefg%EF%BF%BD'],
    ['a tilde in a form', 'abcdefg~ ', 'abcdefg%7E+'],
    ['a star in a form', 'abcdefg* ', 'abcdefg*+'],
    ["a slash of Python's quote", 'abcdefg/ ', 'abcdefg/%20'],
  ])('of %s', (_what, value, mask) => {
    expect(masksOf(value)).toContain(mask);
  });
});

describe('white space around a value', () => {
  test('is part of it, and is none', () => {
    const masks = masksOf(` ${KEY}\t`);
    expect(masks.slice(0, 1)).toEqual([` ${KEY}\t`]);
    expect(masks).toContain(KEY);
    // The base64 of the key without what is around it.
    expect(masks).toContain('cThLM2hZdDBacjdXdk4yZ');
    expect(masks).toContain('2071384b33685974305a723757764e326409');
  });

  test('makes no short line long enough', () => {
    const masks = masksOf(`${KEY}\n      a1      \n      a1b2c3d      `);
    expect(masks.filter((mask) => mask.trim().length < 8)).toEqual([]);
    expect(masks).not.toContain('      a1      ');
  });

  test('hides no less of a token', () => {
    expect(masksOf(` ${JWT}\n`)).toEqual(expect.arrayContaining(['eyJzdWIiOiJhYmMifQ', 'c2ln-_bmF0dXJl']));
  });
});

describe('a short piece', () => {
  test('of several lines is masked in no encoding', () => {
    // The hex and the base64 of `ab12` have eight characters or nearly so.
    const masks = masksOf(`${KEY}\nab12\n`);
    expect(masks).not.toContain('61623132');
    expect(masks).toContain(KEY);
  });

  test('of seven characters is none, of eight is one', () => {
    expect(masksOf(`${KEY}\nab12cd3\nab12cd34`)).not.toContain('ab12cd3');
    expect(masksOf(`${KEY}\nab12cd3\nab12cd34`)).not.toContain('61623132636433');
    expect(masksOf(`${KEY}\nab12cd3\nab12cd34`)).toContain('ab12cd34');
  });

  test('that is the signature of a token is none', () => {
    expect(masksOf('eyJhbGciOiJub25lIn0.eyJzdWIiOiJhYmMifQ.')).toContain('eyJzdWIiOiJhYmMifQ');
    expect(masksOf('eyJhbGciOiJub25lIn0.eyJzdWIiOiJhYmMifQ.abc')).not.toContain('616263');
  });

  test('is all that a value of one has: there is no mask', () => {
    expect(masksOf('abc')).toEqual([]);
    expect(masksOf('')).toEqual([]);
  });
});

describe('a line of several that other texts hold too', () => {
  test.each([
    'passphrase',
    'Passphrase',
    'passphrase:',
    'passphrase {',
    'passphrase: {',
    'Passphrase: [',
    'passphrase(',
    'abcdefghijkl',
    'Abcdefghijkl: {',
    '  passphrase: {  ',
    '-----BEGIN RSA PRIVATE KEY-----',
    '  -----END CERTIFICATE-----',
    '========================',
  ])('is no mask: %j', (line) => {
    expect(masksOf(`${KEY}\n${line}\n`)).not.toContain(line.trim());
  });

  test.each([
    'pass-phrase',
    'abcdefghijklm',
    'Abcdefghijklm: {',
    'PASSPHRASE',
    'passPhrase',
    'passphrase: x',
    'passphrase :',
    'passphrase1',
    '.passphrase',
    'passphrase  {',
    'x-----BEGIN KEY-----',
    '-----BEGIN KEY-----x',
    '-----BEGIN key-----',
    '==========-',
    '-==========',
  ])('is one when it is more than that: %j', (line) => {
    expect(masksOf(`${KEY}\n${line}\n`)).toContain(line);
  });

  test.each(['\n', '\r', '\r\n'])('whatever ends the lines: %j', (end) => {
    const masks = masksOf(`${KEY}${end}passphrase${end}another-line`);
    expect(masks).toContain('another-line');
    expect(masks).not.toContain('passphrase');
    expect(masks.filter((mask) => /[\r\n]/.test(mask))).toEqual([]);
  });

  test('is a mask when it is the whole value', () => {
    expect(masksOf('passphrase')[0]).toBe('passphrase');
    expect(masksOf('========')[0]).toBe('========');
  });
});
