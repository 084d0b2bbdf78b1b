import { describe, expect, test } from 'vitest';
import { compilePath } from '../../../../src/smoke-test/judge/json-path.ts';
import { TimeLimitError, withinTime } from '../../../../src/smoke-test/judge/time-limit.ts';

function find(path: string, value: unknown): readonly { readonly path: string; readonly value: unknown }[] {
  const compiled = compilePath(path);
  if (typeof compiled === 'string') throw new Error(compiled);
  return compiled(value);
}

const answer = { predictions: [11.5, 12.5], "it's": { a: null }, model: { name: 'churn', version: 3 } };

test.each<[string, readonly [string, unknown][]]>([
  ['$', [['$', answer]]],
  ['$.predictions[0]', [["$['predictions'][0]", 11.5]]],
  ['$.predictions[-1]', [["$['predictions'][1]", 12.5]]],
  [
    '$.predictions[*]',
    [
      ["$['predictions'][0]", 11.5],
      ["$['predictions'][1]", 12.5],
    ],
  ],
  ['$.predictions[?@ > 12]', [["$['predictions'][1]", 12.5]]],
  ['$.predictions[0:1]', [["$['predictions'][0]", 11.5]]],
  ['$..version', [["$['model']['version']", 3]]],
  ["$['it\\'s'].a", [["$['it\\'s']['a']", null]]],
  ['$[?@.name == "churn"].version', [["$['model']['version']", 3]]],
  ['$[?search(@.name, "^ch")].version', [["$['model']['version']", 3]]],
  ['$.nothing', []],
  ['$.predictions.toString', []],
])('%s finds its nodes with normalized paths', (path, nodes) => {
  expect(find(path, answer)).toEqual(nodes.map(([at, value]) => ({ path: at, value })));
});

test.each([
  ['predictions[0]', '"predictions[0]" is not a JSONPath. It must begin with $.'],
  ['', '"" is not a JSONPath. It must begin with $.'],
  ['$.a b', '"$.a b" is not a JSONPath. "b" at column 5 is not allowed there.'],
  ['$[', '"$[" is not a JSONPath. It ends too early, at column 3.'],
  ['$[?@.a = 1]', '"$[?@.a = 1]" is not a JSONPath. "=" at column 8 is not allowed there.'],
])('%j is refused with a sentence', (path, sentence) => {
  expect(compilePath(path)).toBe(sentence);
});

test.each([
  ['$[?lenght(@.a) > 2]', 'There is no function lenght(); did you mean length()?'],
  ['$[?constructor(@.a) > 2]', 'There is no function constructor(); did you mean '],
  ['$.a[?@.b[?matches(@.c, "x")]]', 'There is no function matches(); did you mean match()?'],
  ['$[?!(@.a == 1 && @.b || cuont(@.*) == 2)]', 'There is no function cuont(); did you mean count()?'],
  ['$[?1 == lenght(@.a)]', 'There is no function lenght(); did you mean length()?'],
  ['$[?length(valeu(@.a)) > 2]', 'There is no function valeu(); did you mean value()?'],
  ['$[?count(@[?serach(@.a, "x")]) > 2]', 'There is no function serach(); did you mean search()?'],
  ['$[?length(@.a, @.b) > 2]', 'length() takes 1 argument, not 2.'],
  ['$[?match(@.a)]', 'match() takes 2 arguments, not 1.'],
  ['$[?length() > 2]', 'length() takes 1 argument, not 0.'],
  ['$[?length(@.a)]', 'length() gives a value, which must be compared with another.'],
  ['$[?!count(@.*)]', 'count() gives a value, which must be compared with another.'],
  ['$[?match(@.a, "x") == true]', 'match() is true or false by itself, and is not compared.'],
  ['$[?length(match(@.a, "x")) > 2]', 'match() is true or false by itself, and is not compared.'],
  ['$[?count(1) > 2]', 'count() needs a path.'],
  ['$[?value("a") == 1]', 'value() needs a path.'],
  ['$[?length(@.*) > 2]', 'length() needs one value, such as @.name, not a path that may find several.'],
  ['$[?length(@..a) > 2]', 'length() needs one value, such as @.name, not a path that may find several.'],
  ['$[?length(@[0,1]) > 2]', 'length() needs one value, such as @.name, not a path that may find several.'],
  ['$[?length(@[0:1]) > 2]', 'length() needs one value, such as @.name, not a path that may find several.'],
  ['$[?search(@.a.*, "x")]', 'search() needs one value, such as @.name, not a path that may find several.'],
  ['$[?match(@.a, @.*)]', 'match() needs one value, such as @.name, not a path that may find several.'],
  ['$[?search(@.a, "(error")]', 'search() needs a regular expression, and "(error" is not one.'],
  ['$[9007199254740992]', 'An index must be between -9007199254740991 and 9007199254740991.'],
  [
    '$[?@.id == 7615917337495251231]',
    'Integers beyond 9007199254740991 are not compared exactly. A golden answer (equals) compares every digit.',
  ],
  ['$[?-7615917337495251231 != @.id]', 'Integers beyond 9007199254740991 are not compared exactly.'],
  ['$[?@[9007199254740992] == 1]', 'An index must be between -9007199254740991 and 9007199254740991.'],
])('%j, which would find nothing, is refused with a sentence', (path, sentence) => {
  expect(compilePath(path)).toContain(`${JSON.stringify(path)} is not a JSONPath. ${sentence}`);
});

test.each<[string, unknown[]]>([
  ['$[?length(@.tags) == 2]', [{ tags: ['a', 'b'] }]],
  ["$[?length(@['tags']) == 1]", [{ tags: ['c'] }]],
  ['$[?length(@.tags[0]) == 1]', [{ tags: ['a', 'b'] }, { tags: ['c'] }]],
  ['$[?count(@..*) > 2]', [{ tags: ['a', 'b'] }]],
  ['$[?value(@..[1]) == "b"]', [{ tags: ['a', 'b'] }]],
  ['$[?length(value(@.tags)) == 1]', [{ tags: ['c'] }]],
  ['$[?match(@.tags[0], $[1].tags[0])]', [{ tags: ['c'] }]],
  ['$[?search("abc", @.tags[1])]', [{ tags: ['a', 'b'] }]],
  ['$[?!match(@.tags[0], "a")]', [{ tags: ['c'] }]],
])('%s is used as it can be', (path, found) => {
  const nodes = find(path, [{ tags: ['a', 'b'] }, { tags: ['c'] }]);
  expect(nodes.map(({ value }) => value)).toEqual(found);
});

const table = { scores: [[0.9], [0.1]], first: 0.1, words: ['catastrophe', 'cat', 'dog', 'hotdog'] };

test.each<[string, unknown[]]>([
  ['$.scores[?@[0] > 0.5]', [[0.9]]],
  ['$.scores[?@[0] == $.scores[0][0]]', [[0.9]]],
  ['$.scores[?$.first == @[-1]]', [[0.1]]],
  ['$.scores[?@[1] == $.nothing]', [[0.9], [0.1]]],
  ['$[?@[0][0] < 1][1]', [[0.1]]],
  ['$.scores[?!(@[0] > 0.5 || @[0] < 0) && @[0]]', [[0.1]]],
  ["$.words[?match(@, 'cat|dog')]", ['cat', 'dog']],
  ["$.words[?search(@, 'cat|dog')]", ['catastrophe', 'cat', 'dog', 'hotdog']],
  ['$.scores[?@[0] < 1e400]', [[0.9], [0.1]]],
])('%s compares what it says', (path, found) => {
  expect(find(path, table).map(({ value }) => value)).toEqual(found);
});

test('a key __proto__ is found like any other', () => {
  expect(find("$['__proto__']", JSON.parse('{"__proto__":1}'))).toEqual([
    { path: "$['__proto__']", value: 1 },
  ]);
  expect(find("$['__proto__']", {})).toEqual([]);
});

test('a node a thousand levels down is found, its path cut', () => {
  const [node] = find('$..x', JSON.parse(`${'{"a":'.repeat(1_000)}{"x":1}${'}'.repeat(1_000)}`));
  expect(node?.value).toBe(1);
  expect(node?.path).toMatch(/^\$\['a'\].*…$/);
  expect(node?.path.length).toBeLessThan(200);
});

test('a search through 100,000 levels can be stopped', () => {
  const deep: unknown = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000));
  expect(() => withinTime(100, () => find('$..x', deep))).toThrow(TimeLimitError);
  expect(find('$[0]', deep)).toHaveLength(1);
});

test.each(['$[?@.at > 1700000000000000000]', '$[?@.id == 9007199254740991]', '$[?@.id == 1e-3]'])(
  '%j compares what it can',
  (path) => {
    expect(compilePath(path)).toBeTypeOf('function');
  },
);

describe('limits', () => {
  const pathsOf = (path: string, value: unknown) => find(path, value).map((node) => node.path);

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
      /^"\$\[\?\(+" is not a JSONPath\. Maximum call stack size exceeded\.$/,
    );
  });

  describe('two million values are the most for a wide search', () => {
    const many = new Array<number>(2_000_001).fill(1);

    test.each(['$[*]', '$..a', '$[0:1]', '$[?@ == 2]'])('%s', (path) => {
      expect(() => pathsOf(path, many)).toThrow(
        `more than 2000000 values are too many to search with ${path}`,
      );
    });

    test('and not for one that is not', () => {
      expect(pathsOf('$[0]', many)).toEqual(['$[0]']);
      expect(pathsOf('$[0:1]', many.slice(1))).toEqual(['$[0]']);
    });
  });
});
