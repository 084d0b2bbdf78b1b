import { describe, expect, test } from 'vitest';
import { byteOrderMarkOf, mistakeInFile, mistakeInSample, readText } from '../../../src/text/file-text.ts';
import { reportFile } from '../../support/reports.ts';

const POINTER = reportFile('20-sample-request-lfs-pointer.json');
const UTF16 = reportFile('21-sample-request-utf16le.json');

describe('a Git LFS pointer', () => {
  test('is not the file that it stands for', () => {
    expect(mistakeInFile(POINTER)).toContain('Git LFS pointer');
    expect(mistakeInSample(POINTER)).toContain('lfs: true');
    expect(readText(POINTER)).toEqual({ mistake: mistakeInFile(POINTER) });
  });

  test('with the line ends of Windows, or of the first days of Git LFS, is one too', () => {
    expect(mistakeInFile(Buffer.from(POINTER.toString().replaceAll('\n', '\r\n')))).toBeDefined();
    expect(
      mistakeInFile(Buffer.from('version https://hawser.github.com/spec/v1\noid sha256:4d\nsize 1\n')),
    ).toBeDefined();
  });

  test('is short, and begins with its version', () => {
    expect(mistakeInFile(Buffer.concat([POINTER, Buffer.alloc(1_024, 'x')]))).toBeUndefined();
    expect(mistakeInFile(Buffer.from(` ${POINTER}`))).toBeUndefined();
    expect(mistakeInFile(Buffer.from('{"version": "https://git-lfs.github.com/spec/v1"}'))).toBeUndefined();
  });
});

test.each(['', ' ', '\r\n\t', '\ufeff', '\ufeff\n'])('a sample without content is empty: %j', (text) => {
  expect(mistakeInSample(Buffer.from(text))).toBe('The file is empty. A sample request needs a body.');
});

test.each(['0', '[]', '\ufeff1', '\0'])('a sample with content is not: %j', (text) => {
  expect(mistakeInSample(Buffer.from(text))).toBeUndefined();
});

test.each([
  [UTF16, 'UTF-16LE'],
  [Buffer.from([0xfe, 0xff, 0, 0x31]), 'UTF-16BE'],
  [Buffer.from('\ufeff1'), 'UTF-8'],
  [Buffer.from('1'), undefined],
  [Buffer.from([0xff, 0xd8, 0xff]), undefined],
  [Buffer.from([0xff]), undefined],
  [Buffer.alloc(0), undefined],
])('a byte order mark names its encoding: %o', (bytes, name) => {
  expect(byteOrderMarkOf(bytes)).toBe(name);
});

test('text is UTF-8, its byte order mark left out, or a mistake', () => {
  expect(readText(Buffer.from('\ufeffzażółć'))).toEqual({ text: 'zażółć' });
  expect(readText(Buffer.from('"caf\xe9"', 'latin1'))).toEqual({
    mistake: 'The file is not UTF-8 text. Save it as UTF-8.',
  });
  expect(readText(UTF16)).toEqual({
    mistake: 'The file is UTF-16LE. Save it as UTF-8 (in Windows PowerShell: Out-File -Encoding utf8).',
  });
});
