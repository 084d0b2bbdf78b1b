import schema from '../../../../smoke-test.schema.json' with { type: 'json' };
import { type Row, row, testRows } from '../../../support/expectation-table.ts';
import { openScenario } from '../../../support/scenario.ts';

const scenario = await openScenario();

/** A value at `$.v`, a condition that it meets, and one that it does not. */
function on(
  key: string,
  value: unknown,
  conditions: readonly [met: string, unmet: string],
  wanted: string,
  got: string,
): Row {
  const [met, unmet] = conditions.map((condition) => `{ json: { $.v: ${condition} } }`) as [string, string];
  return row(key, { answer: { v: value } }, [met, unmet], ['json $.v', wanted, got]);
}

testRows(
  scenario,
  [
    on('literal: text', 'ok', ['ok', 'OK'], '"OK"', '"ok"'),
    on('literal: number', 3, ['3.0', '4'], '4', '3'),
    on('literal: text that looks like a number', '3', ["'3'", '3'], '3', '"3"'),
    on('literal: list', [1, [2]], ['[1, [2]]', '[1, 2]'], '[1,2]', '[1,[2]]'),
    on('literal: null', null, ['null', 'false'], 'false', 'null'),
    on(
      'equals',
      { a: 1, b: 2 },
      ['{ equals: { b: 2, a: 1 } }', '{ equals: { a: 1 } }'],
      '{"a":1}',
      '{"a":1,"b":2}',
    ),
    on('not', 'cat', ['{ not: dog }', '{ not: cat }'], 'not "cat"', '"cat"'),
    on('not: condition', 7, ['{ not: { max: 5 } }', '{ not: { min: 5 } }'], 'not at least 5', '7'),
    on('type', 7, ['{ type: integer }', '{ type: string }'], 'a string', '7'),
    on('between', 7, ['{ between: [7, 9] }', '{ between: [8, 9] }'], 'between 8 and 9', '7'),
    on('min', 7, ['{ min: 7 }', '{ min: 7.5 }'], 'at least 7.5', '7'),
    on('max', 7, ['{ max: 7 }', '{ max: 6.5 }'], 'at most 6.5', '7'),
    on(
      'max: of text',
      '7',
      ['{ not: { max: 7 } }', '{ max: 7 }'],
      'at most 7',
      '"7" (a string, not a number)',
    ),
    on('matches', 'v23', ["{ matches: '^v\\d+$' }", "{ matches: '^v\\d$' }"], 'matching /^v\\d$/u', '"v23"'),
    on('one-of', 'cat', ['{ one-of: [dog, cat] }', '{ one-of: [dog, 1] }'], 'one of "dog", 1', '"cat"'),
    on('length', [1, 2], ['{ length: 2 }', '{ length: 3 }'], 'length 3', '[1,2] (length 2)'),
    on(
      'length: condition',
      'añ',
      ['{ length: { max: 2 } }', '{ length: { min: 3 } }'],
      'length at least 3',
      '"añ" (length 2)',
    ),
    on('exists', 1, ['{ exists: true }', '{ exists: false }'], 'none', '1'),
    on(
      'exists: nothing there',
      undefined,
      ['{ exists: false }', '{ exists: true }'],
      'any value',
      'no value there: the answer is {}',
    ),
    on(
      'several',
      7,
      ['{ type: number, min: 1, max: 9 }', '{ type: number, min: 1, max: 6 }'],
      'a number and at least 1 and at most 6',
      '7',
    ),
    row(
      'every node of a path',
      { answer: { rows: [{ p: 0.1 }, { p: 1.5 }, { p: 'x' }] } },
      ['{ json: { "$.rows[*].p": { not: 2 } } }', '{ json: { "$.rows[*].p": { between: [0, 1] } } }'],
      ["json $['rows'][1]['p']", 'between 0 and 1', '1.5'],
      ["json $['rows'][2]['p']", 'between 0 and 1', '"x" (a string, not a number)'],
    ),
    row(
      'JSON in a JSON string',
      { answer: '{"v": 7}', type: 'application/json' },
      ['{ json: { $.v: 7 } }', '{ json: { $.v: 8 } }'],
      ['json $.v', '8', '7'],
    ),
  ],
  Object.keys(schema.$defs.condition.properties),
);
