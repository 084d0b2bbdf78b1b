import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import vectors from '../fixtures/runner/vectors.json' with { type: 'json' };
import { createCommandReader, parseLine, splitLines } from './commands.ts';

describe('a line is understood as by the real runner', () => {
  test.each(vectors.parse)('$line', ({ line, expected }) => {
    expect(parseLine(line)).toEqual(expected);
  });
});

describe('a command', () => {
  test('is case-insensitive and keeps its spelling', () => {
    expect(parseLine('::ERROR::x')).toMatchObject({ cmd: 'ERROR', data: 'x' });
  });

  test('unescapes the percent sign last', () => {
    expect(parseLine('::error::%250A')).toMatchObject({ data: '%0A' });
  });

  test('is not hidden by ordinary text when it is of the old form', () => {
    expect(parseLine('oops ##[error file=a;line=3]b%5D')).toEqual({
      v: 'v1',
      cmd: 'error',
      props: { file: 'a', line: '3' },
      data: 'b]',
    });
  });

  test('keeps the last of two properties of one name', () => {
    expect(parseLine('::error title=a,Title=b::x')).toMatchObject({ props: { title: 'b' } });
  });

  test('comes through the toolkit escapes unchanged', () => {
    const data = (text: string) =>
      text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
    const property = (text: string) => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
    const title = fc.string({ minLength: 1 }).filter((text) => !/^[=\s]|\s$/.test(text));
    fc.assert(
      fc.property(title, fc.string({ unit: 'binary' }), (name, message) => {
        const line = `::error title=${property(name)}::${data(message)}`;
        expect(parseLine(line)).toEqual({ v: 'v2', cmd: 'error', props: { title: name }, data: message });
      }),
    );
  });
});

describe('lines', () => {
  test('end at a line feed, a carriage return or both', () => {
    expect(splitLines('a\nb\r\nc\rd')).toEqual(['a', 'b', 'c', 'd']);
  });

  test('are not added by the last line end', () => {
    expect(splitLines('a\n\n')).toEqual(['a', '']);
    expect(splitLines('')).toEqual([]);
  });

  test('hide a command behind a bare carriage return', () => {
    expect(splitLines('oops\r::error::x').map((line) => parseLine(line).v)).toEqual(['none', 'v2']);
  });
});

describe('stop-commands', () => {
  function kinds(...lines: string[]): string[] {
    const reader = createCommandReader();
    return lines.map((line) => reader.read(line).kind);
  }

  test('turns every command into text until its token', () => {
    expect(
      kinds('::stop-commands::T1', '::add-mask::x', '::stop-commands::T2', '::t1::', '::add-mask::x'),
    ).toEqual(['stop', 'text', 'text', 'resume', 'command']);
  });

  test('forgets its token afterwards', () => {
    expect(kinds('::stop-commands::T', '::T::', '::T::')).toEqual(['stop', 'resume', 'text']);
  });

  test('refuses the name of a command as its token', () => {
    expect(kinds('::stop-commands::error', '::stop-commands::', '::add-mask::x')).toEqual([
      'bad-stop-token',
      'bad-stop-token',
      'command',
    ]);
  });
});
