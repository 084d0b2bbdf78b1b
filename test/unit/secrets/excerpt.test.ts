import { beforeAll, describe, expect, test } from 'vitest';
import { createTail, excerpt, startOf } from '../../../src/secrets/excerpt.ts';
import { announceMasksTo, guard } from '../../../src/secrets/secret.ts';
import { KEY } from '../../support/azure.ts';

/** 4,100 characters that redaction makes three. */
const LONG = Array.from({ length: 820 }, (_, at) => `${(at * 7919) % 99_991}`.padStart(5, 'x')).join('');

beforeAll(() => {
  announceMasksTo(() => undefined);
  guard(KEY, 'The key');
  guard(LONG, 'A long key');
});

function tailOf(maxLength: number, ...chunks: readonly string[]): string {
  const tail = createTail(maxLength);
  for (const chunk of chunks) tail.add(Buffer.from(chunk));
  return tail.text();
}

describe('an excerpt', () => {
  test('is the text when it is short enough, with its secrets hidden', () => {
    expect([excerpt('abc', 3), excerpt('abcd', 3), excerpt(`a ${KEY}`, 5)]).toEqual(['abc', 'abc…', 'a ***']);
  });

  test('has 200 characters by default', () => {
    expect(excerpt('x'.repeat(200))).toBe('x'.repeat(200));
    expect(excerpt('x'.repeat(201))).toBe(`${'x'.repeat(200)}…`);
  });

  test('shows no piece of a secret that stands across the cut', () => {
    expect(excerpt(`..${KEY}..`, 5)).toBe('..***…');
    expect(excerpt(`...${KEY}..`, 5)).toBe('...**…');
    expect(excerpt(`.....${KEY}..`, 5)).toBe('.....…');
  });
});

test('the start of a text is cleaned before it is cut', () => {
  const upper = (part: string): string => part.toUpperCase();
  expect(startOf('abcd', 3, upper)).toEqual({ start: 'ABC', isCut: true });
  expect(startOf('abc', 3, (part) => `${part}!`)).toEqual({ start: 'abc!', isCut: false });
});

describe('the tail of a text', () => {
  test('is the text when it is short enough, without white space around it and with its secrets hidden', () => {
    expect(tailOf(5)).toBe('');
    expect(tailOf(5, ' a', 'bcde\n')).toBe('abcde');
    expect(tailOf(5, `a ${KEY.slice(0, 9)}`, KEY.slice(9))).toBe('a ***');
  });

  test('is its last characters', () => {
    expect(tailOf(5, 'abc', 'def')).toBe('…bcdef');
    expect(tailOf(5, 'x'.repeat(100_000), 'abcde\n')).toBe('…abcde');
  });

  test('shows no piece of a secret that stands across the cut', () => {
    expect(tailOf(5, `..${KEY}..`)).toBe('…***..');
    expect(tailOf(5, `..${KEY}...`)).toBe('…**...');
    expect(tailOf(5, `..${KEY}.....`)).toBe('….....');
  });
});

describe('limits', () => {
  // Redaction makes these texts so short that the end of what was searched comes into view.
  const pieces = Array.from({ length: 14 }, (_, count) => count);

  test.each(pieces)('the start shows no piece of %i characters where the search ended', (count) => {
    const text = `${LONG} ${LONG} ${'.'.repeat(190 - count)}${KEY}`;
    expect(excerpt(text)).toBe(`*** *** ${'.'.repeat(count < 12 ? 179 : 182 - count)}…`);
  });

  test.each(pieces)('the tail shows no piece of %i characters where the kept part begins', (count) => {
    const kept = `${'.'.repeat(190 - count)} ${LONG} ${LONG}`;
    expect(tailOf(200, KEY, kept)).toBe(`…${'.'.repeat(count < 12 ? 179 : 182 - count)} *** ***`);
  });

  test('a text is whole when it is as long as what is searched', () => {
    const text = `${LONG} ${LONG} ${'.'.repeat(190)}`;
    expect(text).toHaveLength(8_392);
    expect(excerpt(text)).toBe(`*** *** ${'.'.repeat(190)}`);
    expect(excerpt(`${text}.`)).toBe(`*** *** ${'.'.repeat(179)}…`);
    expect(tailOf(200, text)).toBe(`*** *** ${'.'.repeat(190)}`);
    expect(tailOf(200, '.', text)).toBe(`…${'.'.repeat(187)}`);
  });
});
