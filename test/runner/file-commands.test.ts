import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readPairs, readPath, SUMMARY_LIMIT_BYTES, summaryError } from './file-commands.ts';

describe('GITHUB_OUTPUT', () => {
  test('holds lines and heredocs, and the later duplicate wins', () => {
    expect(readPairs('a=1\n\nb<<EOF\nx\n\ny\nEOF\na=2\nc=\nd<<E\nE\n')).toEqual({
      pairs: { a: '2', b: 'x\n\ny', c: '', d: '' },
    });
  });

  test('reads whichever comes first, equals or heredoc', () => {
    expect(readPairs('a=b<<c\nd<<e=f\nx\ne=f').pairs).toEqual({ a: 'b<<c', d: 'x' });
  });

  test.each([
    ['a line of no form', 'ok=1\nnonsense\nlater=1', "Invalid format 'nonsense'"],
    ['no name', '=1', 'Name must not be empty'],
    ['no delimiter', 'a<<\nx\n', 'delimiter must not be empty'],
    ['a delimiter that never comes', 'a<<EOF\nx\n', "Matching delimiter not found 'EOF'"],
    ['a last line without end', 'a<<EOF\nx', 'EOF marker missing new line'],
  ])('is refused for %s', (_what, text, message) => {
    expect(readPairs(text).error).toContain(message);
  });

  test('keeps what stands before a malformed line', () => {
    expect(readPairs('ok=1\nnonsense\nlater=1').pairs).toEqual({ ok: '1' });
  });

  test('ends a line at a carriage return on Windows only', () => {
    const text = 'a=1\r\nb<<E\r\nx\r\ny\r\nE\r\n';
    expect(readPairs(text, 'win32').pairs).toEqual({ a: '1', b: 'x\r\ny' });
    expect(readPairs('a=1\r\n', 'linux').pairs).toEqual({ a: '1\r' });
  });

  test('gives back every value that the toolkit writes', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z-]+$/),
        fc.string({ unit: 'binary' }),
        fc.uuid(),
        (name, value, id) => {
          const text = `${name}<<ghadelimiter_${id}\n${value}\nghadelimiter_${id}\n`;
          expect(readPairs(text, 'linux')).toEqual({ pairs: { [name]: value } });
        },
      ),
    );
  });
});

test('GITHUB_PATH moves a directory that is named again to the end', () => {
  expect(readPath('/a\n\n/b\r\n/a\n')).toEqual(['/b', '/a']);
});

test('a summary may have 1,048,576 bytes and no more', () => {
  expect(summaryError('é'.repeat(SUMMARY_LIMIT_BYTES / 2))).toBeUndefined();
  expect(summaryError(`${'é'.repeat(SUMMARY_LIMIT_BYTES / 2)}x`)).toContain('1024k');
});
