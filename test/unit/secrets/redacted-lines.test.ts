import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { createRedactedLines } from '../../../src/secrets/redacted-lines.ts';
import { announceMasksTo, guard } from '../../../src/secrets/secret.ts';
import { KEY } from '../../support/azure.ts';
import { runs } from '../../support/fuzz.ts';

beforeAll(() => {
  announceMasksTo(() => undefined);
  guard(KEY, 'the key');
});

/** What comes of chunks that arrive one after the other, with all lines written after each. */
function passed(chunks: readonly (string | Buffer)[], flushes = true): Buffer {
  const written: Buffer[] = [];
  const lines = createRedactedLines((bytes) => written.push(bytes));
  for (const chunk of chunks) {
    lines.push(Buffer.from(chunk as string));
    if (flushes) lines.flush();
  }
  lines.end();
  return Buffer.concat(written);
}

const text = (chunks: readonly string[], flushes?: boolean): string => passed(chunks, flushes).toString();

test('a line is written when it is whole, and the last one at the end', () => {
  const written: string[] = [];
  const lines = createRedactedLines((bytes) => written.push(bytes.toString()));
  expect(lines.push(Buffer.from('one\ntw'))).toBe(true);
  lines.flush();
  expect(written).toEqual(['one\n']);
  expect(lines.push(Buffer.from('o'))).toBe(false);
  lines.flush();
  expect(written).toEqual(['one\n']);
  lines.end();
  expect(written).toEqual(['one\n', 'two']);
});

test('a line that goes back to its start is written, too', () => {
  const written: string[] = [];
  const lines = createRedactedLines((bytes) => written.push(bytes.toString()));
  lines.push(Buffer.from(' 10 %\r 20 %'));
  lines.flush();
  expect(written).toEqual([' 10 %\r']);
});

describe('the key is hidden', () => {
  test.each([
    ['in a line', [`key ${KEY} end\n`], 'key *** end\n'],
    ['in a last line without an end', [`key ${KEY}`], 'key ***'],
    ['when it comes in two chunks', [`key ${KEY.slice(0, 9)}`, `${KEY.slice(9)} end\n`], 'key *** end\n'],
    ['over two lines of one chunk', [`${KEY.slice(0, 25)}\n${KEY.slice(25)}\nend\n`], '***\nend\n'],
    [
      'over two lines that come apart',
      [`${KEY.slice(0, 25)}\n`, `${KEY.slice(25)}\nend\n`],
      '***\n***\nend\n',
    ],
    ['over many lines of one chunk', [`${[...KEY].join('\n')}\nend\n`], '***\nend\n'],
  ])('%s', (_, chunks, expected) => {
    expect(text(chunks)).toBe(expected);
  });

  test('wherever a line of more than can be redacted at once is cut', () => {
    for (let before = 256 * 1024 - 1_100; before < 256 * 1024 + 40; before += 7) {
      const line = `${'.'.repeat(before)}${KEY}${'.'.repeat(3_000)}\n`;
      const seen = text([line.slice(0, 200_000), line.slice(200_000, 262_144), line.slice(262_144)], false);
      expect(seen.replace(/\.+/g, '.')).toMatch(/^\.(?:\*\*\*)+\.\n$/);
    }
  });
});

test('bytes without a secret pass as they are, in any encoding and in any chunks', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 40 })), fc.boolean(), (chunks, flushes) => {
      const all = Buffer.concat(chunks);
      expect(passed(chunks.map(Buffer.from), flushes).equals(all)).toBe(true);
    }),
    { numRuns: runs(200) },
  );
});

test('the key in a line that is not UTF-8 is hidden, and the rest of it stays', () => {
  const line = Buffer.concat([Buffer.from([0xff, 0xe9, 0x20]), Buffer.from(`${KEY}\n`), Buffer.from([0xfe])]);
  expect(passed([line])).toEqual(
    Buffer.concat([Buffer.from([0xff, 0xe9, 0x20]), Buffer.from('***\n'), Buffer.from([0xfe])]),
  );
});

test('a line of megabytes comes out whole', () => {
  const line = `${'0123456789abcdef '.repeat(200_000)}\n`;
  const chunks = line.match(/.{1,65536}|\n/g) ?? [];
  expect(passed(chunks, false).equals(Buffer.from(line))).toBe(true);
});

test('however a text with the key is broken into lines and chunks, no telling part of it passes', () => {
  const piece = fc.oneof(
    { weight: 3, arbitrary: fc.stringMatching(/^[a-z ]{0,20}\n?$/) },
    // The key with line ends in it, at any of its characters.
    {
      weight: 2,
      arbitrary: fc
        .uniqueArray(fc.nat(KEY.length), { maxLength: 6 })
        .map((places) => [...KEY].map((c, at) => (places.includes(at) ? `\n${c}` : c)).join('')),
    },
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 8 }),
      fc.infiniteStream(fc.integer({ min: 1, max: 40 })),
      (pieces, sizes) => {
        const all = pieces.join('');
        const chunks: string[] = [];
        for (let at = 0; at < all.length; ) {
          const { value: size = 1 } = sizes.next();
          chunks.push(all.slice(at, at + size));
          at += size;
        }
        for (const flushes of [true, false]) {
          const seen = text(chunks, flushes).replaceAll('\n', '');
          for (let at = 0; at + 12 <= KEY.length; at++) expect(seen).not.toContain(KEY.slice(at, at + 12));
        }
      },
    ),
    { numRuns: runs(300) },
  );
});
