import { describe, expect, it } from 'vitest';
import {
  collectMistakes,
  formatMistake,
  type MistakeList,
} from '../../../../../src/smoke-test/plan/file/mistakes.ts';
import { mistakesIn, withKeys } from '../../../../support/smoke-test-file.ts';

/** Keys stand in column 1 and values in column 9, each pointer `/n` in line n. */
function list(): MistakeList {
  const line = (pointer: string): number => Number(pointer.split('/')[1] ?? 1);
  return collectMistakes('a.yml', {
    keyAt: (pointer) => ({ line: line(pointer), column: 1 }),
    valueAt: (pointer) => ({ line: line(pointer), column: 9 }),
  });
}

function told(mistakes: MistakeList): readonly string[] {
  return mistakes.sorted().map(formatMistake);
}

describe('of many mistakes', () => {
  const many = (count: number): readonly string[] => {
    const mistakes = list();
    for (let line = count; line > 0; line--) mistakes.key(`/${line}`, `wrong ${line}`);
    return told(mistakes);
  };

  it.each([99, 100])('%i are told', (count) => {
    expect(many(count)).toHaveLength(count);
    expect(many(count).at(-1)).toBe(`a.yml:${count}:1: wrong ${count}`);
  });

  it.each([
    [101, 'a.yml:101:1: And 1 more from here on.'],
    [250, 'a.yml:101:1: And 150 more from here on.'],
  ])('%i are told up to the hundredth, and the rest is counted', (count, rest) => {
    const lines = many(count);
    expect(lines).toHaveLength(101);
    expect(lines.slice(98)).toEqual(['a.yml:99:1: wrong 99', 'a.yml:100:1: wrong 100', rest]);
  });
});

describe('mistakes', () => {
  it('are in the order of lines, then of columns', () => {
    const mistakes = list();
    mistakes.at({ line: 10, column: 1 }, 'd');
    mistakes.at({ line: 2, column: 10 }, 'c');
    mistakes.at({ line: 2, column: 9 }, 'b');
    mistakes.at({ line: 1, column: 20 }, 'a');
    expect(told(mistakes)).toEqual(['a.yml:1:20: a', 'a.yml:2:9: b', 'a.yml:2:10: c', 'a.yml:10:1: d']);
  });

  it('of one place are told once, the first', () => {
    const mistakes = list();
    mistakes.at({ line: 2, column: 9 }, 'no YAML');
    mistakes.at({ line: 2, column: 9 }, 'no YAML again');
    mistakes.value({ pointer: '/2', value: 'x' }, 'no number');
    mistakes.value({ pointer: '/3', value: 'x' }, 'no number');
    mistakes.value({ pointer: '/3', value: 'x' }, 'too short');
    mistakes.key('/3', 'unknown');
    mistakes.key('/3', 'unknown again');
    mistakes.missing('/3', 'a', 'no a');
    mistakes.missing('/3', 'b', 'no b');
    mistakes.missing('/3', 'a', 'no a again');
    expect(told(mistakes)).toEqual([
      'a.yml:2:9: no YAML',
      'a.yml:3:1: unknown',
      "a.yml:3:9: 3 'x': no number",
      'a.yml:3:9: no a',
      'a.yml:3:9: no b',
    ]);
  });

  it.each([
    ['', 'x', "This file 'x': why"],
    ['', null, 'This file (empty): why'],
    ['', [1], 'This file: why'],
    ['/1', null, '1 (empty): why'],
    ['/1', {}, '1: why'],
    ['/1', 0, "1 '0': why"],
    ['/1', false, "1 'false': why"],
    ['/1/', 'x', "'' 'x': why"],
    ['/1/a', 'v'.repeat(100), `a '${'v'.repeat(100)}': why`],
    ['/1/a', 'v'.repeat(101), `a '${'v'.repeat(100)}… (101 characters in all)': why`],
    [`/1/${'k'.repeat(101)}`, [], `${'k'.repeat(100)}… (101 characters in all): why`],
  ])('name the key and the value: %j, %j', (pointer, value, message) => {
    const mistakes = list();
    mistakes.value({ pointer, value }, 'why');
    expect(mistakes.sorted()).toEqual([{ file: 'a.yml', line: 1, column: 9, message }]);
  });
});

describe('a key that nobody knows is taken for another when seven in ten letters are the same', () => {
  const meant = (key: string) =>
    / Did you mean '([^']+)'\?/.exec(mistakesIn(withKeys(`${key}: 1`))[0] ?? '')?.[1];

  it.each([
    ['warm-upxyz', 'warm-up'],
    ['warm-upwxyz', undefined],
    ['SAMPLES', 'samples'],
    ['sampels', 'samples'],
    // A letter counts as often as it is in both.
    ['sssssss', undefined],
    ['smsmsms', undefined],
  ])('%s: %s', (key, other) => {
    expect(meant(key)).toBe(other);
  });
});
