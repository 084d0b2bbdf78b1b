import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { differences, isEqual } from '../../../../src/smoke-test/judge/golden.ts';
import { toleranceOf } from '../../../../src/smoke-test/plan/expectations.ts';
import { parseExactJson } from '../../../../src/text/exact-json.ts';

const listed = (wanted: unknown, got: unknown, relative = 0, absolute = 0) =>
  differences(wanted, got, { relative, absolute }).listed;

/** How `1e400` reads. */
const INFINITE = Number.POSITIVE_INFINITY;

describe('two numbers', () => {
  test.each([
    [1, 1.0, 0, 0, true],
    [0, -0, 0, 0, true],
    [1, 1.0000001, 1e-6, 0, true],
    [1, 1.00001, 1e-6, 0, false],
    [100, 101, 0.01, 0, true],
    [101, 100, 0.01, 0, true],
    [0, 1e-9, 1e-6, 0, false],
    [0, 1e-9, 0, 1e-6, true],
    [5, 5.5, 0, 0.5, true],
    [-1, 1, 0.5, 0, false],
    [INFINITE, INFINITE, 0, 0, true],
    [INFINITE, 1, 0.1, 0.1, false],
    [INFINITE, -INFINITE, 1, 1, false],
    [1.7e308, -1.7e308, 0.1, 0, false],
    [1, '1', 1, 1, false],
    [1, true, 1, 1, false],
    [0, null, 1, 1, false],
  ])('%s and %s within %s relative or %s absolute: %s', (left, right, relative, absolute, equal) => {
    expect(isEqual(left, right, { relative, absolute })).toBe(equal);
  });

  test('the comparison is symmetric', () => {
    const tolerance = fc.record({
      relative: fc.double({ min: 0, max: 1, noNaN: true }),
      absolute: fc.double({ min: 0, max: 10, noNaN: true }),
    });
    const numbers = fc.double({ noNaN: true });
    fc.assert(
      fc.property(numbers, numbers, tolerance, (left, right, limits) => {
        expect(isEqual(left, right, limits)).toBe(isEqual(right, left, limits));
      }),
    );
  });

  test('a wider tolerance never rejects what a narrower one accepts', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const number = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(number, share, share, share, (wanted, moved, relative, more) => {
        const got = wanted * (1 + moved);
        fc.pre(isEqual(wanted, got, { relative, absolute: 0 }));
        expect(isEqual(wanted, got, { relative: relative + more, absolute: 0 })).toBe(true);
        expect(isEqual(wanted, got, { relative, absolute: more })).toBe(true);
      }),
    );
  });
});

describe('numbers as they are written', () => {
  const DEFAULTS = { relative: 1e-6, absolute: 1e-12 };
  const judged = (wanted: string, got: string, asked: { relative?: number; absolute?: number } = {}) =>
    differences(parseExactJson(wanted), parseExactJson(got), toleranceOf(asked, DEFAULTS)).listed;

  test.each([
    // Integers are exact, however near they are.
    ['1234567', '1234568', {}, false],
    ['1234567', '1234567', {}, true],
    ['1700000000', '1700001000', {}, false],
    ['1234567', '1234567.0', {}, true],
    // Too large for a number of JavaScript.
    ['1e400', '1e999', {}, false],
    ['1e400', '10.00e399', {}, true],
    ['-1e400', '1e400', {}, false],
    ['1.5e400', '15e+399', {}, true],
    // Of a number with a fraction only the default tolerance is known.
    ['1234567.0', '1234568.0', {}, true],
    ['1234567', '1234568.0', {}, true],
    ['1234567', '1.234568e6', {}, true],
    ['1e9', '1000000001', {}, true],
    ['1234567.5', '1234568', {}, true],
    ['12345678.0', '12345698.0', {}, false],
    // A tolerance that is asked for holds for all.
    ['1234567', '1234568', { relative: 1e-6 }, true],
    ['1000', '1001', { absolute: 1 }, true],
    ['1000', '1002', { absolute: 1 }, false],
    ['1234567', '1234568', { absolute: 0.5 }, false],
    // Near zero.
    ['2.43e-17', '1.91e-17', {}, true],
    ['0.0', '9e-13', {}, true],
    ['0.0', '2e-12', {}, false],
    ['1.1920928244535389e-07', '1.7881392366803084e-07', {}, false],
    ['1.1920928244535389e-07', '1.7881392366803084e-07', { absolute: 1e-6 }, true],
    // Beyond 2^53.
    ['7615917337495251231', '7615917337495251232', {}, false],
    ['7615917337495251231', '7615917337495251231', {}, true],
    ['7615917337495251231', '7615917337495251232', { relative: 0.01 }, false],
    ['7615917337495251231', '7615917337495251232', { absolute: 1 }, true],
    ['-7615917337495251231', '7615917337495251231', {}, false],
    ['7615917337495251231', '1', {}, false],
    ['9007199254740993', '9007199254740992', {}, false],
    ['9007199254740991', '9007199254740990', { relative: 0.01 }, true],
    ['"7615917337495251231"', '7615917337495251231', {}, false],
    ['"1"', '1', { relative: 1, absolute: 1 }, false],
  ])('%s and %s with the tolerance %j: %s', (wanted, got, asked, equal) => {
    expect(judged(wanted, got, asked)).toHaveLength(equal ? 0 : 1);
    expect(judged(got, wanted, asked)).toHaveLength(equal ? 0 : 1);
  });

  test('are named with all their digits, and with the tolerance that holds for them', () => {
    expect(judged('{"id": 7615917337495251231}', '{"id": 7615917337495251232}')).toEqual([
      { path: "$['id']", wanted: '7615917337495251231', got: '7615917337495251232' },
    ]);
    expect(judged('[1234567]', '[1234568]')).toEqual([{ path: '$[0]', wanted: '1234567', got: '1234568' }]);
    expect(judged('[1.5]', '[2]')).toEqual([
      { path: '$[0]', wanted: '1.5 (tolerance 0.000001 relative or 1e-12 absolute)', got: '2' },
    ]);
    expect(judged('{"a": {"id": 12345678901234567890}}', '{}')).toEqual([
      { path: "$['a']", wanted: '{"id":12345678901234567890}', got: 'nothing' },
    ]);
  });

  test('of a million digits end in a verdict', () => {
    const digits = '9'.repeat(1e6);
    expect(judged(digits, digits)).toEqual([]);
    expect(judged(digits, `${digits}9`, { absolute: 1e300 })).toHaveLength(1);
  });
});

describe('two structures', () => {
  test('every value equals itself, whatever the order of keys', () => {
    const reversed = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(reversed);
      if (typeof value !== 'object' || value === null) return value;
      const entries = Object.entries(value).map(([key, inner]) => [key, reversed(inner)] as const);
      return Object.fromEntries(entries.reverse());
    };
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(differences(value, reversed(value))).toEqual({ listed: [], count: 0 });
      }),
    );
  });

  test('two values are equal exactly when their JSON with sorted keys is', () => {
    const small = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom(0, 1, 'a', null),
        fc.array(tie('value'), { maxLength: 2 }),
        fc.dictionary(fc.constantFrom('a', 'b'), tie('value'), { maxKeys: 2 }),
      ),
    })).value;
    const canonical = (value: unknown): string =>
      JSON.stringify(value, (_key, inner: unknown) =>
        typeof inner === 'object' && inner !== null && !Array.isArray(inner)
          ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
          : inner,
      );
    fc.assert(
      fc.property(small, small, (left, right) => {
        expect(isEqual(left, right)).toBe(canonical(left) === canonical(right));
      }),
    );
  });

  test('each place that differs is named by its normalized path', () => {
    expect(listed({ a: [1, { b: 2 }], c: 'x', d: null }, { a: [1, { b: 3 }], c: 'y', d: null })).toEqual([
      { path: "$['a'][1]['b']", wanted: '2', got: '3' },
      { path: "$['c']", wanted: '"x"', got: '"y"' },
    ]);
  });

  test('keys that are missing or too many are named', () => {
    expect(listed({ a: 1, b: 2 }, { b: 2, c: 3 })).toEqual([
      { path: "$['a']", wanted: '1', got: 'nothing' },
      { path: "$['c']", wanted: 'nothing', got: '3' },
    ]);
  });

  test('arrays of different lengths are reported, with the places that differ in both', () => {
    expect(listed([1, 2, 3], [1, 4])).toEqual([
      { path: '$', wanted: 'an array of 3', got: 'an array of 2' },
      { path: '$[1]', wanted: '2', got: '4' },
    ]);
  });

  test('the first ten are listed, and all are counted', () => {
    const result = differences(Array(100).fill(0), Array(100).fill(1));
    expect(result.count).toBe(100);
    expect(result.listed.map(({ path }) => path)).toEqual(
      Array.from({ length: 10 }, (_, index) => `$[${index}]`),
    );
  });
});

describe('hostile values', () => {
  const nested = (levels: number, inner: string): unknown =>
    JSON.parse('['.repeat(levels) + inner + ']'.repeat(levels));

  test('100,000 levels are compared, and a path through them is cut', () => {
    expect(isEqual(nested(100_000, '1'), nested(100_000, '1'))).toBe(true);
    const [difference, ...rest] = listed(nested(100_000, '1'), nested(100_000, '2'));
    expect(rest).toEqual([]);
    expect(difference).toEqual({ path: expect.stringMatching(/^\$(?:\[0\])+.*…$/), wanted: '1', got: '2' });
    expect(difference?.path.length).toBeLessThan(200);
  });

  test('the keys of Object.prototype are keys like any other', () => {
    expect(listed(JSON.parse('{"__proto__":1}'), {})).toEqual([
      { path: "$['__proto__']", wanted: '1', got: 'nothing' },
    ]);
    expect(listed({}, JSON.parse('{"__proto__":{},"constructor":1}'))).toHaveLength(2);
    expect(listed({ toString: 1 }, {})).toEqual([{ path: "$['toString']", wanted: '1', got: 'nothing' }]);
    expect(isEqual(JSON.parse('{"__proto__":[1]}'), JSON.parse('{"__proto__":[1]}'))).toBe(true);
  });

  test('a million values are compared', () => {
    const million = Array.from({ length: 1e6 }, (_, index) => index);
    expect(isEqual(million, [...million])).toBe(true);
    expect(differences(million, million.with(999_999, -1)).listed[0]?.path).toBe('$[999999]');
  });
});

describe('limits', () => {
  describe('a relative tolerance is a share of the larger number', () => {
    test.each([
      [100, 101.005, true],
      [101.005, 100, true],
      [100, 101.02, false],
      [-100, -101.005, true],
      [100, 98.995, false],
      [0, 0.001, false],
    ])('of 1 % between %d and %d: %s', (left, right, equal) => {
      expect(isEqual(left, right, { relative: 0.01, absolute: 0 })).toBe(equal);
    });

    test.each([
      [10, 10.5, true],
      [10, 10.75, false],
      [10, 9.5, true],
    ])('and an absolute one is not: %d and %d: %s', (left, right, equal) => {
      expect(isEqual(left, right, { relative: 0.01, absolute: 0.5 })).toBe(equal);
    });
  });

  describe('a tolerance is named in the difference', () => {
    const wanted = (left: unknown, right: unknown, relative: number, absolute: number) =>
      differences(left, right, { relative, absolute }).listed.map((each) => each.wanted);

    test.each([
      [1, 9, 0.1, 0, '1 (tolerance 0.1 relative)'],
      [1, 9, 0, 0.5, '1 (tolerance 0.5 absolute)'],
      [1, 9, 0.1, 0.5, '1 (tolerance 0.1 relative or 0.5 absolute)'],
      [1, 9, 0, 0, '1'],
      [1, '1', 0.1, 0.5, '1'],
      ['1', 1, 0.1, 0.5, '"1"'],
      ['a', 'b', 0.1, 0.5, '"a"'],
      [1, [1], 0.1, 0.5, '1'],
    ])('between two numbers only: %j and %j', (left, right, relative, absolute, words) => {
      expect(wanted(left, right, relative, absolute)).toEqual([words]);
    });
  });

  describe('a place is a normalized path', () => {
    const pathTo = (key: string) => differences({ [key]: 1 }, { [key]: 2 }).listed[0]?.path;

    test.each([
      ['a', "$['a']"],
      ['\b', "$['\\b']"],
      ['\t', "$['\\t']"],
      ['\n', "$['\\n']"],
      ['\f', "$['\\f']"],
      ['\r', "$['\\r']"],
      ["'", "$['\\'']"],
      ['\\', "$['\\\\']"],
      ['"', `$['"']`],
      ['\u0000', "$['\\u0000']"],
      ['\u000b', "$['\\u000b']"],
      ['\u001f', "$['\\u001f']"],
      [' ', "$[' ']"],
      ['0', "$['0']"],
      ['', "$['']"],
    ])('with the key %j', (key, path) => {
      expect(pathTo(key)).toBe(path);
    });

    test.each([
      [155, `$['${'k'.repeat(155)}']`],
      [156, `$['${'k'.repeat(156)}'…`],
      [157, `$['${'k'.repeat(157)}…`],
      [400, `$['${'k'.repeat(157)}…`],
    ])('that is cut at 160 characters: a key of %i', (length, path) => {
      expect(pathTo('k'.repeat(length))).toBe(path);
    });
  });

  test.each([
    [[1, 2], { 0: 1, 1: 2 }],
    [{ length: 0 }, []],
    [[], {}],
    [null, {}],
    [[], null],
  ])('an array is not an object: %j and %j', (left, right) => {
    expect(isEqual(left, right)).toBe(false);
    expect(differences(left, right)).toMatchObject({ count: 1, listed: [{ path: '$' }] });
  });
});
