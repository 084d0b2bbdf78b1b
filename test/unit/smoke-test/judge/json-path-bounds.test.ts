import { describe, expect, test } from 'vitest';
import { compilePath } from '../../../../src/smoke-test/judge/json-path.ts';

function pathsOf(path: string, value: unknown): readonly string[] {
  const compiled = compilePath(path);
  if (typeof compiled === 'string') throw new Error(compiled);
  return compiled(value).map((node) => node.path);
}

describe('a normalized path has 160 characters at most', () => {
  test.each([
    [155, `$['${'k'.repeat(155)}']`],
    [156, `$['${'k'.repeat(156)}'…`],
    [157, `$['${'k'.repeat(157)}…`],
    [500, `$['${'k'.repeat(157)}…`],
  ])('a key of %i', (length, path) => {
    expect(pathsOf('$.*', { ['k'.repeat(length)]: 1 })).toEqual([path]);
  });

  test.each([
    [53, `$${'[0]'.repeat(53)}`],
    [54, `$${'[0]'.repeat(53)}…`],
    [80, `$${'[0]'.repeat(53)}…`],
    [81, `$${'[0]'.repeat(53)}…`],
  ])('%i arrays, one in the other', (depth, path) => {
    const value: unknown = JSON.parse(`${'['.repeat(depth)}1${']'.repeat(depth)}`);
    expect(pathsOf(`$${'[0]'.repeat(depth)}`, value)).toEqual([path]);
  });
});

test('a path that is too deep for the parser is refused, and does not stop the step', () => {
  expect(compilePath(`$[?${'('.repeat(100_000)}`)).toMatch(
    /^"\$\[\?\(+" is no JSONPath\. Maximum call stack size exceeded\.$/,
  );
});

describe('two million values are the most for a wide search', () => {
  const many = new Array<number>(2_000_001).fill(1);

  test.each(['$[*]', '$..a', '$[0:1]', '$[?@ == 2]'])('%s', (path) => {
    expect(() => pathsOf(path, many)).toThrow(`more than 2000000 values are too many to search with ${path}`);
  });

  test('and not for one that is not', () => {
    expect(pathsOf('$[0]', many)).toEqual(['$[0]']);
    expect(pathsOf('$[0:1]', many.slice(1))).toEqual(['$[0]']);
  });
});
