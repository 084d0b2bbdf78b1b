import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formsOf, masksOf } from '../../../src/secrets/masks.ts';
import vectors from '../../fixtures/runner/vectors.json' with { type: 'json' };
import { createMasker } from '../../runner/masks.ts';
import { createSearcher, haystackOf } from '../../runner/sightings.ts';
import { KEY } from '../../support/azure.ts';
import { runs } from '../../support/fuzz.ts';

const ODD = 'Zk9"a\'B\\c%d&e+f/g=h!i(j)k*l~m n';
const PAYLOAD = 'eyJvaWQiOiIxYTMyN2FjMi0wMDAwLTQwMDAtODAwMC0wMDAwMDAwMDAwMGIiLCJleHAiOjE3OTAwMDAwMDB9';
const SIGNATURE = 'YSBzaWduYXR1cmUgdGhhdCBpcyBsb25nIGVub3VnaD8_Pj4';
const HEADER = 'eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9';
const JWT = `${HEADER}.${PAYLOAD}.${SIGNATURE}`;
const LINES =
  'first line: Ab3$xY\n-----BEGIN RSA PRIVATE KEY-----\n  MIIEow/IBA+AKCAQEA  \r\nPassword:\nshort\n\n';

/** How the runner shows a text when the action has announced the value's masks. */
function runnerWith(value: string): (text: string) => string {
  const masker = createMasker();
  for (const mask of masksOf(value)) masker.add(mask);
  return (text) =>
    text
      .split('\n')
      .map((line) => masker.mask(line))
      .join('\n');
}

function shown(value: string, text: string): string {
  return runnerWith(value)(text);
}

describe('a key of 32 letters and digits shows in no encoding', () => {
  test.each([
    ['plain', `key: ${KEY}.`, 'key: ***.'],
    ['base64', 'cThLM2hZdDBacjdXdk4yZFhiTHBFNXNNZkMxdUpnUmE=', '***'],
    ['base64 without padding', 'cThLM2hZdDBacjdXdk4yZFhiTHBFNXNNZkMxdUpnUmE', '***E'],
    ['base64 with text after it', 'cThLM2hZdDBacjdXdk4yZFhiTHBFNXNNZkMxdUpnUmEifQ==', '***EifQ=='],
    ['base64 of user:key', 'dXNlcjpxOEszaFl0MFpyN1d2TjJkWGJMcEU1c01mQzF1SmdSYQ==', 'dXNlcjp***'],
    ['base64 one byte on', 'dXM6cThLM2hZdDBacjdXdk4yZFhiTHBFNXNNZkMxdUpnUmEh', 'dXM6***Eh'],
    ['base64 two bytes on', 'dTpxOEszaFl0MFpyN1d2TjJkWGJMcEU1c01mQzF1SmdSYSE=', 'dTp***SE='],
    [
      'base64 of a JSON body',
      'eyJrZXkiOiJxOEszaFl0MFpyN1d2TjJkWGJMcEU1c01mQzF1SmdSYSJ9',
      'eyJrZXkiOiJ***SJ9',
    ],
    ['hex', '71384b33685974305a723757764e326458624c704535734d664331754a675261', '***'],
    ['hex, upper case', '71384B33685974305A723757764E326458624C704535734D664331754A675261', '***'],
    ['a form', `a=1&key=${KEY}&b=2`, 'a=1&key=***&b=2'],
    ['JSON', `{"key":"${KEY}"}`, '{"key":"***"}'],
  ])('%s', (_encoding, text, expected) => {
    expect(shown(KEY, text)).toBe(expected);
  });
});

describe('a key with every odd character shows in no encoding', () => {
  test.each([
    ['plain', ODD],
    ['base64', 'Wms5ImEnQlxjJWQmZStmL2c9aCFpKGopaypsfm0gb'],
    ['base64 one byte on', 'aazkiYSdCXGMlZCZlK2YvZz1oIWkoailrKmx+bSBu'],
    ['base64url one byte on', 'aazkiYSdCXGMlZCZlK2YvZz1oIWkoailrKmx-bSBu'],
    ['hex', '5a6b39226127425c63256426652b662f673d682169286a296b2a6c7e6d206e'],
    ['encodeURIComponent', "Zk9%22a'B%5Cc%25d%26e%2Bf%2Fg%3Dh!i(j)k*l~m%20n"],
    ['encodeURIComponent, lower-case hex', "Zk9%22a'B%5cc%25d%26e%2bf%2fg%3dh!i(j)k*l~m%20n"],
    ['RFC 3986', 'Zk9%22a%27B%5Cc%25d%26e%2Bf%2Fg%3Dh%21i%28j%29k%2Al~m%20n'],
    ['RFC 3986, lower-case hex', 'Zk9%22a%27B%5cc%25d%26e%2bf%2fg%3dh%21i%28j%29k%2al~m%20n'],
    ["Python's quote", 'Zk9%22a%27B%5Cc%25d%26e%2Bf/g%3Dh%21i%28j%29k%2Al~m%20n'],
    ["Python's quote_plus", 'Zk9%22a%27B%5Cc%25d%26e%2Bf%2Fg%3Dh%21i%28j%29k%2Al~m+n'],
    ['a form of a browser', 'Zk9%22a%27B%5Cc%25d%26e%2Bf%2Fg%3Dh%21i%28j%29k*l%7Em+n'],
    ['a form of PHP', 'Zk9%22a%27B%5Cc%25d%26e%2Bf%2Fg%3Dh%21i%28j%29k%2Al%7Em+n'],
    ['JSON', 'Zk9\\"a\'B\\\\c%d&e+f/g=h!i(j)k*l~m n'],
    ['JSON twice', 'Zk9\\\\\\"a\'B\\\\\\\\c%d&e+f/g=h!i(j)k*l~m n'],
    ['JSON of .NET', 'Zk9\\u0022a\\u0027B\\\\c%d\\u0026e\\u002Bf/g=h!i(j)k*l~m n'],
    ['XML', 'Zk9&quot;a&apos;B\\c%d&amp;e+f/g=h!i(j)k*l~m n'],
    ['HTML', 'Zk9&quot;a&#39;B\\c%d&amp;e+f/g=h!i(j)k*l~m n'],
    ['HTML of Go', 'Zk9&#34;a&#39;B\\c%d&amp;e+f/g=h!i(j)k*l~m n'],
    ['HTML of Python', 'Zk9&quot;a&#x27;B\\c%d&amp;e+f/g=h!i(j)k*l~m n'],
    ['a literal of the runner', "Zk9\"a''B\\c%d&e+f/g=h!i(j)k*l~m n"],
  ])('%s', (_encoding, text) => {
    expect(shown(ODD, `<${text}>`)).toBe('<***>');
  });

  test("Python's JSON escapes what is no ASCII", () => {
    expect(shown('clé+secrète-"x"', '{"k": "cl\\u00e9+secr\\u00e8te-\\"x\\""}')).toBe('{"k": "***"}');
  });
});

describe('what later steps print by themselves is hidden', () => {
  const TOKEN = `${HEADER}.${Buffer.from(ODD.repeat(20)).toString('base64url')}.${SIGNATURE}`;
  const rows = (text: string, columns: number) => text.match(new RegExp(`.{1,${columns}}`, 'gs'))!.join('\n');
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const hex = (text: string) => Buffer.from(text).toString('hex');
  const pairs = (text: string) => hex(text).match(/../g)!;
  const inRowsOf16 = (text: string, show: (row: string) => string) =>
    rows(text, 16).split('\n').map(show).join('\n');
  const printers: readonly (readonly [string, (text: string) => string])[] = [
    ['base64', (text) => rows(base64(text), 76)],
    ['openssl base64', (text) => rows(base64(text), 64)],
    ['base64 of Windows', (text) => rows(base64(text), 76).replaceAll('\n', '\r\n')],
    ['xxd -p', (text) => rows(hex(text), 60)],
  ];
  const dumpers: typeof printers = [
    ['xxd', (text) => inRowsOf16(text, (row) => `0000: ${hex(row).replace(/.{4}/g, '$& ')} ${row}`)],
    [
      'hexdump -C',
      (text) =>
        inRowsOf16(
          text,
          (row) => `0  ${pairs(row).slice(0, 8).join(' ')}  ${pairs(row).slice(8).join(' ')}  |${row}|`,
        ),
    ],
    ['od -t x1', (text) => inRowsOf16(text, (row) => `0 ${pairs(row).join(' ')}`)],
    ['Format-Hex', (text) => inRowsOf16(text, (row) => `0000 ${pairs(row).join(' ').toUpperCase()} ${row}`)],
  ];
  const secrets = [
    ['a key', KEY],
    ['a long key', (KEY + ODD).repeat(3)],
    ['a token', TOKEN],
  ] as const;

  test.each(
    printers.flatMap(([program, print]) =>
      secrets.map(([what, value]) => [what, program, value, print] as const),
    ),
  )('%s, printed by %s', (_what, _program, value, print) => {
    for (const text of [value, `${value}\n`]) {
      const lines = shown(value, print(text)).split(/\r?\n/);
      // What is left of a last row is too short to be a mask.
      for (const line of lines) expect(line).toMatch(/^(?:\*\*\*)?[\w=+/]{0,11}$/);
      expect(lines.filter((line) => !line.startsWith('***')).length).toBeLessThanOrEqual(1);
    }
  });

  test.each(
    dumpers.flatMap(([program, print]) =>
      secrets.slice(0, 2).map(([what, value]) => [what, program, value, print] as const),
    ),
  )('%s, dumped by %s', (_what, _program, value, print) => {
    const whole = value.slice(0, value.length - (value.length % 16));
    const text = shown(value, print(whole));
    expect(text).toContain('***');
    expect(createSearcher(value)(haystackOf(text))).toEqual([]);
    for (const piece of whole.match(/.{6}/gs)!) {
      expect(text).not.toContain(piece);
      expect(text).not.toContain(pairs(piece).join(' '));
    }
  });

  test.each([',', ', ', ' '])('a key as a list of numbers with %j between them', (separator) => {
    expect(shown(KEY, `[${Buffer.from(KEY).join(separator)}]`)).toBe('[***]');
  });

  test('a mask of a row is never short', () => {
    for (const length of Array.from({ length: 120 }, (_, at) => at + 8)) {
      const masks = masksOf((KEY + ODD).repeat(3).slice(0, length).trim().padEnd(8, 'x'));
      expect(masks.filter((mask) => mask.length < 8)).toEqual([]);
      // Of numbers alone, a row of hex is hidden from twelve digits on.
      expect(masks.filter((mask) => /^[\da-f ]{8,11}$/.test(mask) && !/[a-f]/.test(mask))).toEqual([]);
    }
  });

  test('the start of a key file is not a mask in a dump', () => {
    const masks = masksOf(`-----BEGIN A-----\n${KEY}\n-----END A-----`);
    expect(masks.filter((mask) => /^(?:-----BEGIN.{6}|2d2d 2d2d.*)$/.test(mask))).toEqual([]);
  });
});

describe('a JWT', () => {
  test.each([
    ['is hidden whole', `Bearer ${JWT}`, 'Bearer ***'],
    ['hides its payload alone', `claims ${PAYLOAD}`, 'claims ***'],
    ['hides its signature alone', `signature ${SIGNATURE}`, 'signature ***'],
    ['hides its payload when the signature is cut', `${HEADER}.${PAYLOAD}.YSBz...`, `${HEADER}.***.YSBz...`],
    ['shows its header, which is the same in every token', HEADER, HEADER],
  ])('%s', (_what, text, expected) => {
    expect(shown(JWT, text)).toBe(expected);
  });
});

describe('a value of several lines', () => {
  test('hides each line by itself', () => {
    expect(shown(LINES, 'a first line: Ab3$xY b\n  MIIEow/IBA+AKCAQEA')).toBe('a *** b\n  ***');
  });

  test('hides the whole in JSON, in base64 and percent-encoded', () => {
    expect(shown('line-one-1\nline-two-2', '{"k":"line-one-1\\nline-two-2"}')).toBe('{"k":"***"}');
    expect(shown('line-one-1\nline-two-2', 'bGluZS1vbmUtMQpsaW5lLXR3by0y')).toBe('***');
    expect(shown('line-one-1\nline-two-2', 'line-one-1%0Aline-two-2')).toBe('***');
  });

  test.each(['-----BEGIN RSA PRIVATE KEY-----', 'Password:', 'short', '--------------'])(
    'leaves %s in sight, which other texts hold too',
    (text) => {
      expect(shown(`${LINES}--------------\n`, text)).toBe(text);
    },
  );
});

describe('a mask', () => {
  test.each([
    ['a key', KEY],
    ['an odd key', ODD],
    ['a token', JWT],
    ['several lines', LINES],
    ['a key file', '{\n  "a": "b",\n  "private_key": "-----BEGIN PRIVATE KEY-----\\nMIIE",\n}\n'],
  ])('of %s is never short and never spans lines', (_what, value) => {
    const masks = masksOf(value);
    expect(masks.length).toBeGreaterThan(5);
    expect(masks.filter((mask) => mask.trim().length < 8)).toEqual([]);
    expect(masks.filter((mask) => /[\r\n]/.test(mask))).toEqual([]);
  });

  test('hides a passphrase that is one word', () => {
    expect(shown('correcthorsebatterystaple', 'login with correcthorsebatterystaple')).toBe('login with ***');
  });

  test('hides a base64 text that happens to be letters only', () => {
    // The base64 of `iiiiiiii!`.
    expect(shown('iiiiiiii', 'aWlpaWlpaWkh')).toBe('***kh');
  });
});

describe('what the runner alone leaves in sight is hidden with the masks of the action', () => {
  const covered = vectors.mask.filter(
    // A value in upper case, another normal form, a piece and an ANSI code are what `defuse` is for.
    ({ leaks, label }) => leaks && !['upper', 'nfc/nfd', 'jwt truncated', 'ansi inside'].includes(label),
  );

  test.each(covered)('$label', ({ secrets, input }) => {
    const [secret = ''] = secrets;
    const text = shown(secret, input);
    expect(text).toContain('***');
    expect(createSearcher(secret)(haystackOf(text))).toEqual([]);
  });

  test('there are such vectors', () => {
    expect(covered.map(({ label }) => label)).toEqual([
      'b64 prefix=0 suffix=2 L=32',
      'b64 prefix=2 suffix=2 L=32',
      'base64 unpadded',
      'json double stringify',
      'encodeURIComponent',
      'encodeURIComponent lower hex',
    ]);
  });
});

describe('for any secret and any text around it', () => {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const percent = (text: string) => encodeURIComponent(text);
  const strict = (text: string) =>
    percent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
  const lower = (text: string) => text.replace(/%../g, (code) => code.toLowerCase());
  const xml = (text: string) =>
    text
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replaceAll("'", '&apos;');
  const encoders: readonly ((text: string) => string)[] = [
    (text) => text,
    base64,
    (text) => base64(text).replaceAll('=', ''),
    (text) => Buffer.from(text).toString('base64url'),
    (text) => Buffer.from(text).toString('hex'),
    (text) => Buffer.from(text).toString('hex').toUpperCase(),
    percent,
    (text) => lower(percent(text)),
    strict,
    (text) => lower(strict(text)),
    (text) => new URLSearchParams({ key: text }).toString(),
    (text) => JSON.stringify({ key: text }),
    (text) => JSON.stringify(JSON.stringify({ key: text })),
    xml,
  ];
  const enough = (text: string) => text.trim().length >= 8;
  const ascii = fc.string({ unit: 'grapheme-ascii', minLength: 8, maxLength: 60 }).filter(enough);
  const unicode = fc.string({ unit: 'grapheme', minLength: 8, maxLength: 40 }).filter(enough);
  // A line that is short or common stays in sight.
  const line = fc
    .string({ unit: 'grapheme-ascii', minLength: 12, maxLength: 40 })
    .filter((text) => text.trim().length >= 12 && /\d/.test(text) && new Set(text).size > 2);
  const lines = fc.array(line, { minLength: 2, maxLength: 4 }).map((all) => all.join('\n'));
  const around = fc.string({ maxLength: 10 });

  test.each([
    ['ASCII', ascii],
    ['Unicode', unicode],
    ['several lines', lines],
  ])('no encoding of it is seen: %s', (_kind, secrets) => {
    fc.assert(
      fc.property(secrets, around, around, (secret, before, after) => {
        const search = createSearcher(secret);
        const show = runnerWith(secret);
        for (const encode of encoders) {
          // What looks like a piece of the secret by itself would be seen without it.
          const innocent = `${encode(before)}\n${encode(after)}`;
          fc.pre(search(haystackOf(innocent)).length === 0);
          const text = show(encode(before + secret + after));
          expect(text).toContain('***');
          expect(search(haystackOf(text))).toEqual([]);
        }
      }),
      { numRuns: runs(2_000) },
    );
  });
});

describe('limits', () => {
  const SHORT_KEY = 'q8K3hYt0Zr7WvN2d';
  const SHORT_JWT = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhYmMifQ.c2ln-_bmF0dXJl';

  test('a value that few encodings change has one mask for each that does', () => {
    const masks = masksOf('a1b2c3d4');
    expect(masks.filter((mask) => !/[ ,]/.test(mask))).toEqual([
      'a1b2c3d4',
      // In base64: alone, and one and two bytes on.
      'YTFiMmMzZD',
      'ExYjJjM2Q0',
      'hMWIyYzNkN',
      '6131623263336434',
    ]);
    expect(new Set(masks).size).toBe(masks.length);
  });

  test('what a redactor looks for is that, backwards, in other case and in other normal forms', () => {
    expect(formsOf('Aé1b2c3d').slice(-6, -1)).toEqual([
      'd3c2b1éA',
      'aé1b2c3d',
      'AÉ1B2C3D',
      'A\u00e91b2c3d',
      'Ae\u03011b2c3d'.normalize('NFD'),
    ]);
    expect(formsOf('Ae\u03011b2c3d').slice(-3, -1)).toEqual(['A\u00e91b2c3d', 'Ae\u03011b2c3d']);
    expect(formsOf('1😀2345678').at(-6)).toBe('8765432😀1');
    expect(formsOf('a1b2c3d4').slice(0, 5)).toEqual([
      'a1b2c3d4',
      'YTFiMmMzZD',
      'ExYjJjM2Q0',
      'hMWIyYzNkN',
      '6131623263336434',
    ]);
  });

  describe('each encoding is a mask of its own', () => {
    test.each([
      ['XML', 'a&amp;b&lt;c&gt;d&quot;e&apos;f'],
      ['HTML', 'a&amp;b&lt;c&gt;d&quot;e&#39;f'],
      ['HTML of Go', 'a&amp;b&lt;c&gt;d&#34;e&#39;f'],
      ['HTML of Python', 'a&amp;b&lt;c&gt;d&quot;e&#x27;f'],
      ['a literal of the runner', "a&b<c>d\"e''f"],
      ['JSON', 'a&b<c>d\\"e\'f'],
      ['JSON twice', 'a&b<c>d\\\\\\"e\'f'],
      ['JSON three times', 'a&b<c>d\\\\\\\\\\\\\\"e\'f'],
      ['JSON that is careful about HTML', 'a\\u0026b\\u003Cc\\u003Ed\\u0022e\\u0027f'],
      ['the same in lower case', 'a\\u0026b\\u003cc\\u003ed\\u0022e\\u0027f'],
    ])('%s', (_what, mask) => {
      expect(masksOf('a&b<c>d"e\'f')).toContain(mask);
    });

    test.each([
      ['a plus', 'abcdefg+', 'abcdefg\\u002B'],
      ['a plus, in lower case', 'abcdefg+', 'abcdefg\\u002b'],
      ['a back quote', 'abcdefg`', 'abcdefg\\u0060'],
      ['the first that is no ASCII', 'abcdefg\u0080', 'abcdefg\\u0080'],
      ['the last of 16 bits', 'abcdefg\uffff', 'abcdefg\\uFFFF'],
      ['the last of 16 bits, in lower case', 'abcdefg\uffff', 'abcdefg\\uffff'],
      ['an emoji', 'abcdefg😀', 'abcdefg\\uD83D\\uDE00'],
      ['an emoji of Python', 'abcdefg😀', 'abcdefg\\ud83d\\ude00'],
      ['a delete of Python', 'abcdefg\u007f', 'abcdefg\\u007f'],
      ['a lone surrogate, percent-encoded', 'abcdefg\ud800', 'abcdefg%EF%BF%BD'],
      ['a tilde in a form', 'abcdefg~ ', 'abcdefg%7E+'],
      ['a star in a form', 'abcdefg* ', 'abcdefg*+'],
      ["a slash of Python's quote", 'abcdefg/ ', 'abcdefg/%20'],
    ])('of %s', (_what, value, mask) => {
      expect(masksOf(value)).toContain(mask);
    });
  });

  describe('white space around a value', () => {
    test('is part of it in one mask, and left out in another', () => {
      const masks = masksOf(` ${SHORT_KEY}\t`);
      expect(masks.slice(0, 1)).toEqual([` ${SHORT_KEY}\t`]);
      expect(masks).toContain(SHORT_KEY);
      // The base64 of the key without what is around it.
      expect(masks).toContain('cThLM2hZdDBacjdXdk4yZ');
      expect(masks).toContain('2071384b33685974305a723757764e326409');
    });

    test('makes no short line long enough', () => {
      const masks = masksOf(`${SHORT_KEY}\n      a1      \n      a1b2c3d      `);
      expect(masks.filter((mask) => mask.trim().length < 8)).toEqual([]);
      expect(masks).not.toContain('      a1      ');
    });

    test('hides no less of a token', () => {
      expect(masksOf(` ${SHORT_JWT}\n`)).toEqual(
        expect.arrayContaining(['eyJzdWIiOiJhYmMifQ', 'c2ln-_bmF0dXJl']),
      );
    });
  });

  describe('a short piece', () => {
    test('of several lines is masked in no encoding', () => {
      // The hex and the base64 of `ab12` have eight characters or nearly so.
      const masks = masksOf(`${SHORT_KEY}\nab12\n`);
      expect(masks).not.toContain('61623132');
      expect(masks).toContain(SHORT_KEY);
    });

    test('of seven characters is not a mask, of eight is one', () => {
      expect(masksOf(`${SHORT_KEY}\nab12cd3\nab12cd34`)).not.toContain('ab12cd3');
      expect(masksOf(`${SHORT_KEY}\nab12cd3\nab12cd34`)).not.toContain('61623132636433');
      expect(masksOf(`${SHORT_KEY}\nab12cd3\nab12cd34`)).toContain('ab12cd34');
    });

    test('that is the signature of a token is not a mask', () => {
      expect(masksOf('eyJhbGciOiJub25lIn0.eyJzdWIiOiJhYmMifQ.')).toContain('eyJzdWIiOiJhYmMifQ');
      expect(masksOf('eyJhbGciOiJub25lIn0.eyJzdWIiOiJhYmMifQ.abc')).not.toContain('616263');
    });

    test('is all that a value of one has: there is no mask', () => {
      expect(masksOf('abc')).toEqual([]);
      expect(masksOf('')).toEqual([]);
    });
  });

  describe('a line of several that other texts hold too', () => {
    test.each([
      'passphrase',
      'Passphrase',
      'passphrase:',
      'passphrase {',
      'passphrase: {',
      'Passphrase: [',
      'passphrase(',
      'abcdefghijkl',
      'Abcdefghijkl: {',
      '  passphrase: {  ',
      '-----BEGIN RSA PRIVATE KEY-----',
      '  -----END CERTIFICATE-----',
      '========================',
    ])('is not a mask: %j', (line) => {
      expect(masksOf(`${SHORT_KEY}\n${line}\n`)).not.toContain(line.trim());
    });

    test.each([
      'pass-phrase',
      'abcdefghijklm',
      'Abcdefghijklm: {',
      'PASSPHRASE',
      'passPhrase',
      'passphrase: x',
      'passphrase :',
      'passphrase1',
      '.passphrase',
      'passphrase  {',
      'x-----BEGIN KEY-----',
      '-----BEGIN KEY-----x',
      '-----BEGIN key-----',
      '==========-',
      '-==========',
    ])('is one when it is more than that: %j', (line) => {
      expect(masksOf(`${SHORT_KEY}\n${line}\n`)).toContain(line);
    });

    test.each(['\n', '\r', '\r\n'])('with any end of line: %j', (end) => {
      const masks = masksOf(`${SHORT_KEY}${end}passphrase${end}another-line`);
      expect(masks).toContain('another-line');
      expect(masks).not.toContain('passphrase');
      expect(masks.filter((mask) => /[\r\n]/.test(mask))).toEqual([]);
    });

    test('is a mask when it is the whole value', () => {
      expect(masksOf('passphrase')[0]).toBe('passphrase');
      expect(masksOf('========')[0]).toBe('========');
    });
  });
});
