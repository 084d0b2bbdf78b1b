import { expect, test } from 'vitest';
import { codingsIn } from '../../../../src/smoke-test/request/codings.ts';

test.each([
  [undefined, undefined],
  ['gzip', 'gzip'],
  ['deflate, br', 'deflate, br'],
  ['utf-8', ''],
  ['UTF8', ''],
  ['charset=utf-8', ''],
  ['iso-8859-1', ''],
  ['none', ''],
  ['binary', ''],
  ['identity', ''],
  ['', ''],
  ['gzip, utf-8', 'gzip'],
  ['utf-8,gzip', 'gzip'],
  ['snappy', 'snappy'],
])('Content-Encoding: %s has the codings %s', (header, codings) => {
  expect(codingsIn(header)).toBe(codings);
});
