import { expect, describe as suite, test } from 'vitest';
import { headerValue, meets, mismatchOf } from '../../../../src/smoke-test/judge/condition-check.ts';
import { type Condition, describeCondition } from '../../../../src/smoke-test/plan/condition.ts';
import { hasMoreParts, shortJson, typeWords } from '../../../../src/smoke-test/plan/json-value.ts';

suite('a condition in words', () => {
  test.each<[Condition, string]>([
    [{ type: 'string' }, 'a string'],
    [{ type: 'number' }, 'a number'],
    [{ type: 'integer' }, 'an integer'],
    [{ type: 'boolean' }, 'a boolean'],
    [{ type: 'null' }, 'null'],
    [{ type: 'array' }, 'an array'],
    [{ type: 'object' }, 'an object'],
    [{ exists: true }, 'any value'],
    [{ exists: false }, 'none'],
    [{}, 'any value'],
    [{ not: {} }, 'not any value'],
    [{ not: { min: 1, max: 2 } }, 'not (at least 1 and at most 2)'],
    [{ length: { min: 1 } }, 'length at least 1'],
    [{ oneOf: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] }, 'one of 1, 2, 3, 4, 5, 6, 7, 8, 9, 10'],
    [{ oneOf: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] }, 'one of 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 1 more'],
  ])('%j', (condition, words) => {
    expect(describeCondition(condition)).toBe(words);
  });

  test.each([
    ['a', 'a string'],
    [1.5, 'a number'],
    [true, 'a boolean'],
    [null, 'null'],
    [[], 'an array'],
    [{}, 'an object'],
    [undefined, 'undefined'],
  ])('the type of %j', (value, words) => {
    expect(typeWords(value)).toBe(words);
  });
});

suite('the text of a header is a number where one is wanted', () => {
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

suite('a length', () => {
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

suite('a value as one line', () => {
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

suite('a value has more parts than so many', () => {
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
