import { expect, test } from 'vitest';
import { TimeLimitError, withinTime } from '../../../../src/smoke-test/judge/time-limit.ts';

test.each([
  ['nested repetition', /^(a+)+$/, `${'a'.repeat(50)}b`],
  ['overlapping alternatives', /^(a|a)*$/, `${'a'.repeat(50)}b`],
  ['repeated groups', /(x+x+)+y/, 'x'.repeat(60)],
])('%s that backtracks for ever is stopped', (_name, pattern, text) => {
  expect(() => withinTime(100, () => pattern.test(text))).toThrow(TimeLimitError);
});

test('work in time gives its result or its own error, also after something was stopped', () => {
  expect(withinTime(60_000, () => /a/.test('a'))).toBe(true);
  const thrown = new RangeError('too far');
  expect(() =>
    withinTime(60_000, () => {
      throw thrown;
    }),
  ).toThrow(thrown);
});

test('work within work is possible', () => {
  expect(withinTime(60_000, () => withinTime(60_000, () => 1) + 1)).toBe(2);
});

test('a text of 16 MiB is searched to its end', () => {
  expect(withinTime(60_000, () => /needle$/.test(`${'n'.repeat(16 * 1024 * 1024)}needle`))).toBe(true);
});

test('a loop without end is stopped with an error of its own, and other errors stay as they are', () => {
  const endless = (): never => {
    for (;;);
  };
  expect(() => withinTime(20, endless)).toThrow(
    expect.objectContaining({ name: 'TimeLimitError', message: 'It took longer than 20 ms.' }),
  );
  for (const thrown of [undefined, null, 'text', new Error('other')]) {
    let caught: unknown = 'nothing';
    try {
      withinTime(60_000, () => {
        throw thrown;
      });
    } catch (error) {
      caught = error;
    }
    expect(caught).toBe(thrown);
    expect(caught).not.toBeInstanceOf(TimeLimitError);
  }
});
