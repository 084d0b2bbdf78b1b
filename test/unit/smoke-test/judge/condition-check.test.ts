import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  headerValue,
  meets,
  mismatchOf,
  wantsAbsence,
} from '../../../../src/smoke-test/judge/condition-check.ts';
import type { Condition } from '../../../../src/smoke-test/plan/condition.ts';

const value = fc.jsonValue();
const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ equals: value }),
  fc.record({ oneOf: fc.array(value) }),
  fc.record({ min: fc.integer() }),
  fc.record({ max: fc.integer(), type: fc.constant('number' as const) }),
  fc.record({ between: fc.tuple(fc.integer(), fc.integer()) }),
  fc.record({ matches: fc.constantFrom(/a/, /^\d+$/) }),
  fc.record({ length: fc.record({ equals: fc.nat(5) }) }),
  fc.record({ type: fc.constantFrom('string', 'integer', 'boolean', 'null', 'array', 'object') }),
);

describe('what meets a condition, and what does not', () => {
  test.each<[string, Condition, readonly unknown[], readonly unknown[]]>([
    ['a literal number', { equals: 3 }, [3, 3.0], [4, '3', null, [3]]],
    ['zero, whatever its sign', { equals: 0 }, [0, -0], [1e-300]],
    ['a literal null', { equals: null }, [null], [0, '', false, {}]],
    [
      'a literal object',
      { equals: { a: 1, b: [2] } },
      [{ b: [2], a: 1 }],
      [{ a: 1 }, { a: 1, b: [2], c: 3 }],
    ],
    ['a literal array', { equals: [1, 2] }, [[1, 2]], [[2, 1], [1], { 0: 1, 1: 2 }]],
    ['not', { not: { equals: 3 } }, [4, '3'], [3]],
    ['not and not', { not: { not: { min: 3 } } }, [3], [2, 'a']],
    ['a number', { type: 'number' }, [1, 1.5], ['1', null, true]],
    ['an integer', { type: 'integer' }, [1, 1.0, -0, 1e20], [1.5, '1']],
    ['a boolean', { type: 'boolean' }, [true, false], [0, 'true']],
    ['null', { type: 'null' }, [null], [0, {}, []]],
    ['an array', { type: 'array' }, [[]], [{}, 'a']],
    ['an object', { type: 'object' }, [{}], [[], null]],
    ['between', { between: [1, 2] }, [1, 1.5, 2], [0.999, 2.001, '1', [1]]],
    ['a least', { min: 1 }, [1, 2], [0, '2', null]],
    ['a most', { max: 1 }, [1, 0], [2, '0', null]],
    ['a regular expression', { matches: /^a.c$/i }, ['abc', 'ABC'], ['abcd', 3, ['abc']]],
    ['one of several', { oneOf: ['a', { b: 1 }] }, ['a', { b: 1 }], ['b', { b: 2 }]],
    ['a length', { length: { equals: 2 } }, ['ab', '👍👍', [1, 2], { a: 1, b: 2 }], ['a', [], 2, null]],
    ['a length between', { length: { between: [1, 2] } }, ['a', [1, 2]], ['', [1, 2, 3]]],
    ['something', { exists: true }, [0, null, ''], []],
    ['nothing', { exists: false }, [], [0, null, '']],
    ['every part of several', { min: 1, max: 3, not: { equals: 2 } }, [1, 3], [0, 2, 4]],
    ['no part at all', {}, [0, null, ''], []],
  ])('%s', (_name, wanted, good, bad) => {
    expect(good.filter((one) => !meets(one, wanted))).toEqual([]);
    expect(bad.filter((one) => meets(one, wanted))).toEqual([]);
  });
});

test('a value meets a condition or its negation, never both', () => {
  fc.assert(
    fc.property(value, condition, (one, wanted) => {
      expect(meets(one, { not: wanted })).toBe(!meets(one, wanted));
    }),
  );
});

test('a value that does not meet a condition always gets words, and one that does gets none', () => {
  fc.assert(
    fc.property(value, condition, (one, wanted) => {
      expect(mismatchOf(one, wanted) === undefined).toBe(meets(one, wanted));
    }),
  );
});

test('a value equals itself after a journey through JSON', () => {
  fc.assert(
    fc.property(value, (one) => {
      expect(meets(JSON.parse(JSON.stringify(one)), { equals: one })).toBe(true);
    }),
  );
});

test.each<[Condition, unknown, string, string]>([
  [{ between: [11000, 12000] }, 9, 'between 11000 and 12000', '9'],
  [{ between: [1, 2] }, '1', 'between 1 and 2', '"1" (a string, not a number)'],
  [{ type: 'number' }, 'abc', 'a number', '"abc"'],
  [{ oneOf: ['a', 'b'] }, 'c', 'one of "a", "b"', '"c"'],
  [{ not: { equals: 3 } }, 3, 'not 3', '3'],
  [{ not: { min: 1, max: 3 } }, 2, 'not (at least 1 and at most 3)', '2'],
  [{ matches: /^a/ }, 'b', 'matching /^a/', '"b"'],
  [{ matches: /^a/ }, null, 'matching /^a/', 'null (null, not a string)'],
  [{ length: { equals: 3 } }, [1], 'length 3', '[1] (length 1)'],
  [
    { length: { min: 3, max: 4 } },
    5,
    'length (at least 3 and at most 4)',
    '5 (a number, which has no length)',
  ],
  [{ type: 'string', min: 3 }, [], 'a string and at least 3', '[] (an array, not a number)'],
  [{ exists: false }, 1, 'none', '1'],
])('%j of %j says so', (wanted, got, wantedWords, gotWords) => {
  expect(mismatchOf(got, wanted)).toEqual({ wanted: wantedWords, got: gotWords });
});

test('only a condition that wants no value is met without one', () => {
  expect([{ exists: false }, { not: { exists: true } }].map(wantsAbsence)).toEqual([true, true]);
  expect(
    [{ exists: true }, { not: { equals: 3 } }, { not: { exists: false } }, {}].map(wantsAbsence),
  ).toEqual([false, false, false, false]);
});

test.each<[string, Condition, string | number]>([
  ['10', { between: [1, 60] }, 10],
  ['-1.5', { not: { oneOf: [1] } }, -1.5],
  ['10', { type: 'integer' }, 10],
  ['10', { equals: '10' }, '10'],
  ['10', { matches: /^1/ }, '10'],
  ['1e5', { min: 3 }, '1e5'],
  ['', { min: 0 }, ''],
])('a header %j is read for %j', (text, wanted, typed) => {
  expect(headerValue(text, wanted)).toBe(typed);
});

describe('limits', () => {
  describe('the text of a header is a number where one is wanted', () => {
    test.each<[Condition, string, string | number]>([
      [{ type: 'number' }, '12.25', 12.25],
      [{ type: 'integer' }, '-3', -3],
      [{ type: 'string' }, '12', '12'],
      [{ type: 'number' }, '1.', '1.'],
      [{ type: 'number' }, '.5', '.5'],
      [{ type: 'number' }, '1e3', '1e3'],
      [{ type: 'number' }, ' 1', ' 1'],
      [{ type: 'number' }, '1 ', '1 '],
      [{ type: 'number' }, '--1', '--1'],
      [{ equals: 0 }, '0', 0],
      [{ equals: '0' }, '0', '0'],
      [{ oneOf: ['a', 1] }, '1', 1],
      [{ oneOf: ['1'] }, '1', '1'],
      [{ between: [0, 1] }, '1', 1],
      [{ not: { equals: 1 } }, '1', 1],
      [{ not: { equals: '1' } }, '1', '1'],
      [{ matches: /1/ }, '1', '1'],
      [{}, '1', '1'],
    ])('%j: %j', (condition, text, typed) => {
      expect(headerValue(text, condition)).toBe(typed);
    });
  });

  describe('a length', () => {
    test.each<[unknown, boolean]>([
      ['ab', true],
      ['😀😀', true],
      ['abc', false],
      [[1, 2], true],
      [[1], false],
      [{ a: 1, b: 2 }, true],
      [{ a: 1 }, false],
      [2, false],
      [null, false],
      [true, false],
    ])('of two has %j: %s', (value, met) => {
      expect(meets(value, { length: { equals: 2 } })).toBe(met);
    });

    test.each<[unknown, string]>([
      [2, '2 (a number, which has no length)'],
      [null, 'null (null, which has no length)'],
      [false, 'false (a boolean, which has no length)'],
      [[1], '[1] (length 1)'],
      [{ a: 1 }, '{"a":1} (length 1)'],
      ['😀', '"😀" (length 1)'],
    ])('that is wrong is told: %j', (value, got) => {
      expect(mismatchOf(value, { length: { equals: 2 } })).toEqual({ wanted: 'length 2', got });
    });

    test('of what has none meets no condition, not even the opposite of one', () => {
      expect(meets(2, { length: { not: { equals: 2 } } })).toBe(false);
    });
  });
});
