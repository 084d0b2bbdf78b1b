import { expect, test } from 'vitest';
import { followReference, plainReference, pointerKeys, pointerTo } from '../../../src/text/json-pointer.ts';

test.each([
  ['/a', 'b', '/a/b'],
  ['', 0, '/0'],
  ['', 'a/b~c', '/a~1b~0c'],
])('below %j, the key %j is %j', (pointer, key, wanted) => {
  expect(pointerTo(pointer, key)).toBe(wanted);
  expect(pointerKeys(wanted).at(-1)).toBe(String(key));
});

const ROOT = { 'a/b': { '~': [{ c: 1 }] }, 'ü x': 2, '100%': 3 };

test.each([
  ['#', ROOT],
  ['#/a~1b/~0/0/c', 1],
  ['#/a~1b/~0/1', undefined],
  ['#/%C3%BC%20x', 2],
  ['#/a%7E1b/~0/0/c', 1],
  ['#/100%', 3],
  ['#/toString', undefined],
  ['#anchor', undefined],
  ['other.json#/a', undefined],
])('the reference %s leads to %j', (reference, value) => {
  expect(followReference(ROOT, reference)).toEqual(value);
});

test('a reference is read without what is encoded in it', () => {
  expect(plainReference('#/a~1b/%C3%BC')).toBe('#/a/b/ü');
  expect(plainReference('#/100%')).toBe('#/100%');
});
