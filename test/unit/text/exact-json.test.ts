import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseExactJson, spellingOf } from '../../../src/text/exact-json.ts';

test('every JSON value is read as JSON.parse reads it, but for numbers that lose something', () => {
  const plain = (value: unknown): unknown => {
    const spelling = spellingOf(value);
    if (spelling !== undefined) return Number(spelling);
    if (Array.isArray(value)) return value.map(plain);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plain(part)]));
  };
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(plain(parseExactJson(text))).toEqual(plain(JSON.parse(text)));
    }),
  );
});

describe('a number keeps its spelling', () => {
  test.each(['1234567.0', '-1234567.00', '1e3', '-1.5E-7', '1234567890123456', '-12345678901234567890'])(
    '%s',
    (text) => {
      expect(spellingOf(parseExactJson(text))).toBe(text);
      const inner = parseExactJson(`{"a": [1, ${text} ,"x"]}`) as { readonly a: readonly unknown[] };
      expect(inner.a.map(spellingOf)).toEqual([undefined, text, undefined]);
    },
  );
});

describe('a value is as it always was', () => {
  test.each([
    '123456',
    '1234567',
    '0.1234567890123456789',
    '63.0',
    '"1234567.0"',
    '"1e3"',
    String.raw`"a\"1e3"`,
    String.raw`"\\"`,
    '{"1e3":"x","12345678901234567":[]}',
    'null',
  ])('%s', (text) => {
    expect(parseExactJson(text)).toEqual(JSON.parse(text));
    expect(spellingOf(parseExactJson(text))).toBeUndefined();
  });
});

test('what is not JSON is refused as JSON.parse refuses it', () => {
  for (const text of ['', '[1e3', 'NaN', '01234567', '"1e3']) {
    expect(() => parseExactJson(text)).toThrow(SyntaxError);
  }
});

test('a text of 16 MiB with 100,000 levels is read', () => {
  const deep = `${'['.repeat(100_000)}1e3${']'.repeat(100_000)}`;
  expect(parseExactJson(`["${'\\"'.repeat(8 * 1024 * 1024)}", ${deep}]`)).toHaveLength(2);
});
