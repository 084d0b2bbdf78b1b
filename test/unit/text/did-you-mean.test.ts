import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { likelyMeant, nearestFirst } from '../../../src/text/did-you-mean.ts';

test.each([
  ['a missing letter', 'gren', ['blue', 'green', 'grey2'], ['green', 'grey2', 'blue']],
  ['swapped letters', 'bleu', ['green', 'blue', 'bread'], ['blue', 'bread', 'green']],
  ['another case', 'CHURN', ['fraud', 'churn'], ['churn', 'fraud']],
  ['a part of the name', 'churn', ['chart', 'churn-production-2'], ['chart', 'churn-production-2']],
  ['a suffix', 'churn', ['fraud', 'scorn', 'churn-prod'], ['churn-prod', 'scorn', 'fraud']],
  ['equally far ones in their order', 'zzz', ['aaa', 'bbb', 'ccc'], ['aaa', 'bbb', 'ccc']],
  ['nothing to choose from', 'churn', [], []],
  ['an empty name', '', ['long-name', 'abc'], ['abc', 'long-name']],
])('the nearest name comes first: %s', (_what, name, candidates, expected) => {
  expect(nearestFirst(name, candidates)).toEqual(expected);
});

test('names of any length are compared at once', () => {
  const started = performance.now();
  expect(nearestFirst('x'.repeat(100_000), ['y'.repeat(100_000), 'x'.repeat(90_000)])[0]).toMatch(/^x/);
  expect(performance.now() - started).toBeLessThan(1_000);
});

describe('the name that was probably meant', () => {
  test.each([
    ['treshold', ['cases', 'thresholds'], 'thresholds'],
    ['SAMPELS', ['version', 'samples'], 'samples'],
    ['churn', ['fraud', 'scorn'], undefined],
    ['x', ['max', 'fixed'], undefined],
    ['', ['abc'], undefined],
    ['churn', [], undefined],
    // A name that contains the other is the nearest, and still too far.
    ['port', ['portfolio-east', 'part'], 'part'],
  ])('for %j among %j is %j', (name, candidates, meant) => {
    expect(likelyMeant(name, candidates)).toBe(meant);
  });
});

describe('limits', () => {
  test.each([
    ['three edits of ten letters', 'warm-upxyz', 'warm-up'],
    ['four edits of eleven letters', 'warm-upwxyz', undefined],
    ['one edit of four letters', 'bodi', 'body'],
    ['one edit of three letters', 'boy', undefined],
    ['the same start and a long rest', 'y'.repeat(100_000), undefined],
  ])('%s decide whether a name was meant', (_edits, name, meant) => {
    expect(
      likelyMeant(
        name,
        ['warm-up', 'body', 'bay'].filter((each) => name !== 'boy' || each === 'bay'),
      ),
    ).toBe(meant);
  });
});

test('no name is lost or added', () => {
  fc.assert(
    fc.property(fc.string(), fc.array(fc.string()), (name, names) => {
      expect([...nearestFirst(name, names)].sort()).toEqual([...names].sort());
    }),
  );
});
