import { expect, test } from 'vitest';
import { readSmokeTestFile } from '../../../../../src/smoke-test/plan/file/smoke-test-file.ts';

const defaults = { warmUpMs: 0, samples: 1, timeoutMs: 30_000, tolerance: { relative: 0, absolute: 0 } };

function read(deployment: string, expected: string) {
  const text = `version: 1
${deployment}
cases:
  - { name: rows, request: { json: 1 }, expect: { deployment: ${expected} } }
`;
  return readSmokeTestFile('smoke.yml', {
    readFile: () => Buffer.from(text),
    workspace: '/workspace',
    compileSchema: () => 'no schema',
    compilePath: () => 'no path',
    defaults,
  });
}

test('an answer that is expected of another deployment than the one that is asked is a mistake', () => {
  expect(read('deployment: green', 'blue')).toEqual({
    mistakes: [
      {
        file: 'smoke.yml',
        line: 4,
        column: 63,
        message: expect.stringContaining(
          "The test asks deployment 'green', so no answer can come from this one.",
        ),
      },
    ],
  });
});

test.each([
  ['deployment: green', 'green'],
  ['deployment: green', 'Green'],
  ['deployment: idle', 'blue'],
  ['samples: 1', 'blue'],
])('with %s, an answer of %s can be expected', (deployment, expected) => {
  expect(read(deployment, expected)).toHaveProperty('plan');
});
