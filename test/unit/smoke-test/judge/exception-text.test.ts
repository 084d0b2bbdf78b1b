import { describe, expect, test } from 'vitest';
import { isExceptionText } from '../../../../src/smoke-test/judge/exception-text.ts';

test.each([
  "could not convert string to float: 'male'",
  'ValueError: Expected 2D array, got 1D array instead:\narray=[1.].',
  "KeyError('data')",
  'sklearn.exceptions.NotFittedError: This instance is not fitted yet.',
  'Traceback (most recent call last):\n  File "score.py", line 12, in run',
  "'NoneType' object has no attribute 'predict'",
  "'int' object is not subscriptable",
  'string indices must be integers',
  'list index out of range',
  'X has 3 features, but LogisticRegression is expecting 10 features as input.',
  'Expecting value: line 1 column 1 (char 0)',
  "run() missing 1 required positional argument: 'data'",
  "[Errno 2] No such file or directory: 'model.pkl'",
  ' Input contains NaN.\n',
])('the text of an exception is told from an answer: %s', (text) => {
  expect(isExceptionText(text)).toBe(true);
});

test.each([
  'positive',
  'The ValueError: was raised because the data is wrong.',
  'An error is a difference between a measured and a true value.',
  'Errors happen.',
  'name',
  "Use float('1') to convert a string to float.",
  '',
  1,
  null,
  ["could not convert string to float: 'male'"],
])('what a model may say is an answer: %j', (value) => {
  expect(isExceptionText(value)).toBe(false);
});

describe('limits', () => {
  test.each([
    [2_000, true],
    [2_001, false],
  ])('of a text of %i characters', (length, expected) => {
    expect(isExceptionText('ValueError: '.padEnd(length, 'x'))).toBe(expected);
  });
});
