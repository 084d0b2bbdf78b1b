import { describe, expect, test } from 'vitest';
import { differences, isEqual } from '../../../../src/smoke-test/judge/golden.ts';

describe('a relative tolerance is a share of the larger number', () => {
  test.each([
    [100, 101.005, true],
    [101.005, 100, true],
    [100, 101.02, false],
    [-100, -101.005, true],
    [100, 98.995, false],
    [0, 0.001, false],
  ])('of 1 % between %d and %d: %s', (left, right, equal) => {
    expect(isEqual(left, right, { relative: 0.01, absolute: 0 })).toBe(equal);
  });

  test.each([
    [10, 10.5, true],
    [10, 10.75, false],
    [10, 9.5, true],
  ])('and an absolute one is not: %d and %d: %s', (left, right, equal) => {
    expect(isEqual(left, right, { relative: 0.01, absolute: 0.5 })).toBe(equal);
  });
});

describe('a tolerance is told', () => {
  const wanted = (left: unknown, right: unknown, relative: number, absolute: number) =>
    differences(left, right, { relative, absolute }).listed.map((each) => each.wanted);

  test.each([
    [1, 9, 0.1, 0, '1 (tolerance 0.1 relative)'],
    [1, 9, 0, 0.5, '1 (tolerance 0.5 absolute)'],
    [1, 9, 0.1, 0.5, '1 (tolerance 0.1 relative or 0.5 absolute)'],
    [1, 9, 0, 0, '1'],
    [1, '1', 0.1, 0.5, '1'],
    ['1', 1, 0.1, 0.5, '"1"'],
    ['a', 'b', 0.1, 0.5, '"a"'],
    [1, [1], 0.1, 0.5, '1'],
  ])('where there are two numbers and one: %j and %j', (left, right, relative, absolute, words) => {
    expect(wanted(left, right, relative, absolute)).toEqual([words]);
  });
});

describe('a place is a normalized path', () => {
  const pathTo = (key: string) => differences({ [key]: 1 }, { [key]: 2 }).listed[0]?.path;

  test.each([
    ['a', "$['a']"],
    ['\b', "$['\\b']"],
    ['\t', "$['\\t']"],
    ['\n', "$['\\n']"],
    ['\f', "$['\\f']"],
    ['\r', "$['\\r']"],
    ["'", "$['\\'']"],
    ['\\', "$['\\\\']"],
    ['"', `$['"']`],
    ['\u0000', "$['\\u0000']"],
    ['\u000b', "$['\\u000b']"],
    ['\u001f', "$['\\u001f']"],
    [' ', "$[' ']"],
    ['0', "$['0']"],
    ['', "$['']"],
  ])('with the key %j', (key, path) => {
    expect(pathTo(key)).toBe(path);
  });

  test.each([
    [155, `$['${'k'.repeat(155)}']`],
    [156, `$['${'k'.repeat(156)}'…`],
    [157, `$['${'k'.repeat(157)}…`],
    [400, `$['${'k'.repeat(157)}…`],
  ])('that is cut at 160 characters: a key of %i', (length, path) => {
    expect(pathTo('k'.repeat(length))).toBe(path);
  });
});

test.each([
  [[1, 2], { 0: 1, 1: 2 }],
  [{ length: 0 }, []],
  [[], {}],
  [null, {}],
  [[], null],
])('an array is no object: %j and %j', (left, right) => {
  expect(isEqual(left, right)).toBe(false);
  expect(differences(left, right)).toMatchObject({ count: 1, listed: [{ path: '$' }] });
});
