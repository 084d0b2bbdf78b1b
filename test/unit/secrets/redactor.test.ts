import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formsOf } from '../../../src/secrets/masks.ts';
import { createRedactor } from '../../../src/secrets/redactor.ts';
import { createSearch } from '../../../src/secrets/search.ts';
import { KEY } from '../../support/azure.ts';
import { runs } from '../../support/fuzz.ts';

function redact(text: string, ...secrets: string[]): string {
  const redactor = createRedactor();
  for (const secret of secrets) redactor.add(formsOf(secret));
  return redactor.redact(text);
}

describe('a redactor', () => {
  test.each([
    ['the whole', KEY, '***'],
    ['twelve characters at the start', KEY.slice(0, 12), '***'],
    ['twelve characters at the end', KEY.slice(20), '***'],
    ['twelve characters anywhere', `${KEY.slice(11, 23)}`, '***'],
    ['a secret broken by a line end', `${KEY.slice(0, 9)}\n${KEY.slice(9)}`, '***'],
    [
      'a piece broken by an escaped line end of Windows',
      `${KEY.slice(3, 9)}\\r\\n  ${KEY.slice(9, 15)}`,
      '***',
    ],
    ['a secret with a space after each character', [...KEY].join(' '), '***'],
    ['two in a row', KEY + KEY, '***'],
    ['its base64', 'cThLM2hZdDBacjdXdk4yZFhiTHBFNXNNZkMxdUpnUmE=', '***E='],
    ['a piece of its base64', 'M2hZdDBacjdXdk4y', '***'],
    ['a piece of its hex', '685974305a72375776', '***'],
  ])('hides %s', (_what, text, expected) => {
    expect(redact(`before ${text} after`, KEY)).toBe(`before ${expected} after`);
  });

  test.each(['\\n', '\\r', '\\t', '%0A', '%0D', '%09'])('keeps a %s beside a secret', (lineEnd) => {
    expect(redact(`a${lineEnd}${KEY}${lineEnd}b`, KEY)).toBe(`a${lineEnd}***${lineEnd}b`);
  });

  test.each(['\\x', '\\\\', '%0', '%2E', '\\u002e', '\\ud83d\\ude00', '&#46;'])(
    'does not take %s for a line end',
    (other) => {
      const text = `${KEY.slice(0, 9)}${other}${KEY.slice(9, 18)}`;
      expect(redact(text, KEY)).toBe(text);
    },
  );

  test('hides a secret of 8 characters only when it is whole', () => {
    expect(redact('s3cr3t-! s3cr3t-', 's3cr3t-!')).toBe('*** s3cr3t-');
  });

  test('keeps the text between two secrets', () => {
    expect(redact(`${KEY}, not ${KEY}`, KEY)).toBe('***, not ***');
  });

  test('hides every line of a secret by itself', () => {
    const secret = 'first-line-1234\nsecond-line-5678\n';
    expect(redact('x second-line-5678 y first-line-1234 z', secret)).toBe('x *** y *** z');
  });

  test('hides a secret of one repeated character', { meta: { tooLongForMutants: true } }, () => {
    expect(redact(`[${'x'.repeat(1_000)}]`, 'x'.repeat(500))).toBe('[***]');
  });

  test('hides the same text twice, the second time with nothing left to do', () => {
    const once = redact(`a ${KEY} b`, KEY);
    expect(redact(once, KEY)).toBe('a *** b');
  });

  const character = fc.constantFrom(...'abcXYZ019!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~é漢😀');
  const secrets = fc.string({ unit: character, minLength: 12, maxLength: 50 });
  const space = fc.constantFrom('', '', ' ', '\n', '\t', '\n  ');

  test('never leaves twelve characters of a secret in a row', () => {
    fc.assert(
      fc.property(
        secrets,
        fc.nat(),
        fc.nat(),
        fc.string(),
        fc.string(),
        (secret, from, size, before, after) => {
          const start = from % (secret.length - 11);
          const piece = secret.slice(start, start + 12 + (size % secret.length));
          const text = redact(before + piece + after, secret);
          for (let at = 0; at + 12 <= secret.length; at++) {
            expect(text).not.toContain(secret.slice(at, at + 12));
          }
        },
      ),
      { numRuns: runs(2_000) },
    );
  });

  test('never leaves a secret that white space breaks up', () => {
    fc.assert(
      fc.property(secrets, fc.array(space, { minLength: 1, maxLength: 8 }), (secret, spaces) => {
        const broken = secret.split('').map((unit, at) => unit + spaces[at % spaces.length]);
        expect(redact(`<< ${broken.join('')} >>`, secret).replace(/\s/g, '')).toMatch(/^<?<?\*\*\*>?>?$/);
      }),
      { numRuns: runs(2_000) },
    );
  });

  test('never leaves a secret that escaped line ends break up', () => {
    const unit = fc.constantFrom(...'abcnrtXYZ0189AD');
    const escapes = fc.constantFrom('', '\\n', '\\r\\n', '\\t', '%0A', '%0d%0a', '%09', '\n');
    fc.assert(
      fc.property(
        fc.string({ unit, minLength: 12, maxLength: 50 }),
        fc.array(escapes, { minLength: 1, maxLength: 8 }),
        (secret, between) => {
          const broken = [...secret].map((each, at) => (at === 0 ? '' : between[at % between.length]) + each);
          expect(redact(`<< ${broken.join('')} >>`, secret)).toBe('<< *** >>');
        },
      ),
      { numRuns: runs(2_000) },
    );
  });

  test('keeps what stands around a secret of other characters', () => {
    const around = fc.stringMatching(/^[A-F ]*$/);
    fc.assert(
      fc.property(around, around, (before, after) => {
        expect(redact(`${before}|${KEY}|${after}`, KEY)).toBe(`${before}|***|${after}`);
      }),
    );
  });
});

describe('characters inside a secret that a reader does not see do not keep it from being found', () => {
  const broken = (by: string) => KEY.match(/.{1,6}/g)!.join(by);
  const json = (text: string) => JSON.stringify(text).slice(1, -1);

  test.each([
    ...['\u200b', '\u2028', '\u0000', '\u00ad', '\u{e0041}', '\ufeff'],
    // Blanks of braille, Hangul, Egyptian, Khitan and music, and noncharacters.
    ...[
      '\u2800',
      '\u3164',
      '\u{13441}',
      '\u{16fe4}',
      '\u{1d159}',
      '\ufdd0',
      '\uffff',
      '\u{1fffe}',
      '\u{10ffff}',
    ],
  ])('as it is: %j', (by) => {
    expect(redact(`<${broken(by)}>`, KEY)).toBe('<***>');
  });

  test.each(['\u001b[0m', '\u001b[1;31m', '\u009b0m', '\u001b(B', '\u001b]', '\n', '\b', '\u0000', '\u2028'])(
    'in JSON, once, twice and three times: %j',
    (by) => {
      let text = `<${broken(by)}>`;
      for (let times = 1; times <= 3; times++) {
        text = json(text);
        expect(redact(text, KEY)).toBe('<***>');
      }
    },
  );

  test.each([
    ...['\\u200b', '\\u200B', '\\\\u200b', '\\u{200b}', '\\u2028', '\\u00ad', '\\ufeff', '\\udb40\\udc41'],
    ...['\\u2800', '\\ufdd0', '%E2%A0%80', '&#10240;', '&#x1ffff;', '\\u{1fffe}'],
    ...['\\ud800', '\\x1b[0m', '\\\\x1b[1;31m', '\\e[0m', '\\033[0m', '\\u009b31m', '\\u001b[0m\\u200b\\n  '],
    ...['%0b', '%20', '%1b[0m', '%1B%5B0m', '%250A', '%25250A', '%E2%80%8B', '%25e2%2580%258b'],
    ...['&#8203;', '&#x200b;', '&#x200B;', '&amp;#8203;', '&#10;', '&#27;[0m'],
  ])('escaped: %s', (by) => {
    expect(redact(`<${broken(by)}>`, KEY)).toBe('<***>');
  });

  test('in an ANSI string, which nobody sees either', () => {
    for (const [start, end] of [
      ['\u009d', ''],
      ['\u001b]8;;', '\u0007'],
      ['\\u001b]0;', '\\u0007'],
    ] as const) {
      expect(redact(`[1] ${start}${broken('\u200b')}${end}`, KEY)).toBe(`[1] ${start}***${end}`);
    }
  });

  test('but characters that are seen do', () => {
    for (const by of ['\\u002e', '\\x2e', '%2E', '&#46;', '\\u001b[0m.', '&#1114112;', '\\u{110000}']) {
      expect(redact(`<${broken(by)}>`, KEY)).toBe(`<${broken(by)}>`);
    }
  });
});

describe('a secret is hidden with each of its characters', () => {
  const PIECE = KEY.slice(5, 20);
  const codes = (text: string, radix: number, before: string, after = '') =>
    [...text].map((each) => `${before}${each.charCodeAt(0).toString(radix)}${after}`);

  test.each([
    ['percent-encoded', codes(KEY, 16, '%').join('')],
    ['percent-encoded twice', codes(KEY, 16, '%25').join('')],
    ['percent-encoded but for some', KEY.replace(/[a-m]/g, (each) => codes(each, 16, '%').join(''))],
    ['escaped in JSON', codes(KEY, 16, '\\u00').join('')],
    ['escaped in JSON twice', codes(KEY, 16, '\\\\u00').join('')],
    ['escaped as in Python', codes(KEY, 16, '\\x').join('')],
    ['escaped with braces', codes(KEY, 16, '\\u{', '}').join('')],
    ['an entity', codes(KEY, 10, '&#', ';').join('')],
    ['an entity in hex', codes(KEY, 16, '&#x', ';').join('')],
    ['an entity in XML in XML', codes(KEY, 10, '&amp;#', ';').join('')],
    ['in hex between colons', codes(KEY, 16, '').join(':')],
    ['in hex between dashes', codes(KEY, 16, '').join('-').toUpperCase()],
    ['in hex of C', codes(KEY, 16, '0x').join(', ').replace('0x', '')],
    ['in hex in a list', codes(KEY, 16, '').join('","')],
    ['in hex in an indented list', codes(KEY, 16, '').join('",\n            "')],
    ['a piece of it escaped', codes(PIECE, 16, '\\u00').join('')],
    ['a piece of it in hex between colons', codes(PIECE, 16, '').join(':')],
  ])('%s', (_how, text) => {
    expect(redact(`<${text}>`, KEY)).toBe('<***>');
  });

  test('in base64 of its base64', () => {
    const twice = Buffer.from(Buffer.from(KEY).toString('base64')).toString('base64');
    expect(redact(twice, KEY)).toMatch(/^\*\*\*.{0,4}$/);
    const inside = Buffer.from(`{"a":"${Buffer.from(`ab${KEY}`).toString('base64url')}"}`).toString('base64');
    expect(redact(inside, KEY)).toMatch(/^.{0,13}\*\*\*.{0,10}$/);
  });

  const bytes = [...Buffer.from(KEY)];
  const lines = (items: readonly (string | number)[]) => items.join('\n');

  test.each([
    ['Go', `[${bytes.join(' ')}]`, '[***]'],
    ['Java', `[${bytes.join(', ')}]`, '[***]'],
    ['C', `{${bytes.join(',')}}`, '{***}'],
    ['semicolons', bytes.join(';'), '***'],
    ['colons', bytes.join(':'), '***'],
    ['dots', bytes.join('.'), '***'],
    ['bars', bytes.join(' | '), '***'],
    ['lines', lines(bytes), '***'],
    ['YAML', `- ${bytes.join('\n- ')}`, '- ***'],
    ['columns', bytes.map((each) => String(each).padStart(3)).join('  '), '***'],
    ['three digits', bytes.map((each) => String(each).padStart(3, '0')).join(' '), '***'],
    ['numpy', `[${bytes.join('. ')}.]`, '[***.]'],
    ['floats', `[${bytes.map((each) => each.toFixed(1)).join(', ')}]`, '[***]'],
    ['lists of one', JSON.stringify(bytes.map((each) => [each])), '[[***]]'],
    ['strings', JSON.stringify(bytes.map(String)), '["***"]'],
    ["Node's Buffer", JSON.stringify(Buffer.from(KEY)), '{"type":"Buffer","data":[***]}'],
    ['Uint8Array', JSON.stringify(new Uint8Array(bytes)), '{"0":***}'],
    ['Uint8Array in JSON', JSON.stringify(JSON.stringify(new Uint8Array(bytes))), '"{\\"0\\":***}"'],
    [
      'Uint8Array in JSON in JSON',
      JSON.stringify(JSON.stringify(JSON.stringify(new Uint8Array(bytes)))),
      /^"[\\"{]+0[\\"]+:\*\*\*}[\\"]+$/,
    ],
    ['PHP', bytes.map((each, at) => `[${at}] => ${each}`).join('\n'), '[0] => ***'],
    ['an indented list', JSON.stringify([[[bytes]]], undefined, 8), /^[[\s]+\*\*\*[\]\s]+$/],
    [
      'an indented list in JSON',
      JSON.stringify(JSON.stringify({ a: bytes }, undefined, 4)),
      /\[\\n {8}\*\*\*\\n/,
    ],
    ['escaped blanks', bytes.join('%20'), '***'],
    ['twelve of them', bytes.slice(7, 19).join(' '), '***'],
    ['other numbers around them', `1 2 3 ${bytes.join(' ')} 4 5 6`, '1 2 3 *** 4 5 6'],
  ])('as decimal numbers: %s', (_how, text, expected) => {
    const shown = redact(`a ${text} b`, KEY);
    if (typeof expected === 'string') expect(shown).toBe(`a ${expected} b`);
    else expect(shown.slice(2, -2)).toMatch(expected);
  });

  test('as decimal numbers with anything between them but letters and digits', () => {
    const unit = fc.constantFrom(...'!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~ \t\n');
    const separators = fc.array(fc.string({ unit, minLength: 1, maxLength: 5 }), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(fc.stringMatching(/^[!-~]{12,50}$/), separators, (secret, between) => {
        const text = [...Buffer.from(secret)]
          .map((byte, at) => (at === 0 ? '' : (between[at % between.length] ?? '')) + byte)
          .join('');
        expect(redact(`<< ${text} >>`, secret)).toBe('<< *** >>');
      }),
      { numRuns: runs(2_000) },
    );
  });

  test('a token is hidden as decimal numbers, too, and so is a short secret', () => {
    const token = `eyJhbGciOiJSUzI1NiJ9.${KEY.repeat(40)}.${KEY}`;
    expect(redact(JSON.stringify(Buffer.from(token)), token)).toBe('{"type":"Buffer","data":[***]}');
    expect(redact(Buffer.from('s3cr3t-!').join(' '), 's3cr3t-!')).toBe('***');
    expect(redact(Buffer.from('sécrèt-ä').join(' '), 'sécrèt-ä')).toBe('***');
  });

  test('eleven bytes in decimal numbers stay, and so do other numbers', () => {
    for (const text of [
      bytes.slice(0, 11).join(' '),
      Array.from({ length: 300 }, (_, at) => at).join(', '),
      '0.113, 0.56, 0.75, 0.51, 0.104, 0.89, 0.116, 0.48, 0.90, 0.114, 0.55, 0.87',
      bytes.map((each) => each + 256).join(' '),
    ]) {
      expect(redact(text, KEY)).toBe(text);
    }
  });

  test('and escapes of other text stay', () => {
    const text = 'caf\\u00e9 %C3%A9 &#233; \\x41 12:34:56:78:9a:bc [10, 20, 30, 40, 50, 60, 70]';
    expect(redact(text, KEY)).toBe(text);
  });
});

test('a text that repeats a long token is searched once, not once for each of its pieces', () => {
  const token = Array.from({ length: 150 }, (_, at) => `${at * 7919}`.padStart(10, 'x')).join('');
  const search = createSearch((reading) => reading);
  search.add([token]);
  // A span for each piece would be 250 a token.
  expect(search.find(token.repeat(40))).toHaveLength(40);
  expect(redact(token.repeat(40), token)).toBe('***');
});

describe('limits', () => {
  /** Hides the texts as they are, in no other encoding. */
  function redactAsIs(text: string, ...secrets: string[]): string {
    const redactor = createRedactor();
    redactor.add(secrets);
    return redactor.redact(text);
  }

  describe('spans of several secrets', () => {
    test('that overlap become one, though the one that starts first is found last', () => {
      // The first secret is found by the six characters from `d` on, the other by those from `f` on.
      expect(redactAsIs('<abcdefghijklmno>', 'defghijklmno', '?abcdefghijkl')).toBe('<***>');
      expect(redactAsIs('<abcdefghijklmno>', '?abcdefghijkl', 'defghijklmno')).toBe('<***>');
    });

    test('that touch become one', () => {
      expect(redactAsIs('<abcdefghijklmnopqrstuvwx>', 'abcdefghijkl', 'mnopqrstuvwx')).toBe('<***>');
    });

    test('between which one character stands keep it', () => {
      expect(redactAsIs('<abcdefghijkl.mnopqrstuvwx>', 'abcdefghijkl', 'mnopqrstuvwx')).toBe('<***.***>');
    });

    test('of which one lies within the other become the longer', () => {
      expect(redactAsIs('<abcdefghijklmnopqrst>', 'abcdefghijklmnopqrst', 'efghijklmnop')).toBe('<***>');
      expect(redactAsIs('<abcdefghijklmnopqrst>', 'efghijklmnop', 'abcdefghijklmnopqrst')).toBe('<***>');
    });

    test('that share what finds them are all found', () => {
      const secrets = ['aaaaa1SHARED222222', 'bbbbb3SHARED444444', 'ccccc5SHARED666666'];
      expect(redactAsIs('<aaaa1SHARED2> <bbbb3SHARED4> <cccc5SHARED6>', ...secrets)).toBe(
        '<***> <***> <***>',
      );
      expect(redactAsIs('<aaaa1SHARED4>', ...secrets)).toBe('<aaaa1SHARED4>');
    });
  });

  describe('a secret at an edge of the text', () => {
    test.each([
      ['is the text', KEY, '***'],
      ['starts it', `${KEY} after`, '*** after'],
      ['ends it', `before ${KEY}`, 'before ***'],
      ['ends it, cut to 12 characters', `before ${KEY.slice(0, 12)}`, 'before ***'],
      ['ends it, cut to 11 characters', `before ${KEY.slice(0, 11)}`, 'before q8K3hYt0Zr7'],
      ['starts it with its last 12 characters', `${KEY.slice(20)} after`, '*** after'],
      ['starts it with its last 11 characters', `${KEY.slice(21)} after`, '5sMfC1uJgRa after'],
      ['both starts and ends it', `${KEY}-${KEY}`, '***-***'],
      ['has white space around it', ` ${KEY} `, ' *** '],
      ['is not there', '', ''],
    ])('%s', (_where, text, shown) => {
      expect(redactAsIs(text, KEY)).toBe(shown);
    });
  });

  describe('a piece of each length at each place', () => {
    const SECRET = 'abcdefghijklmnopqrstuvwx';

    test.each([24, 23, 19, 18, 17])(
      'of a secret of %i characters is hidden from 12 characters on',
      (length) => {
        const secret = SECRET.slice(0, length);
        for (let from = 0; from + 12 <= length; from++) {
          expect(redactAsIs(secret.slice(from, from + 12), secret)).toBe('***');
          expect(redactAsIs(secret.slice(from, from + 11), secret)).toBe(secret.slice(from, from + 11));
        }
      },
    );

    test.each([6, 7, 11, 12])('of %i characters is a whole secret', (length) => {
      const secret = SECRET.slice(0, length);
      expect(redactAsIs(`<${secret}>`, secret)).toBe('<***>');
      expect(redactAsIs(`<${secret}`, secret)).toBe('<***');
      expect(redactAsIs(`<${secret.slice(0, -1)}>`, secret)).toBe(`<${secret.slice(0, -1)}>`);
      expect(redactAsIs(`<${secret.slice(1)}>`, secret)).toBe(`<${secret.slice(1)}>`);
    });
  });

  describe('white space', () => {
    const [first, rest] = [KEY.slice(0, 10), KEY.slice(10, 20)];

    test.each([
      ' ',
      '   ',
      '\n',
      '\r\n',
      '\t',
      '\\n',
      '\\r',
      '\\t',
      '\\N',
      '%09',
      '%0a',
      '%0A',
      '%0d',
      '%0D%0A',
      // Quotes quotation marks, at any depth.
      '\\',
    ])('inside a secret hides nothing of it: %j', (space) => {
      expect(redactAsIs(`<${first}${space}${rest}>`, KEY)).toBe('<***>');
    });

    test.each(['.', '\\x', 'n', '%0', '%1', '%21', '%7e', 'a', '9'])(
      'is not what else may stand between two pieces that are too short: %j',
      (text) => {
        expect(redactAsIs(`<${first}${text}${rest}>`, KEY)).toBe(`<${first}${text}${rest}>`);
      },
    );

    test('of the secret need not be in the text', () => {
      expect(redactAsIs('<a1b2c3>', 'a1 b2 c3')).toBe('<***>');
      expect(redactAsIs('a1b2c3', 'a1 b2\nc3')).toBe('***');
      expect(redactAsIs('<firstlinesecondline>', 'first line\nsecond line')).toBe('<***>');
    });

    test('around a secret stays, and what stands between two secrets does not', () => {
      expect(redactAsIs(`a \n ${KEY}\t b`, KEY)).toBe('a \n ***\t b');
      expect(redactAsIs(`a ${KEY} ${KEY} b`, KEY)).toBe('a *** *** b');
    });
  });

  test('a secret that is added after a text was searched is hidden in the next', () => {
    const redactor = createRedactor();
    redactor.add(['abcdefghijkl']);
    expect(redactor.redact('abcdefghijkl mnopqrstuvwx')).toBe('*** mnopqrstuvwx');
    redactor.add(['mnopqrstuvwx']);
    expect(redactor.redact('abcdefghijkl mnopqrstuvwx')).toBe('*** ***');
  });
});

describe('a text in pieces', () => {
  const redactor = createRedactor();
  redactor.add(formsOf(KEY));
  const PIECE = 256 * 1024;

  test.each([-40, -20, -12, -6, 0])(
    'a secret %i characters from the end of a piece is hidden',
    async (offset) => {
      for (const written of [
        KEY,
        [...Buffer.from(KEY)].join(', '),
        encodeURIComponent([...KEY].join('\n')),
      ]) {
        const before = 'x '.repeat((PIECE + offset) / 2);
        let pauses = 0;
        const pause = async () => void pauses++;
        const shown = await redactor.redactLong(`${before}${written} ${before}`, pause);
        expect(shown).toBe(`${before}*** ${before}`);
        expect(pauses).toBe(Math.ceil((2 * before.length + written.length + 1) / PIECE));
      }
    },
  );

  test('a text of five million characters that nobody sees is read', async () => {
    const unseen = '\u200b'.repeat(5_000_000);
    expect(await redactor.redactLong(unseen, async () => undefined)).toBe(unseen);
    expect(redactor.redact(unseen)).toBe(unseen);
  });
});
