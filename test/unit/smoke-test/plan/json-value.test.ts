import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { announceMasksTo, guard } from '../../../../src/secrets/secret.ts';
import { hasMoreParts, shortJson, typeWords } from '../../../../src/smoke-test/plan/json-value.ts';

test.each([
  ['a', 'a string'],
  [1.5, 'a number'],
  [true, 'a boolean'],
  [null, 'null'],
  [[], 'an array'],
  [{}, 'an object'],
  [undefined, 'undefined'],
])('the type of %j is named', (value, words) => {
  expect(typeWords(value)).toBe(words);
});

describe('a value in a message', () => {
  test('is JSON when it is short', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (one) => {
        const json = JSON.stringify(one);
        fc.pre(json.length <= 200 && !json.includes('-0') && !json.includes('__proto__'));
        expect(shortJson(JSON.parse(json))).toBe(json);
      }),
    );
  });

  test('is cut when it is long', () => {
    expect(shortJson('a'.repeat(1_000))).toBe(`"${'a'.repeat(199)}…`);
    expect(
      shortJson(
        Array.from({ length: 1e6 }, () => 1),
        9,
      ),
    ).toBe('[1,1,1,1,…');
  });

  test('is cut when it is deep', () => {
    const deep: unknown = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000));
    expect(shortJson(deep)).toBe(`${'['.repeat(200)}…`);
  });

  test('shows a key __proto__ like any other', () => {
    expect(shortJson(JSON.parse('{"__proto__":1}'))).toBe('{"__proto__":1}');
  });

  test('shows no piece of a secret where it is cut', () => {
    announceMasksTo(() => {});
    const secret = guard('uF9v2kLq83hXz0PbTnYw5sRmCe7dAj4G', 'the primary key').reveal();
    for (let before = 150; before < 210; before += 1) {
      const shown = shortJson(`${'.'.repeat(before)}${secret}`);
      expect(shown).not.toContain(secret.slice(0, 2));
    }
  });
});

test('the parts of a value are counted at any depth', () => {
  const four = { a: [1, 2], b: {} };
  expect([hasMoreParts(four, 3), hasMoreParts(four, 4), hasMoreParts(1, 0)]).toEqual([true, false, false]);
  const deep: unknown = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000));
  expect([hasMoreParts(deep, 99_998), hasMoreParts(deep, 99_999)]).toEqual([true, false]);
});

describe('limits', () => {
  describe('a value as one line', () => {
    test.each([
      [9, '"12345678…'],
      [10, '"12345678"'],
    ])('has %i characters at most', (most, line) => {
      expect(shortJson('12345678', most)).toBe(line);
    });

    test('ends where it is too deep', () => {
      const deep = (depth: number): unknown => (depth === 0 ? 1 : [deep(depth - 1)]);
      expect(shortJson(deep(3), 7)).toBe('[[[1]]]');
      expect(shortJson(deep(4), 7)).toBe('[[[[1]]…');
      expect(shortJson(deep(300), 5)).toBe('[[[[[…');
    });
  });

  describe('a value has more parts than so many', () => {
    test.each<[unknown, number, boolean]>([
      ['abc', 0, false],
      [null, 0, false],
      [1, 0, false],
      [[], 0, false],
      [[1], 0, true],
      [[1], 1, false],
      [[[1]], 1, true],
      [[[1]], 2, false],
      [{ a: [1, 2], b: null }, 3, true],
      [{ a: [1, 2], b: null }, 4, false],
      [['abc', null, 'def'], 3, false],
    ])('%j than %i: %s', (value, limit, more) => {
      expect(hasMoreParts(value, limit)).toBe(more);
    });
  });
});
