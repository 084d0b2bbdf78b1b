import { expect, test } from 'vitest';
import { distinctNames } from '../../../src/report/distinct-names.ts';

const cut = (name: string): string => (name.length > 5 ? `${name.slice(0, 5)}…` : name);

test('names that are shown differently are shown as they are', () => {
  expect(distinctNames(['one', 'two', 'a long one'], cut)).toEqual(['one', 'two', 'a lon…']);
});

test('names that are cut alike get a hash each, which their order does not change', () => {
  const names = distinctNames(['a long one', 'a long two', 'other'], cut);
  expect(names).toEqual([
    expect.stringMatching(/^a lon… #[0-9a-f]{8}$/),
    expect.stringMatching(/^a lon… #[0-9a-f]{8}$/),
    'other',
  ]);
  expect(new Set(names).size).toBe(3);
  expect(distinctNames(['a long two', 'a long one'], cut)).toEqual([names[1], names[0]]);
});

test('names with different white space stay different', () => {
  expect(new Set(distinctNames(['a b', 'a  b'], (name) => name.replace(/\s+/g, ' '))).size).toBe(2);
});
