import { expect, test } from 'vitest';
import { compilePath } from '../../../../src/smoke-test/judge/json-path.ts';
import { contentAt, searchContent } from '../../../../src/smoke-test/request/content-search.ts';

function at(path: string) {
  const find = compilePath(path);
  if (typeof find === 'string') throw new Error(find);
  return { path, find };
}

test.each([
  ['$.a', { a: 'x' }, 'x'],
  ['$.a', { a: '' }, ''],
  ['$.a', { a: 1 }, undefined],
  ['$.b', { a: 'x' }, undefined],
  ['$[*].a', [{ a: 'x' }, { a: 1 }, { a: 'y' }], 'xy'],
  ['$', undefined, undefined],
])('the strings at a path are joined: %s of %j', (path, value, text) => {
  expect(contentAt(at(path), value)).toBe(text);
});

test('a search that does not end is given up, and so is every later one', () => {
  const search = searchContent(at('$[?search(@, "(a+)+c")]'), 2_000);
  expect(search.finds(['ac'])).toBe(true);
  expect(search.isGivenUp()).toBe(false);
  expect(search.finds([`${'a'.repeat(50)}b`])).toBe(false);
  expect(search.isGivenUp()).toBe(true);
  expect(search.finds(['ac'])).toBe(false);
});

test('a value that is too large to be searched ends the search', () => {
  const search = searchContent(at('$..a'));
  expect(search.finds(Array.from({ length: 2_000_001 }, () => 1))).toBe(false);
  expect(search.isGivenUp()).toBe(true);
});
