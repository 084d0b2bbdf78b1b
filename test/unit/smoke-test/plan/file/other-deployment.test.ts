import { expect, test } from 'vitest';
import { mistakesIn, planOf } from '../../../../support/smoke-test-file.ts';

function fileWith(deployment: string, expected: string): string {
  return `version: 1
${deployment}
cases:
  - { name: rows, request: { json: 1 }, expect: { deployment: ${expected} } }
`;
}

test('an answer that is expected of another deployment than the one that is asked is a mistake', () => {
  expect(mistakesIn(fileWith('deployment: green', 'blue'))).toEqual([
    "4:63: deployment 'blue': The test asks deployment 'green', so no answer can come from this one. Leave one of the two out.",
  ]);
});

test.each([
  ['deployment: green', 'green'],
  ['deployment: green', 'Green'],
  ['deployment: idle', 'blue'],
  ['samples: 1', 'blue'],
])('with %s, an answer of %s can be expected', (deployment, expected) => {
  expect(planOf(fileWith(deployment, expected)).cases[0]?.expect.deployment).toBe(expected);
});
