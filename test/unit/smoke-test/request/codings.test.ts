import { expect, test } from 'vitest';
import { codingsIn } from '../../../../src/smoke-test/request/codings.ts';

test.each([
  [undefined, []],
  ['gzip', ['gzip']],
  [' X-GZIP ', ['x-gzip']],
  ['deflate, br', ['deflate', 'br']],
  ['utf-8', []],
  ['UTF8', []],
  ['charset=utf-8', []],
  ['Charset=UTF-8', []],
  ['iso-8859-1', []],
  ['none', []],
  ['binary', []],
  ['identity', []],
  ['gzip, identity', ['gzip']],
  ['', []],
  ['gzip, utf-8', ['gzip']],
  ['utf-8,gzip', ['gzip']],
  ['snappy', ['snappy']],
])('Content-Encoding: %s has the codings %j', (header, codings) => {
  expect(codingsIn(header)).toEqual(codings);
});
