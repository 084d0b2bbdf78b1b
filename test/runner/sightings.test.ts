import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import vectors from '../fixtures/runner/vectors.json' with { type: 'json' };
import { KEY } from '../support/azure.ts';
import { createMasker } from './masks.ts';
import { createSearcher, haystackOf } from './sightings.ts';

const ODD = 'Zk9+aB/c"d\'e!f 123>>>???&<x>\\yz';
const CLAIMS = Buffer.from('{"aud":"https://ml.azure.com","sub":"churn"}').toString('base64url');
const SIGNATURE = 'Kq3vW8rT-zYx2Lm5Nb7Pd9Fg_Hj4';
const JWT = `eyJhbGciOiJSUzI1NiJ9.${CLAIMS}.${SIGNATURE}`;

const hex = (text: string) => Buffer.from(text).toString('hex');
const base64 = (text: string) => Buffer.from(text).toString('base64');

function formsSeen(text: string, secret: string): string[] {
  return createSearcher(secret)(haystackOf(text)).map(({ form, extent, behind }) => {
    return [extent, form, ...(behind === '' ? [] : [`behind ${behind}`])].join(', ');
  });
}

describe('a secret is seen', () => {
  test.each([
    ['plain', KEY, 'whole, plain'],
    ['plain in the middle of a word', `x${KEY}y`, 'whole, plain'],
    ['by its first half', KEY.slice(0, 16), 'in part, plain'],
    ['by its second half', KEY.slice(16), 'in part, plain'],
    ['by any twelve characters', KEY.slice(7, 19), 'in part, plain'],
    ['reversed', [...KEY].reverse().join(''), 'whole, reversed'],
    ['in upper case', KEY.toUpperCase(), 'whole, upper case'],
    ['in hex', hex(KEY), 'whole, hex'],
    ['in upper-case hex', hex(KEY).toUpperCase(), 'whole, upper-case hex'],
    ['in half of its hex', hex(KEY).slice(0, 32), 'in part, hex'],
    ['in base64', base64(KEY), 'whole, base64 at byte 0'],
    ['in base64 without padding', base64(KEY).replaceAll('=', ''), 'whole, base64 at byte 0'],
    ['in the base64 of a longer text, one byte on', base64(`{"a":"${KEY}"}`), 'whole, base64 at byte 0'],
    ['in the base64 of user and password', base64(`user:${KEY}`), 'whole, base64 at byte 2'],
    ['in the base64 of a longer text', base64(`{"k1":"${KEY}","x":1}`), 'whole, base64 at byte 1'],
    ['in base64 of its base64', base64(base64(KEY)), 'whole, base64 at byte 0 in base64 at byte 0'],
    ['in part of its base64', base64(KEY).slice(10, 30), 'in part, base64 at byte 0'],
    [
      'as the bytes of Go',
      `[${Buffer.from(KEY).join(' ')}]`,
      'whole, decimal bytes, behind separators of numbers',
    ],
    [
      'as numbers of numpy',
      `[${Buffer.from(KEY).join('. ')}.]`,
      'whole, decimal bytes, behind separators of numbers',
    ],
    [
      'as the bytes of an indented list',
      JSON.stringify(JSON.stringify([...Buffer.from(KEY)], undefined, 2)),
      'whole, decimal bytes, behind escapes',
    ],
    [
      'as the bytes of a printed array of bytes',
      JSON.stringify(new Uint8Array(Buffer.from(KEY))),
      'whole, decimal bytes, behind positions of numbers',
    ],
    ['behind blanks of braille', [...KEY].join('\u2800'), 'whole, plain, behind white space'],
    ['behind noncharacters', [...KEY].join('\u{1ffff}'), 'whole, plain, behind white space'],
    ['as the bytes of a printed buffer', JSON.stringify(Buffer.from(KEY)), 'whole, decimal bytes'],
  ])('%s', (_what, text, seen) => {
    expect(formsSeen(`before ${text} after`, KEY)).toContain(seen);
  });

  test.each([
    ['JSON', JSON.stringify(ODD), 'whole, JSON'],
    ['JSON twice', JSON.stringify(JSON.stringify(ODD)), 'whole, JSON twice'],
    ['encodeURIComponent', encodeURIComponent(ODD), 'whole, percent-encoded'],
    ['a form', new URLSearchParams({ key: ODD }).toString(), 'whole, form-encoded'],
    [
      'lower-case percent codes',
      'Zk9%2baB%2fc%22d%27e%21f%20123%3e%3e%3e%3f%3f%3f%26%3cx%3e%5cyz',
      'whole, percent-encoded, RFC 3986, lower-case hex',
    ],
    ['XML', 'Zk9+aB/c&quot;d&apos;e!f 123&gt;&gt;&gt;???&amp;&lt;x&gt;\\yz', 'whole, XML'],
    ['HTML', 'Zk9+aB/c&quot;d&#39;e!f 123&gt;&gt;&gt;???&amp;&lt;x&gt;\\yz', 'whole, HTML'],
    [
      'Markdown with backslashes',
      'Zk9\\+aB/c\\"d\'e\\!f 123\\>\\>\\>\\?\\?\\?\\&\\<x\\>\\\\yz',
      'whole, plain, behind backslashes',
    ],
    ['base64url', Buffer.from(ODD).toString('base64url'), 'whole, base64url at byte 0'],
  ])('as %s', (_what, text, seen) => {
    expect(formsSeen(`before ${text} after`, ODD)).toContain(seen);
  });

  test.each([
    [
      'a colour',
      `${KEY.slice(0, 11)}\u001b[1;31m${KEY.slice(11, 22)}\u001b[0m${KEY.slice(22)}`,
      'whole, plain, behind ANSI codes',
    ],
    ['line ends', KEY.match(/.{1,8}/g)!.join('\r\n'), 'whole, plain, behind line ends'],
    [
      'indented lines',
      base64(KEY)
        .match(/.{1,8}/g)!
        .join('\n    '),
      'whole, base64 at byte 0, behind white space',
    ],
    [
      'an escaped line end',
      `${KEY.slice(0, 11)}%0A${KEY.slice(11, 22)}\\r\\n${KEY.slice(22)}`,
      'whole, plain, behind escaped line ends',
    ],
    [
      'ANSI codes in JSON',
      JSON.stringify(KEY.match(/.{1,6}/g)!.join('\u001b[0m')),
      'whole, plain, behind escapes',
    ],
    [
      'line ends in JSON in JSON',
      JSON.stringify(JSON.stringify(KEY.match(/.{1,6}/g)!.join('\n'))),
      'whole, plain, behind escaped line ends',
    ],
    ...[
      '\\u200b',
      '\\\\u2028',
      '\\x1b[1;31m',
      '\\e[0m',
      '%E2%80%8B',
      '%25E2%2580%258B',
      '&#8203;',
      '&#x200b;',
    ].map((by) => [by, KEY.match(/.{1,6}/g)!.join(by), 'whole, plain, behind escapes']),
    ...['%', '%25', '\\u00', '\\\\u00', '\\x'].map((code) => [
      code,
      hex(KEY).replace(/../g, (byte) => code + byte),
      'whole, plain, behind escapes',
    ]),
    ['entities', [...KEY].map((each) => `&#${each.charCodeAt(0)};`).join(''), 'whole, plain, behind escapes'],
    ...[':', '-', ', 0x', '","'].map((by) => [
      `${by} in hex`,
      hex(KEY).match(/../g)!.join(by),
      'whole, hex, behind separators of hex',
    ]),
    ['a dump of hex', hex(KEY).match(/../g)!.join(' '), 'whole, hex, behind white space'],
  ])('behind %s', (_what, text, seen) => {
    expect(formsSeen(`before ${text} after`, KEY)).toContain(seen);
  });

  test('at its line', () => {
    expect(createSearcher(KEY)(haystackOf(`one\ntwo\n${KEY}`))[0]).toMatchObject({ line: 3 });
  });

  test('wherever it stands, in every alignment of base64', () => {
    const bytes = fc.string({ unit: 'binary', maxLength: 40 }).map((text) => text.toWellFormed());
    fc.assert(
      fc.property(fc.stringMatching(/^[!-~]{12,64}$/), bytes, bytes, (secret, before, after) => {
        expect(formsSeen(base64(before + secret + after), secret).join()).toContain('base64');
      }),
    );
  });
});

describe('a JWT is seen', () => {
  test.each([
    ['by its claims alone', CLAIMS, 'whole, JWT payload, plain'],
    ['by its signature alone', SIGNATURE, 'whole, JWT signature, plain'],
    ['when it is cut off', JWT.slice(0, -10), 'in part, JWT signature, plain'],
    ['in the base64 of a header', base64(`Bearer ${JWT}`), 'whole, JWT payload, base64 at byte 1'],
  ])('%s', (_what, text, seen) => {
    expect(formsSeen(text, JWT)).toContain(seen);
  });

  test('but not by its header, nor by another token with claims that begin alike', () => {
    const other = Buffer.from('{"aud":"https://management.azure.com"}').toString('base64url');
    expect(formsSeen(`eyJhbGciOiJSUzI1NiJ9.${other}.c2ln`, JWT)).toEqual([]);
  });
});

describe('nothing is seen', () => {
  test.each(['', 'an ordinary log line', '***', KEY.slice(0, 11), 'Endpoint churn answered 200 in 35 ms.'])(
    'in %j',
    (text) => {
      expect(formsSeen(text, KEY)).toEqual([]);
    },
  );

  test('of a secret in text that has nothing of it', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[A-Za-z0-9]{12,64}$/),
        fc.stringMatching(/^[ -/:-@]*$/),
        (secret, text) => {
          expect(formsSeen(text, secret)).toEqual([]);
        },
      ),
    );
  });
});

describe('what the runner lets through is seen', () => {
  test.each(vectors.mask.filter(({ leaks }) => leaks))('$label', ({ secrets, input }) => {
    expect(secrets.flatMap((secret) => formsSeen(input, secret))).not.toEqual([]);
  });

  const hidden = vectors.mask.filter(
    ({ leaks, secrets }) => !leaks && secrets.every(({ length }) => length >= 12),
  );
  test.each(hidden)('and what it hides is not: $label', ({ secrets, input }) => {
    const masker = createMasker();
    for (const secret of secrets) masker.add(secret);
    expect(secrets.flatMap((secret) => formsSeen(masker.mask(input), secret))).toEqual([]);
  });
});

test('a megabyte is searched in seconds', () => {
  const text = 'The quick brown fox 0123456789 jumps.\n'.repeat(28_000);
  expect(createSearcher(`${JWT}${'x'.repeat(1500)}`)(haystackOf(text))).toEqual([]);
}, 10_000);
