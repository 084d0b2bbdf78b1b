import { expect, test } from 'vitest';
import { InputError } from '../../../src/inputs/reader.ts';

const FILE_MISTAKE = { file: 'smoke.yml', line: 2, column: 10, message: "samples 'many': Write a number." };

test.each([
  [1, 'The smoke-test file needs a correction.'],
  [2, 'The smoke-test file needs 2 corrections.'],
  [3, 'The smoke-test file needs 3 corrections.'],
])('%i mistakes of the smoke-test file alone are counted', (count, message) => {
  const fileMistakes = Array.from({ length: count }, () => FILE_MISTAKE);
  const error = new InputError([], fileMistakes);
  expect(error.message).toBe(message);
  expect([error.mistakes, error.fileMistakes]).toEqual([[], fileMistakes]);
});

test.each([
  [['key: no.'], 'An input needs a correction. key: no.'],
  [['key: no.', 'timeout: no.'], '2 inputs need a correction:\n- key: no.\n- timeout: no.'],
])('mistakes of inputs are told: %j', (mistakes, message) => {
  expect(new InputError(mistakes).message).toBe(message);
});

test('mistakes of inputs are told before those of the file', () => {
  const error = new InputError(['key: no.'], [FILE_MISTAKE, FILE_MISTAKE]);
  expect(error.message).toBe('An input needs a correction. key: no.');
  expect(error.fileMistakes).toHaveLength(2);
});
