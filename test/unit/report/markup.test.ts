import { expect, test } from 'vitest';
import { lineOf, linesOf, markup } from '../../../src/report/markup.ts';
import { KEY } from '../../support/results.ts';

test('a cut through a surrogate pair leaves no half of it', () => {
  expect(lineOf(`a${'😀'.repeat(300)}`, 10)).toBe('a😀😀😀😀… (601 characters in all)');
  expect(linesOf(`a\n${'😀'.repeat(300)}`, 5)).toEqual(['a', '😀… (602 characters in all)']);
});

test('a secret that noncharacters divide is redacted', () => {
  expect(lineOf(`${KEY.slice(0, 8)}\ufffe${KEY.slice(8, 16)}\uffff${KEY.slice(16)}`)).toBe('***');
});

test('a secret that is broken over two lines is redacted', () => {
  expect(linesOf(`a ${KEY.slice(0, 9)}\n${KEY.slice(9)} b`)).toEqual(['a *** b']);
});

test('the characters of markup are escaped', () => {
  expect(markup(`<a href="x" b='y'>&amp;]]>`)).toBe(
    '&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;amp;]]&gt;',
  );
});
