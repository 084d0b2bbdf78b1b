import { expect, test } from 'vitest';
import { createLineTexts, linesIn } from '../../../../src/smoke-test/plan/line-texts.ts';
import { textsOf } from '../../../support/smoke-test-file.ts';

test.each([
  ['a\nb\n', ['a', 'b'], [1, 2]],
  ['a\r\n\r\n b \r\n', ['a', ' b '], [1, 3]],
  ['\uFEFFa\n\t \nb', ['a', 'b'], [1, 3]],
  ['', [], []],
  ['\n\n', [], []],
])('the lines of %j are %j', (text, texts, lines) => {
  const found = linesIn(Buffer.from(text));
  expect(textsOf(found)).toEqual(texts);
  expect(texts.map((_, at) => found.lineAt(at))).toEqual(lines);
});

test('beyond the last one there is none', () => {
  const found = linesIn(Buffer.from('a'));
  expect([found.length, found.at(0)?.toString(), found.at(1)]).toEqual([1, 'a', undefined]);
});

test('texts that stand for lines keep the number of the line', () => {
  const texts = createLineTexts();
  texts.add('{"a":"ü"}', 3);
  texts.add('', 9);
  const found = texts.texts();
  expect(textsOf(found)).toEqual(['{"a":"ü"}', '']);
  expect([found.lineAt(0), found.lineAt(1)]).toEqual([3, 9]);
});
