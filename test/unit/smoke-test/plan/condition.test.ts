import { expect, test } from 'vitest';
import { type Condition, describeCondition } from '../../../../src/smoke-test/plan/condition.ts';

test.each<[Condition, string]>([
  [{ type: 'string' }, 'a string'],
  [{ type: 'number' }, 'a number'],
  [{ type: 'integer' }, 'an integer'],
  [{ type: 'boolean' }, 'a boolean'],
  [{ type: 'null' }, 'null'],
  [{ type: 'array' }, 'an array'],
  [{ type: 'object' }, 'an object'],
  [{ exists: true }, 'any value'],
  [{ exists: false }, 'none'],
  [{}, 'any value'],
  [{ not: {} }, 'not any value'],
  [{ not: { min: 1, max: 2 } }, 'not (at least 1 and at most 2)'],
  [{ length: { min: 1 } }, 'length at least 1'],
  [{ oneOf: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] }, 'one of 1, 2, 3, 4, 5, 6, 7, 8, 9, 10'],
  [{ oneOf: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] }, 'one of 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 1 more'],
])('%j has its words', (condition, words) => {
  expect(describeCondition(condition)).toBe(words);
});
