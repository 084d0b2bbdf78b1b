import { expect, test } from 'vitest';
import { headingOf, tailOf } from '../../../src/report/log-tail.ts';
import { KEY } from '../../support/results.ts';

test('the tail is the last lines, without the empty ones at the end', () => {
  expect(tailOf('one\ntwo\r\nthree\n\n\n', 2)).toEqual(['two', 'three']);
  expect(tailOf('one\n\ntwo', 9)).toEqual(['one', '', 'two']);
});

test.each([
  ['nothing is asked for', 'one\ntwo', 0],
  ['the log is empty', '', 100],
  ['the log is blank', ' \n\r\n', 100],
])('there is no tail when %s', (_when, content, lines) => {
  expect(tailOf(content, lines)).toEqual([]);
});

test('commands, colours and control characters are harmless', () => {
  expect(
    tailOf('::error::a\n  ##[error]b\n\u001b[31mred\u001b[0m\0 \u202ex\nc\u2028::stop-commands::t', 9),
  ).toEqual([': :error::a', '  ## [error]b', 'red x', 'c', ': :stop-commands::t']);
});

test('a line that a progress bar wrote over shows its last state', () => {
  expect(tailOf('load 10 %\rload 50 %\rload 100 %\nready', 5)).toEqual(['load 100 %', 'ready']);
});

test('a secret is hidden, also when it is broken over two lines', () => {
  expect(tailOf(`key=${KEY}.`, 5)).toEqual(['key=***.']);
  expect(tailOf(`a ${KEY.slice(0, 10)}\n${KEY.slice(10)} b`, 5)).toEqual(['a *** b']);
});

test('a long line is cut, and a log of hostile line ends gives no more lines than asked', () => {
  expect(tailOf('x'.repeat(100_000), 5)).toEqual([`${'x'.repeat(2_000)}… (100000 characters in all)`]);
  expect(tailOf('a\u2028b\u2028c\u2028d', 2)).toEqual(['c', 'd']);
});

test('the heading names the container', () => {
  expect(headingOf('inference-server', ['a', 'b'])).toBe('The last 2 lines of container inference-server:');
  expect(headingOf('inference-server', ['a'])).toBe('The last line of container inference-server:');
  expect(headingOf('storage\n::error::x', [])).toBe('Container storage : :error::x has logged nothing.');
});
