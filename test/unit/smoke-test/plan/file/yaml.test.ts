import { describe, expect, test } from 'vitest';
import {
  firstCase,
  mistakesIn,
  planOf,
  withExpect,
  withKeys,
  withRequest,
} from '../../../../support/smoke-test-file.ts';

const OK = withRequest('{ json: 1 }');
const EMPTY = '1:1: This file is empty. Write at least version: 1 and cases.';

describe('text', () => {
  test('with a byte order mark and CRLF is read, and columns are those of an editor', () => {
    expect(planOf(`\uFEFF${OK.replaceAll('\n', '\r\n')}`).cases).toHaveLength(1);
    expect(mistakesIn('\uFEFFversion: 2\r\ncases: x\r\n')).toEqual([
      "1:10: version '2': Write 1, the only version.",
      "2:8: cases 'x': Write a list with at least one case, each with a name and a request.",
    ]);
  });

  test.each([
    ['nothing', '', EMPTY],
    ['comments only', '# nothing yet\n', EMPTY],
    ['a list', '- 1\n', '1:1: This file: Write a mapping of keys to values.'],
    ['a word', 'hello\n', '1:1: This file: Write a mapping of keys to values.'],
    ['null', 'null\n', '1:1: This file (empty): Write a mapping of keys to values.'],
    ['a tab', 'version: 1\ncases:\n\t- a\n', '3:1: YAML does not allow tabs for indentation. Use spaces.'],
    [
      'two documents',
      `${OK}---\n${OK}`,
      '5:1: A second document begins here. Write one, without a line of ---.',
    ],
    [
      'text with a colon',
      withRequest('{ json: 1 }').replace('name: a', 'name: a: b'),
      '3:9: This is not YAML (Nested mappings are not allowed in compact mappings). Put quotes around text that holds a colon and a space.',
    ],
    ['an open quote', `${OK}x: "abc`, '5:8: This is not YAML (Missing closing "quote).'],
    [
      'a tag',
      withRequest('{ json: !secret 1 }'),
      '4:20: This is not YAML (Unresolved tag: !secret). Leave the tag out.',
    ],
    [
      'more than 1 MiB',
      '#'.repeat(2 ** 20 + 1),
      '1:1: This file is larger than 1 MiB. Put request bodies into files of their own.',
    ],
  ])('%s', (_name, text, mistake) => {
    expect(mistakesIn(text)).toEqual([mistake]);
  });

  test.each([
    [
      'Latin-1',
      Buffer.from('version: 1\ncases: \xe4\n', 'latin1'),
      '2:8: The file is not UTF-8 text. Save it as UTF-8.',
    ],
    [
      'UTF-16',
      Buffer.from('\uFEFFversion: 1\n', 'utf16le'),
      '1:1: The file is UTF-16LE. Save it as UTF-8 (in Windows PowerShell: Out-File -Encoding utf8).',
    ],
    [
      'a Git LFS pointer',
      Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 24817\n'),
      '1:1: This is a Git LFS pointer, not the file itself. Check it out with actions/checkout and lfs: true (or run git lfs pull).',
    ],
  ])('in %s is reported', (_name, bytes, mistake) => {
    expect(mistakesIn(bytes)).toEqual([mistake]);
  });

  test('has every mistake of syntax reported', () => {
    const text = 'a: b: c\nd: e: f\n';
    expect(mistakesIn(text).map((mistake) => mistake.slice(0, 4))).toEqual(['1:4:', '2:4:']);
  });

  test('with a stray bracket is reported once, without all that follows', () => {
    expect(mistakesIn('version: 1\ncases:\n}  - name: a\n    request: { json: 1 }\n')).toEqual([
      '3:1: This is not YAML (Unexpected flow-map-end token in YAML stream: "}").',
    ]);
  });

  test('is never obeyed by the runner', () => {
    const [first] = mistakesIn(withKeys('"\\n::error::x\\e[31m": 1'));
    expect(first).toMatch(/^4:1: Unknown key ': :error::x'\./);
  });
});

describe('anchors', () => {
  test('repeat a value', () => {
    const text = `${withRequest('{ json: &one { a: [1] } }')}- name: b\n  request: { json: *one }\n`;
    const [, second] = planOf(text).cases;
    expect(second?.request.body).toMatchObject({ bodies: [Buffer.from('{"a":[1]}')] });
  });

  test('merge into a mapping, whose own keys win', () => {
    const text = `${withRequest('&r { path: /a, json: 1 }')}- name: b\n  request: { path: /b, <<: *r }\n`;
    const [, second] = planOf(text).cases;
    expect(second?.request).toMatchObject({ path: '/b', body: { bodies: [Buffer.from('1')] } });
  });

  test('merge from a list, of which the first wins', () => {
    const text = [
      withRequest('&r { path: /a, json: 1 }'),
      '- { name: b, request: &s { path: /b, json: 2 } }\n',
      '- { name: c, request: { <<: [*s, *r] } }\n',
    ].join('');
    expect(planOf(text).cases[2]?.request.path).toBe('/b');
  });

  test('show a mistake where it is written', () => {
    const text = `${withRequest('&r { jsn: 1 }')}- name: b\n  request: { <<: *r, json: 1 }\n`;
    expect(mistakesIn(text).filter((mistake) => mistake.includes('Unknown'))).toEqual([
      "4:17: Unknown key 'jsn'. Did you mean 'json'? Known here: body, json, text, lines, at, multipart, swagger, method, path, headers.",
      "4:17: Unknown key 'jsn'. Did you mean 'json'? Known here: body, json, text, lines, at, multipart, swagger, method, path, headers.",
    ]);
  });

  test('that are not there are reported once', () => {
    expect(mistakesIn(withKeys('samples: *x'))).toEqual(['4:10: *x: there is no anchor &x before this.']);
  });

  test('merge mappings only', () => {
    expect(mistakesIn(withRequest('{ json: 1, <<: 2 }'))).toEqual([
      '4:27: <<: Merge a mapping, or a list of mappings.',
    ]);
  });
});

const letters = [...'bcdefghijklm'];
const grow = (line: (name: string, before: string) => string): string =>
  letters.map((name, index) => line(name, 'abcdefghijkl'[index] ?? '')).join('\n');
const many = (name: string): string => Array<string>(9).fill(`*${name}`).join(', ');
const TOO_MANY =
  'This file holds more than 100000 values with its anchors written out. Put request bodies into files of their own.';
const TOO_DEEP = 'This is nested deeper than 64 levels, or an anchor contains itself.';

describe('bombs end soon, with one mistake', () => {
  test.each([
    [
      'aliases of aliases',
      `a: &a [x]\n${grow((name, before) => `${name}: &${name} [${many(before)}]`)}`,
      TOO_MANY,
    ],
    [
      'merges of merges',
      `a: &a { x: 1 }\n${grow((name, before) => `${name}: &${name} { <<: [${many(before)}] }`)}`,
      TOO_MANY,
    ],
    ['very many aliases', `a: &a 1\nb: [${'*a,'.repeat(100_000)}]`, TOO_MANY],
    ['an anchor that holds itself', 'a: &a [*a]', TOO_DEEP],
    ['an anchor that holds itself twice', 'a: &a [*a, *a]', TOO_DEEP],
    ['an anchor that merges itself', 'a: &a { <<: *a }', TOO_DEEP],
    ['deep lists', `a: ${'['.repeat(100)}${']'.repeat(100)}`, TOO_DEEP],
    ['very deep lists', '['.repeat(100_000), 'This is nested too deep.'],
  ])('%s', (_name, text, message) => {
    const startedAt = performance.now();
    const mistakes = mistakesIn(text);
    expect(mistakes).toHaveLength(1);
    expect(mistakes[0]).toContain(message);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });

  test('many keys and many duplicates', () => {
    const text = `${Array.from({ length: 20_000 }, (_, i) => `k${i}: 1`).join('\n')}\n${'k: 1\n'.repeat(20_000)}`;
    const mistakes = mistakesIn(text);
    expect(mistakes).toHaveLength(101);
    expect(mistakes[100]).toMatch(/And \d+ more from here on\.$/);
  });
});

describe('keys', () => {
  test('that are there twice are reported at the second', () => {
    expect(mistakesIn(withKeys('samples: 1', 'samples: 2'))).toEqual([
      "5:1: 'samples' is there twice. Keep one of them.",
    ]);
  });

  test('of the prototype are unknown ones', () => {
    const mistakes = mistakesIn(withKeys('__proto__: { samples: 2 }', 'constructor: 1', 'toString: 1'));
    expect(mistakes.map((mistake) => mistake.split('.')[0])).toEqual([
      "4:1: Unknown key '__proto__'",
      "5:1: Unknown key 'constructor'",
      "6:1: Unknown key 'toString'",
    ]);
  });

  test('of the prototype are sent as they are', () => {
    const { request } = firstCase(withRequest('{ json: { __proto__: { a: 1 }, constructor: 2 } }'));
    expect(request.body).toMatchObject({
      bodies: [Buffer.from('{"__proto__":{"a":1},"constructor":2}')],
    });
    expect(({} as { a?: number }).a).toBeUndefined();
  });

  test('that are numbers or true are sent as they are written', () => {
    const { request } = firstCase(withRequest('{ json: { 200: a, 1.50: b, true: c } }'));
    expect(request.body).toMatchObject({ bodies: [Buffer.from('{"200":"a","1.50":"b","true":"c"}')] });
  });

  test('that are not text are reported', () => {
    expect(mistakesIn(withRequest('{ json: { ? [a] : 1, null: 2 } }'))).toEqual([
      '4:24: This key is not a string. Put quotes around it.',
      '4:33: This key is not a string. Put quotes around it.',
    ]);
  });
});

describe('values', () => {
  test('that JSON cannot hold are reported', () => {
    expect(mistakesIn(withRequest('{ json: [.inf, 0x1F, 0o17] }'))).toEqual([
      '4:21: .inf: JSON has no such number.',
      '4:27: 0x1F: JSON has no such number, so it would be another one. Put quotes around it when it is text, such as a postal code; otherwise write it as 31.',
      '4:33: 0o17: JSON has no such number, so it would be another one. Put quotes around it when it is text, such as a postal code; otherwise write it as 15.',
    ]);
  });

  test.each(['02134', '-007', '00', '01.5'])('a leading zero is reported: %s', (number) => {
    expect(mistakesIn(withRequest(`{ json: { zip: ${number} } }`))).toEqual([
      expect.stringContaining(`4:27: ${number}: JSON has no such number`),
    ]);
  });

  test.each([
    ['63.0', '63.0'],
    ['1.0e3', '1.0e3'],
    ['-0', '-0'],
    ['0', '0'],
    ['0.10', '0.10'],
    ['+63.0', '63.0'],
    ['.50', '0.50'],
    ['5.', '5.0'],
    ['-.5E-2', '-0.5E-2'],
    ['12345678901234567890', '12345678901234567890'],
    ['"02134"', '"02134"'],
    ['[1.0, { a: 2.50 }, 3]', '[1.0,{"a":2.50},3]'],
    ['{ "k\\"": 1e2, __proto__: 1.0 }', '{"k\\"":1e2,"__proto__":1.0}'],
  ])('numbers are sent as they are written: %s', (yaml, json) => {
    const { request } = firstCase(withRequest(`{ json: ${yaml} }`));
    expect(request.body).toMatchObject({ bodies: [Buffer.from(json)] });
  });

  test('numbers that an alias or a merge key repeats are sent as they are written', () => {
    const { request } = firstCase(
      withRequest('{ json: { a: &a { x: 1.0 }, b: *a, c: { <<: *a, y: 2.0 } } }'),
    );
    expect(request.body).toMatchObject({
      bodies: [Buffer.from('{"a":{"x":1.0},"b":{"x":1.0},"c":{"y":2.0,"x":1.0}}')],
    });
  });

  test('a number of too many digits is reported where it cannot be kept', () => {
    expect(mistakesIn(withExpect('{ json: { $.id: 7615917337495251231 } }'))).toEqual([
      '5:27: 7615917337495251231: This number has too many digits to be kept exactly here. Put quotes around it when it is text; an answer is compared digit by digit with equals: { value: … }.',
    ]);
    expect(mistakesIn(withExpect('{ equals: { value: { id: 7615917337495251231 } } }'))).toEqual([]);
  });

  test('are YAML 1.2 whatever a directive says', () => {
    const { request } = firstCase(`%YAML 1.1\n---\n${withRequest('{ json: no }')}`);
    expect(request.body).toMatchObject({ bodies: [Buffer.from('"no"')] });
  });

  test('that are missing are reported at their key', () => {
    expect(mistakesIn(withKeys('timeout:   # soon'))).toEqual([
      '4:1: timeout (empty): Write a duration with its unit, such as 800ms, 30s, 2m or 1h30m.',
    ]);
  });
});
