import schema from '../../../../../smoke-test.schema.json' with { type: 'json' };
import { keysOf, type Row, row, testKeys } from '../../../../support/key-rows.ts';
import { withExpect } from '../../../../support/smoke-test-file.ts';

const condition =
  (name: string): Row['means'] =>
  (_plan, { expect }) =>
    ({ ...expect.json[0]?.condition })[name as 'min'];
const withCondition = (text: string): string => withExpect(`{ json: { $.a: ${text} } }`);

const ROWS: readonly Row[] = [
  row(
    'equals',
    [withCondition('{ equals: { a: 1 } }'), condition('equals'), { a: 1 }],
    [
      withExpect('{ text: { equals: 1 } }'),
      "5:29: equals '1': This is compared with text. Put quotes around it.",
    ],
  ),
  row(
    'not',
    [withCondition('{ not: { min: 1 } }'), condition('not'), { min: 1 }],
    [
      withCondition('{ not: {} }'),
      '5:33: not: Write at least one key of a condition; { equals: {} } is an empty mapping.',
    ],
  ),
  row(
    'type',
    [withCondition('{ type: integer }'), condition('type'), 'integer'],
    [
      withCondition('{ type: int }'),
      "5:34: type 'int': Choose one of string, number, integer, boolean, null, array, object.",
    ],
  ),
  row(
    'between',
    [withCondition('{ between: [1, 2] }'), condition('between'), [1, 2]],
    [withCondition('{ between: [2, 1] }'), '5:37: between: Write the lesser number first: [1, 2].'],
  ),
  row(
    'between: items',
    [withCondition('{ between: [1, 1] }'), condition('between'), [1, 1]],
    [withCondition('{ between: [1, x] }'), "5:41: between[1] 'x': Write a number."],
  ),
  row(
    'min',
    [withCondition('{ min: 0 }'), condition('min'), 0],
    [withCondition('{ min: "0" }'), "5:33: min '0': Write a number."],
  ),
  row(
    'max',
    [withCondition('{ max: 0 }'), condition('max'), 0],
    [
      withCondition('{ min: 1, max: 0 }'),
      "5:41: max '0': This is less than min, 1, so no number can meet both.",
    ],
  ),
  row(
    'matches',
    [withCondition('{ matches: "^a{2}$" }'), condition('matches'), /^a{2}$/u],
    [
      withCondition('{ matches: "a(:" }'),
      "5:37: matches 'a(:': This is not a regular expression (Unterminated group).",
    ],
  ),
  row(
    'one-of',
    [withCondition('{ one-of: [a, 1] }'), condition('oneOf'), ['a', 1]],
    [withCondition('{ one-of: [] }'), '5:36: one-of: Write a list with at least one value.'],
  ),
  row(
    'length',
    [withCondition('{ length: { min: 1 } }'), condition('length'), { min: 1 }],
    [
      withCondition('{ length: -1 }'),
      "5:36: length '-1': Write a whole number, or a condition such as { min: 1 }.",
    ],
  ),
  row(
    'exists',
    [withCondition('{ exists: false }'), condition('exists'), false],
    [
      withCondition('{ exists: false, min: 1 }'),
      "5:36: exists 'false': A value that must not exist cannot meet other conditions. Leave the others out.",
    ],
  ),
  row(
    'literal',
    [withCondition('[1, null]'), condition('equals'), [1, null]],
    [
      withCondition('{ a: 1 }'),
      "5:28: Unknown key 'a'. Known here: equals, not, type, between, min, max, matches, one-of, length, exists.",
    ],
  ),
];

testKeys('condition', ROWS, [...keysOf(schema.$defs.condition.properties)]);
