import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  arrayIn,
  isObject,
  numberIn,
  objectIn,
  parseJson,
  propertyOf,
  stringIn,
} from '../../../src/text/json.ts';

describe('a JSON text', () => {
  test('its value is read', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.stringify(parseJson(JSON.stringify(value)))).toBe(JSON.stringify(value));
      }),
    );
  });

  test.each(['', '{', '{"a":1} x', 'undefined', 'NaN', "{'a':1}", '\ufeff{}'])(
    '%j is not JSON, and reads as undefined',
    (text) => {
      expect(parseJson(text)).toBeUndefined();
    },
  );
});

describe('a value of unknown type', () => {
  const VALUES: Readonly<Record<string, unknown>> = {
    null: null,
    undefined,
    boolean: true,
    number: 5,
    string: 'x',
    array: ['x'],
    object: { x: 'y' },
  };
  const except = (type: string) => Object.entries(VALUES).filter(([name]) => name !== type);

  test('a value of the expected type is returned', () => {
    expect(objectIn(VALUES.object)).toBe(VALUES.object);
    expect(arrayIn(VALUES.array)).toBe(VALUES.array);
    expect(stringIn('x')).toBe('x');
    expect(numberIn(0)).toBe(0);
    expect(isObject({})).toBe(true);
  });

  test.each(except('object'))('%s is not an object', (_, value) => {
    expect(isObject(value)).toBe(false);
    expect(objectIn(value)).toEqual({});
    expect(propertyOf(value, 'length')).toBeUndefined();
  });

  test.each(except('array'))('%s is not an array', (_, value) => {
    expect(arrayIn(value)).toEqual([]);
  });

  test.each([...except('string'), ['an empty string', '']])('%s is not a string', (_, value) => {
    expect(stringIn(value)).toBeUndefined();
  });

  test.each([...except('number'), ['a number that is too large', JSON.parse('1e999')], ['NaN', Number.NaN]])(
    '%s is not a number',
    (_, value) => {
      expect(numberIn(value)).toBeUndefined();
    },
  );

  test('only own properties are read', () => {
    expect(propertyOf({ x: 'y' }, 'x')).toBe('y');
    expect(propertyOf({}, 'constructor')).toBeUndefined();
    expect(propertyOf(JSON.parse('{"__proto__": 5}'), '__proto__')).toBe(5);
  });
});
