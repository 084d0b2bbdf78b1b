import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { announceMasksTo, guard } from '../../../src/secrets/secret.ts';
import { defuse, holdsSecret, markdown, quote } from '../../../src/secrets/untrusted.ts';
import { parseCommand } from '../../agent/commands.ts';
import { createCommandReader, parseLine, splitLines } from '../../runner/commands.ts';
import { createSearcher, haystackOf } from '../../runner/sightings.ts';
import { KEY } from '../../support/azure.ts';
import { ENDLESS } from '../../support/endless.ts';
import { runs } from '../../support/fuzz.ts';

const SHORT = 's3cr3t-!';

test.each([
  ['see https://user:pass@host.example/a', 'see https://***@host.example/a'],
  ['http://user@host and ftp://a:b@c', 'http://***@host and ftp://***@c'],
  ['https://host.example/a@b', 'https://host.example/a@b'],
  ['https://host.example?mail=a@b', 'https://host.example?mail=a@b'],
  ['a@b, https://host.example', 'a@b, https://host.example'],
])('the user and the password of an address are hidden: %s', (text, shown) => {
  expect(quote(text)).toBe(shown);
});

beforeAll(() => {
  announceMasksTo(() => undefined);
  guard(KEY, 'The key');
  guard(SHORT, 'Another key');
});

/** What a CI system would obey if the text were printed, and what an agent would warn of. */
function obeyed(text: string): string[] {
  const reader = createCommandReader();
  return splitLines(text).filter(
    (line) => reader.read(line).kind !== 'text' || parseCommand(line) !== undefined || /##vso/i.test(line),
  );
}

describe('a remote text prints no command', () => {
  test.each([
    ['::error::x', ': :error::x'],
    ['  \t::add-mask::a', '  \t: :add-mask::a'],
    ['fine\n::stop-commands::t', 'fine\n: :stop-commands::t'],
    ['fine\r::error::x', 'fine\n: :error::x'],
    ['fine\r\n::error::x', 'fine\n: :error::x'],
    ['fine\u0085::error::x', 'fine\n: :error::x'],
    ['fine\u2028::error::x\u2029::error::y', 'fine\n: :error::x\n: :error::y'],
    ['\ufeff::error::x', ': :error::x'],
    ['\u200b::error::x', ': :error::x'],
    [':\u200b:error::x', ': :error::x'],
    [':\u001b[0m:error::x', ': :error::x'],
    ['\u3000::error::x', '\u3000: :error::x'],
    [':::error::x', ': ::error::x'],
    ['oops ##[error]x', 'oops ## [error]x'],
    ['oops ###[error]x', 'oops ### [error]x'],
    ['##vso[task.complete result=Succeeded;]', '## vso[task.complete result=Succeeded;]'],
    ['x ##VSO[task.setvariable variable=verdict]passed', 'x ## VSO[task.setvariable variable=verdict]passed'],
    ['##v\u200dso[task.debug]x', '## vso[task.debug]x'],
    ['##\u0000vso[task.debug]x', '## vso[task.debug]x'],
    ['a \u001b[31m##vso[task.debug]x', 'a ## vso[task.debug]x'],
    ['a\r##vso[task.debug]x', 'a\n## vso[task.debug]x'],
    ['no command, but ##vso', 'no command, but ## vso'],
    ['oops #\u001b[31m#\u200d[error]x', 'oops ## [error]x'],
    ['oops ##\ud800[stop-commands]t', 'oops ## [stop-commands]t'],
  ])('%j', (text, expected) => {
    expect(defuse(text)).toBe(expected);
    expect(obeyed(defuse(text))).toEqual([]);
  });

  const piece = fc.oneof(
    fc.constantFrom(
      ...['::', ':', '##[', '##', '#', '[', ']', ' ', '\t', '\n', '\r', '\u000b', '\f', '\u0085', '\u2028'],
      ...['\u2029', '\ufeff', '\u200b', '\u202e', '\u001b', '\u001b[', '\u009b', '\u001b]', '\u0007', 'm'],
      ...['\ud800', '\udc00', '\u00a0', '\u3000', '\u{e0041}', '***', KEY, SHORT, KEY.slice(0, 14)],
      ...['##vso[', 'vso[', 'VSO', '##v', 'so[', 'task.complete result=Succeeded;]', 'task.debug]'],
      ...['error', 'add-mask', 'stop-commands', 'set-output', '::error::', '##[error]', 'group', 't::'],
    ),
    fc.string({ unit: 'binary', maxLength: 4 }),
  );
  const hostile = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));

  test('in any combination of hostile pieces', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(obeyed(defuse(text))).toEqual([]);
        expect(obeyed(defuse(text, 20))).toEqual([]);
        expect(obeyed(quote(text))).toEqual([]);
        expect(obeyed(`- ${quote(text, 12)}`)).toEqual([]);
      }),
      { numRuns: runs(2_000) },
    );
  });

  test('and shows no character that a reader cannot see', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(defuse(text)).not.toMatch(
          /[^\P{Cc}\n\t]|\p{Default_Ignorable_Code_Point}|\p{Cs}|\p{Zl}|\p{Zp}/u,
        );
      }),
      { numRuns: runs(2_000) },
    );
  });

  test('and stays the same when it is defused again', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(defuse(defuse(text))).toBe(defuse(text));
      }),
    );
  });

  test('but would print one if it were not defused, so that the tests above can fail', () => {
    expect(parseLine('oops ##[error]x').v).toBe('v1');
    expect(obeyed('fine\n::stop-commands::t')).toEqual(['::stop-commands::t']);
  });
});

describe('a remote text loses what a reader does not see', () => {
  test.each([
    ['colours', '\u001b[1;31mred\u001b[0m', 'red'],
    ['8-bit colours', '\u009b31mred\u009b0m', 'red'],
    ['a hyperlink', '\u001b]8;;https://evil.example\u0007click\u001b]8;;\u0007', 'click'],
    ['a window title', 'a\u001b]0;title\u001b\\b', 'ab'],
    ['a reset', 'a\u001bcb', 'ab'],
    ['backspaces', 'secure\b\b\b\b\b\bhacked', 'securehacked'],
    ['text that runs backwards', 'abc\u202ecba\u202c', 'abccba'],
    ['isolates', '\u2066a\u2069', 'a'],
    ['zero-width characters', 'a\u200bb\u200cc\u200dd\u2060e\ufefff', 'abcdef'],
    ['blanks of several scripts', 'a\u2800b\u3164c\u{13441}d\u{16fe4}e\u{1d159}f\ufff9g', 'abcdefg'],
    ['noncharacters', 'a\ufdd0b\ufdefc\ufffed\uffffe\u{1fffe}f\u{10ffff}g', 'abcdefg'],
    ['fillers and variation selectors', 'a\u3164b\ufe0fc\u034fd\u{1d173}e', 'abcde'],
    ['soft hyphens', 'con\u00adfirm', 'confirm'],
    ['tags', 'a\u{e0041}\u{e007f}b', 'ab'],
    ['lone surrogates', 'a\ud800b\udc00c', 'abc'],
    ['a null character', 'a\u0000b', 'ab'],
    ['carriage returns', 'one\rtwo\r\nthree', 'one\ntwo\nthree'],
  ])('%s', (_what, text, expected) => {
    expect(defuse(text)).toBe(expected);
  });

  test('letters of every script, emoji, tabs and line feeds stay', () => {
    expect(defuse('Zażółć\t漢字 עברית\n👍🏽 §1 a::b #1')).toBe('Zażółć\t漢字 עברית\n👍🏽 §1 a::b #1');
  });
});

describe('a remote text shows no secret', () => {
  test.each([
    ['plain', `token ${KEY} was refused`, 'token *** was refused'],
    ['in colour', `${KEY.slice(0, 10)}\u001b[0m${KEY.slice(10)}`, '***'],
    ['in colour, in JSON', JSON.stringify(KEY.match(/.{6}/g)!.join('\u001b[0m')), '"***"'],
    ['behind the start of a window title', `\u009d${[...KEY].join('\u200b')}`, '***'],
    ['with zero-width characters', [...KEY].join('\u200b'), '***'],
    ['broken by lines', `${KEY.slice(0, 6)}\r\n${KEY.slice(6)}`, '***'],
    ['in upper case', 'Q8K3HYT0ZR7WVN2DXBLPE5SMFC1UJGRA', '***'],
    ['in base64 of a header', 'QmVhcmVyIHE4SzNoWXQwWnI3V3ZOMmRYYkxwRTVzTWZDMXVKZ1Jh', 'QmVhcmVyIH***'],
  ])('%s', (_how, text, expected) => {
    expect(defuse(text)).toBe(expected);
  });

  const fill = fc.constantFrom('', ' ', '\n', '\u200b', '\u001b[0m', '\u001b[1;32m', '\u00ad', '\u2060');

  test('with any invisible text inside', () => {
    const search = createSearcher(KEY);
    fc.assert(
      fc.property(fc.array(fill, { minLength: 1, maxLength: 10 }), (fills) => {
        const text = [...KEY].map((character, at) => character + fills[at % fills.length]).join('');
        expect(search(haystackOf(defuse(`a: ${text} :b`)))).toEqual([]);
      }),
    );
  });
});

describe('a remote text that is escaped shows no secret', () => {
  const fill = fc.constantFrom(
    ...[
      '',
      '',
      ' ',
      '\n',
      '\u0000',
      '\u200b',
      '\u2028',
      '\u00ad',
      '\u001b[0m',
      '\u009b1m',
      '\u001b]',
      '\ud800',
    ],
  );
  const ascii = (json: string) =>
    json.replace(/[^ -~]/g, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const escapes: readonly (readonly [how: string, write: (text: string) => string])[] = [
    ['in JSON', JSON.stringify],
    ['in JSON in JSON', (text) => JSON.stringify(JSON.stringify(text))],
    ["in Python's JSON", (text) => ascii(JSON.stringify(text))],
    ["in Python's JSON in JSON", (text) => JSON.stringify(ascii(JSON.stringify(text)))],
    ['percent-encoded', (text) => encodeURIComponent(text.toWellFormed().replaceAll('\ufffd', ''))],
    ['in XML', (text) => text.replace(/[^!-~]/gu, (each) => `&#${each.codePointAt(0)};`)],
  ];

  test.each(escapes)('%s, with any invisible text inside', (_how, write) => {
    const search = createSearcher(KEY);
    fc.assert(
      fc.property(fc.array(fill, { minLength: 1, maxLength: 10 }), (fills) => {
        const text = [...KEY].map((character, at) => character + fills[at % fills.length]).join('');
        const shown = defuse(write(`<${text}>`));
        expect(shown).toContain('***');
        expect(search(haystackOf(shown))).toEqual([]);
      }),
      { numRuns: runs(500) },
    );
  });
});

describe('the length of a remote text', () => {
  test('is that of what is seen', () => {
    expect(defuse(`${'\u200b'.repeat(100)}short`, 10)).toBe('short');
  });

  test.each([KEY, SHORT])('is never cut so that a part of %s comes into view', (secret) => {
    for (let room = 0; room <= secret.length + 3; room++) {
      const text = defuse(`${'.'.repeat(30)}${secret}`, 30 + room);
      expect(text).not.toContain(secret.slice(0, 4));
    }
  });

  test.each([KEY, SHORT])('hides %s also where a very long text is cut before it is searched', (secret) => {
    for (const shownOf of [3, 7, 11, secret.length - 1]) {
      // 8,192 characters more than the limit are looked at; those that are not seen make room.
      const text = defuse(`${'\u200b'.repeat(8_202 - shownOf)}${secret}${'.'.repeat(9_000)}`, 10);
      expect(text).not.toContain(secret.slice(0, 4));
      expect(text).toMatch(/… \(\d+ characters in all\)$/);
    }
  });

  test('costs no time that grows faster than the text', () => {
    const started = performance.now();
    for (const text of ['\n', ' ', ' \n', '\u001b[', '\u001b]1', ':', '#', 'q8K3hY']) {
      defuse(text.repeat(65_536 / text.length));
    }
    // Quadratic time would be seconds for each.
    expect(performance.now() - started).toBeLessThan(1_500);
  });
});

describe('a quotation', () => {
  test('is one line without white space around it', () => {
    expect(quote('  one\r\n\ttwo\u2028 three\n')).toBe('one two three');
  });

  test('has 500 characters unless said', () => {
    expect(quote('x'.repeat(501))).toBe(`${'x'.repeat(500)}… (501 characters in all)`);
    expect(quote('x'.repeat(501), 3)).toBe('xxx… (501 characters in all)');
  });

  test('never has two lines', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(splitLines(quote(text)).length).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('remote text in Markdown is only text', () => {
  test.each([
    ['a table', 'a | b', 'a &#124; b'],
    ['a link', '[click](https://evil.example)', '&#91;click&#93;(https&#58;//evil.example)'],
    ['a bare link', 'see www.evil.example', 'see www&#46;evil.example'],
    ['an image', '![x](data:image/png)', '!&#91;x&#93;(data&#58;image/png)'],
    ['HTML', '<img src=x onerror="y">', '&lt;img src=x onerror="y"&gt;'],
    ['an entity', '&lt;b&gt;', '&amp;lt;b&amp;gt;'],
    ['code', '`rm -rf`', '&#96;rm -rf&#96;'],
    ['a fence', '```\nx\n```', '&#96;&#96;&#96; x &#96;&#96;&#96;'],
    ['emphasis', '*a* _b_ ~~c~~', '&#42;a&#42; &#95;b&#95; &#126;&#126;c&#126;&#126;'],
    ['a heading', '# a\n## b', '&#35; a &#35;&#35; b'],
    ['a mention', '@octocat and a@b.example', '&#64;<wbr>octocat and a&#64;<wbr>b.example'],
    ['a reference', 'octo/churn#1', 'octo/churn&#35;1'],
    ['an emoji', ':tada:', '&#58;tada&#58;'],
    ['mathematics', '$x$', '&#36;x&#36;'],
    ['an escape', '\\*', '&#92;&#42;'],
    ['line breaks', 'a\n\n- b  \nc', 'a - b c'],
  ])('%s', (_what, text, expected) => {
    expect(markdown(text)).toBe(expected);
  });

  test('for any string', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const plain = markdown(text).replace(/&#64;<wbr>|&(?:amp|lt|gt|#(?!64;)\d+);/g, '');
        expect(plain).not.toMatch(/[<>&\\`*_[\]#|~$:@\n\r]/);
      }),
      { numRuns: runs(2_000) },
    );
  });

  test('keeps no secret', () => {
    expect(markdown(`key=${KEY}`)).toBe('key=&#42;&#42;&#42;');
  });
});

test.each([
  ['a secret', `a ${KEY} b`, true],
  ['a piece of one', KEY.slice(3, 15), true],
  ['one with invisible characters inside', [...KEY].join('\u001b]0;\u0007'), true],
  ['a piece that is too short', KEY.slice(3, 14), false],
  ['invisible characters alone', 'a\u200b\u001b[0m b', false],
])('%s is recognized as what it is', (_what, text, held) => {
  expect(holdsSecret(text)).toBe(held);
});

describe('limits', () => {
  test.each(ENDLESS)('a text of %s is made harmless, cut at the cap', (_what, text) => {
    for (const [show, most] of [
      [quote, 600],
      [markdown, 6_000],
      [defuse, 66_000],
    ] as const) {
      expect(show(text).length).toBeLessThan(most);
    }
    expect(holdsSecret(text)).toBe(false);
  });

  /** Characters that are not seen, and so make room below the cap. */
  function unseen(count: number): string {
    return '\u200b'.repeat(count);
  }

  describe('a text around the cap', () => {
    test.each([
      ['one less', 'x'.repeat(9), 'xxxxxxxxx'],
      ['the cap', 'x'.repeat(10), 'xxxxxxxxxx'],
      ['one more', 'x'.repeat(11), 'xxxxxxxxxx… (11 characters in all)'],
      ['the cap, and one that is not seen', `x${unseen(1)}${'x'.repeat(9)}`, 'xxxxxxxxxx'],
      [
        'one more, and one that is not seen',
        `x${unseen(1)}${'x'.repeat(10)}`,
        'xxxxxxxxxx… (12 characters in all)',
      ],
    ])('%s', (_length, text, shown) => {
      expect(defuse(text, 10)).toBe(shown);
    });

    test.each([
      ['::error::', 9, ': :error::'],
      ['::error::', 10, ': :error::'],
      ['##[error]', 9, '## [error]'],
      ['::error::!', 9, ': :error:… (10 characters in all)'],
    ])('%s is not cut because it grew: %i', (text, cap, shown) => {
      expect(defuse(text, cap)).toBe(shown);
    });

    test('is cut after its secrets are hidden, and what then fits is whole', () => {
      expect(defuse(`a ${KEY} b`, 7)).toBe('a *** b');
      expect(defuse(`a ${KEY} b`, 6)).toBe('a *** … (36 characters in all)');
    });

    test('has 65,536 characters unless said', () => {
      expect(defuse('x'.repeat(65_536))).toBe('x'.repeat(65_536));
      expect(defuse('x'.repeat(65_537))).toBe(`${'x'.repeat(65_536)}… (65537 characters in all)`);
    });
  });

  describe('a text around the cap and 8,192 characters more, beyond which nothing is looked at', () => {
    test.each([
      ['the last that is looked at whole', `${unseen(8_195)}abcdefg`, 'abcdefg'],
      // The last 11 characters of what was looked at may be the start of a secret.
      ['one more: the end is not sure', `${unseen(8_196)}abcdefg`, '… (8203 characters in all)'],
      ['11 are seen, and none is sure', `${unseen(8_191)}abcdefghijk!`, '… (8203 characters in all)'],
      ['12 are seen, and one is sure', `${unseen(8_190)}abcdefghijkl!`, 'a… (8203 characters in all)'],
      [
        '20 are seen, and nine are sure',
        `${unseen(8_182)}0123456789abcdefghij!`,
        '012345678… (8203 characters in all)',
      ],
      [
        '21 are seen, and as many are sure as the cap allows',
        `${unseen(8_181)}0123456789abcdefghijk!`,
        '0123456789… (8203 characters in all)',
      ],
      [
        '22 are seen, and the cap decides',
        `${unseen(8_180)}0123456789abcdefghijkl!`,
        '0123456789… (8203 characters in all)',
      ],
      ['none is seen', unseen(8_203), '… (8203 characters in all)'],
      ['none is seen of a whole one', unseen(8_202), ''],
    ])('%s', (_what, text, shown) => {
      expect(defuse(text, 10)).toBe(shown);
    });

    test.each([
      // The key reaches over the cap, and is looked at whole.
      [4, `${'.'.repeat(6)}${KEY}`, '......***'],
      [1, `${'.'.repeat(9)}${KEY}`, '.........*… (41 characters in all)'],
      [0, `${'.'.repeat(10)}${KEY}`, '..........… (42 characters in all)'],
      // The last of what is looked at is the key's 12th character: that piece is hidden, and as far as sure.
      [12, `${unseen(8_190)}${KEY}`, '… (8222 characters in all)'],
      // The 11th: too short to be hidden, and never shown.
      [11, `${unseen(8_191)}${KEY}`, '… (8223 characters in all)'],
      [11, `${unseen(8_186)}ab c ${KEY}`, 'ab c … (8223 characters in all)'],
      [12, `${unseen(8_178)}0123456789ab${KEY}`, '0123… (8222 characters in all)'],
    ])('%i characters of a secret before the end: %#', (_before, text, shown) => {
      expect(defuse(text, 10)).toBe(shown);
    });
  });

  describe('a character or sequence that is not seen is removed', () => {
    test.each([
      ['a carriage return alone', 'a\rb', 'a\nb'],
      ['two of them', 'a\r\rb', 'a\n\nb'],
      ['one before a line feed', 'a\r\nb', 'a\nb'],
      ['a CSI with parameters and an intermediate', 'a\u001b[?25 hb', 'ab'],
      ['a CSI whose final is the first there is', 'a\u001b[1@b', 'ab'],
      ['a CSI whose final is the last there is', 'a\u001b[1~b', 'ab'],
      ['an 8-bit OSC that an 8-bit ST ends', 'a\u009d0;title\u009cb', 'ab'],
      ['an OSC with other letters in it', 'a\u001b]0;t\u00eft\u00a0le \u{1f600}\u0007b', 'ab'],
      ['the start of an OSC that never ends', 'a\u001b]0;title', 'a0;title'],
      ['the start of an 8-bit OSC that never ends', 'a\u009d0;title', 'a0;title'],
      ['the start of an OSC that another sequence ends', 'a\u001b]0;t\u001b[0mb', 'a0;tb'],
      ['the start of an OSC that would end on another line', 'a\u009d0;t\nb\u0007c', 'a0;t\nbc'],
      ['the start of an OSC with a control in it', 'a\u009d0;t\u009b0mb\u0007c', 'a0;tbc'],
      ['a choice of character set', 'a\u001b(Bb', 'ab'],
      ['the first and last of two characters', 'a\u001b0b\u001b~c', 'abc'],
      ['an escape before a letter that is no part of one', 'a\u001béb', 'aéb'],
      [
        'the first and last control of each range',
        'a\u0000\u0008\u000b\u001f\u007f\u0084\u0086\u009fb',
        'ab',
      ],
      ['interlinear annotations', 'a\ufff9b\ufffac\ufffbd', 'abcd'],
    ])('%s', (_what, text, shown) => {
      expect(defuse(text)).toBe(shown);
    });

    test.each(['\t', '\n', ' ', '~', '\u00a0', '\u2027', '\u202f'])('stays beside it: %j', (text) => {
      expect(defuse(`a${text}\u0000b`)).toBe(`a${text}b`);
    });

    test.each(['\ufffc', '\ufffd'])('stays, being a sign that something is missing: %j', (text) => {
      expect(defuse(`a${text}b`)).toBe(`a${text}b`);
    });
  });

  describe('a command is broken up', () => {
    test.each([
      ['a: ::b', 'a: ::b'],
      ['a ::b', 'a ::b'],
      [': :b', ': :b'],
      [':b', ':b'],
      ['##b', '##b'],
      ['#[b', '#[b'],
      ['##[a ##[b', '## [a ## [b'],
      ['a\n\n \t::b', 'a\n\n \t: :b'],
    ])('only where the runner would obey it: %j', (text, shown) => {
      expect(defuse(text)).toBe(shown);
    });
  });

  test('a quotation is cut before its white space is made one', () => {
    expect(quote('a \n b', 3)).toBe('a … (5 characters in all)');
    expect(quote(' \t a  b \n', 9)).toBe('a b');
  });

  describe('in Markdown', () => {
    test.each([
      ['- a', '&#45; a'],
      ['+ a', '&#43; a'],
      ['= a', '&#61; a'],
      ['1. a', '1&#46; a'],
      ['1) a', '1&#41; a'],
      ['1234567890. a', '1234567890&#46; a'],
      ['v1. a 2) b', 'v1. a 2) b'],
      ['(1) a', '(1) a'],
      ['1.5 a 2.', '1&#46;5 a 2.'],
      ['xmpp:a@b.example', 'xmpp&#58;a&#64;<wbr>b.example'],
      ['mailto:a@b.example', 'mailto&#58;a&#64;<wbr>b.example'],
      ['a - + =', 'a - + ='],
      ['www.a.example', 'www&#46;a.example'],
      ['WWW.a.example', 'WWW&#46;a.example'],
      ['xwww.a', 'xwww.a'],
      ['ww.a', 'ww.a'],
      ['a.b', 'a.b'],
      ['&&<<>>', '&amp;&amp;&lt;&lt;&gt;&gt;'],
    ])('%j is only text', (text, shown) => {
      expect(markdown(text)).toBe(shown);
    });

    test('the cap counts what is seen, not how it is escaped', () => {
      expect(markdown('a|b|c', 3)).toBe('a&#124;b… (5 characters in all)');
      expect(markdown('*'.repeat(500))).toBe('&#42;'.repeat(500));
    });
  });
});
